/** Runs as a tree: every step is a branch from the one before, and none is lost by stepping back. */

import type { Machine, Step } from "./machine.ts";
import type { Request, State } from "./oracle.ts";

export const ASPECTS = ["outcome", "at", "reason", "response"] as const;

/** What a file says became of a request: of each aspect its value, several that it may be, or nothing. */
export type Given = { readonly [aspect in (typeof ASPECTS)[number]]?: string | readonly string[] | null };

export interface Point {
  readonly id: number;
  readonly before: Point | null;
  readonly step: Step | null;
  readonly state: State;
  readonly next: Point[];
  readonly given: Given | null;
}

export class Tree {
  readonly root: Point;
  private count = 0;

  constructor(
    private readonly machine: Machine,
    start: State,
    readonly title: string,
  ) {
    this.root = { id: 0, before: null, step: null, state: start, next: [], given: null };
  }

  /** The point that a request leads to; the same again where it was sent from here before. */
  send(from: Point, request: Request, given: Given | null = null): Point {
    const words = JSON.stringify(request);
    const known = from.next.find((point) => JSON.stringify(point.step!.request) === words);
    if (known) return known;
    const step = this.machine.step(from.state, request);
    this.count += 1;
    const point: Point = { id: this.count, before: from, step, state: step.after, next: [], given };
    from.next.push(point);
    return point;
  }

  leaves(): Point[] {
    const ends: Point[] = [];
    const walk = (point: Point): void => (point.next.length ? point.next.forEach(walk) : void ends.push(point));
    walk(this.root);
    return ends;
  }
}

/** What became of the last request: its step and those of its course, and the state of a point with what that has come to. */
export interface Course {
  readonly of: Step | null;
  readonly steps: readonly Step[];
  readonly state: State;
}

/** The course of the last request sent on the way to a point; none, where events have moved it since. */
export function lastCourse(machine: Machine, point: Point): Course {
  for (let at: Point | null = point; at?.step; at = at.before) {
    const steps = machine.course(at.step);
    if (steps.length > 0) return { of: at.step, steps, state: followed(machine, point.state, steps) };
    if (machine.changes(at.step.before, at.step.after).some((name) => machine.followed.has(name))) break;
  }
  return { of: null, steps: [], state: point.state };
}

/** A state with what a course has come to. */
function followed(machine: Machine, state: State, steps: readonly Step[]): State {
  const end = steps.at(-1)!.after;
  return { ...state, ...Object.fromEntries([...machine.followed].map((name) => [name, end[name]!])) };
}

/** The points from the start to this one. */
export function pathTo(point: Point): Point[] {
  const path: Point[] = [];
  for (let at: Point | null = point; at; at = at.before) path.unshift(at);
  return path;
}
