/** "Can it come to ...?": a condition that one clicks together, and what the search says. */

import { useRef, useState } from "preact/hooks";
import { search, type Answer, type Clause } from "./search.ts";
import { asked, conditionOf } from "./service.ts";
import { Choice } from "./choice.tsx";
import type { Machine } from "./machine.ts";
import type { Request, State } from "./oracle.ts";

const BOUNDS = [20_000, 100_000, 400_000];

interface Part {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly of: Clause["of"];
  readonly name: string;
  readonly values: readonly string[];
}

export function Ask(props: {
  machine: Machine;
  state: State;
  /** What is asked; nothing before anyone has said it. */
  question: readonly Clause[] | null;
  setQuestion: (clauses: readonly Clause[]) => void;
  open: (requests: readonly Request[]) => void;
}) {
  const { machine, state, open, setQuestion: setClauses } = props;
  const [choices] = useState(() => choicesOf(machine));
  const clauses = props.question ?? [first(choices[0]!)];
  const [most, setMost] = useState(BOUNDS[0]!);
  const [at, setAt] = useState("");
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState("");
  const going = useRef(false);
  const choiceOf = (clause: Clause) => choices.find((one) => one.of === clause.of && one.name === clause.name)!;
  const change = (index: number, clause: Clause) => {
    setClauses(clauses.map((one, other) => (other === index ? clause : one)));
    setAnswer(null);
    setProblem("");
  };
  const condition = machine.declared.service ? conditionOf(machine, clauses) : null;
  async function askService(): Promise<void> {
    setAnswer(null);
    setProblem("");
    setAt("the service decides");
    const result = await asked(machine, state, condition!);
    setAt("");
    if (typeof result === "string") setProblem(result);
    else setAnswer(result);
  }
  async function ask(): Promise<void> {
    going.current = true;
    setAnswer(null);
    setProblem("");
    setAt("searching");
    const result = await search(machine, state, clauses, most, (states, depth) => {
      setAt(`${count(states, "state")}, ${count(depth, "request")} deep`);
      return going.current;
    });
    going.current = false;
    setAt("");
    setAnswer(result);
  }
  return (
    <>
      <p>From the state that is shown: can it come to where all of this holds?</p>
      <ul class="clauses">
        {clauses.map((clause, index) => (
          <li key={index}>
            <label>
              <span class="count">{index === 0 ? "that" : "and"}</span>
              <Choice
                label="What"
                value={choiceOf(clause).id}
                options={choices.map(({ id, label, group }) => ({ value: id, label, group }))}
                choose={(id) => change(index, first(choices.find((one) => one.id === id)!))}
              />
            </label>
            <label>
              <input type="checkbox" checked={clause.not ?? false} onChange={(event) => change(index, { ...clause, not: event.currentTarget.checked })} />
              not
            </label>
            {choiceOf(clause).of !== "standing" && (
              <Choice label="Value" value={clause.value} options={choiceOf(clause).values.map((value) => ({ value }))} choose={(value) => change(index, { ...clause, value })} />
            )}
            {clauses.length > 1 && (
              <button type="button" onClick={() => setClauses(clauses.filter((_, other) => other !== index))}>
                Leave out
              </button>
            )}
          </li>
        ))}
      </ul>
      <p class="buttons">
        <button type="button" onClick={() => setClauses([...clauses, first(choices[0]!)])}>
          And
        </button>
        <label>
          up to{" "}
          <Choice
            value={String(most)}
            options={BOUNDS.map((bound) => ({ value: String(bound), label: `${bound.toLocaleString("en")} states` }))}
            choose={(bound) => setMost(Number(bound))}
          />
        </label>
        {at ? (
          <button type="button" onClick={() => (going.current = false)}>
            Stop
          </button>
        ) : (
          <button type="button" class="main" onClick={() => void ask()}>
            Search
          </button>
        )}
        {machine.declared.service && (
          <button type="button" disabled={!condition || at !== ""} onClick={() => void askService()}>
            Ask the service
          </button>
        )}
      </p>
      {machine.declared.service && (
        <p class="count">
          {condition ? "The page searches up to so many states; the service decides on all states." : "Which rule a verdict cites the page alone can search for."}
        </p>
      )}
      <div role="status">
        {at && <p>{at}</p>}
        {problem && <p class="verdict refused">Not answered: {problem}.</p>}
        {answer && <AnswerView machine={machine} state={state} question={clauses.map((clause) => inWords(choiceOf(clause), clause)).join(" and ")} answer={answer} open={open} />}
      </div>
    </>
  );
}

function AnswerView(props: { machine: Machine; state: State; question: string; answer: Answer; open: (requests: readonly Request[]) => void }) {
  const { machine, state, question, answer, open } = props;
  const { result, requests, states, depth, slice, engine } = answer;
  const looked = engine
    ? `The service decided it on the ${count(states, "state")} that runs lead to (the ${engine} engine)`
    : `${count(states, "state")} of the ${count(slice.length, "variable")} that ${slice.length === 1 ? "matters" : "matter"} ${states === 1 ? "was" : "were"} looked at`;
  const asked = <p>Can it come to: {question}?</p>;
  if (result === "run" && requests.length === 0) {
    return (
      <>
        {asked}
        <p class="verdict passed">It is so already.</p>
      </>
    );
  }
  if (result === "run") {
    return (
      <>
        {asked}
        <p class="verdict passed">Yes, in {count(requests.length, requests.some((one) => machine.kind(one).event) ? "step" : "request")}; no run is shorter.</p>
        <LastSender machine={machine} state={state} requests={requests} />
        <ol>
          {requests.map((request, index) => (
            <li key={index}>{machine.words(request)}</li>
          ))}
        </ol>
        <button type="button" onClick={() => open(requests)}>
          Send these
        </button>
        <p class="count">{looked}.</p>
      </>
    );
  }
  if (result === "never") {
    return (
      <>
        {asked}
        <p class="verdict refused">Never, from this state.</p>
        <p class="count">
          {looked}. {!engine && `These are all states that can be reached${machine.whole ? "" : " by the requests that are listed"}.`}
        </p>
      </>
    );
  }
  return (
    <>
      {asked}
      <p class="verdict">
        Not known: the search {result === "bound" ? "came to its bound" : "was stopped"}. {looked}, and no run of up to {count(depth, "request")} comes to it.
        {machine.declared.service ? "The service decides it on all states, where no rule is part of the question." : "The page of serve decides it on all states, and so does the command check."}
      </p>
    </>
  );
}

/** Who the last sender is by then: a run may have changed it. */
function LastSender({ machine, state, requests }: { machine: Machine; state: State; requests: readonly Request[] }) {
  const { sender, standings } = machine.declared;
  const word = requests.at(-1)![sender];
  const before = requests.slice(0, -1).reduce((at, request) => machine.step(at, request).after, state);
  const roles = standings.filter((name) => before[name] === word).map((name) => machine.label(name));
  if (word === undefined || roles.length === 0) return null;
  return (
    <p>
      The last sender, {word}, is {roles.join(" and ")} by then.
    </p>
  );
}

function inWords({ label, of }: Part, { not, value }: Clause): string {
  return `${not ? "not: " : ""}${label}${of === "standing" ? "" : ` ${value}`}`;
}

function count(number: number, word: string): string {
  return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
}

function first(choice: Part): Clause {
  return { of: choice.of, name: choice.name, value: choice.values[0] ?? "" };
}

function choicesOf(machine: Machine): Part[] {
  const { declared, oracle } = machine;
  const aspects = (index: number) => [...new Set(declared.alike?.verdicts.map((one) => one[index]!) ?? [])].filter(Boolean).sort();
  const fields = new Map<string, { label: string; words: Set<string> }>();
  for (const kind of declared.requests) {
    for (const field of kind.fields) {
      const known = fields.get(field.name) ?? { label: field.label, words: new Set<string>() };
      fields.set(field.name, known);
      for (const word of oracle.requests[kind.name]![field.name]!) known.words.add(word);
    }
  }
  const choices: Omit<Part, "id">[] = [
    ...declared.variables.map(({ name, label }) => ({ group: "a variable is, afterwards", label: `${label} is`, of: "is" as const, name, values: oracle.variables[name]! })),
    ...declared.variables
      .filter((one) => !one.fixed)
      .map(({ name, label }) => ({ group: "a variable becomes, by the last request", label: `${label} becomes`, of: "becomes" as const, name, values: oracle.variables[name]! })),
    { group: "the last request", label: "it is of the type", of: "type", name: "", values: Object.keys(oracle.requests) },
    ...declared.standings
      .filter((name) => name in oracle.variables)
      .map((name) => ({ group: "the last request", label: `its sender is the ${machine.label(name)}`, of: "standing" as const, name, values: [] })),
    ...[...fields].map(([name, { label, words }]) => ({ group: "the last request", label: `its ${label} is`, of: "field" as const, name, values: [...words] })),
    { group: "the verdict on it", label: "the outcome is", of: "outcome", name: "", values: aspects(0) },
    { group: "the verdict on it", label: "it is given at the", of: "at", name: "", values: aspects(1) },
    { group: "the verdict on it", label: "the reason is", of: "reason", name: "", values: aspects(2) },
    { group: "the verdict on it", label: "it cites the rule", of: "rule", name: "", values: Object.keys(oracle.rules) },
  ];
  return choices.filter((one) => one.values.length > 0 || one.of === "standing").map((one, index) => ({ ...one, id: String(index) }));
}
