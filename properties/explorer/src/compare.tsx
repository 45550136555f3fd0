/** Two branches of a run beside each other. */

import { useState } from "preact/hooks";
import { pathTo, type Point, type Tree } from "./run.ts";
import { Choice } from "./choice.tsx";
import { Text } from "./words.tsx";
import type { Machine } from "./machine.ts";

export function Compare({ machine, tree, point }: { machine: Machine; tree: Tree; point: Point }) {
  const ends = tree.leaves();
  const others = ends.filter((end) => !pathTo(end).includes(point));
  const [picked, setPicked] = useState(-1);
  const other = others.find((end) => end.id === picked) ?? others[0];
  if (!other) return <p>There is one branch. Step back and send another request: what is sent from one state in two ways can be compared.</p>;
  const [left, right] = [pathTo(point), pathTo(other)];
  const shared = left.findIndex((one, index) => one !== right[index]);
  const from = shared < 0 ? left.length : shared;
  const rows = Math.max(left.length, right.length) - from;
  const differing = machine.changes(point.state, other.state);
  return (
    <>
      <label class="pick">
        The run above, and
        <Choice
          value={String(other.id)}
          options={others.map((end) => ({ value: String(end.id), label: branch(machine, point, end) }))}
          choose={(value) => setPicked(Number(value))}
        />
      </label>
      <p>They are the same for {from - 1 === 1 ? "1 step" : `${from - 1} steps`}.</p>
      <table class="compared">
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col">the run above</th>
            <th scope="col">the other</th>
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, index) => (
            <tr key={index}>
              <th scope="row">{from + index}</th>
              <td>
                <Text of={inWords(machine, left[from + index])} />
              </td>
              <td>
                <Text of={inWords(machine, right[from + index])} />
              </td>
            </tr>
          ))}
          {differing.map((name) => (
            <tr key={name}>
              <th scope="row">at the end: <Text of={machine.label(name)} /></th>
              <td>
                <Text of={point.state[name]} />
              </td>
              <td>
                <Text of={other.state[name]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {differing.length === 0 && <p>They end in the same state.</p>}
    </>
  );
}

/** What tells a branch from the run: its requests from where the two part. */
function branch(machine: Machine, point: Point, end: Point): string {
  const here = pathTo(point);
  const apart = pathTo(end).slice(1).filter((one) => !here.includes(one));
  return apart.map((one) => machine.words(one.step!.request)).join(", then ");
}

function inWords(machine: Machine, point: Point | undefined): string {
  if (!point?.step) return "";
  const { verdict, request } = point.step;
  return `${machine.words(request)}: ${verdict ? `${verdict.outcome} at the ${verdict.at}, ${verdict.reason}` : "no verdict"}`;
}
