/** Where to start: a situation that has a name, or any values that the constraints allow. */

import { useState } from "preact/hooks";
import { Choice } from "./choice.tsx";
import { Rules } from "./step.tsx";
import { Text } from "./words.tsx";
import type { Machine } from "./machine.ts";
import type { State } from "./oracle.ts";

export const USUAL = "the usual start";

type Starting = { machine: Machine; start: (title: string, state: State) => void; close?: (() => void) | undefined };

/** Where one can start by a click. */
export function Situations({ machine, start, close }: Starting) {
  return (
    <ul class="situations">
      {[{ name: USUAL, state: machine.oracle.initial() }, ...machine.declared.situations].map((one) => (
        <li key={one.name}>
          <button type="button" onClick={() => start(one.name, one.state)}>
            <Text of={one.name} />
          </button>
        </li>
      ))}
      {close && (
        <li>
          <button type="button" class="link" onClick={close}>
            Back to the run
          </button>
        </li>
      )}
    </ul>
  );
}

export function Start(props: Starting & { state: State }) {
  const { machine, start } = props;
  const [state, setState] = useState<State>(props.state);
  const broken = machine.broken(state);
  const initial = machine.declared.variables.every((one) => one.initial.includes(state[one.name]!));
  return (
    <section class="start" aria-labelledby="start-title">
      <h2 id="start-title">Where to start</h2>
      <Situations machine={machine} start={start} close={props.close} />
      <h3>Or in a state of your own</h3>
      <div class="values">
        {machine.declared.variables.map((one) => (
          <label key={one.name}>
            <span>
              <Text of={one.label} />
            </span>
            <Choice
              value={state[one.name]!}
              options={machine.oracle.variables[one.name]!.map((value) => ({ value }))}
              choose={(value) => setState({ ...state, [one.name]: value })}
            />
          </label>
        ))}
      </div>
      <div role="status">
        {broken.length > 0 ? (
          <>
            <p class="refused">✕ No system is in this state:</p>
            {broken.map(({ label, rules }) => (
              <details key={label}>
                <summary>
                  <Text of={label} />
                </summary>
                <Rules machine={machine} ids={rules} />
              </details>
            ))}
          </>
        ) : (
          <p>{initial ? "A system may start so." : "The constraints allow this state; whether a run leads to it is not said."}</p>
        )}
      </div>
      <button type="button" class="main" disabled={broken.length > 0} onClick={() => start("a state of one's own", state)}>
        Start here
      </button>
    </section>
  );
}
