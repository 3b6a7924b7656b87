"""Tests that the description of REST is true: its document is valid, and the service does what it says."""

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource

from pswonto import dataset
from pswonto.queries import QueryLibrary
from pswonto.questions import COLLECTIONS
from pswonto.settings import Settings
from pswonto.web import create_app
from running import Server

# How often each operation is tried; by hand more: 500 take some seven minutes.
EXAMPLES = int(os.environ.get("EXAMPLES", "30"))
# What takes about half of the time: lists with the most filters.
HALF = "/(statements|studies)"


@pytest.fixture(scope="module")
def document(client: TestClient) -> Any:
    """Return the OpenAPI document."""
    return client.get("/openapi.json").json()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return a running service."""
    with Server() as server:
        yield server


def validator(document: Any, pointer: str) -> Draft202012Validator:
    """Return what tells whether JSON is as a schema of the document says."""
    registry: Registry[Any] = Registry().with_resource("urn:document", Resource.opaque(document))
    return Draft202012Validator({"$ref": f"urn:document#{pointer}"}, registry=registry)


def test_the_document_is_openapi(document: Any) -> None:
    """L12: it is valid OpenAPI 3.1."""
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_answer_in_json_has_an_example_that_fits(document: Any) -> None:
    """Each operation of REST shows an answer, and the answer is as its schema says."""
    shown = 0
    for path, operations in document["paths"].items():
        if not path.startswith("/api/v1/") or path.startswith("/api/v1/queries/"):
            continue
        content = operations["get"]["responses"]["200"]["content"]["application/json"]
        if path != "/api/v1/explain":
            pointer = content["schema"]["$ref"].removeprefix("#")
            validator(document, pointer).validate(content["example"])
            shown += 1
    assert shown > 40


@pytest.mark.parametrize("name", [*(question.name for question in COLLECTIONS), "queries", "coverage", "matrix"])
def test_every_answer_is_as_its_schema_says(name: str, client: TestClient, document: Any) -> None:
    """All of each list is what its schema says, and no member is there that the schema does not tell."""
    schema = document["paths"][f"/api/v1/{name}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    body = client.get(f"/api/v1/{name}", params={} if name == "matrix" else {"limit": 1000}).json()
    validator(document, schema["$ref"].removeprefix("#")).validate(body)
    model = schema["$ref"].rsplit("/", 1)[1].removesuffix("Page")
    for item in body.get("items", ()):
        assert set(item) == set(document["components"]["schemas"][model]["properties"])


def test_data_that_is_not_ours_is_described_too(library: QueryLibrary, data: Path) -> None:
    """Without any factor the description is valid, and each list that asks for nothing is there, with nothing in it."""
    store = dataset.open_dataset([data / "two-graphs.trig"])
    with TestClient(create_app(store, library, Settings())) as other:
        document = other.get("/openapi.json").json()
        OpenAPIV31SpecValidator(document).validate()
        for question in COLLECTIONS:
            assert other.get(f"/api/v1/{question.name}").json()["total"] == 0
        assert other.get("/api/v1/matrix.csv").status_code == 200
        assert other.get("/api/v1/search?q=a").status_code == 200


def test_the_documentation_tells_every_path(document: Any, root: Path, client: TestClient) -> None:
    """The table of docs/api.md has each list of the API, and each example in it is answered."""
    text = (root / "docs" / "api.md").read_text(encoding="utf-8")
    told = {path.split("?")[0] for path in re.findall(r"`(/[a-z/{}]+(?:\?[a-z=&0-9]*)?)`", text)}
    lists = {
        path.removeprefix("/api/v1")
        for path in document["paths"]
        if path.startswith("/api/v1/") and "{" not in path and not path.startswith("/api/v1/queries/")
    }
    assert lists - told == set()
    examples = re.findall(r"`(/(?:studies|factors|themes)[a-z0-9/-]*[/?][^`{]*)`", text)
    assert len(examples) > 4
    assert [path for path in examples if client.get(f"/api/v1{path}").status_code != 200] == []


def test_every_operation_does_what_it_says(server: Server, data: Path, tmp_path: Path) -> None:
    """L12: whatever fits or does not fit the description is answered as it says, and never with a fault of ours."""
    script, config = Path(sys.executable).parent / "schemathesis", data / "schemathesis.toml"
    options = ["--max-examples", str(EXAMPLES), "--generation-database", "none"]
    outputs = [tmp_path / "lists.txt", tmp_path / "others.txt"]
    with ExitStack() as stack:
        # Each half has a processor of its own, as trying takes more time than answering.
        halves = [
            stack.enter_context(
                subprocess.Popen(
                    [script, "--config-file", config, "run", server.url + "/openapi.json", *options, half, HALF],
                    stdout=stack.enter_context(output.open("wb")),
                    cwd=tmp_path,
                    env={**os.environ, "PYTHONPATH": str(data)},
                )
            )
            for half, output in zip(("--include-path-regex", "--exclude-path-regex"), outputs, strict=True)
        ]
    told = [output.read_text(encoding="utf-8") for output in outputs]
    assert [half.returncode for half in halves] == [0, 0], "\n".join(text[-20_000:] for text in told)
    tested = [int(number) for text in told for number in re.findall(r"Tested: (\d+)", text)]
    operations = sum(len(path) for path in httpx2.get(server.url + "/openapi.json").json()["paths"].values())
    assert len(tested) == 2
    assert sum(tested) == operations > 100


def test_a_generated_client_fetches_the_studies_of_a_factor(
    server: Server, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that is generated from the description asks the mission's question, with types for all that it gets."""
    (tmp_path / "openapi.json").write_text(json.dumps(client.get("/openapi.json").json()), encoding="utf-8")
    command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--path", "openapi.json"]
    options = ["--meta", "none", "--output-path", "generated"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    generated = importlib.import_module("generated")
    operation = importlib.import_module("generated.api.rest.list_studies_of_factor")
    slugs = importlib.import_module("generated.models.polarity_slug")
    with generated.Client(server.url) as asking:
        every = operation.sync("regulatory-and-political-factors", client=asking)
        enabling = operation.sync(
            "regulatory-and-political-factors", client=asking, polarity=[slugs.PolaritySlug.ENABLER]
        )
        missing = operation.sync("nothing", client=asking)
    assert (every.total, len(every.items)) == (15, 15)
    assert {statement.has_polarity.slug for study in enabling.items for statement in study.statements} == {"enabler"}
    assert 0 < enabling.total < 15
    assert (missing.status, missing.title) == (404, "Not found")
