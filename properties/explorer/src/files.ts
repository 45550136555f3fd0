/** What people drop on the page: runs as this project's commands write them, ITF traces, reports; read here, sent nowhere. */

import { ASPECTS, type Given } from "./run.ts";
import type { Machine } from "./machine.ts";
import type { Request, State } from "./oracle.ts";

export interface Run {
  readonly title: string;
  readonly start: State;
  readonly requests: readonly Request[];
  readonly given: readonly (Given | null)[];
}

export interface RuleResult {
  readonly id: string;
  readonly standing: string;
  readonly reason: string;
  readonly wrong: string;
  readonly run: Run | null;
}

export interface Report {
  readonly target: string;
  readonly rules: readonly RuleResult[];
}

/** A request in a format of a domain: what is known of it, and the identities that somebody has to say who they are. */
export interface Recognised {
  readonly title: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly identities: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** Of a text a request, why it is none though it looks like one, or nothing. */
export type Reader = (text: string, machine: Machine) => Recognised | string | null;

export const readers: Reader[] = [];

export type Opened = { runs: Run[] } | { report: Report } | { recognised: Recognised } | { problem: string };

type Json = unknown;
type Dict = Record<string, Json>;

const MOST_RUNS = 5000;

export function read(machine: Machine, text: string): Opened {
  for (const reader of readers) {
    const result = reader(text, machine);
    if (typeof result === "string") return { problem: result };
    if (result) return checked(machine, result);
  }
  let content: Json;
  try {
    content = JSON.parse(text);
  } catch {
    return { problem: "it is neither JSON nor another format that this page reads" };
  }
  try {
    if (isDict(content) && isDict(content["target"]) && Array.isArray(content["rules"])) return { report: reported(machine, content) };
    const runs = isDict(content) && Array.isArray(content["states"]) ? [itf(machine, content)] : [...runsIn(machine, content, "")];
    return runs.length > 0 ? { runs } : { problem: "it has no run: expected a start and its steps, or the states of an ITF trace" };
  } catch (error) {
    if (error instanceof Unknown) return { problem: error.message };
    throw error;
  }
}

class Unknown extends Error {}

function checked(machine: Machine, result: Recognised): Opened {
  const known = machine.oracle.requests[result.type];
  if (!known) return { problem: `it comes to ${result.type}, of which this system knows nothing` };
  for (const [name, word] of Object.entries(result.fields)) {
    if (!known[name]?.includes(word)) return { problem: `its ${name} is ${word}, which the model does not have` };
  }
  return { recognised: result };
}

function isDict(part: Json): part is Dict {
  return part !== null && typeof part === "object" && !Array.isArray(part);
}

/** Every run in a document, with what it is called there. */
function* runsIn(machine: Machine, part: Json, title: string): Generator<Run> {
  if (Array.isArray(part)) {
    for (const [index, one] of part.entries()) yield* runsIn(machine, one, part.length > 1 && title ? `${title} ${index + 1}` : title);
  } else if (isDict(part)) {
    if (isDict(part["start"]) && Array.isArray(part["steps"])) {
      yield run(machine, part, named(part) || title || "a run");
    } else {
      const own = named(part) || title;
      let count = 0;
      for (const [key, one] of Object.entries(part)) {
        if (one === null || typeof one !== "object") continue;
        for (const each of runsIn(machine, one, [own, ["counterexample", "other_run", "witness"].includes(key) ? key.replace("_", " ") : ""].filter(Boolean).join(": "))) {
          if ((count += 1) > MOST_RUNS) return;
          yield each;
        }
      }
    }
  }
}

function named(part: Dict): string {
  return String(part["property"] ?? part["vector"] ?? part["name"] ?? "");
}

function run(machine: Machine, part: Dict, title: string): Run {
  const steps = (part["steps"] as Json[]).filter(isDict);
  return {
    title,
    start: stateOf(machine, part["start"] as Dict, title),
    requests: steps.map((step) => requestOf(machine, step["request"], title)),
    given: steps.map((step) => givenIn(step["verdict"] ?? step["expected"])),
  };
}

function givenIn(part: Json): Given | null {
  return isDict(part) && ASPECTS.some((name) => part[name] !== undefined) ? (part as unknown as Given) : null;
}

function stateOf(machine: Machine, part: Dict, where: string): State {
  const state: Record<string, string> = { ...machine.oracle.initial() };
  for (const [name, words] of Object.entries(machine.oracle.variables)) {
    if (!(name in part)) continue;
    state[name] = wordOf(words, part[name], `${where}: ${name}`);
  }
  return state;
}

function requestOf(machine: Machine, part: Json, where: string): Request {
  if (!isDict(part)) throw new Unknown(`${where}: a step has no request`);
  const { type, ...fields } = part;
  const known = machine.oracle.requests[String(type)];
  if (!known) throw new Unknown(`${where}: the request ${String(type)} is none of this system's`);
  const made: Record<string, string> = { type: String(type) };
  for (const [name, words] of Object.entries(known)) made[name] = wordOf(words, fields[name], `${where}: ${name} of ${String(type)}`);
  return made;
}

function wordOf(words: readonly string[], value: Json, where: string): string {
  if (typeof value === "string" && words.includes(value)) return value;
  if (typeof value === "number" && words.includes(String(value))) return String(value);
  throw new Unknown(`${where} is ${JSON.stringify(value) ?? "missing"}, expected one of: ${words.join(", ")}`);
}

/** A run in the Informal Trace Format, with the variables by which Quint says which action was taken. */
function itf(machine: Machine, content: Dict): Run {
  const states = (content["states"] as Json[]).filter(isDict);
  const plain = (value: Json): Json => {
    if (!isDict(value)) return value;
    if ("#bigint" in value) return String(value["#bigint"]);
    return value["tag"] === "Some" ? plain(value["value"]) : value["tag"];
  };
  const flat = (state: Dict): Dict => Object.fromEntries(Object.entries(state).map(([name, value]) => [name, plain(value)]));
  const steps = states.slice(1).map((state) => {
    const picks = isDict(state["mbt::nondetPicks"]) ? flat(state["mbt::nondetPicks"]) : {};
    const shown = flat(state);
    return {
      request: { ...picks, type: shown["mbt::actionTaken"] },
      verdict: { outcome: shown["verdict::outcome"], at: shown["verdict::at"], reason: shown["verdict::reason"] },
    };
  });
  return run(machine, { start: flat(states[0] ?? {}), steps }, "an ITF trace");
}

function reported(machine: Machine, content: Dict): Report {
  const target = content["target"] as Dict;
  const rules = [...(content["rules"] as Json[]), ...((content["properties"] as Json[] | undefined) ?? [])].filter(isDict);
  return {
    target: `${String(target["name"])} ${String(target["version"] ?? "")}`.trim(),
    rules: rules.map((rule) => {
      const failure = isDict(rule["failure"]) ? rule["failure"] : null;
      const shortest = failure && isDict(failure["shortest"]) ? failure["shortest"] : null;
      let failing: Run | null = null;
      if (shortest) {
        const made = run(machine, shortest, `fails ${String(rule["name"])}`);
        const seen = givenIn(shortest["seen"]);
        failing = { ...made, given: made.given.map((given, index) => (index === made.given.length - 1 ? seen : given)) };
      }
      return {
        id: String(rule["name"]),
        standing: String(rule["standing"]),
        reason: String(rule["reason"] ?? ""),
        wrong: failure ? String(failure["wrong"]) : "",
        run: failing,
      };
    }),
  };
}
