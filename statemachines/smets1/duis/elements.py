"""Finding the elements of a Service Request, and the text they hold.

Every function here looks for DUIS elements only, and raises DuisError if what it is to find is not there.
"""

from collections.abc import Callable
from itertools import islice
from typing import TypeVar

from lxml import etree

from statemachines.files.shown import shown
from statemachines.smets1.duis.errors import DuisError, located
from statemachines.smets1.duis.values import XML_SPACE

NAMESPACE = "http://www.dccinterface.co.uk/ServiceUserGateway"
"""The namespace of every element of a Service Request but its signature."""

TAG_LIMIT = 40
"""How much of an element's name is shown."""

_T = TypeVar("_T")


def value(parent: etree._Element, name: str, read: Callable[[str], _T]) -> _T:
    """What `read` makes of the text of the one child of this name."""
    element = one(parent, name)
    with located(name):
        return read(text_of(element))


def one(parent: etree._Element, name: str) -> etree._Element:
    """The one child of this name."""
    # Two are enough to know; a hostile document may hold a million.
    matches = list(islice(parent.iterfind(tag(name)), 2))
    if len(matches) != 1:
        raise DuisError(f"{shown(local(parent))}: {'more than one' if matches else 'no'} {name}, expected exactly one")
    return matches[0]


def one_of(parent: etree._Element, *names: str) -> etree._Element:
    """The one child that has one of these names; the caller says of what parent."""
    matches = list(islice(parent.iterchildren(*map(tag, names)), 2))
    if len(matches) != 1:
        raise DuisError(f"{'more than one' if matches else 'none'} of {', '.join(names)}, expected exactly one")
    return matches[0]


def several(parent: etree._Element, name: str, most: int) -> list[etree._Element]:
    """The children of this name, in order, from one to `most` of them; the caller says of what parent."""
    matches = list(islice(parent.iterfind(tag(name)), most + 1))
    if not matches:
        raise DuisError(f"no {name}, expected one or more")
    if len(matches) > most:
        raise DuisError(f"more than {most} {name}, expected at most {most}")
    return matches


def text_of(element: etree._Element) -> str:
    """The text of an element without children, and without XML whitespace around it."""
    if len(element):
        raise DuisError(f"holds the element {shown_tag(element[0])}, expected text only")
    return (element.text or "").strip(XML_SPACE)


def tag(local_name: str) -> str:
    """The name of a DUIS element as lxml spells it."""
    return f"{{{NAMESPACE}}}{local_name}"


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def shown_tag(element: etree._Element) -> str:
    """The name of an element as a message shows it: with the namespace where that is not DUIS's."""
    namespace = element.tag.rpartition("}")[0].removeprefix("{")
    name = shown(local(element), TAG_LIMIT)
    return name if namespace == NAMESPACE else f"{name} (namespace '{shown(namespace, TAG_LIMIT)}')"
