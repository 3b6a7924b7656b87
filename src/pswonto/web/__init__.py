"""The web service."""

from fastapi import FastAPI

from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store


def create_app(store: Store, library: QueryLibrary, settings: Settings) -> FastAPI:
    """Wire the service together."""
    return FastAPI()
