"""The committed diagrams are what the declarations say: re-rendered, they are the same bytes."""

import re
from html import unescape

import pytest
from click.testing import CliRunner

from properties.smets1.command import main
from properties.smets1.pictures import WORDING
from properties.smets1.profile import PROFILE
from statemachines.drawing.graphviz import PAGE, dot
from statemachines.drawing.picture import Shape
from statemachines.drawing.rejections import with_rejections
from statemachines.drawing.request_path import request_paths
from statemachines.drawing.statechart import drawn, lifecycle_picture
from statemachines.language.rules import Basis
from statemachines.semantics.decision import checks_of, handles
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import SERVICE_REQUEST_TYPES
from tests.support.paths import ROOT

DIAGRAMS = ROOT / "diagrams"
COUNTEREXAMPLE = "counterexample-gas-supplier.svg"
SHOWN = "only the Electricity Supplier upgrades PPMID firmware"
MAKEFILE = (ROOT / "Makefile").read_text()
LIFECYCLES = drawn(INSTALLATION)
named = pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.name)


@pytest.mark.slow
@pytest.mark.parametrize(("spec", "folder"), PROFILE.traced.items())
def test_the_committed_diagrams_are_those_of_the_declarations(tmp_path, spec, folder):
    options = ["--system", spec, "--out", str(tmp_path), "--format", "svg", "--format", "mermaid"]
    made = CliRunner().invoke(main, ["render", *options])
    assert made.exit_code == 0, made.output
    committed, remedy = ROOT / folder, "run `make diagrams` and look at what changed"
    rendered = {path.name for path in tmp_path.iterdir()}
    there = {path.name for path in committed.iterdir() if path.is_file()}
    assert there == rendered | ({COUNTEREXAMPLE} if committed == DIAGRAMS else set()), remedy
    drifted = [name for name in sorted(rendered) if (tmp_path / name).read_bytes() != (committed / name).read_bytes()]
    assert not drifted, remedy


@pytest.mark.slow
def test_the_committed_counterexample_is_that_of_the_checker(tmp_path):
    options = [
        "--system",
        "properties.smets1.faults:gas_supplier_may_activate",
        "--property",
        SHOWN,
        "--out",
        str(tmp_path),
    ]
    made = CliRunner().invoke(main, ["check", *options, "--format", "svg"])
    assert made.exit_code == 1, made.output
    [picture] = tmp_path.rglob("*.svg")
    assert picture.read_bytes() == (DIAGRAMS / COUNTEREXAMPLE).read_bytes(), (
        "run `make diagrams` and look at what changed"
    )
    assert options[1] in MAKEFILE
    assert SHOWN in MAKEFILE


@named
def test_every_transition_is_an_arrow_with_its_event_rules_and_condition(lifecycle):
    picture = lifecycle_picture(INSTALLATION, lifecycle)
    several = {node.id: node.members for node in picture.nodes if node.shape is Shape.GROUP}
    domain = lifecycle.variable.domain
    for move in lifecycle.transitions:
        for source in move.source:
            arrows = [
                arrow
                for arrow in picture.arrows
                if arrow.target == move.target.name
                and (arrow.source == source.name or source.name in several.get(arrow.source, ()))
                and arrow.notes[0].lines[0] == move.on.label
                and any(note.rules == move.rules for note in arrow.notes)
            ]
            assert arrows, f"{move} from {source.name}"
            reported = " ".join(" ".join([*picture.subtitle, *(" ".join(arrow.lines) for arrow in arrows)]).split())
            for term in move.when.terms():
                assert term.label in reported
        assert move.target in domain


@named
def test_every_arrow_is_a_transition(lifecycle):
    picture = lifecycle_picture(INSTALLATION, lifecycle)
    ends = {(move.on.label, move.target.name) for move in lifecycle.transitions}
    assert {(arrow.notes[0].lines[0], arrow.target) for arrow in picture.arrows} == ends


@named
def test_an_arrow_is_dashed_where_it_is_an_assumption_alone_and_thin_where_it_is_one_in_part(lifecycle):
    register = INSTALLATION.register
    for picture in (lifecycle_picture(INSTALLATION, lifecycle), with_rejections(INSTALLATION, lifecycle)):
        assert picture.arrows
        for arrow in picture.arrows:
            assert arrow.basis is register.basis(tuple(arrow.rules))
            for rule in arrow.rules:
                assert not register[rule].assumed or f"{rule} (assumption" in arrow.tooltip
        drawing = dot(picture)
        for basis, style in ((Basis.ASSUMED, "dashed"), (Basis.BOTH, "solid")):
            arrows = [arrow for arrow in picture.arrows if arrow.basis is basis]
            drawn_so = len(re.findall(rf"-> .*style={style}", drawing))
            labels = len(re.findall(rf'^\s*"arrow-\d+" \[.*rounded,{style}', drawing, flags=re.MULTILINE))
            # An arrow leads to its label, which several may share, and on from it.
            assert bool(drawn_so) == bool(arrows)
            assert drawn_so == labels + len(arrows)
            assert all("[assumed: " in "".join(arrow.lines) for arrow in arrows if basis is Basis.ASSUMED)


@named
def test_every_rule_of_the_svg_has_its_statement_as_tooltip(lifecycle):
    svg = unescape((DIAGRAMS / f"{lifecycle.name}.svg").read_text())
    for rule in lifecycle_picture(INSTALLATION, lifecycle).rules:
        assert INSTALLATION.register[rule].statement in svg


def test_every_check_is_in_the_path_of_each_request_that_it_is_asked_of_in_order():
    paths = {path.name: path for path in request_paths(INSTALLATION, wording=WORDING)}
    for kind in SERVICE_REQUEST_TYPES:
        lanes = {node.id: node for node in paths[f"request-path-{kind.name}"].nodes}
        for gate in INSTALLATION.gates:
            checks = [*checks_of(gate, kind)] if handles(gate, kind) else []
            rows = lanes[gate.party.name].rows if handles(gate, kind) else ()
            assert [row.lines[0].partition(". ")[2].split() for row in rows] == [
                check.label.split() for check in checks
            ]
            assert [row.rules for row in rows] == [check.rules for check in checks]
    rows = [row for path in paths.values() for node in path.nodes if node.id == "PREMISES" for row in node.rows]
    premises = next(gate for gate in INSTALLATION.gates if gate.party.name == "PREMISES")
    assert sorted(row.rules for row in rows) == sorted(check.rules for check in premises.checks)


@pytest.mark.parametrize("path", sorted(DIAGRAMS.rglob("*.svg")), ids=lambda path: path.stem)
def test_every_picture_fits_a_page_and_denies_nothing_twice(path):
    svg = path.read_text()
    lengths = [(float(value), unit) for value, unit in re.findall(r'(?:width|height)="([\d.]+)(pt|)"', svg)[:2]]
    assert all(value * (96 / 72 if unit else 1) <= most for (value, unit), most in zip(lengths, PAGE, strict=True))
    words = unescape(svg).replace("\N{NO-BREAK SPACE}", " ")
    assert not re.findall(r"\bis not (?:not|no|none|nobody)\b.*|is not November 2020.*", words)


def test_no_two_pictures_are_the_same_bytes():
    pictures = [path.read_bytes() for path in DIAGRAMS.rglob("*.svg")]
    assert len(pictures) == len(set(pictures)) > 40


def test_the_rejections_are_those_of_the_gates():
    picture = with_rejections(INSTALLATION, INSTALLATION.lifecycle("ppmid_firmware"))
    words = {node.id: node.words for node in picture.nodes}
    message = {
        (words[arrow.source], words[arrow.target], rule)
        for arrow in picture.arrows if arrow.rejection for rule in arrow.rules
    }  # fmt: skip
    assert ("any state", "rejected at the DCO", "KEY-5") in message
    assert ("any state", "rejected at the DSP", "PPMID-2") in message
    assert ("any state", "not-processed at the S1SP", "PPMID-8") in message
    assert ('any state except "activation pending"', "rejected at the device", "MOD-4") in message
    assert ('"no image in hand" or "delivered image runs"', "rejected at the device", "MOD-12") in message
    assert not {rule for _, _, rule in message} & {"PPMID-3", "PPMID-10", "MOD-7", "READ-2"}
