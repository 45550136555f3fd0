/** The system as the page uses it: its requests, decisions with the way they took, and words for people. */

import type { Declarations, Oracle, Request, State, Verdict, Words } from "./oracle.ts";

/**
 * Of a type with more requests than this, only those are listed whose further fields have their usual values; in a system
 * of so few that it is known which are decided alike, all are.
 */
const MOST_OF_A_TYPE = 1000;
/** So many variables may change with what is asked about. */
const MOST_OTHERS = 4;

export interface Asked {
  readonly party: string;
  /** The checks in order, up to the one that failed. */
  readonly checks: readonly { readonly label: string; readonly rules: readonly string[]; readonly failed: boolean }[];
}

export interface Step {
  readonly request: Request;
  readonly before: State;
  readonly after: State;
  /** None where the declarations give no verdict. */
  readonly verdict: Verdict | null;
}

export class Machine {
  readonly requests: readonly Request[];
  /** Whether these are all that there are. */
  readonly whole: boolean;
  private readonly known = new Map<Request, { key: string; unusual: number }>();
  private readonly indices = new Map<string, number>();
  /** The variables that tell what became of the last request; the oracle leaves them to events. */
  readonly followed: ReadonlySet<string>;
  private readonly courses;
  private readonly kinds;
  private readonly labels;

  constructor(
    readonly oracle: Oracle,
    readonly declared: Declarations,
  ) {
    this.kinds = new Map(declared.requests.map((kind) => [kind.name, kind]));
    this.labels = new Map(declared.variables.map((one) => [one.name, one.label]));
    this.courses = new Map(declared.courses.flatMap((one) => one.verdicts.map((verdict) => [JSON.stringify(verdict), one] as const)));
    this.followed = new Set(declared.courses.flatMap((one) => Object.keys(one.start)));
    this.requests = declared.requests.flatMap((kind) => this.ofType(kind.name));
    for (const [index, request] of this.requests.entries()) {
      const unusual = this.kind(request).fields.filter((field) => field.usual !== null && request[field.name] !== field.usual).length;
      this.known.set(request, { key: JSON.stringify(request), unusual });
      this.indices.set(this.key(request), index);
    }
    const all = Object.values(oracle.requests).map((fields) => Object.values(fields).reduce((product, words) => product * words.length, 1));
    this.whole = this.requests.length === all.reduce((sum, one) => sum + one, 0);
  }

  step(before: State, request: Request): Step {
    try {
      const { state, verdict } = this.oracle.decide(before, request);
      return { request, before, after: state, verdict };
    } catch (error) {
      if (error instanceof TypeError) throw error;
      return { request, before, after: before, verdict: null };
    }
  }

  /** The step without an assumption: what cites assumptions alone, and this one, does not apply. */
  without(assumption: string, before: State, request: Request): Step {
    this.oracle.without([assumption]);
    try {
      return this.step(before, request);
    } finally {
      this.oracle.without([]);
    }
  }

  /** The parties that a request came to, with what each asked: those checks that can fail of such a request. */
  path({ before, request }: Step): Asked[] {
    const way: Asked[] = [];
    for (const [party, when, conditions] of this.oracle.asked.get(request["type"]!) ?? []) {
      if (!when(before, request)) continue;
      const checks: { label: string; rules: readonly string[]; failed: boolean }[] = [];
      way.push({ party, checks });
      for (const [number, fails, concerned] of conditions) {
        const failed = fails(before, request);
        if (!failed && !concerned(before, request)) continue;
        checks.push({ ...this.declared.checks[number]!, failed });
        if (failed) return way;
      }
    }
    return way;
  }

  /** What became of a request, step by step, as the lifecycle tells it that only events move; empty of what has none. */
  course(step: Step): Step[] {
    const { verdict } = step;
    if (!verdict || this.courses.size === 0) return [];
    const via = this.path(step).map(({ party }) => party);
    const known = this.courses.get(JSON.stringify([verdict.outcome, verdict.at, verdict.reason, verdict.passed, verdict.unspecified, via]));
    let at: State = { ...step.after, ...known?.start };
    return (known?.requests ?? []).map((request) => {
      const next = this.step(at, request);
      at = next.after;
      return next;
    });
  }

  /** What forbids a state, in words. */
  broken(state: State): { label: string; rules: readonly string[] }[] {
    return this.oracle.constraints
      .filter(([, , when, then]) => when(state, {}) && !then(state, {}))
      .map(([label, rules]) => ({ label, rules }));
  }

  /**
   * The nearest state with other values that no constraint forbids: others have other values, too, as few as may be, and of
   * equally few the first in order of declaration.
   */
  withValues(before: State, values: Words): State | null {
    const state = { ...before, ...values };
    for (let most = 0; most <= MOST_OTHERS; most += 1) {
      const settled = this.settled(state, new Set(Object.keys(values)), most);
      if (settled) return settled;
    }
    return null;
  }

  private settled(state: State, kept: ReadonlySet<string>, most: number): State | null {
    const broken = this.oracle.constraints.find(([, , when, then]) => when(state, {}) && !then(state, {}));
    if (!broken) return state;
    if (most === 0) return null;
    for (const name of broken[4]) {
      if (kept.has(name)) continue;
      for (const word of this.oracle.variables[name]!) {
        if (word === state[name]) continue;
        const settled = this.settled({ ...state, [name]: word }, new Set([...kept, name]), most - 1);
        if (settled) return settled;
      }
    }
    return null;
  }

  changes(before: State, after: State): string[] {
    return this.declared.variables.map((one) => one.name).filter((name) => before[name] !== after[name]);
  }

  /** The variables that a request may change in some state; none, where that is not known. */
  mayChange(request: Request): string[] {
    const { alike, variables } = this.declared;
    const index = alike ? this.indices.get(this.key(request)) : undefined;
    return index === undefined ? [] : alike!.classes[alike!.of[index]!]!.changes.map((number) => variables[number]!.name);
  }

  label(variable: string): string {
    return this.labels.get(variable) ?? variable;
  }

  kind(request: Request) {
    return this.kinds.get(request["type"]!)!;
  }

  /** What tells a request from others. */
  key(request: Request): string {
    return this.known.get(request)?.key ?? JSON.stringify(request);
  }

  /** How many fields of one of `requests` are not as usual. */
  unusual(request: Request): number {
    return this.known.get(request)?.unusual ?? 0;
  }

  /** The fields of a request that are not as usual, apart from some. */
  details(request: Request, apart: readonly string[] = []): string {
    return this.kind(request)
      .fields.filter((field) => !apart.includes(field.name) && request[field.name] !== field.usual)
      .map((field) => `${field.label} ${request[field.name]}`)
      .join(", ");
  }

  /** A request in words: who sends it to whom, and what is not usual of it. */
  words(request: Request): string {
    const { label, fields } = this.kind(request);
    const main = [this.declared.sender, ...this.declared.subjects];
    const said = fields
      .filter((field) => main.includes(field.name) || request[field.name] !== field.usual)
      .map((field) => `${field.label} ${request[field.name]}`);
    return said.length ? `${label} (${said.join(", ")})` : label;
  }

  /** A sender with what it is in this state: "Ann (owner)". */
  sender(word: string, state: State): string {
    const roles = this.declared.standings.filter((name) => state[name] === word).map((name) => this.label(name));
    return roles.length ? `${word} (${roles.join(", ")})` : word;
  }

  private ofType(name: string): Request[] {
    const domains = Object.entries(this.oracle.requests[name]!);
    const all = domains.reduce((product, [, words]) => product * words.length, 1);
    const main = [this.declared.sender, ...this.declared.subjects];
    const usual = new Map(this.kinds.get(name)!.fields.map((field) => [field.name, field.usual]));
    let made: Record<string, string>[] = [{ type: name }];
    for (const [field, words] of domains) {
      const values = !this.declared.alike && all > MOST_OF_A_TYPE && !main.includes(field) ? [usual.get(field) ?? words[0]!] : words;
      made = made.flatMap((request) => values.map((word) => ({ ...request, [field]: word })));
    }
    return made;
  }
}
