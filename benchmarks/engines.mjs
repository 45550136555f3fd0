// Asks an engine in Node. Arguments: which, and the files of the systems; input: for each of them a line of JSON, its
// questions as [state or null for the state that the last one led to, request]; output: a line of replies for each, with
// the seconds that they took.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const engines = {
  async javascript(file) {
    const { decide } = await import(pathToFileURL(file));
    let state;
    return (from, request) => {
      const made = decide(from ?? state, request);
      state = made.state;
      return [state, made.verdict];
    };
  },

  async xstate(file) {
    const { transition } = await import(pathToFileURL(createRequire(file).resolve("xstate")));
    const { machine } = await import(pathToFileURL(file));
    let snapshot;
    return (from, request) => {
      if (from) snapshot = machine.resolveState({ value: { verdict: "no verdict", ...from }, context: { verdict: null } });
      [snapshot] = transition(machine, snapshot, request);
      const { verdict, ...state } = snapshot.value;
      return [state, snapshot.context.verdict];
    };
  },

  async scion(file) {
    const scion = createRequire(file)("@scion-scxml/scxml");
    const model = await new Promise((done, failed) =>
      scion.documentStringToModel(file, readFileSync(file, "utf8"), (error, made) => (error ? failed(error) : done(made))),
    );
    const prepared = await new Promise((done, failed) =>
      model.prepare((error, made) => (error ? failed(error) : done(made))),
    );
    let chart;
    return (from, { type, ...data }) => {
      if (from) {
        const active = ["verdict.none", ...Object.entries(from).map((pair) => pair.join("."))];
        chart = new scion.core.Statechart(prepared, { snapshot: [active, {}, false, { verdict: null, request: null }, []] });
      }
      chart.gen({ name: type, data });
      const state = Object.fromEntries(chart.getConfiguration().map((id) => id.split(".")));
      delete state.verdict;
      return [state, chart._model.$serializeDatamodel().verdict];
    };
  },
};

const [which, ...files] = process.argv.slice(2);
const lines = readFileSync(0, "utf8").trimEnd().split("\n");
for (const [number, file] of files.entries()) {
  const ask = await engines[which](file);
  const questions = JSON.parse(lines[number]);
  const replies = [];
  const start = performance.now();
  for (const [from, request] of questions) replies.push(ask(from, request));
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ seconds, replies }));
}
