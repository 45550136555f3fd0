"""Notebooks executed from the first cell to the last. As a command, it writes the example's outputs."""

import nbclient
import nbformat

from tests.support.paths import ROOT

EXAMPLE = ROOT / "examples" / "parcel_locker.ipynb"


def executed(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with the outputs of a new kernel; an error in a cell is raised."""
    where = {"metadata": {"path": str(ROOT)}}
    client = nbclient.NotebookClient(notebook, timeout=120, resources=where, coalesce_streams=True)  # however they come
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when it ran
    notebook.metadata.language_info = {"name": "python"}  # whatever its version
    return notebook


if __name__ == "__main__":
    nbformat.write(executed(nbformat.read(EXAMPLE, 4)), EXAMPLE)
