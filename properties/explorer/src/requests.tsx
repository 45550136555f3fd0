/** What can be sent: grouped by who sends it and whom it concerns, what would be accepted first. */

import { useMemo, useState } from "preact/hooks";
import type { Machine, Step } from "./machine.ts";
import type { Request, State } from "./oracle.ts";

const SHOWN = 40;

interface Group {
  readonly title: string;
  readonly event: boolean;
  readonly parts: Map<string, Step[]>;
}

export function Requests(props: { machine: Machine; state: State; steps: readonly Step[]; send: (request: Request) => void }) {
  const { machine, state, steps, send } = props;
  const [search, setSearch] = useState("");
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = useMemo(() => machine.requests.map((one) => searched(machine, one)), [machine]);
  const groups = useMemo(() => {
    const kept = steps.filter((_, index) => wanted.every((word) => texts[index]!.includes(word)));
    return grouped(machine, kept, state);
  }, [machine, steps, search]);
  return (
    <section class="requests" aria-labelledby="requests-title">
      <h2 id="requests-title">Send a request</h2>
      <label class="search">
        Search
        <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
      </label>
      {groups.length === 0 && <p>No request has these words.</p>}
      {groups.map((group) => (
        <GroupOf key={group.title} machine={machine} group={group} open={wanted.length > 0} send={send} />
      ))}
    </section>
  );
}

function GroupOf(props: { machine: Machine; group: Group; open: boolean; send: (request: Request) => void }) {
  const { machine, group, send } = props;
  const all = [...group.parts.values()].flat();
  const [open, setOpen] = useState(false);
  const shown = open || props.open;
  return (
    <details open={shown} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {group.title} <Count steps={all} />
      </summary>
      {shown &&
        [...group.parts].map(([title, steps]) => (
          <PartOf key={title} machine={machine} title={title} steps={steps} open={props.open || group.parts.size === 1} send={send} />
        ))}
    </details>
  );
}

function PartOf(props: { machine: Machine; title: string; steps: Step[]; open: boolean; send: (request: Request) => void }) {
  const { machine, title, steps, send } = props;
  const [open, setOpen] = useState(false);
  const [all, setAll] = useState(false);
  const shown = open || props.open || title === "";
  const list = (
    <>
      <ul>
        {(all ? steps : steps.slice(0, SHOWN)).map((step) => (
          <li key={JSON.stringify(step.request)}>
            <button type="button" class={step.verdict?.passed ? "request passed" : "request"} onClick={() => send(step.request)}>
              <span class="sign" aria-hidden="true">{step.verdict?.passed ? "✓" : "✕"}</span>
              <span>
                {machine.kind(step.request).label}
                <Details machine={machine} step={step} />
                <span class="outcome">{step.verdict ? step.verdict.outcome : "no verdict"}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {!all && steps.length > SHOWN && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {steps.length}
        </button>
      )}
    </>
  );
  if (title === "") return list;
  return (
    <details class="part" open={shown} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {title} <Count steps={steps} />
      </summary>
      {shown && list}
    </details>
  );
}

function Details({ machine, step }: { machine: Machine; step: Step }) {
  const apart = machine.kind(step.request).event ? [] : [machine.declared.sender, ...machine.declared.subjects];
  const said = machine.details(step.request, apart);
  return said ? <span class="details">{said}</span> : null;
}

function Count({ steps }: { steps: readonly Step[] }) {
  const passed = steps.filter((step) => step.verdict?.passed).length;
  return (
    <span class="count">
      {passed} of {steps.length} pass
    </span>
  );
}

function searched(machine: Machine, request: Request): string {
  const { label, fields } = machine.kind(request);
  return [label, ...fields.map((field) => `${field.label} ${request[field.name]}`)].join(" ").toLowerCase();
}

function grouped(machine: Machine, steps: readonly Step[], state: State): Group[] {
  const { sender, subjects, standings } = machine.declared;
  const groups = new Map<string, Group>();
  for (const step of steps) {
    const kind = machine.kind(step.request);
    const by = step.request[sender];
    const title = kind.event ? "What happens" : by === undefined ? kind.label : machine.sender(by, state);
    const subject = subjects.find((name) => name in step.request);
    const part = kind.event ? kind.label : subject ? step.request[subject]! : by === undefined ? "" : kind.label;
    const group = groups.get(title) ?? { title, event: kind.event, parts: new Map<string, Step[]>() };
    groups.set(title, group);
    group.parts.set(part, [...(group.parts.get(part) ?? []), step]);
  }
  const rank = ({ parts }: Group) => ([...parts.values()].some((all) => all.some((one) => one.verdict?.passed)) ? 0 : 1);
  const standing = ({ title }: Group) => (standings.some((name) => title.includes(machine.label(name))) ? 0 : 1);
  const made = [...groups.values()].sort((a, b) => Number(a.event) - Number(b.event) || standing(a) - standing(b) || rank(a) - rank(b));
  for (const group of made) {
    for (const [title, all] of group.parts) group.parts.set(title, all.sort((a, b) => order(machine, a) - order(machine, b)));
    if (group.event) {
      const merged = [...group.parts.values()].flat().sort((a, b) => order(machine, a) - order(machine, b));
      group.parts.clear();
      group.parts.set("", merged);
    }
  }
  return made;
}

/** What passes first, and what is usual before what is not. */
function order(machine: Machine, step: Step): number {
  const unusual = machine.kind(step.request).fields.filter((field) => step.request[field.name] !== field.usual).length;
  return (step.verdict?.passed ? 0 : 1000) + unusual;
}
