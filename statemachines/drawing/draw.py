"""Drawing in one call: a lifecycle, a run, or all pictures of a system, in any format."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, overload

import attrs

from statemachines.drawing.graphviz import dot, render
from statemachines.drawing.mermaid import mermaid
from statemachines.drawing.picture import PLAIN, Picture, Wording
from statemachines.drawing.rejections import with_rejections
from statemachines.drawing.request_path import request_paths
from statemachines.drawing.sequence_diagram import SENDER, SequenceDiagram, sequence_diagram
from statemachines.drawing.sequence_mermaid import sequence_mermaid
from statemachines.drawing.sequence_svg import sequence_svg
from statemachines.drawing.statechart import drawn, lifecycle_picture
from statemachines.drawing.tables import DecisionTable
from statemachines.drawing.timeline import Timeline, timeline_svg
from statemachines.errors import DeclarationError, StatemachinesError
from statemachines.language.lifecycle import Lifecycle
from statemachines.language.system import System
from statemachines.semantics.trace import Trace

Text = Literal["svg", "dot", "mermaid"]

SUFFIXES: Mapping[str, str] = MappingProxyType({"svg": "svg", "png": "png", "dot": "dot", "mermaid": "mmd"})
"""How the name of a file ends, for each format."""


@attrs.frozen
class Illustration:
    """A drawing that no lifecycle gives by itself, and its name.

    Parameters
    ----------
    name: the name of its file.
    of: what is drawn.
    """

    name: str
    of: SequenceDiagram | Timeline | DecisionTable

    @property
    def title(self) -> str:
        """What is over it."""
        return self.of.title

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule id in it, in order of appearance."""
        return self.of.rules

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that it has, of `SUFFIXES`."""
        match self.of:
            case SequenceDiagram():
                return ("svg", "mermaid")
            case Timeline():
                return ("svg",)
        return tuple(SUFFIXES)


class NoPictureError(StatemachinesError, LookupError):
    """A name that no picture of the system has, with those that there are."""


@overload
def draw(what: System, format: Text = "svg", *, rejections: bool = False) -> dict[str, str]: ...
@overload
def draw(what: System, format: Literal["png"], *, rejections: bool = False) -> dict[str, bytes]: ...
@overload
def draw(
    what: Lifecycle | Trace, format: Text = "svg", *, system: System | None = None, rejections: bool = False,
    title: str = "", sender: str = SENDER,
) -> str: ...  # fmt: skip
@overload
def draw(
    what: Lifecycle | Trace, format: Literal["png"], *, system: System | None = None, rejections: bool = False
) -> bytes: ...
def draw(
    what: Lifecycle | Trace | System,
    format: Literal["svg", "png", "dot", "mermaid"] = "svg",
    *,
    system: System | None = None,
    rejections: bool = False,
    title: str = "",
    sender: str = SENDER,
) -> str | bytes | dict[str, str] | dict[str, bytes]:
    """Draw a lifecycle as a state diagram, a run as a sequence diagram, or everything that a system has.

    >>> from enum import Enum
    >>> import statemachines as sm
    >>> Lamp = Enum("Lamp", {"OFF": "dark", "ON": "bright"})
    >>> press = sm.RequestType("Press")
    >>> lamp = sm.Lifecycle(sm.Variable("lamp", Lamp), Lamp.OFF, [sm.Transition(Lamp.OFF, press, Lamp.ON, rules="L-1")])
    >>> print(sm.draw(lamp, "mermaid"))
    ---
    title: 'Lamp'
    ---
    stateDiagram-v2
        direction TB
        state "dark" as s_OFF
        [*] --> s_OFF
        state "bright" as s_ON
        s_ON --> [*]
        s_OFF --> s_ON : Press<br/>[L-1]
    <BLANKLINE>

    Parameters
    ----------
    what: a lifecycle, a trace, or a system: all its lifecycles and the paths of its requests.
    format: ``svg``, ``dot`` and ``mermaid`` are text, ``png`` is bytes. A run has ``svg`` and ``mermaid`` alone.
    system: of a lifecycle, the system that it belongs to: the picture then shows which rules are assumptions, with
        their statements as tooltips.
    rejections: whether lifecycles show what the checks reject, too; of a lifecycle, it needs the system.
    title: of a run, the heading; the system's name if not given.
    sender: of a run, the field of its requests that says who sends them.

    Returns
    -------
    The drawing; of a system, the drawings by name.

    Raises
    ------
    DeclarationError: for a lifecycle that never changes, and for what cannot be drawn so.
    DrawingError: where `graphviz-pure` is not installed, or its font lacks a character of a PNG.
    MissingExtraError: where the packages that draw are not installed.
    """
    match what:
        case Trace():
            diagram = sequence_diagram(title or what.system.name, {"run": what}, sender=sender)
            if format == "mermaid":
                return sequence_mermaid(diagram)
            if format == "svg":
                return sequence_svg(diagram).decode()
            raise DeclarationError(f"a run cannot be drawn as {format}; expected svg or mermaid")
        case System():
            return {picture.name: _in_format(picture, format) for picture in pictures_of(what, rejections=rejections)}  # type: ignore[return-value]  # all of one type, by the format
        case Lifecycle():
            if rejections and system is None:
                raise DeclarationError(f"the rejections of lifecycle {what.name!r} need its system: give system=")
            picture = with_rejections(system, what) if rejections and system else lifecycle_picture(system, what)
            return _in_format(picture, format)
    raise DeclarationError(f"{what!r} cannot be drawn; expected a Lifecycle, a Trace or a System")


def _in_format(picture: Picture, format: str) -> str | bytes:
    made = drawing(picture, format)
    return made if format == "png" else made.decode()


def pictures_of(
    system: System, names: Iterable[str] = (), *, rejections: bool = False, wording: Wording = PLAIN
) -> tuple[Picture, ...]:
    """The pictures of a system's lifecycles and of the paths of its requests.

    Parameters
    ----------
    names: which; by default all.
    rejections: whether lifecycles are drawn with the verdicts on requests that fire nothing.
    wording: what to call types of request and conditions.

    Raises
    ------
    NoPictureError: for a name that no picture has.
    """
    make = with_rejections if rejections else lifecycle_picture
    lifecycles = {lifecycle.name: lifecycle for lifecycle in drawn(system)}
    paths = {path.name: path for path in request_paths(system, wording=wording)}
    wanted = tuple(dict.fromkeys(names)) or (*lifecycles, *paths)
    for name in wanted:
        if name not in lifecycles and name not in paths:
            raise NoPictureError(f"{name!r} has no picture; there are {', '.join([*lifecycles, *paths])}")
    return tuple(paths[name] if name in paths else make(system, lifecycles[name], wording=wording) for name in wanted)


def drawing(picture: Picture | Illustration, kind: str) -> bytes:
    """The picture as the bytes of a file.

    Parameters
    ----------
    kind: the format, one of `SUFFIXES`, or of `Illustration.formats`.
    """
    formats = picture.formats if isinstance(picture, Illustration) else tuple(SUFFIXES)
    if kind not in formats:
        what = picture.name if isinstance(picture, Illustration) else "a picture"
        raise DeclarationError(f"{kind!r} is not a format of {what}; expected one of {', '.join(formats)}")
    if isinstance(picture, Illustration):
        match picture.of:
            case SequenceDiagram():
                return sequence_mermaid(picture.of).encode() if kind == "mermaid" else sequence_svg(picture.of)
            case Timeline():
                return timeline_svg(picture.of)
        picture = attrs.evolve(picture.of.picture, name=picture.name)
    if kind == "dot":
        return dot(picture).encode()
    return mermaid(picture).encode() if kind == "mermaid" else render(picture, kind)
