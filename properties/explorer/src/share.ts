/** A run as the fragment of an address: numbers of values and of requests, and a check that they are of this system. */

import { pathTo, type Point } from "./run.ts";
import type { Machine } from "./machine.ts";
import type { Request, State } from "./oracle.ts";

const LONGEST = 1000;

export function linkOf(machine: Machine, point: Point): string {
  const path = pathTo(point);
  const { variables, requests } = machine.oracle;
  const start = Object.entries(variables).map(([name, words]) => words.indexOf(path[0]!.state[name]!));
  const steps = path.slice(1).map(({ step }) => {
    const { type, ...fields } = step!.request;
    const numbers = Object.entries(requests[type!]!).map(([name, words]) => words.indexOf(fields[name]!));
    return [Object.keys(requests).indexOf(type!), ...numbers];
  });
  return `#run=${[version(machine), start.join("."), ...steps.map((step) => step.join("."))].join("/")}`;
}

/** The start and the requests of a link, or what is wrong with it. */
export function runOf(machine: Machine, fragment: string): { start: State; requests: Request[] } | string {
  const [known, ...parts] = fragment.replace("#run=", "").split("/");
  if (known !== version(machine)) return "The link is of another system, or of another version of it: it cannot be opened.";
  const numbers = parts.map((part) => part.split(".").map(Number));
  const { variables, requests } = machine.oracle;
  const start = values(variables, numbers[0] ?? []);
  const kinds = Object.keys(requests);
  const sent = numbers.slice(1).map(([kind, ...rest]) => {
    const name = kinds[kind!];
    const fields = name === undefined ? null : values(requests[name]!, rest);
    return fields && { type: name!, ...fields };
  });
  if (!start || sent.length > LONGEST || sent.some((one) => !one)) return "The link is incomplete: it cannot be opened.";
  return { start, requests: sent as Request[] };
}

function values(domains: Readonly<Record<string, readonly string[]>>, numbers: readonly number[]): Record<string, string> | null {
  const names = Object.keys(domains);
  const words = names.map((name, index) => domains[name]![numbers[index]!]);
  if (names.length !== numbers.length || words.includes(undefined)) return null;
  return Object.fromEntries(names.map((name, index) => [name, words[index]!]));
}

/** A number of the words that a link's numbers stand for (FNV-1a). */
function version(machine: Machine): string {
  const { name, variables, requests } = machine.oracle;
  let hash = 0x811c9dc5;
  for (const letter of JSON.stringify([name, variables, requests])) {
    hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193) >>> 0;
  }
  return hash.toString(36);
}
