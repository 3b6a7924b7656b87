"""What shapes the role of peer support workers: a review as an ontology, with a SPARQL endpoint and a REST API."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from pswonto.explorer import Explorer

__all__ = ["__version__", "open"]

# The package is built with this one; asking the installed package for it would take longer than most imports.
__version__ = "0.1.0"


def open(*paths: "str | os.PathLike[str]") -> "Explorer":
    """Open the dataset, checked and completed, and return what answers questions about it; no server is needed.

    Args:
        paths: RDF files, or folders of them, to open in place of the ontology that comes with the package.

    Returns:
        An explorer, with all stored queries.

    Raises:
        DataError: A file cannot be read, or the data breaks a rule; it says which, with file and line.
    """
    # Whoever only wants the version need not wait for an engine.
    from pathlib import Path

    from pswonto import resources
    from pswonto.dataset import open_dataset
    from pswonto.explorer import Explorer
    from pswonto.queries import QueryLibrary

    store = open_dataset([Path(path) for path in paths])
    return Explorer(store, QueryLibrary(*resources.library_directories()))
