"""Tests that the service asks nobody and opens nothing: a listener counts who comes, and Python tells what it does."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from pswonto.cli import main
from running import Listener, Server

# Loaded by each process of Python before anything else; what it writes down cannot be held back by the program.
HOOK = """
import os, sys
_log = os.open({log!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_told = {{"open", "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen", "os.system",
         "os.exec", "os.posix_spawn", "urllib.Request", "http.client.connect", "os.remove", "os.rename", "os.mkdir"}}

def _hook(event, arguments):
    if event in _told:
        os.write(_log, (event + " " + repr(arguments)[:300].replace("\\n", " ") + "\\n").encode())

sys.addaudithook(_hook)
"""
# Each asks for something that is elsewhere; URL is where the listener is, FILE a file that is there.
QUERIES = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { BIND(<URL> AS ?u) SERVICE ?u { ?s ?p ?o } }",
    "SELECT * { { SELECT * { OPTIONAL { sErViCe <URL> { ?s ?p ?o } } } } }",
    "ASK { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "SELECT * FROM <URL> { ?s ?p ?o }",
    "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * FROM <FILE> { ?s ?p ?o }",
    "SELECT * { GRAPH <URL> { ?s ?p ?o } }",
    "SELECT * { GRAPH <FILE> { ?s ?p ?o } }",
    "DESCRIBE <URL>",
    "DESCRIBE <FILE>",
    "BASE <URL> SELECT * FROM <x> { ?s ?p ?o }",
    "CONSTRUCT { <URL> <http://www.w3.org/2002/07/owl#imports> <URL> } WHERE {}",
    "LOAD <URL>",
    "LOAD <FILE> INTO GRAPH <urn:g>",
]
IMPORTS = """<urn:o> a <http://www.w3.org/2002/07/owl#Ontology> ;
  <http://www.w3.org/2002/07/owl#imports> <URL> , <FILE> ."""
# Documents that need another one to be understood.
UNREADABLE = {
    "context.jsonld": '{"@context": "URL", "@id": "urn:a", "p": "b"}',
    "import.jsonld": '{"@context": {"@version": 1.1, "@import": "URL"}, "@id": "urn:a", "p": "b"}',
    "file.jsonld": '{"@context": "FILE", "@id": "urn:a", "p": "b"}',
    "entity.rdf": """<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY e SYSTEM "URL">]>
      <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="urn:a"><rdf:value>&e;</rdf:value></rdf:Description></rdf:RDF>""",
}


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """Yield a listener."""
    with Listener() as listener:
        yield listener


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of RDF that no request may read."""
    path = tmp_path_factory.mktemp("secret") / "secret.ttl"
    path.write_text("<urn:secret> <urn:is> 'out' .", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file that the hook writes to, in a folder with the module that sets it up."""
    folder = tmp_path_factory.mktemp("hook")
    path = folder / "events"
    (folder / "sitecustomize.py").write_text(HOOK.format(log=str(path)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def server(listener: Listener, secret: Path, log: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Yield a service of which each process is watched, over data that points elsewhere."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "imports.ttl").write_text(aimed(IMPORTS, listener, secret), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(log.parent))
        with Server("--data", str(folder)) as server:
            yield server


def aimed(text: str, listener: Listener, secret: Path) -> str:
    """Put in where the listener is, and the file."""
    return text.replace("URL", f"http://127.0.0.1:{listener.port}/x").replace("FILE", secret.as_uri())


def test_nothing_leaves_the_service(server: Server, listener: Listener, secret: Path, log: Path) -> None:
    """No query, parameter, header or document makes it connect, look up a name, or open a file."""
    for path in ("/", "/sparql", "/.well-known/void", "/api/v1/factors", "/docs", "/metrics", "/health/ready"):
        assert server.get(path)[0] == 200
    seen = log.read_text(encoding="utf-8")
    assert "sitecustomize" not in seen
    assert seen.count("open ") > 20, "the hook sees what is opened"
    url = f"http://127.0.0.1:{listener.port}/x"
    for query in QUERIES:
        text = aimed(query, listener, secret)
        for method, path, body, media_type in (
            ("GET", "/sparql?" + urlencode({"query": text}), b"", ""),
            ("POST", "/sparql", text.encode(), "application/sparql-query"),
            ("POST", "/sparql", urlencode({"query": text}).encode(), "application/x-www-form-urlencoded"),
        ):
            status, _, answer = server.request(method, path, body or None, Content_Type=media_type)
            assert status in (200, 400, 403)
            assert b"urn:secret" not in answer
            assert b'"out"' not in answer
    for parameter in ("default-graph-uri", "named-graph-uri"):
        for name in (url, secret.as_uri()):
            asked = urlencode({"query": "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", parameter: name})
            status, _, answer = server.get(f"/sparql?{asked}")
            assert (status, json.loads(answer)["results"]["bindings"]) == (200, [])
    context = f'<{url}>; rel="http://www.w3.org/ns/json-ld#context"'
    server.request("POST", "/sparql", b"{}", Content_Type="application/ld+json", Link=context)
    server.get("/sparql?query=ASK%20%7B%7D", Host=f"127.0.0.1:{listener.port}", X_Forwarded_Host=url, Referer=url)
    after = log.read_text(encoding="utf-8").removeprefix(seen).splitlines()
    assert after == []
    assert listener.hits == 0


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_document_that_needs_another_is_refused(name: str, listener: Listener, secret: Path, tmp_path: Path) -> None:
    """Neither a context of JSON-LD nor an entity of XML is fetched: the data is not served, and nobody was asked."""
    path = tmp_path / name
    path.write_text(aimed(UNREADABLE[name], listener, secret), encoding="utf-8")
    result = CliRunner().invoke(main, ["serve", "--port", "0", "--data", str(path)])
    assert result.exit_code == 1
    assert str(path) in result.stderr
    assert listener.hits == 0
