/** Lifecycles as Graphviz drew them, with the present state lit and what can happen next. */

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Choice } from "./choice.tsx";
import { Text } from "./words.tsx";
import type { Machine, Step } from "./machine.ts";
import type { State } from "./oracle.ts";
import type { Course } from "./run.ts";

/** A point of Graphviz's in pixels: a little more than the usual 4/3, so that its smallest letters, of 9 points, are 12 pixels high. */
const POINT = 1.35;

const NOTHING: Next = new Map();
const NO_STEPS: readonly Step[] = [];

/** The values that a variable can have after one request, each with the steps to it: of those of a type that cite the same rules, one. */
export type Next = ReadonlyMap<string, ReadonlyMap<string, Step>>;

/** What each variable can be after one request. */
export function reachable(machine: Machine, state: State, steps: readonly Step[]): Map<string, Next> {
  const next = new Map<string, Map<string, Map<string, Step>>>();
  for (const step of steps) {
    if (step.after === state) continue;
    for (const name of machine.changes(state, step.after)) {
      const values = next.get(name) ?? new Map<string, Map<string, Step>>();
      next.set(name, values);
      const ways = values.get(step.after[name]!) ?? new Map<string, Step>();
      values.set(step.after[name]!, ways.set(JSON.stringify([step.request["type"], step.verdict?.rules]), step));
    }
  }
  return next;
}

/** Whether a step is what an arrow shows: it is of the arrow's type, and cites the rules of one of its transitions. */
function fires(arrow: DOMStringMap, { request, verdict }: Step): boolean {
  const cited: string[][] = JSON.parse(arrow["cited"]!);
  return arrow["on"] === request["type"] && cited.some((rules) => rules.every((rule) => verdict?.rules.includes(rule)));
}

export function Pictures(props: {
  machine: Machine;
  state: State;
  step: Step | null;
  /** What became of the last request. */
  course: Course;
  next: ReadonlyMap<string, Next>;
  colours?: ((variable: string, group: Element) => string) | undefined;
}) {
  const { machine, step, course, next } = props;
  const followed = (name: string) => course.of !== null && machine.followed.has(name);
  const { state } = course;
  const names = Object.keys(machine.declared.pictures);
  const changed = step ? machine.changes(step.before, step.after) : [];
  const [picked, setPicked] = useState<string | null>(machine.declared.lifecycle || null);
  useLayoutEffect(() => {
    // what the request changed, or else what it might have changed
    const concerned = (changed.length > 0 || !step ? changed : machine.mayChange(step.request)).filter((name) => names.includes(name));
    if (concerned.length > 0 && !concerned.includes(picked ?? "")) setPicked(concerned[0]!);
  }, [step]);
  const name = picked ?? names[0];
  const taken = useMemo(() => (step ? [step] : NO_STEPS), [step]);
  return (
    <section class="pictures" aria-labelledby="pictures-title">
      <h2 id="pictures-title">Lifecycles</h2>
      {name !== undefined && (
        <>
          <label class="pick">
            Picture
            <Choice
              value={name}
              options={names.map((value) => ({
                value,
                label: `${machine.declared.pictures[value]!.title}: ${state[value]}${changed.includes(value) ? " (changed)" : followed(value) ? " (last request)" : ""}`,
              }))}
              choose={setPicked}
            />
          </label>
          <Picture key={name} machine={machine} name={name} state={state} taken={followed(name) ? course.steps : taken} next={followed(name) ? NOTHING : next.get(name) ?? NOTHING} colours={props.colours} />
        </>
      )}
      <h3>The state</h3>
      <table class="state">
        <tbody>
          {machine.declared.variables.map((one) => (
            <tr key={one.name} class={changed.includes(one.name) ? "changed" : ""}>
              <th scope="row">
                {names.includes(one.name) ? (
                  <button type="button" class="link" aria-pressed={one.name === name} onClick={() => setPicked(one.name)}>
                    <Text of={one.label} />
                  </button>
                ) : (
                  <Text of={one.label} />
                )}
              </th>
              <td>
                <Text of={state[one.name]} />
                {followed(one.name) && course.state[one.name] !== props.state[one.name] && (
                  <span class="details">of the last request: {machine.kind(course.of!.request).label}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Picture(props: {
  machine: Machine;
  name: string;
  state: State;
  /** The steps whose arrows are lit. */
  taken: readonly Step[];
  next: Next;
  colours?: ((variable: string, group: Element) => string) | undefined;
}) {
  const { machine, name, state, taken, next } = props;
  const box = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(1);
  const drawing = useMemo(() => drawingOf(machine, name), [name]);
  useLayoutEffect(() => {
    box.current!.replaceChildren(drawing);
  }, [drawing]);
  useLayoutEffect(() => {
    const [, , width, height] = drawing.getAttribute("viewBox")!.split(/\s+/).map(Number);
    drawing.setAttribute("width", `${width! * zoom * POINT}`);
    drawing.setAttribute("height", `${height! * zoom * POINT}`);
  }, [drawing, zoom]);
  useLayoutEffect(() => {
    const now = state[name]!;
    const changes = taken.filter((one) => one.before[name] !== one.after[name]);
    for (const group of drawing.querySelectorAll("g[class]")) {
      const { dataset } = group as SVGGElement;
      const { from, to, state: at } = dataset;
      const sources: string[] = from ? JSON.parse(from) : [];
      const marks = [group.classList[0]!];
      if (at === now) marks.push("now");
      if (at !== undefined && next.has(at)) marks.push("next");
      if (to !== undefined && sources.includes(now) && [...(next.get(to)?.values() ?? [])].some((one) => fires(dataset, one))) marks.push("can");
      if (changes.some((one) => to === one.after[name] && sources.includes(one.before[name]!) && fires(dataset, one))) marks.push("taken");
      const colour = props.colours?.(name, group);
      if (colour) marks.push(...colour.split(" "));
      const classes = marks.join(" ");
      if (group.getAttribute("class") !== classes) group.setAttribute("class", classes);
    }
  }, [drawing, state, taken, next, props.colours]);
  useLayoutEffect(() => {
    const lit = drawing.querySelector(".now");
    if (lit && box.current) centre(box.current, lit);
  }, [drawing, state[name], zoom]);
  return (
    <>
      <p class="zoom">
        <button type="button" onClick={() => setZoom(Math.min(zoom * 1.25, 4))}>
          Larger
        </button>
        <button type="button" onClick={() => setZoom(Math.max(zoom / 1.25, 0.4))}>
          Smaller
        </button>
        <button type="button" onClick={() => setZoom(1)} disabled={zoom === 1}>
          Full size
        </button>
        <button type="button" onClick={() => setZoom(whole(box.current!, drawing))}>
          Whole picture
        </button>
      </p>
      <div class="drawing" ref={box} tabIndex={0} role="group" aria-label={`Picture: ${machine.label(name)}; now ${state[name]}`} onPointerDown={pan} />
      <details class="legend">
        <summary>Legend</summary>
        <ul class="count">
          <li>
            <span class="swatch now" /> the present state
          </li>
          <li>
            <span class="swatch next" /> a state that one request or event can lead to; its arrow is green
          </li>
          <li>
            <span class="swatch taken" /> the arrow that fired in the last step, or those of the last request's course
          </li>
          {machine.declared.pictures[name]!.badges && (
            <li>
              <span class="swatch regulated" /> badge of a check that is regulated; <span class="swatch assumed" /> of one that is assumed
            </li>
          )}
        </ul>
        <p class="count">{machine.declared.pictures[name]!.notes.join("\n")}</p>
      </details>
    </>
  );
}

const drawings = new Map<string, SVGSVGElement>();

/** A picture's drawing, read once. */
function drawingOf(machine: Machine, name: string): SVGSVGElement {
  const known = drawings.get(name);
  if (known) return known;
  const { svg, title } = machine.declared.pictures[name]!;
  const root = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true) as unknown as SVGSVGElement;
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", `The lifecycle: ${title}`);
  drawings.set(name, root);
  return root;
}

const BORDERS = 2;

/** How large all of a picture can be seen at once. */
function whole(box: Element, drawing: SVGSVGElement): number {
  const [, , width, height] = drawing.getAttribute("viewBox")!.split(/\s+/).map(Number);
  const most = parseFloat(getComputedStyle(box).maxHeight) - BORDERS;
  return Math.min(1, box.clientWidth / (width! * POINT), most / (height! * POINT));
}

function centre(box: Element, lit: Element): void {
  const around = box.getBoundingClientRect();
  const at = lit.getBoundingClientRect();
  box.scrollBy(at.left + at.width / 2 - around.left - around.width / 2, at.top + at.height / 2 - around.top - around.height / 2);
}

/** Move the picture with the pointer. */
function pan(down: PointerEvent): void {
  const box = down.currentTarget as HTMLElement;
  if (down.pointerType !== "mouse" || down.button !== 0) return;
  const move = (event: PointerEvent) => box.scrollBy(-event.movementX, -event.movementY);
  const up = () => {
    box.removeEventListener("pointermove", move);
    box.classList.remove("moving");
  };
  box.setPointerCapture(down.pointerId);
  box.classList.add("moving");
  box.addEventListener("pointermove", move);
  box.addEventListener("pointerup", up, { once: true });
  box.addEventListener("pointercancel", up, { once: true });
}
