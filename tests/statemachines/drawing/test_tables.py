"""Decision tables: each row is what the oracle says of every combination that it stands for."""

from itertools import product

import pytest

from statemachines import Constraint, DeclarationError, Oracle
from statemachines.drawing.graphviz import render
from statemachines.drawing.page import Page, markdown
from statemachines.drawing.tables import ANY, Column, Option, decision_table
from tests.support.house import Door, Fuse, Person, Press, Turn, door, fuse, house

HOLDER = Column("key holder", tuple(Option(person.value, ({"holder": person},)) for person in Person))
BY = Column("who turns it", tuple(Option(person.value, ({"by": person},)) for person in Person))
DOOR = Column("door", tuple(Option(state.value, ({"door": state},)) for state in Door))
FUSE = Column("fuse", tuple(Option(state.value, ({"fuse": state},)) for state in Fuse))
ASKED = {"Turn Key": Turn, "Press Switch": Press}


def covers(row, words):
    """Whether a row stands for a combination of options."""
    return all(cell == ANY or word in cell.split(" or ") for cell, word in zip(row.cells, words, strict=True))


def test_every_combination_is_in_one_row_with_what_the_oracle_says():
    system = house()
    columns = (DOOR, HOLDER, BY, FUSE)
    table = decision_table(system, columns, ASKED)
    oracle = Oracle(system)
    for options in product(*(column.options for column in columns)):
        words = [option.words for option in options]
        fits = [row for row in table.rows if covers(row, words)]
        assert len(fits) == 1
        values = {name: value for option in options for name, value in option.values[0].items()}
        state = system.state(door=values["door"], holder=values["holder"], fuse=values["fuse"])
        for request, result in zip((Turn(by=values["by"]), Press()), fits[0].results, strict=True):
            _, verdict = oracle.decide(state, request)
            assert result.words == f"{verdict.outcome.value} at the {verdict.at.value}: {verdict.reason.value}"
            assert result.rules == verdict.deciding


def test_what_does_not_matter_is_any_and_neighbours_that_are_alike_are_one_row():
    table = decision_table(house(), [FUSE, DOOR], {"Press Switch": Press})
    assert [row.cells for row in table.rows] == [("whole", ANY), ("blown", ANY)]
    turned_by_ann = Column("who", (Option("Ann", ({"by": Person.ANN, "holder": Person.ANN},)),))
    table = decision_table(house(), [turned_by_ann, DOOR], {"Turn Key": Turn})
    assert [row.cells for row in table.rows] == [(ANY, "open"), (ANY, "shut or locked")]


def test_a_combination_that_no_constraint_allows_is_left_out():
    never = Constraint("blown only where open", when=fuse == Fuse.BLOWN, then=door == Door.OPEN, rules="HOUSE-4")
    system = house(explored=False, constraints=[never])
    cells = [row.cells for row in decision_table(system, [DOOR, FUSE], {"Press Switch": Press}).rows]
    assert cells == [("open", "whole"), ("open", "blown"), ("shut or locked", ANY)]


def test_of_several_states_the_first_that_can_be_is_asked():
    never = Constraint("blown only where open", when=fuse == Fuse.BLOWN, then=door == Door.OPEN, rules="HOUSE-4")
    system = house(explored=False, constraints=[never])
    blown, whole = {"fuse": Fuse.BLOWN}, {"fuse": Fuse.WHOLE}
    rows = decision_table(system, [DOOR], {"Press Switch": Press}, states=[blown, whole]).rows
    assert [(row.cells, row.results[0].words.split(" at ")[0]) for row in rows] == [
        (("open",), "refused"), (("shut or locked",), "done"),
    ]  # fmt: skip


def test_an_option_stands_for_several_values_only_where_they_are_decided_alike():
    others = Option("another", ({"by": Person.BEN}, {"by": Person.CAT}))
    columns = [Column("who", (Option("Ann", ({"by": Person.ANN},)), others))]
    rows = decision_table(house(), columns, {"Turn Key": Turn}, states=[{"holder": Person.ANN, "door": Door.SHUT}]).rows
    assert [row.cells for row in rows] == [("Ann",), ("another",)]
    with pytest.raises(DeclarationError, match="another: the values of an option are decided differently"):
        decision_table(house(), columns, {"Turn Key": Turn}, states=[{"holder": Person.BEN, "door": Door.SHUT}])


def test_a_table_without_a_column_is_refused():
    with pytest.raises(DeclarationError, match="needs a column"):
        decision_table(house(), [], {"Turn Key": Turn})
    with pytest.raises(DeclarationError, match="TurnKey needs its field 'by'"):
        decision_table(house(), [DOOR], {"Turn Key": Turn})


def test_the_picture_repeats_no_cell_and_the_page_all_of_them():
    table = decision_table(house(), [DOOR, FUSE, HOLDER, BY], {"Turn Key": Turn}, title="Keys")
    lines = [row.lines for row in table.picture.nodes[0].rows]
    doors = [line[0] for line in lines]
    assert [door for door in doors if door] == ["open", "shut or locked"]
    assert doors.count("") == len(lines) - 2 > 0
    assert table.picture.nodes[0].headings[-1] == "rules"
    assert set(table.rules) == {rule for row in table.rows for rule in row.results[0].rules}
    assert markdown(Page("x", (table.table,))).count("| shut or locked | any |") == len(lines) - doors.index(
        "shut or locked"
    )
    assert render(table.picture, "svg") == render(table.picture, "svg")
