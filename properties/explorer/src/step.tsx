/** One step: the verdict, the way through the parties, the rules in words, and what changed. */

import type { Machine, Step } from "./machine.ts";
import { ASPECTS, type Given } from "./run.ts";
import { Text } from "./words.tsx";
import type { Verdict } from "./oracle.ts";

/** Where the verdict that a file gives is another one, in words. */
function differences(given: Given, verdict: Verdict | null): string[] {
  return ASPECTS.flatMap((name) => {
    const [there, here] = [given[name], verdict?.[name] ?? "nothing"];
    if (there === undefined) return [];
    const possible = typeof there === "string" ? [there] : there ?? ["nothing"];
    return possible.includes(here) ? [] : [`${name} ${possible.join(" or ")}, and ${here} here`];
  });
}

export function StepView({ machine, step, given }: { machine: Machine; step: Step; given: Given | null }) {
  const { verdict } = step;
  const changes = machine.changes(step.before, step.after);
  return (
    <article class="step" aria-label="The step">
      <p class="asked">
        <Text of={machine.words(step.request)} />
      </p>
      <p class={`verdict ${verdict?.passed ? "passed" : "refused"}`}>
        <span aria-hidden="true">{verdict?.passed ? "✓ " : "✕ "}</span>
        <Text of={verdict ? `${verdict.outcome} at the ${verdict.at}: ${verdict.reason}` : "the declarations give no verdict"} />
      </p>
      {given && differences(given, verdict).length === 0 && <p>The file gives the same verdict.</p>}
      {given && differences(given, verdict).length > 0 && (
        <p class="differs">
          <span aria-hidden="true">≠ </span>The file gives another verdict: {differences(given, verdict).join("; ")}.
        </p>
      )}
      {verdict?.response && <p>Response: {verdict.response}</p>}
      {verdict && verdict.unspecified.length > 0 && <p>The sources leave open: {verdict.unspecified.join(", ")}.</p>}
      <Way machine={machine} step={step} />
      <h3>What changed</h3>
      {changes.length === 0 ? (
        <p>No variable changed.</p>
      ) : (
        <ul class="changes">
          {changes.map((name) => (
            <li key={name}>
              <b>
                <Text of={machine.label(name)} />
              </b>
              : <Text of={step.before[name]} /> <span aria-label="becomes">→</span>{" "}
              <b>
                <Text of={step.after[name]} />
              </b>
            </li>
          ))}
        </ul>
      )}
      <h3>Why</h3>
      <Rules machine={machine} ids={verdict?.rules ?? []} />
    </article>
  );
}

function Way({ machine, step }: { machine: Machine; step: Step }) {
  const way = machine.path(step);
  const sender = step.request[machine.declared.sender];
  const course = machine.course(step);
  if (way.length === 0) return null;
  return (
    <>
      <h3>The way it took</h3>
      <ol class="way">
        {sender !== undefined && <li class="sender">
          <Text of={machine.sender(sender, step.before)} />
        </li>}
        {way.map(({ party, checks }) => {
          const failed = checks.find((check) => check.failed);
          return (
            <li key={party} class={failed ? "stopped" : ""}>
              <b>
                <Text of={party} />
              </b>
              {checks.length > 0 && !failed && (
                <details>
                  <summary>{checks.length === 1 ? "1 check passed" : `${checks.length} checks passed`}</summary>
                  <ul>
                    {checks.map((check) => (
                      <li key={check.label}>
                        ✓ <Text of={check.label} /> <span class="ids">{check.rules.join(" ")}</span>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
              {failed && (
                <p>
                  <span aria-hidden="true">✕ </span>fails: <Text of={failed.label} />
                  {checks.length > 1 && <span class="ids"> (after {checks.length - 1} that passed)</span>}
                </p>
              )}
            </li>
          );
        })}
        {step.verdict && <li class={step.verdict.passed ? "answer" : "answer stopped"}>{step.verdict.outcome}</li>}
      </ol>
      {[...machine.followed].map((name) => {
        const values = course.filter(({ before, after }) => before[name] !== after[name]).map(({ after }) => after[name]);
        return (
          values.length > 0 && (
            <p key={name} class="course">
              <Text of={`${machine.label(name)}: ${values.join(" → ")}`} />
            </p>
          )
        );
      })}
    </>
  );
}

export function Rules({ machine, ids }: { machine: Machine; ids: readonly string[] }) {
  return (
    <dl class="rules">
      {ids.map((id) => {
        const rule = machine.oracle.rules[id];
        return (
          <div key={id} class={rule?.assumption ? "assumed" : ""}>
            <dt>
              {id}
              {rule?.assumption && <span class="mark">{rule.assumption === "all" ? "assumption" : "assumption in part"}</span>}
            </dt>
            <dd>
              <Text of={rule?.statement} />
              {rule?.assumption && rule.assumption !== "all" && (
                <p>
                  Assumed: <Text of={rule.assumption} />
                </p>
              )}
              {rule?.source && (
                <p class="source">
                  Source: <Text of={rule.source} />
                </p>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
