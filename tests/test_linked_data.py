"""Tests of the documents about our IRIs, at their own paths."""

import io
import json
import re
from html import unescape
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from fastapi.testclient import TestClient

from pswonto import __version__
from pswonto.namespaces import BASE, INFERRED, PREFIXES
from pswonto.release import described
from pswonto.store import Store

FACTOR = "/factor/psw-wellbeing"
VERSIONS = [f"/{__version__}", f"/core/{__version__}"]
# What Protégé asks for.
PROTEGE = "application/rdf+xml, application/xml;q=0.7, text/xml;q=0.6, text/plain;q=0.1, */*;q=0.09"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORMATS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
}


def triples(body: bytes, format_: ox.RdfFormat) -> set[ox.Quad]:
    """Return the triples of a document, with labels of blank nodes that depend on nothing but the triples."""
    read = ox.Dataset(ox.parse(io.BytesIO(body), format=format_))
    read.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(read)


@pytest.fixture(scope="module")
def paths(store: Store) -> list[str]:
    """Return the path of each IRI that we mint, and that the dataset describes."""
    return [iri.removeprefix(BASE) for iri in described(store) if "#" not in iri]


def test_every_iri_answers_in_every_format(paths: list[str], client: TestClient) -> None:
    """Each is described at its path, by Accept and by suffix, with the same triples, of which it is a subject."""
    assert len(paths) > 700
    for path in paths:
        documents = []
        for suffix, (media_type, format_) in FORMATS.items():
            answer = client.get(path, headers={"Accept": media_type})
            assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, media_type)
            assert answer.headers["content-location"] == f"{path}.{suffix}"
            documents.append(triples(answer.content, format_))
        assert all(document == documents[0] for document in documents)
        assert any(quad.subject == ox.NamedNode(BASE + path) for quad in documents[0])
        page = client.get(path, headers={"Accept": BROWSER})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert f">{BASE}{path}<" in page.text


@pytest.mark.parametrize(
    "path", [FACTOR, "/core", "/statement/0001", "/work/byrne-2016", f"/{__version__}", "/pswonto"]
)
def test_a_suffix_is_a_format(path: str, client: TestClient) -> None:
    """What Accept can ask for, a link can too, and the suffix wins."""
    for suffix, (media_type, _) in FORMATS.items():
        answer = client.get(f"{path}.{suffix}", headers={"Accept": "image/png"})
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, media_type)
        plain = client.get("/" if path == "/pswonto" else path, headers={"Accept": media_type})
        assert plain.content == answer.content
    assert client.get(f"{path}.html").headers["content-type"].startswith("text/html")


def test_each_document_says_only_what_the_dataset_says(client: TestClient, store: Store) -> None:
    """The triples of a factor, a statement, a study and an ontology are in the dataset."""
    for path in (FACTOR, "/statement/0001", "/work/byrne-2016", "/framework", "/"):
        body = client.get(path, headers={"Accept": "application/n-triples"}).content
        for quad in ox.parse(io.BytesIO(body), format=ox.RdfFormat.N_TRIPLES):
            assert any(store.engine.quads_for_pattern(quad.subject, quad.predicate, quad.object))


@pytest.mark.parametrize("accept", [PROTEGE, "*/*", None, "text/turtle"])
@pytest.mark.parametrize(
    "path", ["/", "/core", "/framework", "/works", "/evidence", f"/{__version__}", f"/core/{__version__}"]
)
def test_an_ontology_is_never_a_page_for_programs(path: str, accept: str | None, client: TestClient) -> None:
    """Protégé gets RDF/XML that holds the ontology, and who takes everything gets RDF."""
    headers = {"Accept": accept} if accept else {}
    answer = client.get(path, headers=headers)
    media_type = "application/rdf+xml" if accept == PROTEGE else "text/turtle"
    assert answer.headers["content-type"].split(";")[0] == media_type
    graph = rdflib.Graph().parse(data=answer.content, format="xml" if accept == PROTEGE else "turtle")
    assert len(list(graph.subjects(rdflib.RDF.type, rdflib.OWL.Ontology))) == 1


def test_the_ontology_describes_every_term(client: TestClient, store: Store) -> None:
    """The document of the ontology, which is that of each class and property, has all of them as subjects."""
    graph = rdflib.Graph().parse(data=client.get("/").text, format="turtle")
    terms = {iri for iri in described(store) if iri.startswith(PREFIXES["pswo"])}
    assert len(terms) > 100
    assert terms <= {str(subject) for subject in graph.subjects()}
    assert not list(graph.objects(predicate=rdflib.OWL.imports))


def test_a_graph_is_a_document_of_its_own(client: TestClient, store: Store) -> None:
    """What is inferred can be had by itself."""
    body = client.get("/inferred", headers={"Accept": "application/n-triples"}).content
    graph = store.engine.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED))
    assert len(body.splitlines()) == len(list(graph)) > 2000


def test_versions_stay(client: TestClient) -> None:
    """The version in force has its own address, which caches may keep for good; another version is not there."""
    for path in VERSIONS:
        assert "immutable" in client.get(path).headers["cache-control"]
    assert "immutable" not in client.get("/core").headers["cache-control"]
    assert client.get("/9.9.9").status_code == 404


def test_a_document_leads_on(client: TestClient) -> None:
    """The links name formats, the IRI to cite, the description of the dataset, licence and type, whole and parts."""
    for path, type_, other in (
        (FACTOR, "DefinedTerm", "collection"),
        ("/work/byrne-2016", "ScholarlyArticle", "collection"),
        ("/", "Dataset", "item"),
    ):
        links = client.get(path).headers["link"]
        for relation in ("alternate", "cite-as", "describedby", "license", "type", other):
            assert f'rel="{relation}"' in links
        assert f"schema.org/{type_}>" in links
        targets = [part[1:].split(">")[0] for part in links.split(", ") if part.startswith("</")]
        assert [target for target in targets if client.get(target).status_code != 200] == []


def test_what_is_not_there_is_told_with_what_is_near(client: TestClient) -> None:
    """An unknown IRI is 404, a format that there is not is 406, whoever asks."""
    for accept in (BROWSER, "text/turtle", "*/*"):
        answer = client.get("/factor/psw-welbeing", headers={"Accept": accept})
        assert answer.status_code == 404
        if accept == BROWSER:
            assert 'Did you mean <a href="/factor/psw-wellbeing">' in answer.text
        else:
            assert answer.json()["nearest"][0] == "/factor/psw-wellbeing"
    refused = client.get(FACTOR, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert set(refused.json()["offered"]) == {media_type for media_type, _ in FORMATS.values()} | {"text/html"}


def test_the_api_has_no_documents_but_its_own(client: TestClient) -> None:
    """What is not there below it is told as such, without the names of things."""
    for path in ("/api/v1/nope", "/api/v1/levels/", "/api/v2/levels"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["detail"]) == (404, f"there is nothing at {path}")


def test_documents_are_kept(client: TestClient) -> None:
    """They have entity tags, one for each format, and a client that has one gets 304."""
    tags = {client.get(FACTOR, headers={"Accept": media_type}).headers["etag"] for media_type, _ in FORMATS.values()}
    assert len(tags) == len(FORMATS)
    again = client.get(FACTOR, headers={"If-None-Match": client.get(FACTOR).headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_shows_a_text_of_several_lines_as_it_is_written(client: TestClient) -> None:
    """A query is no query any more where its comments and the rest of it stand in one line."""
    page = client.get("/query/activities", headers={"Accept": BROWSER}).text
    texts = re.findall(r'<dd class="as-written">(.*?)</dd>', page, re.DOTALL)
    assert [text.startswith("#+ summary:") and "\nSELECT " in text for text in texts] == [True]
    assert ".as-written { white-space: pre-wrap; }" in client.get("/static/pswonto.css").text


def test_a_page_links_what_it_names(client: TestClient) -> None:
    """What is said of a thing, and what names it, leads to the pages of those things, and those are there."""
    for path in (FACTOR, "/statement/0001", "/work/byrne-2016", "/core", "/query/studies"):
        html = client.get(path, headers={"Accept": BROWSER}).text
        links = {unescape(part.split('"')[0]) for part in html.split('href="/')[1:]}
        assert len(links) > 5
        for link in sorted(links):
            assert client.get("/" + link.split("#")[0]).status_code == 200, link


def test_a_name_is_only_a_name(client: TestClient) -> None:
    """What is no IRI, or tries to be more than one, is not there."""
    for path in ("/a%20b", "/%3E", "/factor/x%22y", "/..%2F..%2Fetc%2Fpasswd", "/%00", "/factor/%7B%7D"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert json.loads(answer.content)["status"] == 404


def test_one_rule_redirects_every_iri(paths: list[str], root: Path) -> None:
    """The rule for w3id.org leads each IRI, and that of the ontology, to its own path, as Apache applies it."""
    (rule,) = re.findall(r"^RewriteRule (\S+) (\S+) \[R=303,L\]$", (root / "w3id/.htaccess").read_text(), re.MULTILINE)
    pattern, target = rule
    for path in ["/", *VERSIONS, *paths]:
        match = re.match(pattern, path.removeprefix("/"))
        assert match is not None
        assert target.replace("$1", match[1]) == f"https://service.example.org{path}"
