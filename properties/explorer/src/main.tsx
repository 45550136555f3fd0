/** The explorer: `start` is called by the oracle's script, at the end of the page. */

import { render } from "preact";
import { App } from "./app.tsx";
import { Machine } from "./machine.ts";
import { search } from "./search.ts";
import { conditionOf } from "./service.ts";
import type { Declarations, Oracle } from "./oracle.ts";

export { readers } from "./files.ts";

export function start(oracle: Oracle): void {
  const declared: Declarations = JSON.parse(document.getElementById("declarations")!.textContent!);
  const machine = new Machine(oracle, declared);
  const root = document.getElementById("explorer")!;
  root.replaceChildren();
  render(<App machine={machine} />, root);
  Object.assign(window, { machine, search, conditionOf }); // for whoever asks from the browser's console, and for the tests
}
