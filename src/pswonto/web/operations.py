"""For those who operate the service: whether it lives, whether it can answer, and what it has counted."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from pswonto import __version__
from pswonto.errors import PswontoError
from pswonto.source import Evaluator, Source
from pswonto.store import Store
from pswonto.web.metrics import MEDIA_TYPE, Metrics
from pswonto.web.problems import problem

_PROBE = "ASK { ?s ?p ?o }"


def operations_router(store: Source, pool: Evaluator, metrics: Metrics) -> APIRouter:
    """Return the router of these questions.

    Args:
        store: The dataset, which was checked before it came here.
        pool: What answers queries.
        metrics: What counts.
    """
    router = APIRouter(tags=["Operations"])

    @router.get("/health/live", operation_id="live", summary="Whether the process answers at all")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get(
        "/health/ready",
        operation_id="ready",
        summary="Whether queries are answered",
        description="A query is tried each time. Data of the service itself was checked against shapes and checks when "
        "it was loaded, and is served only where it conforms; data at a SPARQL server elsewhere was not.",
    )
    async def ready() -> Response:
        try:
            await pool.answer(_PROBE, base="urn:probe", seconds=1.0)
            modified, triples = await asyncio.to_thread(lambda: (store.modified(), len(store)))
        except PswontoError as error:
            return problem(503, "Not ready", f"the query that was tried is not answered: {error}", {"Retry-After": "1"})
        if not triples:
            # What is known of a dataset is asked for once.
            nothing = "the dataset has no triple; load it, with its description, and start the service again"
            return problem(503, "Not ready", nothing, {"Retry-After": "1"})
        body: dict[str, Any] = {
            "status": "ready",
            "version": __version__,
            "modified": modified,
            "triples": triples,
        }
        if isinstance(store, Store):
            # What a server elsewhere holds is checked by `pswonto check --endpoint`.
            body["conforms"] = True
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    @router.get(
        "/metrics",
        operation_id="metrics",
        summary="What the service has counted, for Prometheus",
        responses={200: {"content": {"text/plain": {}}}},
        response_class=Response,
    )
    def counted() -> Response:
        return Response(metrics.text(), headers={"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"})

    return router
