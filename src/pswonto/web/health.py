"""Whether the service lives, and whether it can answer: for those who operate it."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from pswonto import __version__
from pswonto.errors import PswontoError
from pswonto.pool import Pool
from pswonto.store import MEDIA_TYPES, Store

_PROBE = "ASK { ?s ?p ?o }"


def health_router(store: Store, pool: Pool) -> APIRouter:
    """Return the router of the two questions.

    Args:
        store: The dataset, which was checked before it came here.
        pool: What answers queries.
    """
    router = APIRouter(prefix="/health", tags=["Operations"])

    @router.get("/live", operation_id="live", summary="Whether the process answers at all")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get(
        "/ready",
        operation_id="ready",
        summary="Whether queries are answered",
        description="The data was checked against shapes and checks when it was loaded; a query is tried each time.",
        responses={503: {"description": "The query that was tried is not answered"}},
    )
    async def ready() -> Response:
        formats = {form: media_types[0] for form, media_types in MEDIA_TYPES.items()}
        body: dict[str, object] = {"version": __version__, "triples": len(store), "modified": store.modified()}
        try:
            await pool.answer(_PROBE, base="urn:probe", media_types=formats, accept="", seconds=1.0)
        except PswontoError as error:
            return JSONResponse(
                {"status": "not ready", "reason": str(error), **body}, 503, {"Cache-Control": "no-store"}
            )
        return JSONResponse({"status": "ready", **body}, headers={"Cache-Control": "no-store"})

    return router
