/** What the page is given: the oracle as `export javascript` writes it, and the words of the declarations. */

export type Words = Readonly<Record<string, string>>;
export type State = Words;
/** A request: its type under `type`, and the word of each of its fields. */
export type Request = Words;

export interface Verdict {
  readonly outcome: string;
  readonly at: string;
  readonly reason: string;
  readonly response: string | null;
  readonly rules: readonly string[];
  readonly unspecified: readonly string[];
  readonly passed: boolean;
}

export interface Rule {
  readonly statement: string;
  readonly source: string;
  readonly assumption: string;
}

export type Condition = (state: State, request: Request) => boolean;

export interface Oracle {
  readonly name: string;
  readonly variables: Readonly<Record<string, readonly string[]>>;
  readonly requests: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly rules: Readonly<Record<string, Rule>>;
  readonly initial: () => State;
  readonly decide: (state: State, request: Request) => { state: State; verdict: Verdict };
  /** For each type of request: the parties, when they are asked, and the numbers of their checks, when they fail, and of which requests they can. */
  readonly asked: ReadonlyMap<string, readonly [party: string, when: Condition, checks: readonly [number, fails: Condition, concerned: Condition][]][]>;
  /** From now on checks and transitions do not apply that cite assumptions alone, and one of these. */
  readonly without: (ids: readonly string[]) => void;
  /** What a state must satisfy: in words, its rules, where it applies, what then holds, and the variables that it reads. */
  readonly constraints: readonly [label: string, rules: readonly string[], when: Condition, then: Condition, reads: readonly string[]][];
}

/** Which requests are decided alike; variables and verdicts are numbers. */
export interface Alike {
  /** The class of each request. */
  readonly of: readonly number[];
  readonly classes: readonly {
    readonly changes: readonly number[];
    readonly reads: readonly number[];
    readonly verdicts: readonly number[];
    readonly rules: readonly string[];
  }[];
  /** Outcome, who says it, reason, response, and the rules. */
  readonly verdicts: readonly (readonly (string | null)[])[];
  /** For each variable those that decide how it changes. */
  readonly influences: readonly (readonly number[])[];
}

export interface Term {
  readonly of: "variable" | "field" | "aspect";
  readonly id: string;
  readonly name: string;
  readonly values: Words;
}

export interface Declarations {
  readonly variables: readonly { name: string; label: string; fixed: boolean; initial: readonly string[] }[];
  readonly requests: readonly {
    name: string;
    label: string;
    event: boolean;
    /** What a field's value usually is; nothing, where it has to be said. */
    fields: readonly { name: string; label: string; usual: string | null }[];
  }[];
  readonly checks: readonly { label: string; outcome: string; reason: string; rules: readonly string[] }[];
  readonly sender: string;
  readonly standings: readonly string[];
  readonly subjects: readonly string[];
  readonly situations: readonly { name: string; state: State }[];
  /** What people ask about as one thing: another release, another cohort. */
  readonly changes: readonly { name: string; values: Words }[];
  readonly alike: Alike | null;
  /** What short words mean. */
  readonly words: Words;
  /** What becomes of a request: by what its verdict has in words, the values that it begins with, and the events that then happen. */
  readonly courses: readonly { verdicts: readonly (readonly unknown[])[]; start: Words; requests: readonly Request[] }[];
  /** Where the service answers questions; `""` in a page that is nobody's. */
  readonly service: string;
  /** What machine files call things, where there is a service; values by their words. */
  readonly terms: readonly Term[];
  /** A document to open at once. */
  readonly opened: unknown;
  /** The picture that is shown first; `""` for the first of them. */
  readonly lifecycle: string;
  /** Of each its title, the drawing, whether arrows have badges, and the words around it. */
  readonly pictures: Readonly<Record<string, { title: string; svg: string; badges: boolean; notes: readonly string[] }>>;
}
