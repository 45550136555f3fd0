"""What a notebook shows of a value: its picture, drawn on demand."""

from importlib import import_module

from statemachines.errors import DeclarationError, DrawingError
from statemachines.extras import MissingExtraError


class NotebookDisplay:
    """A value that a notebook shows as pictures; without the packages that draw, as its repr.

    Drawing is loaded by name when a notebook asks, so that declaring and deciding load nothing of it.
    """

    __slots__ = ()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002
        """What to show, by media type: the protocol of IPython."""
        try:
            shown: dict[str, str] = import_module("statemachines.drawing.notebook").mimebundle(self)
        except MissingExtraError as error:
            return {"text/plain": f"{self!r}\n({error})"}
        except (DeclarationError, DrawingError):  # there is nothing to draw, or no renderer
            return {"text/plain": repr(self)}
        return shown
