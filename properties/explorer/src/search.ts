/** "Can it come to ...?": a breadth-first search on the variables that matter, in slices of time, up to a bound. */

import type { Machine, Step } from "./machine.ts";
import type { Request, State } from "./oracle.ts";

/** A part of what is asked: `of` is what it is about, and `value` its word. All parts have to hold at once. */
export interface Clause {
  readonly of: "is" | "becomes" | "outcome" | "at" | "reason" | "rule" | "type" | "field" | "standing";
  /** The variable, the field, or the variable of the standing. */
  readonly name: string;
  readonly value: string;
  /** Whether it has to be otherwise. */
  readonly not?: boolean;
}

export interface Answer {
  readonly result: "run" | "never" | "bound" | "stopped";
  readonly requests: readonly Request[];
  readonly states: number;
  readonly depth: number;
  /** The variables that matter. */
  readonly slice: readonly string[];
  /** What of the service decided; `null` where the page did. */
  readonly engine: string | null;
}

const SLICE_OF_TIME = 15;

/**
 * @param clauses at least one.
 * @param most how many states are kept at most.
 * @param progress is told how many there are, now and then; where it answers false the search stops.
 */
export async function search(
  machine: Machine,
  start: State,
  clauses: readonly Clause[],
  most: number,
  progress: (states: number, depth: number) => boolean,
): Promise<Answer> {
  const plan = planned(machine, clauses);
  const { slice, moving, last } = plan;
  const codes = slice.map((name) => new Map(machine.oracle.variables[name]!.map((word, index) => [word, String.fromCharCode(index + 33)])));
  const key = (state: State): string => slice.map((name, index) => codes[index]!.get(state[name]!)!).join("");
  const ofStep = clauses.some((clause) => clause.of !== "is");
  const answer = (result: Answer["result"], requests: Request[], depth: number): Answer => ({ result, requests, states: states.length, depth, slice, engine: null });
  const states: { state: State; from: number; by: Request | null; depth: number }[] = [{ state: start, from: -1, by: null, depth: 0 }];
  const known = new Set([key(start)]);
  const run = (index: number, more: Request[]): Request[] => {
    for (let at = states[index]!; at.by; at = states[at.from]!) more.unshift(at.by);
    return more;
  };
  if (!ofStep && clauses.every((clause) => (start[clause.name] === clause.value) !== (clause.not ?? false))) return answer("run", [], 0);
  let paused = performance.now();
  for (let index = 0; index < states.length; index += 1) {
    const { state, depth } = states[index]!;
    for (const request of last) {
      const step = machine.step(state, request);
      if (clauses.every((clause) => satisfies(machine, clause, step))) return answer("run", run(index, [request]), depth + 1);
    }
    for (const request of moving) {
      const { after } = machine.step(state, request);
      if (after === state) continue;
      const code = key(after);
      if (known.has(code)) continue;
      if (states.length >= most) return answer("bound", [], depth);
      known.add(code);
      states.push({ state: after, from: index, by: request, depth: depth + 1 });
    }
    if (performance.now() - paused > SLICE_OF_TIME) {
      if (!progress(states.length, depth)) return answer("stopped", [], depth);
      await new Promise((go) => setTimeout(go));
      paused = performance.now();
    }
  }
  return answer("never", [], states.at(-1)!.depth);
}

/** The variables that matter, one request of each class that changes one of them, and the requests that may be the last. */
function planned(machine: Machine, clauses: readonly Clause[]): { slice: string[]; moving: Request[]; last: Request[] } {
  const names = machine.declared.variables.map((one) => one.name);
  const { alike } = machine.declared;
  if (!alike) return { slice: names, moving: [...machine.requests], last: [...machine.requests] };
  const becoming = clauses.filter((clause) => clause.of === "becomes" || clause.of === "is").map((clause) => names.indexOf(clause.name));
  const ofRequest = clauses.some((clause) => clause.of === "type" || clause.of === "field" || clause.of === "standing");
  const wanted = new Set(becoming);
  for (const clause of clauses) if (clause.of === "standing") wanted.add(names.indexOf(clause.name));
  const last: Request[] = [];
  const taken = new Set<number>();
  const ofStep = clauses.some((clause) => clause.of !== "is");
  machine.requests.forEach((request, index) => {
    const number = alike.of[index]!;
    const known = alike.classes[number]!;
    if (!clauses.every((clause) => possible(machine, clause, request, known, names))) return;
    if (!ofStep && !known.changes.some((variable) => becoming.includes(variable))) return;
    if (!ofRequest && taken.has(number)) return;
    taken.add(number);
    last.push(request);
    if (clauses.some((clause) => ["outcome", "at", "reason", "rule"].includes(clause.of))) known.reads.forEach((variable) => wanted.add(variable));
  });
  for (const number of taken) {
    // what a transition that cites the rule waits for is among what decides how its variable changes
    if (clauses.some((clause) => clause.of === "rule")) {
      alike.classes[number]!.changes.forEach((variable) => wanted.add(variable));
    }
  }
  for (const variable of wanted) for (const other of alike.influences[variable]!) wanted.add(other);
  const moving: Request[] = [];
  const moved = new Set<number>();
  machine.requests.forEach((request, index) => {
    const number = alike.of[index]!;
    if (moved.has(number) || !alike.classes[number]!.changes.some((variable) => wanted.has(variable))) return;
    moved.add(number);
    moving.push(request);
  });
  return { slice: names.filter((_, index) => wanted.has(index)), moving, last };
}

type Class = { readonly changes: readonly number[]; readonly verdicts: readonly number[]; readonly rules: readonly string[] };

/** Whether a request may satisfy a clause in any state at all: not whether it must, so that nearly all may satisfy its denial. */
function possible(machine: Machine, clause: Clause, request: Request, known: Class, names: readonly string[]): boolean {
  if (!clause.not) return mayBe(machine, clause, request, known, names);
  return clause.of === "type" || clause.of === "field" ? !mayBe(machine, clause, request, known, names) : true;
}

function mayBe(machine: Machine, clause: Clause, request: Request, known: Class, names: readonly string[]): boolean {
  const shows = (aspect: number) => known.verdicts.some((verdict) => machine.declared.alike!.verdicts[verdict]![aspect] === clause.value);
  switch (clause.of) {
    case "is":
    case "standing":
      return true;
    case "becomes":
      return known.changes.includes(names.indexOf(clause.name));
    case "type":
      return request["type"] === clause.value;
    case "field":
      return request[clause.name] === clause.value;
    case "outcome":
      return shows(0);
    case "at":
      return shows(1);
    case "reason":
      return shows(2);
    case "rule":
      return known.rules.includes(clause.value) || known.verdicts.some((verdict) => machine.declared.alike!.verdicts[verdict]!.indexOf(clause.value, 4) > 0);
  }
}

function satisfies(machine: Machine, clause: Clause, step: Step): boolean {
  return holds(machine, clause, step) !== (clause.not ?? false);
}

function holds(machine: Machine, clause: Clause, step: Step): boolean {
  switch (clause.of) {
    case "is":
      return step.after[clause.name] === clause.value;
    case "becomes":
      return step.after[clause.name] === clause.value && step.before[clause.name] !== clause.value;
    case "type":
      return step.request["type"] === clause.value;
    case "field":
      return step.request[clause.name] === clause.value;
    case "standing":
      return step.request[machine.declared.sender] === step.before[clause.name];
    case "rule":
      return step.verdict?.rules.includes(clause.value) ?? false;
    default:
      return step.verdict?.[clause.of] === clause.value;
  }
}
