"""How the things of a dataset are named."""

from typing import Protocol

from pswonto import resources
from pswonto.namespaces import Names
from pswonto.queries import QueryLibrary
from pswonto.store import Solutions


class Selecting(Protocol):
    """What answers SELECT queries."""

    def select(self, text: str) -> Solutions:
        """Answer a SELECT query with its solutions."""


def names_of(store: Selecting) -> Names:
    """Return the names of a dataset, whose base is that of its levels; ours where it has none.

    Args:
        store: The dataset.
    """
    query = QueryLibrary(resources.queries_directory() / "naming")["base"]
    rows = store.select(query.text).rows
    return Names(rows[0]["base"].value) if rows else Names()
