"""Tests of the REST API on the real data: group L of what an endpoint owes, and that filters mean what they say."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph

from pswonto.namespaces import PREFIXES
from pswonto.questions import COLLECTIONS
from pswonto.store import Store
from pswonto.web.rest import BASE_PATH, NEIGHBOURS

TOTALS = {
    "levels": 3,
    "factors": 9,
    "subthemes": 25,
    "themes": 39,
    "studies": 40,
    "works": 82,
    "statements": 124,
    "influences": 30,
    "jurisdictions": 14,
    "anomalies": 37,
    "gaps": 11,
    "implications": 16,
    "reviews": 1,
    "activities": 4,
}
LISTS = {
    **TOTALS,
    "queries": 85,
    "influences/paths?from=regulatory-and-political-factors&to=psw-wellbeing": 38,
    "coverage": 17,
    "search?q=stigma": 9,
}
RDF = [name for name in LISTS if not name.startswith("influences/")]
# Lists with filters, in an order, and in parts.
ASKED = [
    "statements?limit=7",
    "statements?limit=7&sort=-confidence",
    "statements?factor=psw-wellbeing&polarity=barrier&limit=2",
    "statements?country=au&yearFrom=2010&yearTo=2016",
    "statements?q=stigma&sort=paraphrase&limit=5",
    "statements?level=micro&level=macro&study=berry-2011",
    "studies?factor=psw-wellbeing&polarity=barrier",
    "studies?country=au&sort=-publicationYear",
    "studies?design=survey",
    "works?type=Book&sort=title&limit=3",
    "works?isStudy=true&yearFrom=2015",
    "factors?study=byrne-2016&polarity=enabler",
    "subthemes?level=meso&confidence=low",
    "themes?kind=detail&country=us",
    "levels?study=gates-2007",
    "jurisdictions?factor=regulatory-and-political-factors",
    "influences?argued=false&sort=-label&limit=5",
    "anomalies?kind=differing-wording&q=strategy",
    "gaps?level=macro",
    "implications?addressee=policy&level=macro",
    "coverage?kind=theme&fewer=3",
    "search?q=stigma&kind=statement",
    "queries?q=gap&limit=2",
    "factors/psw-wellbeing/studies?polarity=barrier",
    "studies/byrne-2016/themes",
    "themes/stigma/statements?limit=3",
    "influences/paths?from=regulatory-and-political-factors&to=psw-wellbeing&longest=2",
]


def url(path: str, **more: object) -> str:
    """Return the URL of a list, with more parameters behind those that it has."""
    joined = "&".join(f"{name}={value}" for name, value in more.items())
    return f"{BASE_PATH}/{path}" + (("&" if "?" in path else "?") + joined if joined else "")


def fetch(client: TestClient, path: str, **more: object) -> Any:
    """Return the JSON of a resource of the API."""
    response = client.get(url(path, **more))
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()


def links(client: TestClient, address: str) -> dict[str, str]:
    """Return the targets of the links of an answer, by their relations."""
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"', client.get(address).headers["link"])
    return {relation: target for target, relation in found}


def identity(item: Any) -> Any:
    """Return what tells an item of a list from the others."""
    return item.get("iri") or [step["iri"] for step in item["steps"]]


def walk(client: TestClient, address: str) -> Iterator[Any]:
    """Return the items of all pages, from one to the next."""
    while address:
        yield from client.get(address).json()["items"]
        address = links(client, address).get("next", "")


@pytest.mark.parametrize("path", LISTS)
def test_a_list_tells_its_total_and_its_links(path: str, client: TestClient) -> None:
    """L1: a list has its items, their number, its first and last page, its query and its context."""
    body = fetch(client, path)
    assert body["total"] == LISTS[path]
    assert len(body["items"]) == min(100, LISTS[path])
    assert {"first", "last", "via", "http://www.w3.org/ns/json-ld#context"} <= set(links(client, url(path)))
    assert ("next" in links(client, url(path, limit=2))) == (LISTS[path] > 2)
    if LISTS[path] > 2:
        assert fetch(client, path, limit=2)["next"] in links(client, url(path, limit=2))["next"]


@pytest.mark.parametrize("path", ["statements", "works", "queries", "search?q=peer", "influences", "anomalies"])
@pytest.mark.parametrize("size", [1, 7, 100])
def test_every_item_is_on_one_page(path: str, size: int, client: TestClient) -> None:
    """L2: whoever follows `next` gets every item once, in the same order each time."""
    if size == 1 and path != "anomalies":
        size = 3
    walked = [identity(item) for item in walk(client, url(path, limit=size))]
    assert walked == [identity(item) for item in fetch(client, path, limit=1000)["items"]]
    assert len(walked) == len({str(one) for one in walked}) == fetch(client, path)["total"]


def test_links_lead_back_and_to_the_end(client: TestClient) -> None:
    """The last page has the rest, and the one before it is the same from either side."""
    last = links(client, url("statements", limit=50))["last"]
    assert len(client.get(last).json()["items"]) == 24
    second = links(client, last)["prev"]
    assert client.get(second).json() == client.get(links(client, url("statements", limit=50))["next"]).json()
    assert len(client.get(links(client, second)["prev"]).json()["items"]) == 50


@pytest.mark.parametrize("value", ["0", "-1", "100000", "x", "", "1.0", "1001", "٣"])
@pytest.mark.parametrize("path", ["statements", "factors/psw-wellbeing/studies"])
def test_a_bad_limit_is_told_with_the_range(path: str, value: str, client: TestClient) -> None:
    """L3: a number of items that is none is told with the parameter and what it may be."""
    refused = client.get(url(path, limit=value))
    assert refused.status_code == 400
    assert refused.json()["parameter"] == "limit"
    assert "from 1 to 1000" in refused.json()["detail"]


def test_a_cursor_that_is_none_is_told(client: TestClient) -> None:
    """L4: a cursor that was changed, made up, or made for another list or order is refused."""
    cursor = fetch(client, "statements", limit=5)["next"]
    changed = cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")
    for path, wrong in (
        ("statements", changed),
        ("statements", "abc"),
        ("statements", "é"),
        ("statements", ""),
        ("works", cursor),
        ("statements?sort=confidence", cursor),
    ):
        refused = client.get(url(path, cursor=wrong))
        assert (refused.status_code, refused.json()["parameter"]) == (400, "cursor")


def test_past_the_end_there_is_nothing(client: TestClient) -> None:
    """L4: a cursor behind the last item, which a filter lets come about, has an empty page."""
    *_, last = (links(client, url("statements", limit=31)) for _ in range(1))
    beyond = last["last"].split("cursor=")[1]
    answer = fetch(client, "statements", cursor=beyond, statement="0001")
    assert (answer["items"], answer["total"], answer["next"]) == ([], 1, None)


def test_a_cursor_holds_while_filters_change(client: TestClient) -> None:
    """A page begins behind the item that the cursor names, whether a filter lets that item through or not."""
    cursor = fetch(client, "statements", limit=10)["next"]
    barriers = [item["slug"] for item in fetch(client, "statements", polarity="barrier")["items"]]
    found = fetch(client, "statements", cursor=cursor, polarity="barrier")["items"]
    assert [item["slug"] for item in found] == [slug for slug in barriers if slug > "0010"]
    assert 0 < len(found) < len(barriers)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("factors?levle=macro", "did you mean level"),
        ("statements?year_from=2010", "did you mean yearFrom"),
        ("statements?confidence=hihg", "did you mean high"),
        ("statements?factor=psw-welbeing", "did you mean psw-wellbeing"),
        ("statements?yearFrom=soon", "whole number from 0 to 999999"),
        ("works?isStudy=yes", "true or false"),
        ("statements?sort=label", "must be one of hasPolarity"),
        ("statements?sort=", "must be one of hasPolarity"),
        ("statements?limit=1&limit=2", "once only"),
        ("statements?include=query", "must be sparql"),
        ("statements?format=jsno", "did you mean json"),
        ("statements.csv?format=csv", "second time"),
        ("factors/psw-wellbeing/studies?factor=organizational-culture", "factor"),
        ("factors/psw-wellbeing?limit=3", "include, format"),
        ("influences/paths?from=psw-wellbeing", "'to' is missing"),
        ("search", "'q' is missing"),
        ("matrix?columns=colour", "polarity, country, year, period, design"),
        ("matrix?rows=levels&rows=factors", "one value only"),
        ("explain?subject=factor:psw-wellbeing&predicate=a", "'object' is missing"),
        ("explain?subject=factor:psw-wellbeing&predicate=a&object=pswo:Factor&object=pswo:Theme", "one value only"),
    ],
)
def test_a_bad_parameter_is_told(path: str, words: str, client: TestClient) -> None:
    """L5: what is wrong with a parameter is told with what would be right."""
    refused = client.get(url(path))
    assert refused.status_code == 400
    assert words in refused.json()["detail"]
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", TOTALS)
def test_what_is_not_there_is_told(name: str, client: TestClient) -> None:
    """L6: a slug that names nothing is 404, as a problem, with the nearest that there is."""
    slug = fetch(client, name)["items"][0]["slug"]
    missing = client.get(f"{BASE_PATH}/{name}/{slug}x")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")
    assert slug in missing.json()["nearest"]


@pytest.mark.parametrize("path", ["factors/nothing/studies", "factors.docx", "factors/psw-wellbeing/studies.docx", "x"])
def test_there_is_nothing_elsewhere(path: str, client: TestClient) -> None:
    """Neighbours of nothing, unknown formats and unknown paths are 404."""
    assert client.get(url(path)).status_code == 404


@pytest.mark.parametrize("path", [*LISTS, "factors/psw-wellbeing", "matrix", "explain"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(path: str, method: str, client: TestClient) -> None:
    """L7: another method than GET is 405, with those that there are."""
    refused = client.request(method, url(path))
    assert refused.status_code == 405
    assert {"GET", "HEAD"} <= set(refused.headers["allow"].split(", "))


def iris(content: bytes, media_type: str) -> set[str]:
    """Return the IRIs of the items in an answer of any format; in RDF, of all things that it tells of."""
    text = content.decode()
    if media_type == "application/json":
        return {item["iri"] for item in json.loads(text)["items"]}
    if media_type == "application/x-ndjson":
        return {json.loads(line)["iri"] for line in text.splitlines()}
    if media_type in ("text/csv", "text/tab-separated-values"):
        dialect = "excel" if media_type == "text/csv" else "excel-tab"
        return {row["iri"] for row in csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)}
    return {
        str(one)
        for one in Graph().parse(data=text, format="turtle" if "turtle" in media_type else "json-ld").subjects()
    }


@pytest.mark.parametrize("path", RDF)
def test_every_format_has_the_same_items(path: str, client: TestClient) -> None:
    """L8: by Accept, by `format` and by suffix, each format has the items that JSON has."""
    items = {item["iri"] for item in fetch(client, path, limit=1000)["items"]}
    for name, media_type in {
        "json": "application/json",
        "jsonld": "application/ld+json",
        "ttl": "text/turtle",
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
        "ndjson": "application/x-ndjson",
    }.items():
        answer = client.get(url(path, limit=1000), headers={"Accept": media_type})
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, media_type)
        assert "Accept" in answer.headers["vary"]
        found = iris(answer.content, media_type)
        # A list in RDF has what is said of other things in it, too.
        assert found >= items
        assert found == items or name in ("jsonld", "ttl")
        assert client.get(url(path, limit=1000, format=name)).content == answer.content
        stem, _, query = path.partition("?")
        assert client.get(url(f"{stem}.{name}?{query}", limit=1000)).content == answer.content


@pytest.mark.parametrize("collection", [question.name for question in COLLECTIONS])
def test_each_thing_comes_in_each_format(collection: str, client: TestClient) -> None:
    """A single thing has the formats of its list, and says in JSON what it says there."""
    for item in fetch(client, collection, limit=1000)["items"]:
        path = f"{collection}/{item['slug']}"
        assert fetch(client, path) == item
        for name in ("jsonld", "ttl", "csv"):
            answer = client.get(url(f"{path}.{name}"))
            assert answer.status_code == 200
    graph = Graph().parse(data=client.get(url(f"{path}.ttl")).content, format="turtle")
    assert any(str(one) == item["iri"] for one in graph.subjects())


@pytest.mark.parametrize(
    "path",
    [*LISTS, "matrix", "studies/byrne-2016", "explain?subject=factor:psw-wellbeing&predicate=a&object=pswo:Factor"],
)
def test_json_is_rdf_that_the_dataset_holds(path: str, client: TestClient, store: Store) -> None:
    """L9: the JSON of a resource, read with the context that its header links to, has only triples of the dataset."""
    answer = client.get(url(path, limit=1000) if path in LISTS else url(path))
    (target,) = re.findall(r'<([^>]*)>; rel="http://www.w3.org/ns/json-ld#context"', answer.headers["link"])
    document = {**client.get(target).json(), **answer.json()}
    graph = Graph().parse(data=json.dumps(document), format="json-ld")
    held = Graph().parse(data=store.ntriples(), format="nt")
    assert [triple for triple in graph if triple not in held] == []
    if path in TOTALS:
        # And it has not little of it.
        assert len(graph) >= 2 * TOTALS[path]


def test_the_context_is_published(client: TestClient) -> None:
    """L10: any page of any host may fetch the context."""
    answer = client.get("/context.jsonld", headers={"Origin": "https://example.org"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ld+json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["@context"]["iri"] == "@id"


@pytest.mark.parametrize("path", [*LISTS, *ASKED])
def test_the_query_behind_a_page_gives_the_page(path: str, client: TestClient) -> None:
    """L11: the query that an answer names has, on the endpoint, the very items of the page, in their order."""
    body = fetch(client, path, include="sparql")
    assert body["items"]
    via = links(client, url(path))["via"]
    assert unquote(via) == "/sparql?query=" + body["sparql"]
    answered = client.get(via, headers={"Accept": "application/sparql-results+json"}).json()
    (variable, *_) = answered["head"]["vars"]
    if path.startswith("influences/paths"):
        assert [row["steps"]["value"].split() for row in answered["results"]["bindings"]] == [
            identity(item) for item in body["items"]
        ]
        return
    assert [row[variable]["value"] for row in answered["results"]["bindings"]] == [
        item["iri"] for item in body["items"]
    ]


def test_the_query_behind_each_page_gives_that_page(client: TestClient) -> None:
    """L11: so it is for the pages that follow."""
    address = url("statements", limit=50, sort="-aboutTheme")
    seen = 0
    while address:
        answered = client.get(links(client, address)["via"]).json()["results"]["bindings"]
        items = client.get(address).json()["items"]
        assert [row["statement"]["value"] for row in answered] == [item["iri"] for item in items]
        seen += len(items)
        address = links(client, address).get("next", "")
    assert seen == 124


@pytest.mark.parametrize("path", ["factors/psw-wellbeing", "studies/byrne-2016", "statements/0001", "matrix"])
def test_a_single_answer_names_its_query(path: str, client: TestClient) -> None:
    """What is no list names its query too, in full where that is asked for."""
    body = fetch(client, path, include="sparql")
    answered = client.get(links(client, url(path))["via"]).json()["results"]["bindings"]
    assert body["sparql"].startswith("#+ summary")
    assert len(answered) == (len(body["cells"]) if path == "matrix" else 1)
    assert "sparql" not in fetch(client, path)


@pytest.mark.parametrize("path", [*LISTS, "factors/psw-wellbeing", "works.csv", "matrix", "works.ris"])
def test_an_answer_is_not_sent_twice(path: str, client: TestClient) -> None:
    """L13: who has an answer already is told so, and no other format has its entity tag."""
    answer = client.get(url(path))
    again = client.get(url(path), headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    assert client.get(url(path), headers={"If-Modified-Since": answer.headers["last-modified"]}).status_code == 304
    if "." not in path:
        csv_ = client.get(url(path, format="csv"))
        assert csv_.headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        *LISTS,
        "statements?polarity=barrier&level=micro",
        "statements?q=stigma&country=us",
        "studies?factor=psw-wellbeing&polarity=barrier",
        "studies?q=peer&country=ca",
        "factors?level=macro&study=byrne-2016",
        "subthemes?factor=psw-wellbeing&polarity=barrier",
        "themes?kind=subtheme&country=us&q=work",
        "levels?factor=psw-wellbeing&study=byrne-2016",
        "jurisdictions?polarity=barrier&q=united",
        "influences?source=organizational-culture&tabulated=true",
        "works?type=Book&yearFrom=2000",
        "gaps?level=meso",
    ],
)
def test_a_facet_counts_what_a_filter_lets_through(path: str, client: TestClient) -> None:
    """L14: each number of a facet is the total of the list with that filter in place of what it was."""
    facets = fetch(client, path, limit=1)["facets"]
    stem, _, query = path.partition("?")
    given_ = dict(pair.split("=") for pair in query.split("&") if pair)
    for name, choices in facets.items():
        assert choices or query
        for choice in choices:
            params = {**given_, name: choice["value"], "limit": "1"}
            assert client.get(f"{BASE_PATH}/{stem}", params=params).json()["total"] == choice["count"] > 0


def test_facets_leave_out_no_choice(client: TestClient) -> None:
    """The studies of a factor are counted one by one in the facet of statements, and none is missing."""
    facets = fetch(client, "statements", factor="regulatory-and-political-factors", limit=1)["facets"]
    assert len(facets["study"]) == fetch(client, "factors/regulatory-and-political-factors/studies")["total"] == 15
    assert [choice["value"] for choice in facets["level"]] == ["macro", "meso"]


class Oracle:
    """Statements and studies as lists tell them, filtered here by hand."""

    def __init__(self, client: TestClient) -> None:
        self.statements = fetch(client, "statements", limit=1000)["items"]
        self.studies = {study["slug"]: study for study in fetch(client, "studies", limit=1000)["items"]}
        themes = fetch(client, "themes", limit=1000)["items"]
        self.level = {theme["slug"]: theme["atLevel"]["slug"] for theme in themes}
        self.whole = {theme["slug"]: theme["partOfTheme"] and theme["partOfTheme"]["slug"] for theme in themes}

    def concerned(self, statement: Any) -> set[str]:
        """Return all themes of a statement, with what they are part of."""
        found = set()
        for theme in [statement["aboutTheme"], *statement["alsoAbout"]]:
            slug = theme["slug"]
            while slug:
                found.add(slug)
                slug = self.whole[slug]
        return found

    def fits(self, statement: Any, study: Any, filters: dict[str, str], conducted: bool) -> bool:
        """Tell whether a statement, as one that cites a study, has all that filters ask for."""
        places = study["conductedIn"] if conducted else statement["namesJurisdiction"]
        codes = {place["slug"] for place in places} | {place["slug"].split("-")[0] for place in places}
        concerned = self.concerned(statement)
        has = {
            "level": {self.level[theme] for theme in concerned},
            "factor": concerned,
            "subtheme": concerned,
            "theme": concerned,
            "study": {study["slug"]},
            "polarity": {statement["hasPolarity"]["slug"]},
            "country": codes,
            "design": set(study["studyDesign"]),
            "confidence": {statement["confidence"]},
        }
        year = study["publicationYear"]
        return (
            all(filters[name] in values for name, values in has.items() if name in filters)
            and year >= int(filters.get("yearFrom", 0))
            and year <= int(filters.get("yearTo", 9999))
        )


@pytest.fixture(scope="module")
def oracle(client: TestClient) -> Oracle:
    """Return the oracle of the real data."""
    return Oracle(client)


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "level": st.sampled_from(["macro", "meso", "micro"]),
        "factor": st.sampled_from(["psw-wellbeing", "regulatory-and-political-factors", "organizational-culture"]),
        "subtheme": st.sampled_from(["stigma", "training-and-certification", "access-to-resources"]),
        "theme": st.sampled_from(["physical-resources", "stigma", "human-resource-management-policies"]),
        "study": st.sampled_from(["byrne-2016", "berry-2011", "mulvale-2019", "gates-2007"]),
        "polarity": st.sampled_from(["barrier", "enabler", "descriptive", "conditional"]),
        "country": st.sampled_from(["us", "ca", "au", "gb", "au-sa"]),
        "design": st.sampled_from(["survey", "qualitative study", "descriptive statistics", "pilot project"]),
        "confidence": st.sampled_from(["high", "medium", "low"]),
        "yearFrom": st.sampled_from(["2005", "2012", "2016"]),
        "yearTo": st.sampled_from(["2011", "2016", "2020"]),
    },
)


@settings(max_examples=150, deadline=None)
@given(filters=FILTERS)
def test_filters_combine(filters: dict[str, str], client: TestClient, oracle: Oracle) -> None:
    """Any filters together let through those statements, and those studies, that have all that they ask for."""
    for path, conducted in (("statements", False), ("studies", True)):
        wanted = {
            statement["slug"] if path == "statements" else work["slug"]
            for statement in oracle.statements
            for work in statement["citesWork"]
            if oracle.fits(statement, oracle.studies[work["slug"]], filters, conducted)
        }
        answer = client.get(f"{BASE_PATH}/{path}", params={**filters, "limit": "1000"}).json()
        assert {item["slug"] for item in answer["items"]} == wanted
        if path == "studies":
            for item in answer["items"]:
                assert {statement["slug"] for statement in item["statements"]} == {
                    statement["slug"]
                    for statement in oracle.statements
                    for work in statement["citesWork"]
                    if work["slug"] == item["slug"]
                    and oracle.fits(statement, oracle.studies[work["slug"]], filters, conducted)
                }


@settings(max_examples=60, deadline=None)
@given(filters=FILTERS)
def test_filters_of_themes_combine(filters: dict[str, str], client: TestClient, oracle: Oracle) -> None:
    """Filters of themes let through those about which one statement has all that is asked of a statement."""
    of_items = {name: filters.pop(name, None) for name in ("level", "factor", "subtheme", "theme")}
    about = {
        theme
        for statement in oracle.statements
        for work in statement["citesWork"]
        if oracle.fits(statement, oracle.studies[work["slug"]], filters, conducted=False)
        for theme in oracle.concerned(statement)
    }
    level = of_items["level"]
    params = {**filters, **({"level": level} if level else {})}
    found = client.get(f"{BASE_PATH}/themes", params=params).json()["items"]
    assert {item["slug"] for item in found} == {
        theme for theme in oracle.level if (theme in about or not filters) and level in (None, oracle.level[theme])
    }


@pytest.mark.parametrize("columns", ["polarity", "country", "year", "period", "design"])
@pytest.mark.parametrize("unit", ["studies", "statements"])
@pytest.mark.parametrize("rows", ["levels", "factors", "subthemes", "themes"])
def test_a_number_of_a_matrix_is_the_total_of_a_list(rows: str, columns: str, unit: str, client: TestClient) -> None:
    """Each number counts the studies or statements that the filters of its row and column let through."""
    matrix = fetch(client, "matrix", rows=rows, columns=columns, unit=unit)
    assert len(matrix["rows"]) == TOTALS[rows]
    assert matrix["cells"]
    for cell in matrix["cells"][:: 1 if rows == "factors" else 5]:
        params = {rows.removesuffix("s"): cell["row"], "limit": "1"}
        first, _, last = cell["column"].partition("-")
        in_time = columns in ("year", "period")
        params |= {"yearFrom": first, "yearTo": last or first} if in_time else {columns: cell["column"]}
        assert client.get(f"{BASE_PATH}/{unit}", params=params).json()["total"] == cell["count"]
    crossed = list(
        csv.reader(io.StringIO(client.get(url(f"matrix.csv?rows={rows}&columns={columns}&unit={unit}")).text))
    )
    assert len(crossed) == TOTALS[rows] + 1
    assert sum(int(number) for row in crossed[1:] for number in row[1:]) == sum(
        cell["count"] for cell in matrix["cells"]
    )


def test_a_matrix_leaves_out_nothing(client: TestClient) -> None:
    """What has no number has no studies."""
    matrix = fetch(client, "matrix")
    told = {(cell["row"], cell["column"]) for cell in matrix["cells"]}
    for row in matrix["rows"]:
        for column in matrix["columns"]:
            total = fetch(client, "studies", factor=row["slug"], polarity=column["value"], limit=1)["total"]
            assert (total > 0) == ((row["slug"], column["value"]) in told)


def test_paths_are_those_that_there_are(client: TestClient) -> None:
    """The ways between two factors, found by walking from one to the next, are those that the API tells."""
    influences = fetch(client, "influences")["items"]
    targets = {item["slug"]: item["hasTarget"]["slug"] for item in influences}
    arrows: dict[str, list[str]] = {}
    for item in influences:
        arrows.setdefault(item["hasSource"]["slug"], []).append(item["hasTarget"]["slug"])

    def walked(*passed: str) -> Iterator[tuple[str, ...]]:
        if passed[-1] == end and len(passed) > 1:
            yield passed
        elif len(passed) < 5:
            for target in arrows.get(passed[-1], ()):
                if target not in passed:
                    yield from walked(*passed, target)

    checked = 0
    factors = [item["slug"] for item in fetch(client, "factors")["items"]]
    for start in factors:
        for end in factors:
            found = client.get(url("influences/paths", limit=1000, **{"from": start, "to": end})).json()
            told = [(start, *(targets[step["slug"]] for step in item["steps"])) for item in found["items"]]
            assert sorted(told) == sorted(set(walked(start)))
            assert [len(one) for one in told] == sorted(len(one) for one in told)
            checked += len(told)
    assert checked == 314


def test_coverage_tells_what_is_not_there(client: TestClient) -> None:
    """Themes with few studies, and influences without an argument, are those of the other lists."""
    told = fetch(client, "coverage", fewer=3)["items"]
    themes = fetch(client, "themes")["items"]
    arrows = fetch(client, "influences", argued="false")["items"]
    assert {item["slug"] for item in told if item["kind"] == "theme"} == {
        theme["slug"] for theme in themes if theme["studyCount"] < 3
    }
    assert {item["slug"] for item in told if item["kind"] == "influence"} == {arrow["slug"] for arrow in arrows}
    assert len(arrows) == 12


def test_search_looks_everywhere(client: TestClient) -> None:
    """What has the words in its name comes first; other names, texts and titles are looked at too."""
    found = fetch(client, "search", q="stigma")["items"]
    assert (found[0]["slug"], found[0]["kind"]) == ("stigma", "subtheme")
    assert {"statement", "anomaly", "implication"} <= {item["kind"] for item in found}
    (work,) = fetch(client, "search", q="WORLD'S COLLIDING")["items"]
    assert work["slug"] == "byrne-2016"
    assert fetch(client, "search", q='"} UNION { ?s ?p ?o } #')["items"] == []


@pytest.mark.parametrize("neighbours", NEIGHBOURS, ids=lambda one: f"{one.of.name}-of-{one.owner.name}")
def test_neighbours_are_what_the_filter_lets_through(neighbours: Any, client: TestClient) -> None:
    """What belongs to a thing is the list with the filter set to it, for the first and the last thing."""
    items = fetch(client, neighbours.owner.name)["items"]
    for item in (items[0], items[-1]):
        path = f"{neighbours.owner.name}/{item['slug']}/{neighbours.of.name}"
        filtered = fetch(client, neighbours.of.name, **{neighbours.parameter: item["slug"]})
        assert fetch(client, path)["items"] == filtered["items"]
    assert fetch(client, path, limit=1)["total"] == filtered["total"]


def test_studies_of_a_factor_are_those_of_sparql(client: TestClient) -> None:
    """The mission's question has one answer over REST and over SPARQL, for every factor."""
    answered = 0
    for factor in fetch(client, "factors")["items"]:
        query = f"SELECT ?s {{ ?s <{PREFIXES['pswo']}supports> <{factor['iri']}> }}"
        bindings = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
        items = fetch(client, f"factors/{factor['slug']}/studies")["items"]
        assert {item["iri"] for item in items} == {binding["s"]["value"] for binding in bindings}
        assert len(items) == factor["studyCount"]
        answered += len(items)
    assert answered > 30


def test_one_study_is_told_by_its_key(client: TestClient) -> None:
    """A study has its bibliography in the names of the ontology, and each statement that cites it, with its place."""
    study = fetch(client, "studies/berry-2011")
    assert (study["publicationYear"], study["doi"]) == (2011, "10.1108/17465721111188269")
    assert study["authorNames"] == ["Berry, C.", "Hayward, M. I.", "Chandler, R."]
    assert len(study["statements"]) == 9
    for statement in study["statements"]:
        assert statement["hasPolarity"]["slug"] in {"barrier", "enabler", "conditional", "descriptive"}
        assert statement["locatedIn"]["sectionHeading"]
        assert "berry-2011" in {work["slug"] for work in statement["citesWork"]}


def test_one_factor_is_told_by_its_slug(client: TestClient) -> None:
    """A factor has its sub-themes in the order of the table."""
    factor = fetch(client, "factors/psw-wellbeing")
    assert [part["slug"] for part in factor["hasSubTheme"]] == ["emotional-involvement", "self-care"]
    assert factor["placedAtLevel"]["slug"] == "micro"


def test_head_has_no_body(client: TestClient) -> None:
    """HEAD is answered on every resource."""
    for path in ("levels", "factors/psw-wellbeing", "factors/psw-wellbeing/studies", "matrix"):
        response = client.head(url(path))
        assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("path", ["works", "studies", "studies/byrne-2016", "factors/psw-wellbeing/studies"])
@pytest.mark.parametrize(
    ("media_type", "name", "beginning"),
    [
        ("application/x-bibtex", "bib", "@"),
        ("application/x-research-info-systems", "ris", "TY  - "),
        ("application/vnd.citationstyles.csl+json", "csl.json", "["),
    ],
)
def test_works_come_as_references(path: str, media_type: str, name: str, beginning: str, client: TestClient) -> None:
    """By Accept, `format` or suffix, works are a file for a reference manager, with as many entries as the list has."""
    answer = client.get(url(path), headers={"Accept": media_type})
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.text.startswith(beginning)
    assert answer.headers["content-disposition"].endswith(f'.{name}"')
    assert 'rel="via"' in answer.headers["link"]
    assert "Accept" in answer.headers["vary"]
    assert client.get(url(path, format=name)).content == answer.content
    assert client.get(url(f"{path}.{name}")).content == answer.content
    listed = client.get(url(path)).json()
    assert len(re.findall(r"^@|^TY  - |^ {2}\"id\": ", answer.text, re.MULTILINE)) == listed.get("total", 1)


def test_a_format_that_is_none_is_told(client: TestClient) -> None:
    """An unknown name is 400, and a media type that there is not is 406, each with those that there are."""
    assert "bib, ris, csl.json" in client.get(url("works", format="docx")).json()["detail"]
    refused = client.get(url("works"), headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "application/x-bibtex" in refused.json()["offered"]
    assert client.get(url("factors"), headers={"Accept": "application/x-bibtex"}).status_code == 406


def test_a_triple_is_explained(client: TestClient) -> None:
    """Why a triple holds is told with the triples that it rests on, and the query asks for that triple."""
    path = "explain?subject=factor:psw-wellbeing&predicate=a&object=pswo:ContestedTheme"
    assert fetch(client, path)["premises"]
    assert client.get(links(client, url(path))["via"]).json()["boolean"] is True
    wrong = client.get(url("explain?subject=factor:psw-wellbeing&predicate=a&object=pswo:Level"))
    assert wrong.status_code == 404
