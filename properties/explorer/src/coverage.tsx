/** A conform report: each rule's result, its failing sequence to open, and the colours of the pictures' arrows. */

import type { Report, Run } from "./files.ts";
import type { Machine } from "./machine.ts";

const KINDS = [
  ["failed", "failed"],
  ["in part", "passed in part"],
  ["passed", "passed"],
  ["untested", "not tested"],
] as const;

type Kind = (typeof KINDS)[number][0];

function kindOf(standing: string): Kind {
  if (standing === "failed" || standing === "failed as expected") return "failed";
  if (standing === "passed") return "passed";
  return standing === "passed in part" ? "in part" : "untested";
}

/** The class of an arrow: what is worst of the rules that it cites, or that a check has failed which stands before it. */
export function colouring(report: Report): (variable: string, group: Element) => string {
  const standings = new Map(report.rules.map((rule) => [rule.id, kindOf(rule.standing)]));
  return (_, group) => {
    const { rules: own = "", checks = "" } = (group as SVGGElement).dataset;
    const rules = own.split(" ").filter(Boolean);
    if (checks.split(" ").some((id) => standings.get(id) === "failed")) return "covered failed";
    const kinds = rules.map((id) => standings.get(id) ?? "untested");
    const worst = (["failed", "untested", "in part", "passed"] as const).find((kind) => kinds.includes(kind));
    return worst ? `covered ${worst.replace(" ", "-")}` : "";
  };
}

export function Coverage({ machine, report, open }: { machine: Machine; report: Report | null; open: (run: Run) => void }) {
  if (!report) return <p>Open a report of the conformance suite (conform --json): its results are shown here, and in the colours of the pictures.</p>;
  const rules = report.rules.filter((rule) => rule.id in machine.oracle.rules);
  const claims = report.rules.filter((rule) => !(rule.id in machine.oracle.rules) && rule.run);
  const count = (kind: Kind) => rules.filter((rule) => kindOf(rule.standing) === kind).length;
  return (
    <>
      <p>
        <b>{report.target}</b>: {KINDS.map(([kind, words]) => `${count(kind)} ${words}`).join(", ")}.
      </p>
      <p class="count">
        In the pictures: green where the rules of an arrow passed, amber in part, thick red where one failed, or one of a check that the request has to pass first;
        grey dots where they were not tested.
      </p>
      <table class="coverage">
        <thead>
          <tr>
            <th scope="col">rule</th>
            <th scope="col">result</th>
            <th scope="col">what is wrong</th>
          </tr>
        </thead>
        <tbody>
          {[...rules, ...claims]
            .sort((a, b) => KINDS.findIndex(([kind]) => kind === kindOf(a.standing)) - KINDS.findIndex(([kind]) => kind === kindOf(b.standing)))
            .map((rule) => (
              <tr key={rule.id}>
                <th scope="row">{rule.id}</th>
                <td class={`result ${kindOf(rule.standing).replace(" ", "-")}`}>{rule.standing}</td>
                <td>
                  {rule.wrong || rule.reason}
                  {rule.run && (
                    <p>
                      <button type="button" onClick={() => open(rule.run!)}>
                        Open its failing sequence
                      </button>
                    </p>
                  )}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}
