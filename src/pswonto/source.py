"""What the layers above ask of a dataset, wherever it is: in this process, or behind a SPARQL server elsewhere."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import pyoxigraph as ox

from pswonto.store import Answer, Solutions, Store


class Source(Protocol):
    """A dataset that answers queries; the store in memory is one, and a SPARQL server is another."""

    def __len__(self) -> int:
        """Return how many triples it holds, counted once for each graph."""

    def answer(
        self,
        text: str,
        *,
        base: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Answer:
        """Answer a query; see `Store.answer`."""

    def select(self, text: str) -> Solutions:
        """Answer a SELECT query over the union of all graphs with its solutions."""

    def construct(self, text: str) -> list[ox.Triple]:
        """Answer a CONSTRUCT or DESCRIBE query over the union of all graphs with its triples."""

    def things(self) -> set[ox.NamedNode]:
        """Return the IRIs that the dataset says a class of."""

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""

    def modified(self) -> str | None:
        """Return the last day on which an ontology of it says that it was changed, as ISO 8601 has it."""

    def modified_at(self) -> datetime:
        """Return the beginning of that day in UTC; where none is told, the time when the dataset was opened."""

    def local(self) -> Store:
        """Return the dataset as a store of this process: itself, or a copy."""


class Job(Protocol):
    """A query on its way."""

    @property
    def answer(self) -> "asyncio.Future[Any]":
        """What is done when there is an answer, or an error in its place."""

    def result(self) -> tuple[str, bytes]:
        """Return media type and bytes of the answer, or raise the error that came instead."""


class Evaluator(Protocol):
    """What evaluates the queries of strangers; see `Pool`, which is one.

    Attributes:
        ended: How many queries were ended at their deadline.
    """

    ended: int

    @property
    def started(self) -> int:
        """How many processes were started to evaluate queries."""

    @property
    def running(self) -> int:
        """How many queries are being evaluated."""

    @property
    def waiting(self) -> int:
        """How many queries wait for one of them to end."""

    def start(self) -> None:
        """Make ready to evaluate; queries may come before that is done."""

    async def answer(
        self,
        query: str,
        *,
        base: str,
        accept: str = "",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        seconds: float | None = None,
    ) -> tuple[str, bytes]:
        """Answer a query, or end it."""

    def submit(
        self,
        query: str,
        base: str,
        accept: str,
        default_graphs: tuple[str, ...],
        named_graphs: tuple[str, ...],
        seconds: float | None,
    ) -> Job:
        """Take a query on, and return at once."""

    def give_up(self, job: Any) -> None:
        """End a query whose answer nobody wants any more."""

    def close(self) -> None:
        """End all; who waits for an answer, or asks later, is told so."""
