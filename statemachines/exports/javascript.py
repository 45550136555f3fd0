"""JavaScript: a system as a package of one ES module without dependencies, compiled as the oracle is, with types.

States, requests and verdicts are plain objects of words, as in vectors and in the messages to targets.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle, islice
from typing import Any

from statemachines.errors import DeclarationError
from statemachines.exports import Exported, Progress
from statemachines.exports.chart import expect_sayable, verdict_words, words_of
from statemachines.language.claims import Claims
from statemachines.language.expression import FALSE, TRUE, All, Among, Compared, Constant, Expr, Not, Relation
from statemachines.language.gates import Answer
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Field, RequestType
from statemachines.language.system import System
from statemachines.language.terms import ASPECTS, Term
from statemachines.semantics.decision import asks, handles
from statemachines.semantics.oracle import Oracle, decided

STEPS = 300
"""How many steps the package's own test has."""

LONGEST_CHAIN = 8
"""The most values that a term is compared with one by one."""

RUNTIME = """\
function refuse(what, value, known) {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new TypeError(`${what} is ${shown}, expected one of: ${known.map((word) => JSON.stringify(word)).join(", ")}`);
}

function expectWords(what, given, domains) {
  if (given === null || typeof given !== "object") throw new TypeError(`${what} is ${given}, expected an object`);
  for (const [name, words, known] of domains) {
    if (!known.has(given[name])) refuse(`${what}.${name}`, given[name], words);
  }
}

/** The usual initial state: of each variable the first value that it may start with. */
export function initial() {
  return Object.fromEntries(starts.map(([name, words]) => [name, words[0]]));
}

/** What must happen to a request: the state after it, and the verdict. Nothing that is given is changed. */
export function decide(state, request) {
  const kind = kinds.get(request?.type);
  if (kind === undefined) refuse("request.type", request?.type, [...kinds.keys()]);
  expectWords("request", request, kind.domains);
  expectWords("state", state, stateDomains);
  const verdict = kind.decide(state, request);
  const fired = [];
  const after = kind.move(state, request, verdict.passed, fired);
  if (fired.length === 0) return { state, verdict };
  return { state: after, verdict: { ...verdict, rules: [...new Set([...verdict.rules, ...fired.flat()])] } };
}
"""


def export_javascript(claims: Claims) -> dict[str, str]:
    """A system as the files of an npm package, by name: `index.js`, `index.d.ts`, its test and the rest.

    Parameters
    ----------
    claims: the system; what is claimed of it is not in the package.

    Raises
    ------
    DeclarationError: for a name that JavaScript reserves.

    Examples
    --------
    >>> from examples.parcel_locker import claims
    >>> lines = export_javascript(claims)["index.js"].splitlines()
    >>> print(next(line.strip() for line in lines if "fails: the code is right" in line))
    if (r.code === "wrong") return v3; // fails: the code is right
    """
    system = claims.system
    package = re.sub(r"[^a-z0-9]+", "-", system.name.lower()).strip("-") or "machine"
    return {
        "index.js": Module(system).text(),
        "index.d.ts": _types(system),
        "package.json": _json(_manifest(system, package)) + "\n",
        "README.md": _readme(system, package),
        "test/decide.test.js": TEST,
        "test/steps.json": _json(list(_steps(system))) + "\n",
    }


def exported(claims: Claims, only: Sequence[str] = (), progress: Progress | None = None) -> Exported:  # noqa: ARG001
    """The package for the command line: see `export_javascript`."""
    if only:
        raise DeclarationError("javascript says nothing of properties: leave --property out")
    files = export_javascript(claims)
    return Exported(files["index.js"], f"{len(claims.system.requests)} request types, {len(files)} files", files)


class Module:
    """The module in the making; verdicts, sets of words and ranks are constants of it, each once.

    Parameters
    ----------
    system: the declarations.

    Raises
    ------
    DeclarationError: for a name that JavaScript reserves.
    """

    def __init__(self, system: System) -> None:
        expect_sayable(system)
        self.system = system
        self.constants: dict[str, str] = {}

    def text(self) -> str:
        """The module."""
        system = self.system
        bodies = [line for kind in system.requests for line in self._kind(kind)]
        starts = [[one.name, [str(value.value) for value in one.initial]] for one in system.lifecycles]
        constants = [f"const {name} = {value};" for value, name in self.constants.items()]
        return "\n".join(
            [
                f"// {' '.join(system.name.split())}: written by `statemachines export javascript`. Do not edit.",
                f"export const name = {_json(system.name)};",
                "/** The words of each variable. */",
                f"export const variables = {_json({one.name: words_of(one) for one in system.variables})};",
                "/** For each type of request the words of each field. */",
                f"export const requests = {_json(_fields(system))};",
                "/** The rules that verdicts cite. */",
                f"export const rules = {_json(_rules(system))};",
                f"const starts = {_json(starts)};",
                "const withSets = (domains) => Object.entries(domains).map(([key, all]) => [key, all, new Set(all)]);",
                "const stateDomains = withSets(variables);",
                *constants,
                "const kinds = new Map([",
                *bodies,
                "]);",
                RUNTIME,
            ]
        )

    def _kind(self, kind: RequestType) -> Iterator[str]:
        name = _json(kind.name)
        yield f"  [{name}, {{ domains: withSets(requests[{name}]),"
        yield "    decide: (s, r) => {"
        yield "    let at = null;"
        for gate in self.system.gates:
            comes = gate.when.given({}, kind)
            if handles(gate, kind) and comes is not FALSE:
                party = _json(str(gate.party.value))
                yield f"    if ({self._source(comes)}) {{ at = {party};"
                for check in gate.checks:
                    if asks(check, kind):
                        verdict = self._constant("v", verdict_words(check, str(gate.party.value)))
                        condition = self.applied(check.rules, self._source(check.fails_when.given({}, kind)))
                        yield f"    if ({condition}) return {verdict}; // fails: {' '.join(check.label.split())}"
                yield "    }"
        for answer in self.system.answers:
            if handles(answer, kind):
                yield f"    if ({self._source(answer.when.given({}, kind))}) return {self._answer(answer)};"
        yield f'    throw new Error("the declarations give " + {name} + " no verdict in this state");'
        yield "    },"
        yield "    move: (s, r, passed, fired) => {"
        yield "    let t = s;"
        for lifecycle in self.system.lifecycles:
            yield from self._moves(lifecycle, kind)
        yield "    return t;"
        yield "  } }],"

    def _moves(self, lifecycle: Lifecycle, kind: RequestType) -> Iterator[str]:
        """At most one transition of the lifecycle; every condition is of the state before."""
        first = True
        for move in lifecycle.transitions:
            when = move.when.given({}, kind) if move.on is kind else FALSE
            if when is FALSE:
                continue
            passed = "" if move.even_if_refused else "passed && "
            condition = f"{passed}({self._source(Among(lifecycle.variable, frozenset(move.source)))})"
            condition += "" if when is TRUE else f" && {self._source(when)}"
            condition = self.applied(move.rules, condition)
            rules = self._constant("f", list(move.rules))
            change = f"{{ {self._change(lifecycle, move)} fired.push({rules}); }}"
            yield f"    {'if' if first else 'else if'} ({condition}) {change}"
            first = False

    def _change(self, lifecycle: Lifecycle, move: Transition) -> str:
        return f"if (t === s) t = {{ ...s }}; {_member('t', lifecycle.name)} = {_json(str(move.target.value))};"

    def _answer(self, answer: Answer) -> str:
        if answer.at is not None:
            return self._constant("v", verdict_words(answer, str(answer.at.value)))
        return f"{{ ...{self._constant('v', verdict_words(answer, None))}, at }}"

    def applied(self, rules: tuple[str, ...], condition: str) -> str:  # noqa: ARG002  # others say when it applies
        """The condition of a check or a transition that cites these rules, as an expression."""
        return condition

    def condition(self, expr: Expr, rules: tuple[str, ...] = ()) -> str:
        """The name of a function of a state and a request that says whether the condition, which cites rules, holds."""
        return self._constant("c", f"(s, r) => {self.applied(rules, self._source(expr))}", raw=True)

    def _source(self, expr: Expr) -> str:
        match expr:
            case Constant():
                return "true" if expr.value else "false"
            case Among():
                return self._membership(expr)
            case Compared():
                return self._comparison(expr)
            case Not():
                return f"!({self._source(expr.part)})"
            case All():
                return "(" + " && ".join(self._source(part) for part in expr.parts) + ")"
        raise DeclarationError(f"a declaration cannot ask whether {expr.words()}; only a claim can")

    def _membership(self, expr: Among) -> str:
        words = [str(value.value) for value in expr.term.domain if value in expr.values]
        if len(words) > LONGEST_CHAIN:
            return f"{self._constant('s', words, 'new Set({})')}.has({_read(expr.term)})"
        chain = " || ".join(f"{_read(expr.term)} === {_json(word)}" for word in words)
        return chain if len(words) == 1 else f"({chain})"

    def _comparison(self, expr: Compared) -> str:
        left, right = expr.left, expr.right
        if expr.relation is Relation.EQUAL and not expr.by and left.kind is right.kind:
            return f"{_read(left)} === {_read(right)}"
        sign = {Relation.EQUAL: "===", Relation.LESS: "<", Relation.AT_MOST: "<="}[expr.relation]
        return f"{self._rank(left)} {sign} {self._rank(right)} + {expr.by}"

    def _rank(self, term: Term) -> str:
        ranks = [[str(value.value), term.rank(value)] for value in term.domain]
        return f"{self._constant('n', ranks, 'new Map({})')}.get({_read(term)})"

    def _constant(self, letter: str, value: object, form: str = "Object.freeze({})", *, raw: bool = False) -> str:
        text = str(value) if raw else form.format(_json(value))
        return self.constants.setdefault(text, f"{letter}{len(self.constants)}")


def _fields(system: System) -> dict[str, dict[str, list[str]]]:
    return {kind.name: {field.name: words_of(field) for field in kind.fields} for kind in system.requests}


def _rules(system: System) -> dict[str, dict[str, str]]:
    return {
        rule.id: {"statement": rule.statement, "source": rule.source, "assumption": rule.assumption}
        for rule in system.register.rules
    }


def _read(term: Term) -> str:
    return _member("r" if isinstance(term, Field) else "s", term.name)


def _member(of: str, name: str) -> str:
    return f"{of}.{name}" if name.isascii() else f"{of}[{_json(name)}]"


def _json(value: object) -> str:
    return json.dumps(value)  # of ASCII alone, which no reader of the file can mistake


def _union(words: Iterable[str]) -> str:
    return " | ".join(_json(word) for word in dict.fromkeys(words)) or "never"


def _types(system: System) -> str:
    aspects = {aspect: _union(str(value.value) for value in system.values_of(aspect)) for aspect in ASPECTS}
    kinds = [
        f"  | {{ readonly type: {_json(kind.name)}"
        + "".join(f"; readonly {_json(field.name)}: {_union(words_of(field))}" for field in kind.fields)
        + " }"
        for kind in system.requests
    ]
    return "\n".join(
        [
            f"/** {' '.join(system.name.split()).replace('*/', '* /')} */",
            "export interface State {",
            *(f"  readonly {_json(one.name)}: {_union(words_of(one))};" for one in system.variables),
            "}",
            "export type Request =",
            *kinds,
            ";",
            f"export type RuleId = {_union(system.register)};",
            f"export type Aspect = {_union(ASPECTS)};",
            "export interface Verdict {",
            *(
                f"  readonly {name}: {union}{' | null' if name == 'response' else ''};"
                for name, union in aspects.items()
            ),
            "  /** The rules that decided, then those of the transitions that fired. */",
            "  readonly rules: readonly RuleId[];",
            "  /** What the sources leave open: not compared. */",
            "  readonly unspecified: readonly Aspect[];",
            "  /** Whether every gate let the request pass. */",
            "  readonly passed: boolean;",
            "}",
            "export declare const name: string;",
            "export declare const variables: { readonly [K in keyof State]: readonly State[K][] };",
            "export type Fields = Readonly<Record<string, readonly string[]>>;",
            'export declare const requests: { readonly [K in Request["type"]]: Fields };',
            "export interface Rule {",
            "  readonly statement: string;",
            "  readonly source: string;",
            "  /** What of it no source says: `all`, or the part in words; empty where a source says all of it. */",
            "  readonly assumption: string;",
            "}",
            "export declare const rules: { readonly [K in RuleId]: Rule };",
            "export declare function initial(): State;",
            "export declare function decide(state: State, request: Request): "
            "{ readonly state: State; readonly verdict: Verdict };",
            "",
        ]
    )


def _manifest(system: System, package: str) -> dict[str, Any]:
    return {
        "name": package,
        "version": "0.1.0",
        "description": f"What must happen to a request: {system.name}",
        "type": "module",
        "exports": {".": {"types": "./index.d.ts", "default": "./index.js"}},
        "files": ["index.js", "index.d.ts", "test"],
        "scripts": {"test": "node --test"},
        "engines": {"node": ">=18"},
    }


def _readme(system: System, package: str) -> str:
    first = next(system.all_requests())
    return f"""# {package}

What must happen to a request: {system.name}. One ES module without dependencies, for Node and browsers.

```js
import {{ decide, initial }} from {_json(package)};

const {{ state, verdict }} = decide(initial(), {json.dumps(first.as_dict())});
console.log(verdict.outcome, "at the", verdict.at, verdict.rules);
```

States, requests and verdicts are plain objects of words; `index.d.ts` has their types. `decide` changes nothing that it
is given, and refuses words that it does not know with a `TypeError`. `npm test` replays {STEPS} steps of the oracle in
Python.
"""


TEST = """\
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { decide, initial } from "../index.js";

const steps = JSON.parse(await readFile(new URL("steps.json", import.meta.url), "utf8"));

test("every step is the oracle's", () => {
  let state = initial();
  for (const { request, verdict, changes } of steps) {
    const made = decide(state, request);
    const { passed, ...seen } = made.verdict;
    assert.deepEqual(seen, verdict, JSON.stringify(request));
    assert.deepEqual(made.state, { ...state, ...changes }, JSON.stringify(request));
    state = made.state;
  }
});

test("unknown words are refused", () => {
  assert.throws(() => decide(initial(), { type: "no such request" }), TypeError);
  assert.throws(() => decide({}, steps[0].request), TypeError);
});
"""


def _steps(system: System) -> Iterator[dict[str, Any]]:
    """Steps from the usual initial state on, every request in turn, types taking turns."""
    oracle = Oracle(system)
    state, turns = oracle.initial, [cycle(kind.requests()) for kind in system.requests]
    for requests in islice(cycle(turns), STEPS):
        request = next(requests)
        after, verdict = decided(oracle, state, request)
        if verdict is not None:
            aspects = {aspect: getattr(verdict, aspect) for aspect in ASPECTS}
            words = {name: None if value is None else str(value.value) for name, value in aspects.items()}
            changes = {
                name: str(new.value) for name, old, new in zip(state.names, state, after, strict=True) if old is not new
            }
            yield {
                "request": request.as_dict(),
                "verdict": {**words, "rules": list(verdict.rules), "unspecified": list(verdict.unspecified)},
                "changes": changes,
            }
        state = after
