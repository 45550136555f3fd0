/** What if: the same request, with one thing different: a release or cohort, a sender, a field, a variable, an assumption. */

import { useMemo, useState } from "preact/hooks";
import { inWords, same } from "./alternatives.ts";
import { Choice } from "./choice.tsx";
import { Text } from "./words.tsx";
import type { Machine, Step } from "./machine.ts";

const ASSUMPTION = "assumption";

interface Alternative {
  /** What is different, in words. */
  readonly of: string;
  /** Nothing of what has a name of its own: a change, an assumption. */
  readonly now: string;
  readonly otherwise: string;
  /** What has to be otherwise, too, lest a constraint forbids it. */
  readonly also: string;
  /** None where the constraints forbid the state. */
  readonly step: Step | null;
  readonly differs: boolean;
}

/** What those alternatives come to, and they. */
type Row = [result: string, those: Alternative[]];

export function WhatIf({ machine, step }: { machine: Machine; step: Step }) {
  const all = useMemo(() => alternatives(machine, step), [machine, step]);
  const [of, setOf] = useState("");
  const rows = merged(machine, all.filter((one) => (of ? one.of === of : one.differs)));
  const alike = rows.filter(([, [one]]) => one!.step && !one!.differs);
  const forbidden = all.filter((one) => !one.step).length;
  return (
    <>
      <p class="asked">
        <Text of={machine.words(step.request)} />
      </p>
      <p>
        As it is: <Text of={inWords(machine, step)} />.
      </p>
      <label class="pick">
        Change:
        <Choice value={of} options={[{ value: "", label: "anything that matters" }, ...[...new Set(all.map((one) => one.of))].map((value) => ({ value }))]} choose={setOf} />
      </label>
      <Alternatives rows={rows.filter((row) => !alike.includes(row))} />
      {alike.length > 0 && (
        <details key={of} open={alike.length === rows.length}>
          <summary>{alike.length === rows.length ? "None makes a difference" : alike.length === 1 ? "1 more makes no difference" : `${alike.length} more make no difference`}</summary>
          <Alternatives rows={alike} />
        </details>
      )}
      {!of && (
        <p>
          {all.filter((one) => one.step && !one.differs).length} other changes of one thing make no difference; {forbidden} lead to states that the
          constraints forbid.
        </p>
      )}
    </>
  );
}

function Alternatives({ rows }: { rows: readonly Row[] }) {
  if (rows.length === 0) return null;
  return (
    <table class="whatif">
      <thead>
        <tr>
          <th scope="col">if</th>
          <th scope="col">then</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([result, those]) => (
          <tr key={`${those[0]!.of} ${those[0]!.otherwise}`} class={those[0]!.differs ? "" : "same"}>
            <th scope="row">
              <Text of={those[0]!.now ? `${those[0]!.of}: ` : ""} />
              <b>
                <Text of={those.map((one) => one.otherwise).join(", or ")} />
              </b>
              {those[0]!.now && (
                <span class="count">
                  {" "}
                  instead of <Text of={those[0]!.now} />
                </span>
              )}
              {those[0]!.also && (
                <span class="count">
                  {" "}
                  and so <Text of={those[0]!.also} />
                </span>
              )}
            </th>
            <td>
              <Text of={result} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Alternatives of one thing that come to the same, by what they come to. */
function merged(machine: Machine, all: readonly Alternative[]): Row[] {
  const rows = new Map<string, Row>();
  for (const one of all) {
    const result = one.step ? (one.differs ? inWords(machine, one.step) : "the same") : "no system is so: a constraint forbids it";
    const key = one.of === ASSUMPTION ? one.otherwise : `${one.of} ${result} ${one.also}`;
    const row: Row = rows.get(key) ?? [result, []];
    row[1].push(one);
    rows.set(key, row);
  }
  return [...rows.values()];
}

function alternatives(machine: Machine, step: Step): Alternative[] {
  const { request, before } = step;
  const { changes, sender, variables } = machine.declared;
  const made: Alternative[] = [];
  const add = (of: string, now: string, otherwise: string, other: Step | null, also = "") =>
    made.push({ of, now, otherwise, also, step: other, differs: other !== null && !same(machine, step, other) });
  const named = new Set(changes.flatMap((change) => Object.keys(change.values)));
  for (const { name, values } of changes) {
    if (Object.entries(values).every(([variable, word]) => before[variable] === word)) continue;
    const state = machine.withValues(before, values);
    const also = state ? machine.changes(before, state).filter((variable) => !(variable in values)) : [];
    const of = Object.keys(values).map((variable) => machine.label(variable)).join(" and ");
    add(of, "", name, state && machine.step(state, request), also.map((variable) => `${machine.label(variable)}: ${state![variable]}`).join("; "));
  }
  const inState = (name: string, word: string) => (name === sender ? machine.sender(word, before) : word);
  for (const { name, label } of machine.kind(request).fields) {
    for (const word of machine.oracle.requests[request["type"]!]![name]!) {
      if (word !== request[name]) add(label, inState(name, request[name]!), inState(name, word), machine.step(before, { ...request, [name]: word }));
    }
  }
  for (const { name, label } of variables) {
    if (named.has(name)) continue;
    for (const word of machine.oracle.variables[name]!) {
      if (word === before[name]) continue;
      const state = { ...before, [name]: word };
      add(label, before[name]!, word, machine.broken(state).length > 0 ? null : machine.step(state, request));
    }
  }
  for (const [id, rule] of Object.entries(machine.oracle.rules)) {
    if (!rule.assumption) continue;
    const assumed = rule.assumption === "all" ? `without ${id}: ${rule.statement}` : `without the assumed part of ${id}: ${rule.assumption}`;
    add(ASSUMPTION, "", assumed, machine.without(id, before, request));
  }
  return made;
}
