"""Tests of what OpenAPI says of the endpoint."""

from fastapi.testclient import TestClient

from pswonto.web.sparql import FORMATS, PATH
from pswonto.web.sparql_description import PATHS


def test_the_endpoint_is_described_as_it_is(client: TestClient) -> None:
    """GET and POST are described with each parameter, and each name of a format that is told is taken."""
    told = client.get("/openapi.json").json()["paths"][PATH]
    assert set(told) == set(PATHS[PATH]) == {"get", "post"}
    parameters = {parameter["name"]: parameter for parameter in told["get"]["parameters"]}
    assert set(parameters) == {"query", "default-graph-uri", "named-graph-uri", "format", "timeout"}
    assert parameters["format"]["schema"]["examples"] == list(FORMATS)
    for name in FORMATS:
        form = "CONSTRUCT WHERE { ?s a ?c }" if name in ("turtle", "n3", "ntriples") else "ASK {}"
        assert client.get(PATH, params={"query": form, "format": name}).status_code in (200, 406)
