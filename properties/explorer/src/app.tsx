/** The page as a whole: the run, what can be sent, the step one looks at, and the pictures. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { Compare } from "./compare.tsx";
import { Pictures, reachable } from "./pictures.tsx";
import { Requests } from "./requests.tsx";
import { pathTo, Tree, type Point } from "./run.ts";
import { linkOf, runOf } from "./share.ts";
import { Start, USUAL } from "./start.tsx";
import { StepView } from "./step.tsx";
import type { Machine } from "./machine.ts";
import type { Request, State } from "./oracle.ts";

const TABS = ["Step", "Compare"] as const;
type Tab = (typeof TABS)[number];

export function App({ machine }: { machine: Machine }) {
  const [{ tree, point }, go] = useState(() => {
    const tree = new Tree(machine, machine.oracle.initial(), USUAL);
    return { tree, point: tree.root };
  });
  const [starting, setStarting] = useState(false);
  const [tab, setTab] = useState<Tab>("Step");
  const [message, setMessage] = useState("");
  const steps = useMemo(() => machine.requests.map((request) => machine.step(point.state, request)), [point]);
  const next = useMemo(() => reachable(machine, point.state, steps), [steps]);

  function begin(title: string, state: State, requests: readonly Request[] = [], until = requests.length): void {
    const tree = new Tree(machine, state, title);
    let point = tree.root;
    let shown = point;
    requests.forEach((request, index) => {
      point = tree.send(point, request);
      if (index < until) shown = point;
    });
    go({ tree, point: shown });
    setStarting(false);
    setTab("Step");
    setMessage(`Start: ${title}`);
  }

  function send(request: Request): void {
    const to = tree.send(point, request);
    go({ tree, point: to });
    setTab("Step");
    const verdict = to.step!.verdict;
    setMessage(`${machine.words(request)}: ${verdict ? `${verdict.outcome} at the ${verdict.at}, ${verdict.reason}` : "no verdict"}`);
  }

  useEffect(() => {
    const open = (): void => {
      if (!location.hash.startsWith("#run=")) return;
      const run = runOf(machine, location.hash);
      if (typeof run === "string") setMessage(run);
      else begin("a run that was shared", run.start, run.requests);
    };
    open();
    addEventListener("hashchange", open);
    return () => removeEventListener("hashchange", open);
  }, []);

  async function share(): Promise<void> {
    history.replaceState(null, "", linkOf(machine, point));
    try {
      await navigator.clipboard.writeText(location.href);
      setMessage("The link to this run is copied.");
    } catch {
      setMessage("The address of this page is the link to this run.");
    }
  }

  return (
    <>
      <header>
        <h1>{machine.oracle.name}</h1>
        <button type="button" onClick={() => setStarting(!starting)} aria-expanded={starting}>
          Start elsewhere
        </button>
        <button type="button" onClick={share}>
          Copy link
        </button>
      </header>
      <p class="message" role="status" aria-live="polite">
        {message}
      </p>
      {starting ? (
        <main class="alone">
          <Start machine={machine} state={point.state} start={begin} close={() => setStarting(false)} />
        </main>
      ) : (
        <main>
          <Requests machine={machine} state={point.state} steps={steps} send={send} />
          <section class="run" aria-labelledby="run-title">
            <Run machine={machine} tree={tree} point={point} go={(to) => go({ tree, point: to })} />
            <div role="tablist" aria-label="What is shown of the run">
              {TABS.map((one) => (
                <button type="button" role="tab" key={one} id={`tab-${one}`} aria-selected={tab === one} aria-controls="panel" tabIndex={tab === one ? 0 : -1} onClick={() => setTab(one)} onKeyDown={(event) => arrows(event, tab, setTab)}>
                  {one}
                </button>
              ))}
            </div>
            <div role="tabpanel" id="panel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
              {tab === "Step" && (point.step ? <StepView key={point.id} machine={machine} step={point.step} /> : <p>Nothing is sent yet. Choose a request to send, or start elsewhere.</p>)}
              {tab === "Compare" && <Compare machine={machine} tree={tree} point={point} />}
            </div>
          </section>
          <Pictures machine={machine} state={point.state} step={point.step} next={next} />
        </main>
      )}
    </>
  );
}

function arrows(event: KeyboardEvent, tab: Tab, setTab: (tab: Tab) => void): void {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const to = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]!;
  setTab(to);
  document.getElementById(`tab-${to}`)!.focus();
}

function Run(props: { machine: Machine; tree: Tree; point: Point; go: (point: Point) => void }) {
  const { machine, tree, point, go } = props;
  const path = pathTo(point);
  let end = point;
  while (end.next.length === 1) end = end.next[0]!;
  const shown = pathTo(end);
  return (
    <>
      <h2 id="run-title">The run</h2>
      <p class="buttons">
        <button type="button" disabled={!point.before} onClick={() => go(point.before!)}>
          Step back
        </button>
        <button type="button" disabled={point.next.length === 0} onClick={() => go(point.next.at(-1)!)}>
          Step on
        </button>
        <button type="button" disabled={!point.before} onClick={() => go(tree.root)}>
          To the start
        </button>
      </p>
      <ol class="points">
        {shown.map((one) => (
          <li key={one.id} class={path.includes(one) ? "" : "ahead"}>
            <button type="button" class="link" aria-current={one === point ? "step" : undefined} onClick={() => go(one)}>
              {one.step ? (
                <>
                  <span class={one.step.verdict?.passed ? "sign passed" : "sign refused"}>{one.step.verdict?.passed ? "✓" : "✕"}</span>
                  {machine.words(one.step.request)}
                  <span class="outcome">{one.step.verdict?.outcome ?? "no verdict"}</span>
                </>
              ) : (
                <>start: {tree.title}</>
              )}
            </button>
            {one.next.length > 1 && (
              <label class="branches">
                {one.next.length} branches
                <select value={String(shown.find((other) => other.before === one)?.id ?? "")} onChange={(event) => go(one.next.find((other) => String(other.id) === event.currentTarget.value) ?? one)}>
                  <option value="">choose one</option>
                  {one.next.map((other) => (
                    <option key={other.id} value={String(other.id)}>
                      {machine.words(other.step!.request)}: {other.step!.verdict?.outcome ?? "no verdict"}
                    </option>
                  ))}
                </select>
              </label>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
