/** What can be sent: grouped by who sends it and whom it concerns, what would be accepted first. */

import { useMemo, useState } from "preact/hooks";
import { Text } from "./words.tsx";
import type { Machine, Step } from "./machine.ts";
import type { Request, State } from "./oracle.ts";

const SHOWN = 40;
/** Where a search leaves so many, all are shown at once. */
const FEW = 150;

interface Group {
  readonly title: string;
  readonly event: boolean;
  readonly parts: Map<string, Step[]>;
}

/** What people have opened, which a search neither closes nor adds to. */
interface Opened {
  readonly has: (key: string) => boolean;
  readonly toggle: (key: string, now: boolean) => void;
}

export function Requests(props: { machine: Machine; state: State; steps: readonly Step[]; send: (request: Request) => void }) {
  const { machine, state, steps, send } = props;
  const [search, setSearch] = useState("");
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = useMemo(() => machine.requests.map((one) => searched(machine, one)), [machine]);
  const kept = useMemo(() => steps.filter((_, index) => wanted.every((word) => texts[index]!.includes(word))), [steps, search]);
  const groups = useMemo(() => grouped(machine, kept, state), [machine, kept, state]);
  const open = wanted.length > 0 && kept.length <= FEW;
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  const opened: Opened = {
    has: (key) => shown.has(key),
    toggle: (key, now) => setShown((before) => new Set(now ? [...before, key] : [...before].filter((one) => one !== key))),
  };
  return (
    <section class="requests" aria-labelledby="requests-title">
      <h2 id="requests-title">Send a request</h2>
      <label class="search">
        Search
        <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
      </label>
      {groups.length === 0 && <p>No request has these words.</p>}
      {groups.map((group) => (
        <GroupOf key={group.title} machine={machine} group={group} open={open} opened={opened} send={send} />
      ))}
    </section>
  );
}

function GroupOf(props: { machine: Machine; group: Group; open: boolean; opened: Opened; send: (request: Request) => void }) {
  const { machine, group, opened, send } = props;
  const all = [...group.parts.values()].flat();
  const title = group.title;
  const shown = opened.has(title) || props.open;
  return (
    <details open={shown} onToggle={(event) => !props.open && opened.toggle(title, event.currentTarget.open)}>
      <summary>
        <Text of={title} /> <Count steps={all} />
      </summary>
      {shown &&
        [...group.parts].map(([part, steps]) => (
          <PartOf key={part} machine={machine} group={title} title={part} steps={steps} open={props.open || group.parts.size === 1} opened={opened} send={send} />
        ))}
    </details>
  );
}

function PartOf(props: { machine: Machine; group: string; title: string; steps: Step[]; open: boolean; opened: Opened; send: (request: Request) => void }) {
  const { machine, group, title, steps, opened, send } = props;
  const key = JSON.stringify([group, title]);
  const [all, setAll] = useState(false);
  const shown = opened.has(key) || props.open || title === "";
  const list = (
    <>
      <ul>
        {(all ? steps : steps.slice(0, SHOWN)).map((step) => (
          <li key={machine.key(step.request)}>
            <button type="button" class={step.verdict?.passed ? "request passed" : "request"} onClick={() => send(step.request)}>
              <span class="sign" aria-hidden="true">{step.verdict?.passed ? "✓" : "✕"}</span>
              <span>
                <Text of={machine.kind(step.request).label} />
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
    <details class="part" open={shown} onToggle={(event) => !props.open && opened.toggle(key, event.currentTarget.open)}>
      <summary>
        <Text of={title} /> <Count steps={steps} />
      </summary>
      {shown && list}
    </details>
  );
}

function Details({ machine, step }: { machine: Machine; step: Step }) {
  const apart = machine.kind(step.request).event ? [] : [machine.declared.sender, ...machine.declared.subjects];
  const said = machine.details(step.request, apart);
  return said ? (
    <span class="details">
      <Text of={said} />
    </span>
  ) : null;
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

/** Groups and parts keep the order of the declarations; in each what passes comes first, and what is usual before what is not. */
function grouped(machine: Machine, steps: readonly Step[], state: State): Group[] {
  const { sender, subjects, standings } = machine.declared;
  const groups = new Map<string, Group>();
  for (const step of steps) {
    const kind = machine.kind(step.request);
    const by = step.request[sender];
    const title = kind.event ? "What happens" : by === undefined ? kind.label : machine.sender(by, state);
    const subject = subjects.find((name) => name in step.request);
    const part = kind.event ? "" : subject ? step.request[subject]! : by === undefined ? "" : kind.label;
    const group = groups.get(title) ?? { title, event: kind.event, parts: new Map<string, Step[]>() };
    groups.set(title, group);
    const there = group.parts.get(part);
    if (there) there.push(step);
    else group.parts.set(part, [step]);
  }
  const order = (step: Step) => (step.verdict?.passed ? 0 : 1000) + machine.unusual(step.request);
  for (const { parts } of groups.values()) for (const all of parts.values()) all.sort((a, b) => order(a) - order(b));
  const standing = ({ title }: Group) => (standings.some((name) => title.includes(machine.label(name))) ? 0 : 1);
  return [...groups.values()].sort((a, b) => Number(a.event) - Number(b.event) || standing(a) - standing(b));
}
