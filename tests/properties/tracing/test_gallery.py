"""The page of pictures says every word literally."""

import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from properties.tracing.gallery import gallery
from statemachines.drawing.draw import pictures_of
from tests.support.words import ALL, claims_of


@pytest.mark.parametrize("words", ALL.values(), ids=ALL)
def test_titles_and_rules_are_literal(words):
    system = claims_of(*words).system
    page = gallery(pictures_of(system), system.register, made_by="statemachines render")
    read = lxml_html.fromstring(MarkdownIt("commonmark", {"html": True}).enable("table").render(page))
    titles = [heading.text_content() for heading in read.iter("h2")]
    assert titles == [" ".join(picture.title.split()) for picture in pictures_of(system)]
    assert [image.get("alt") for image in read.iter("img")] == titles
    assert [row.findall("td")[1].text_content() for row in read.iter("tr") if row.find("td") is not None] == [
        f"A rule: {words[1]}."
    ] * len(titles)
