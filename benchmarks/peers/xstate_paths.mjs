// Paths of @xstate/graph through a machine of JSON on standard input: {"start": 0, "on": [{"0": 1}], "which": "simple"}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "x.js"));
const { createMachine } = require("xstate");
const { getShortestPaths, getSimplePaths } = require("@xstate/graph");

const { start, on, which } = JSON.parse(readFileSync(0, "utf8"));
const states = Object.fromEntries(
  on.map((row, state) => [`s${state}`, { on: Object.fromEntries(Object.entries(row).map(([at, to]) => [`e${at}`, `s${to}`])) }]),
);
const machine = createMachine({ initial: `s${start}`, states });
const paths = (which === "simple" ? getSimplePaths : getShortestPaths)(machine);
const inputs = paths.map((path) =>
  path.steps.map((step) => step.event.type).filter((type) => /^e\d+$/.test(type)).map((type) => Number(type.slice(1))),
);
console.log(JSON.stringify(inputs.filter((path) => path.length)));
