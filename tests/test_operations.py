"""Tests of what operators ask: does the service live, and can it answer."""

from dataclasses import replace

from fastapi.testclient import TestClient

from pswonto import __version__
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from pswonto.web import create_app


def test_a_service_that_runs_is_live_and_ready(client: TestClient, store: Store) -> None:
    """Both say so, and the second tells version and size of the data."""
    assert client.get("/health/live").json() == {"status": "live"}
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "status": "ready",
        "version": __version__,
        "triples": len(store),
        "modified": "2026-11-23",
        "conforms": True,
    }


def test_a_service_that_cannot_evaluate_is_live_and_not_ready(
    store: Store, library: QueryLibrary, settings: Settings
) -> None:
    """Where no process may evaluate queries, the service lives, and says why it is not ready."""
    app = create_app(store, library, replace(settings, query_workers=0, query_waiting=0))
    with TestClient(app) as client:
        assert client.get("/health/live").status_code == 200
        answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["title"] == "Not ready"
    assert "0 queries are being answered" in answer.json()["detail"]
