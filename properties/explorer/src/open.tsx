/** What was opened: the runs of a file to choose one of, or a request whose sender and device somebody has to name. */

import { useState } from "preact/hooks";
import { Choice } from "./choice.tsx";
import type { Recognised, Run } from "./files.ts";
import type { Machine } from "./machine.ts";
import type { Request, State } from "./oracle.ts";

const SHOWN = 100;

export function Runs({ runs, open }: { runs: readonly Run[]; open: (run: Run) => void }) {
  const [search, setSearch] = useState("");
  const kept = runs.filter((run) => run.title.toLowerCase().includes(search.toLowerCase()));
  return (
    <section aria-labelledby="runs-title">
      <h2 id="runs-title">{runs.length} runs are in it</h2>
      <label class="search">
        Search
        <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
      </label>
      <ul class="plain">
        {kept.slice(0, SHOWN).map((run, index) => (
          <li key={index}>
            <button type="button" class="link" onClick={() => open(run)}>
              {run.title}
            </button>{" "}
            <span class="count">{run.requests.length === 1 ? "1 request" : `${run.requests.length} requests`}</span>
          </li>
        ))}
      </ul>
      {kept.length > SHOWN && <p>{kept.length - SHOWN} more: search for one.</p>}
    </section>
  );
}

/** Who an identity is, as people said before: by field and identity. */
const remembered = new Map<string, string>();

export function Recognise(props: { machine: Machine; state: State; recognised: Recognised; send: (request: Request) => void }) {
  const { machine, state, recognised, send } = props;
  const domains = machine.oracle.requests[recognised.type]!;
  const kind = machine.kind({ type: recognised.type });
  const open = kind.fields.filter((field) => !(field.name in recognised.fields));
  const known = (name: string) => remembered.get(`${name} ${recognised.identities[name]}`);
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries(open.map((field) => [field.name, known(field.name) ?? field.usual ?? domains[field.name]![0]!])));
  function sent(): void {
    for (const [name, identity] of Object.entries(recognised.identities)) remembered.set(`${name} ${identity}`, values[name]!);
    send({ type: recognised.type, ...Object.fromEntries(Object.keys(domains).map((name) => [name, recognised.fields[name] ?? values[name]!])) });
  }
  return (
    <section aria-labelledby="recognised-title">
      <h2 id="recognised-title">{recognised.title}</h2>
      {Object.entries(recognised.fields).map(([name, word]) => (
        <p key={name}>
          {name}: <b>{word}</b>
        </p>
      ))}
      {recognised.notes.map((note) => (
        <p key={note}>Note: {note}.</p>
      ))}
      <div class="values">
        {open.map((field) => (
          <label key={field.name}>
            {recognised.identities[field.name] ? `Who is ${recognised.identities[field.name]} (${field.label})?` : field.label}
            <Choice
              value={values[field.name]!}
              options={domains[field.name]!.map((value) => ({ value, label: field.name === machine.declared.sender ? machine.sender(value, state) : value }))}
              choose={(value) => setValues({ ...values, [field.name]: value })}
            />
          </label>
        ))}
      </div>
      <button type="button" class="main" onClick={sent}>
        Send it
      </button>
    </section>
  );
}
