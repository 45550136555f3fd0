/** The page as a whole: the run, what can be sent, the step one looks at, and the pictures. */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Choice } from "./choice.tsx";
import { Glossary, Short, ShortWords, Text } from "./words.tsx";
import { Ask } from "./ask.tsx";
import { Compare } from "./compare.tsx";
import { colouring, Coverage } from "./coverage.tsx";
import { read, type Recognised, type Report, type Run as GivenRun } from "./files.ts";
import { Recognise, Runs } from "./open.tsx";
import { Otherwise } from "./otherwise.tsx";
import { Pictures, reachable, type Next } from "./pictures.tsx";
import { Requests } from "./requests.tsx";
import { lastCourse, pathTo, Tree, type Given, type Point } from "./run.ts";
import { linkOf, runOf } from "./share.ts";
import { Situations, Start, USUAL } from "./start.tsx";
import { StepView } from "./step.tsx";
import { WhatIf } from "./whatif.tsx";
import type { Machine } from "./machine.ts";
import type { Request, State } from "./oracle.ts";
import type { Clause } from "./search.ts";

const TABS = ["Step", "What if", "Ask", "Compare", "Coverage"] as const;
type Tab = (typeof TABS)[number];

/** Of a long run so many steps are shown before and after the present one. */
const AROUND = 50;

const NONE: ReadonlyMap<string, Next> = new Map();

export function App({ machine }: { machine: Machine }) {
  const [{ tree, point }, go] = useState(() => {
    const tree = new Tree(machine, machine.oracle.initial(), USUAL);
    return { tree, point: tree.root };
  });
  const [short] = useState(() => new ShortWords(machine.declared.words));
  const [starting, setStarting] = useState(false);
  const [runs, setRuns] = useState<GivenRun[] | null>(null);
  const [recognised, setRecognised] = useState<Recognised[]>([]);
  const [report, setReport] = useState<Report | null>(null);
  const colours = useMemo(() => (report ? colouring(report) : undefined), [report]);
  const [tab, setTab] = useState<Tab>("Step");
  const [question, setQuestion] = useState<readonly Clause[] | null>(null);
  const [message, setMessage] = useState("");
  // the verdict is painted first, and what can be sent next is decided after it
  const [listed, setListed] = useState(point);
  const steps = useMemo(() => machine.requests.map((request) => machine.step(listed.state, request)), [listed]);
  const next = useMemo(() => reachable(machine, listed.state, steps), [steps]);
  useEffect(() => setListed(point), [point]);
  const course = useMemo(() => lastCourse(machine, point), [point]);

  function begin(title: string, state: State, requests: readonly Request[] = [], given: readonly (Given | null)[] = []): void {
    const tree = new Tree(machine, state, title);
    let point = tree.root;
    requests.forEach((request, index) => (point = tree.send(point, request, given[index])));
    go({ tree, point });
    setStarting(false);
    setRuns(null);
    setTab("Step");
    setMessage(`Start: ${title}`);
  }

  const beginRun = (run: GivenRun): void => begin(run.title, run.start, run.requests, run.given);

  async function open(files: readonly { name: string; text: () => Promise<string> }[]): Promise<void> {
    const forms: Recognised[] = [];
    for (const file of files) {
      const result = read(machine, await file.text());
      if ("problem" in result) {
        setMessage(`${file.name} cannot be opened: ${result.problem}.`);
        return;
      }
      if ("recognised" in result) forms.push(result.recognised);
      else if ("report" in result) {
        setReport(result.report);
        setTab("Coverage");
        setStarting(false);
        setMessage(`${file.name}: the report on ${result.report.target}`);
      } else if (result.runs.length === 1) {
        beginRun(result.runs[0]!);
        setMessage(`${file.name}: ${result.runs[0]!.title}`);
      } else {
        setRuns(result.runs);
        setMessage(`${file.name}: choose a run`);
      }
    }
    setRecognised(forms);
    if (forms.length > 0) setMessage(`${forms.length === 1 ? "A request" : `${forms.length} requests`} to send: say who is who.`);
  }

  useLayoutEffect(() => {
    // what was clicked may have gone with the old list: whoever uses a keyboard goes on from the verdict
    if (point.step && document.activeElement === document.body) document.getElementById("panel")?.focus({ preventScroll: true });
  }, [point]);

  function sendAll(requests: readonly Request[]): void {
    let to = point;
    for (const request of requests) to = tree.send(to, request);
    go({ tree, point: to });
    setTab("Step");
    setMessage(requests.length === 1 ? "1 step is added to the run." : `${requests.length} steps are added to the run.`);
  }

  useEffect(() => {
    const over = (event: DragEvent): void => event.preventDefault();
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      void open([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  });

  function send(request: Request): void {
    const to = tree.send(point, request);
    go({ tree, point: to });
    setTab("Step");
    const verdict = to.step!.verdict;
    setMessage(`${machine.words(request)}: ${verdict ? `${verdict.outcome} at the ${verdict.at}, ${verdict.reason}` : "no verdict"}`);
  }

  const sending = useRef(send);
  sending.current = send;
  const requests = useMemo(() => <Requests machine={machine} state={listed.state} steps={steps} send={(request) => sending.current(request)} />, [steps]);

  useEffect(() => {
    const openLink = (): void => {
      if (!location.hash.startsWith("#run=")) return;
      const run = runOf(machine, location.hash);
      if (typeof run === "string") setMessage(run);
      else begin("a run that was shared", run.start, run.requests);
    };
    openLink();
    addEventListener("hashchange", openLink);
    return () => removeEventListener("hashchange", openLink);
  }, []);

  useEffect(() => {
    const { opened } = machine.declared;
    if (opened) void open([{ name: "What was given", text: () => Promise.resolve(JSON.stringify(opened)) }]);
  }, []);

  async function share(): Promise<void> {
    try {
      history.replaceState(null, "", linkOf(machine, point));
    } catch {
      setMessage("A page within another one has no address to share.");
      return;
    }
    try {
      await navigator.clipboard.writeText(location.href);
      setMessage("The link to this run is copied.");
    } catch {
      setMessage("The address of this page is the link to this run.");
    }
  }

  return (
    <Short.Provider value={short}>
      <header>
        <h1>{machine.oracle.name}</h1>
        <button type="button" onClick={() => setStarting(!starting)} aria-expanded={starting}>
          Choose another start
        </button>
        <label class="file">
          Open a file
          <input
            type="file"
            multiple
            onChange={(event) => {
              void open([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = "";
            }}
          />
        </label>
        <button type="button" onClick={share}>
          Copy link
        </button>
        <Glossary />
      </header>
      <p class="message" role="status" aria-live="polite">
        {message}
      </p>
      {starting ? (
        <main class="alone">
          <Start machine={machine} state={point.state} start={begin} close={() => setStarting(false)} />
        </main>
      ) : runs ? (
        <main class="alone">
          <Runs runs={runs} open={beginRun} />
        </main>
      ) : recognised.length > 0 ? (
        <main class="alone">
          <Recognise
            key={recognised.length}
            machine={machine}
            state={point.state}
            recognised={recognised[0]!}
            send={(request) => {
              send(request);
              setRecognised(recognised.slice(1));
            }}
          />
          <p>
            <button type="button" class="link" onClick={() => setRecognised([])}>
              Back to the run
            </button>
          </p>
        </main>
      ) : (
        <main>
          {requests}
          <section class="run" aria-labelledby="run-title">
            <Run machine={machine} tree={tree} point={point} go={(to) => go({ tree, point: to })} />
            <div role="tablist" aria-label="What is shown of the run">
              {TABS.map((one) => (
                <button type="button" role="tab" key={one} id={idOf(one)} aria-selected={tab === one} aria-controls="panel" tabIndex={tab === one ? 0 : -1} onClick={() => setTab(one)} onKeyDown={(event) => arrows(event, tab, setTab)}>
                  {one}
                </button>
              ))}
            </div>
            <div role="tabpanel" id="panel" aria-labelledby={idOf(tab)} tabIndex={0}>
              {tab === "Step" && (point.step ? <StepView key={point.id} machine={machine} step={point.step} given={point.given} /> : <Nothing machine={machine} begin={begin} />)}
              {tab === "What if" && (point.step ? <WhatIf machine={machine} step={point.step} /> : <p>Send a request to see what would differ.</p>)}
              {tab === "What if" && <Otherwise machine={machine} state={point.state} />}
              {tab === "Ask" && <Ask key={point.id} machine={machine} state={point.state} question={question} setQuestion={setQuestion} open={sendAll} />}
              {tab === "Coverage" && <Coverage machine={machine} report={report} open={beginRun} />}
              {tab === "Compare" && <Compare machine={machine} tree={tree} point={point} />}
            </div>
          </section>
          <Pictures machine={machine} state={point.state} step={point.step} course={course} next={listed === point ? next : NONE} colours={tab === "Coverage" ? colours : undefined} />
        </main>
      )}
    </Short.Provider>
  );
}

/** What can be done where nothing is sent yet. */
function Nothing({ machine, begin }: { machine: Machine; begin: (title: string, state: State) => void }) {
  return (
    <>
      <p>Nothing is sent yet. Choose a request to send{machine.declared.situations.length > 0 ? ", or start in one of these situations:" : ", or choose another start."}</p>
      {machine.declared.situations.length > 0 && <Situations machine={machine} start={begin} />}
    </>
  );
}

function idOf(tab: Tab): string {
  return `tab-${tab.replace(" ", "-")}`;
}

function arrows(event: KeyboardEvent, tab: Tab, setTab: (tab: Tab) => void): void {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const to = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]!;
  setTab(to);
  document.getElementById(idOf(to))!.focus();
}

function Run(props: { machine: Machine; tree: Tree; point: Point; go: (point: Point) => void }) {
  const { machine, tree, point, go } = props;
  const [around, setAround] = useState(AROUND);
  const list = useRef<HTMLOListElement>(null);
  useLayoutEffect(() => {
    const box = list.current!;
    const now = box.querySelector("[aria-current]");
    if (!now || box.scrollHeight <= box.clientHeight) return;
    const [inside, outside] = [now.getBoundingClientRect(), box.getBoundingClientRect()];
    if (inside.top < outside.top || inside.bottom > outside.bottom) box.scrollBy(0, inside.bottom - outside.bottom);
  }, [point]);
  const path = new Set(pathTo(point));
  const broken = useMemo(() => machine.broken(tree.root.state)[0], [tree]);
  let end = point;
  while (end.next.length === 1) end = end.next[0]!;
  const whole = pathTo(end);
  const from = Math.max(0, path.size - around);
  const shown = whole.slice(from, path.size + around);
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
      {shown.length < whole.length && (
        <button type="button" class="more" onClick={() => setAround(Infinity)}>
          Show all {whole.length - 1} steps
        </button>
      )}
      {broken && (
        <p class="refused">
          No system is where this run starts: <Text of={broken.label} />.
        </p>
      )}
      <ol class="points" ref={list}>
        {shown.map((one) => (
          <li key={one.id} class={path.has(one) ? "" : "ahead"}>
            <button type="button" class="link" aria-current={one === point ? "step" : undefined} onClick={() => go(one)}>
              {one.step ? (
                <>
                  <span class={one.step.verdict?.passed ? "sign passed" : "sign refused"}>{one.step.verdict?.passed ? "✓" : "✕"}</span>
                  <Text of={machine.words(one.step.request)} />
                  <span class="outcome">{one.step.verdict?.outcome ?? "no verdict"}</span>
                </>
              ) : (
                <>start: {tree.title}</>
              )}
            </button>
            {one.next.length > 1 && (
              <label class="branches">
                {one.next.length} branches
                <Choice
                  value={String(whole.find((other) => other.before === one)?.id ?? "")}
                  options={[
                    { value: "", label: "choose one" },
                    ...one.next.map(({ id, step }) => ({ value: String(id), label: `${machine.words(step!.request)}: ${step!.verdict?.outcome ?? "no verdict"}` })),
                  ]}
                  choose={(id) => go(one.next.find((other) => String(other.id) === id) ?? one)}
                />
              </label>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
