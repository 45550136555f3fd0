/** Questions that the service answers, on all states: what is asked is put as machine files write conditions. */

import type { Machine } from "./machine.ts";
import type { Request, State, Term } from "./oracle.ts";
import type { Answer, Clause } from "./search.ts";

type Condition = { [key: string]: unknown };

const UNANSWERED = "the service does not answer";

/** The condition that all clauses make; nothing, where one is of what no condition reads: a rule. */
export function conditionOf(machine: Machine, clauses: readonly Clause[]): Condition | null {
  const ofStep = clauses.some((clause) => clause.of !== "is");
  const parts = clauses.map((clause) => condition(machine.declared.terms, machine.declared.sender, clause, ofStep));
  return parts.includes(null) ? null : { all: parts.map((part, index) => (clauses[index]!.not ? { not: part } : part)) };
}

function condition(terms: readonly Term[], sender: string, { of, name, value }: Clause, ofStep: boolean): Condition | null {
  const called = (kind: Term["of"], name: string) => terms.filter((one) => one.of === kind && one.name === name);
  const among = (kind: Term["of"], name: string) => called(kind, name).filter((term) => value in term.values).map((term) => ({ term: { [kind]: term.id }, in: [term.values[value]] }));
  switch (of) {
    case "is":
    case "becomes": {
      const before = among("variable", name)[0]!;
      const after = { ...before, term: { after: name } };
      return of === "becomes" ? { all: [after, { not: before }] } : ofStep ? after : before;
    }
    case "type":
      return { request: [value] };
    case "field":
      return any(among("field", name));
    case "standing": {
      const kind = enumOf(called("variable", name)[0]!);
      const fields = called("field", sender).filter((field) => enumOf(field) === kind);
      return any(fields.map((field) => ({ compare: [{ field: field.id }, { variable: name }], relation: "is" })));
    }
    case "rule":
      return null;
    default:
      return any(among("aspect", of));
  }
}

function any(parts: readonly Condition[]): Condition {
  return parts.length === 1 ? parts[0]! : { not: { all: parts.map((part) => ({ not: part })) } };
}

function enumOf(term: Term): string {
  const name = Object.values(term.values)[0]!;
  return name.slice(0, name.lastIndexOf("."));
}

/** The service's answer, or why there is none. */
export async function asked(machine: Machine, state: State, condition: Condition): Promise<Answer | string> {
  let reply: { run?: Request[] | null; states?: number; engine?: string; error?: string };
  try {
    const response = await fetch(machine.declared.service, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ state, condition }),
    });
    reply = await response.json();
  } catch {
    return UNANSWERED;
  }
  if (reply.error !== undefined || reply.states === undefined) return reply.error ?? UNANSWERED;
  const requests = reply.run ?? [];
  const slice = machine.declared.variables.map((one) => one.name);
  return { result: reply.run ? "run" : "never", requests, states: reply.states, depth: requests.length, slice, engine: reply.engine! };
}
