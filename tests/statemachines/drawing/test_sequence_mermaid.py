"""Sequence diagrams in Mermaid."""

import re

from statemachines.drawing.picture import Note
from statemachines.drawing.sequence_diagram import Box, BoxKind, Lifeline, Message, SequenceDiagram
from statemachines.drawing.sequence_mermaid import sequence_mermaid

NASTY = 'end; it\'s: #1 <b> {x} "y"\nand more'


def lines(words=NASTY):
    rows = (
        Box(BoxKind.RUN, Note((words,), ())),
        Message("a", "b", Note((words,), ())),
        Message("b", "a", Note((words,), ("R-1",), ("R-1",)), answer=True),
        Message("b", "a", Note((words,), ()), answer=True, refused=True),
        Box(BoxKind.EVENT, Note((words,), ()), ("it changed",)),
    )
    return sequence_mermaid(SequenceDiagram(words, "", (Lifeline("a", words), Lifeline("b", "end")), rows)).splitlines()


def test_every_statement_is_on_a_line_of_its_own():
    assert lines()[0::2][:2] == ["---", "---"]
    assert lines()[1].startswith("title: 'end; it''s: #1 ")
    assert lines()[3] == "sequenceDiagram"
    statement = re.compile(r"    (participant p\d as|Note over p0,p1:|p\d(->>|-->>|--x)p\d:) \S.*")
    assert [line for line in lines()[4:] if not statement.fullmatch(line)] == []
    assert len(lines()[4:]) == 2 + 5 + 1


def test_mermaid_reads_no_sign_of_the_words_as_its_own():
    for line in lines()[4:]:
        words = line.split(": ", 1)[-1] if ": " in line else line
        plain = re.sub(r"#(35|58|59|123|125|quot|lt|gt);|<br/>|</?b>", "", words)
        assert not set(plain) & set('#:;{}"<>'), line


def test_arrows_say_what_they_are():
    arrows = [re.search(r"p\d(\S+?)p\d:", line)[1] for line in lines() if re.match(r"    p\d", line)]
    assert arrows == ["->>", "-->>", "--x"]
    assert any("[R-1*]" in line for line in lines())
    assert any("<br/>it changed" in line for line in lines())
