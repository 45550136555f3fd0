/** Another release, another cohort: which of all requests would be decided otherwise. */

import { useMemo, useState } from "preact/hooks";
import { inWords, same } from "./alternatives.ts";
import { Choice } from "./choice.tsx";
import { Text } from "./words.tsx";
import type { Machine } from "./machine.ts";
import type { Request, State } from "./oracle.ts";

const SHOWN = 4;

interface Difference {
  readonly label: string;
  readonly now: string;
  readonly then: string;
  readonly requests: Request[];
}

export function Otherwise({ machine, state }: { machine: Machine; state: State }) {
  const changes = machine.declared.changes.filter(({ values }) => Object.entries(values).some(([name, word]) => state[name] !== word));
  const [picked, setPicked] = useState("");
  const change = changes.find((one) => one.name === picked);
  const there = useMemo(() => (change ? machine.withValues(state, change.values) : null), [state, change]);
  const rows = useMemo(() => (there ? differences(machine, state, there) : []), [there]);
  if (changes.length === 0) return null;
  const also = there && change ? machine.changes(state, there).filter((name) => !(name in change.values)) : [];
  return (
    <>
      <h3>All requests</h3>
      <label class="pick">
        What would differ
        <Choice value={picked} options={[{ value: "", label: "choose a release or another group" }, ...changes.map(({ name }) => ({ value: name }))]} choose={setPicked} />
      </label>
      {also.length > 0 && <p class="count">And so {also.map((name) => `${machine.label(name)}: ${there![name]}`).join("; ")}.</p>}
      {change && !there && <p>No system is so: a constraint forbids it.</p>}
      {there && rows.length === 0 && <p>No request that can be sent in this state would be decided otherwise.</p>}
      {rows.length > 0 && (
        <table class="otherwise">
          <thead>
            <tr>
              <th scope="col">request</th>
              <th scope="col">as it is</th>
              <th scope="col">{picked}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ label, now, then, requests }) => (
              <tr key={`${label} ${now} ${then}`}>
                <th scope="row">
                  <b>
                    <Text of={label} />
                  </b>
                  {requests.slice(0, SHOWN).map((request) => (
                    <span key={machine.key(request)} class="details">
                      <Text of={machine.details(request)} />
                    </span>
                  ))}
                  {requests.length > SHOWN && <span class="details">and {requests.length - SHOWN} more</span>}
                </th>
                <td>
                  <Text of={now} />
                </td>
                <td>
                  <Text of={then} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** What is decided otherwise in another state: by type of request and what it comes to, what is usual first. */
function differences(machine: Machine, here: State, there: State): Difference[] {
  const rows = new Map<string, Difference>();
  for (const request of [...machine.requests].sort((one, other) => machine.unusual(one) - machine.unusual(other))) {
    const [one, other] = [machine.step(here, request), machine.step(there, request)];
    if (same(machine, one, other)) continue;
    const [now, then] = [inWords(machine, one), inWords(machine, other)];
    const { label } = machine.kind(request);
    const key = JSON.stringify([label, now, then]);
    const row = rows.get(key) ?? { label, now, then, requests: [] };
    rows.set(key, row);
    row.requests.push(request);
  }
  return [...rows.values()];
}
