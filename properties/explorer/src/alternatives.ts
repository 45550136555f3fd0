/** Two steps beside each other. */

import type { Machine, Step } from "./machine.ts";

/** Whether two steps have the same verdict, whatever rules it cites, and change the same variables to the same values. */
export function same(machine: Machine, one: Step, other: Step): boolean {
  const [a, b] = [one.verdict, other.verdict];
  if (a?.outcome !== b?.outcome || a?.at !== b?.at || a?.reason !== b?.reason || a?.response !== b?.response) return false;
  const [here, there] = [machine.changes(one.before, one.after), machine.changes(other.before, other.after)];
  return here.join() === there.join() && here.every((name) => one.after[name] === other.after[name]);
}

/** What a step comes to, in words. */
export function inWords(machine: Machine, step: Step): string {
  const { verdict } = step;
  const changes = machine.changes(step.before, step.after).map((name) => `${machine.label(name)} becomes ${step.after[name]}`);
  const said = verdict ? `${verdict.outcome} at the ${verdict.at}: ${verdict.reason}${verdict.response ? ` (${verdict.response})` : ""}` : "no verdict";
  return [said, ...changes].join("; ");
}
