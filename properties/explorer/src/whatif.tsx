/** What if: the same request, with one thing different: a field, a variable, an assumption. */

import { useMemo, useState } from "preact/hooks";
import type { Machine, Step } from "./machine.ts";

interface Alternative {
  /** What is different, in words. */
  readonly of: string;
  /** Of an assumption nothing. */
  readonly now: string;
  readonly otherwise: string;
  /** None where the constraints forbid the state. */
  readonly step: Step | null;
  readonly differs: boolean;
}

export function WhatIf({ machine, step }: { machine: Machine; step: Step }) {
  const all = useMemo(() => alternatives(machine, step), [machine, step]);
  const [of, setOf] = useState("");
  const rows = merged(machine, all.filter((one) => (of ? one.of === of : one.differs)));
  const forbidden = all.filter((one) => !one.step).length;
  return (
    <>
      <p class="asked">{machine.words(step.request)}</p>
      <p>As it is: {inWords(machine, step)}.</p>
      <label class="pick">
        With another
        <select value={of} onChange={(event) => setOf(event.currentTarget.value)}>
          <option value="">whatever makes a difference</option>
          {[...new Set(all.map((one) => one.of))].map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
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
                {those[0]!.of}: <b>{those.map((one) => one.otherwise).join(", or ")}</b>
                {those[0]!.now && <span class="count"> instead of {those[0]!.now}</span>}
              </th>
              <td>{result}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!of && (
        <p>
          {all.filter((one) => one.step && !one.differs).length} other changes of one thing make no difference; {forbidden} lead to states that the
          constraints forbid.
        </p>
      )}
    </>
  );
}

/** Alternatives of one thing that come to the same, by what they come to. */
function merged(machine: Machine, all: readonly Alternative[]): [result: string, those: Alternative[]][] {
  const rows = new Map<string, [string, Alternative[]]>();
  for (const one of all) {
    const result = one.step ? (one.differs ? inWords(machine, one.step) : "the same") : "no system is so: a constraint forbids it";
    const key = one.now ? `${one.of} ${result}` : `${one.of} ${one.otherwise}`;
    const row = rows.get(key) ?? [result, []];
    row[1].push(one);
    rows.set(key, row);
  }
  return [...rows.values()];
}

function alternatives(machine: Machine, step: Step): Alternative[] {
  const { request, before } = step;
  const made: Alternative[] = [];
  const add = (of: string, now: string, otherwise: string, other: Step | null) =>
    made.push({ of, now, otherwise, step: other, differs: other !== null && !same(machine, step, other) });
  for (const field of machine.kind(request).fields) {
    for (const word of machine.oracle.requests[request["type"]!]![field.name]!) {
      if (word !== request[field.name]) add(field.label, request[field.name]!, word, machine.step(before, { ...request, [field.name]: word }));
    }
  }
  for (const { name, label } of machine.declared.variables) {
    for (const word of machine.oracle.variables[name]!) {
      if (word === before[name]) continue;
      const state = { ...before, [name]: word };
      add(label, before[name]!, word, machine.broken(state).length > 0 ? null : machine.step(state, request));
    }
  }
  for (const [id, rule] of Object.entries(machine.oracle.rules)) {
    if (rule.assumption) add("assumption", "", `without ${id}: ${rule.statement}`, machine.without(id, before, request));
  }
  return made;
}

/** Whether two steps have the same verdict, whatever rules it cites, and change the same variables to the same values. */
function same(machine: Machine, one: Step, other: Step): boolean {
  const [a, b] = [one.verdict, other.verdict];
  if (a?.outcome !== b?.outcome || a?.at !== b?.at || a?.reason !== b?.reason || a?.response !== b?.response) return false;
  const [here, there] = [machine.changes(one.before, one.after), machine.changes(other.before, other.after)];
  return here.join() === there.join() && here.every((name) => one.after[name] === other.after[name]);
}

function inWords(machine: Machine, step: Step): string {
  const { verdict } = step;
  const changes = machine.changes(step.before, step.after).map((name) => `${machine.label(name)} becomes ${step.after[name]}`);
  const said = verdict ? `${verdict.outcome} at the ${verdict.at}: ${verdict.reason}${verdict.response ? ` (${verdict.response})` : ""}` : "no verdict";
  return [said, ...changes].join("; ");
}
