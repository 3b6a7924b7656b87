"""Tests of which file stands for which address."""

import pytest

from pswonto.namespaces import BASE, Names
from pswonto.static_site.addresses import Address, Addresses

OURS = Addresses(Names(), [f"{BASE}/factor/a", f"{BASE}/description#dataset"])


@pytest.mark.parametrize(
    ("link", "file", "target"),
    [
        ("/", "index.html", "/"),
        ("/#framework", "index.html", "/"),
        ("/map", "map.html", "/map"),
        ("/factor/a", "factor/a.html", "/factor/a"),
        ("/factor/a.ttl", "factor/a.ttl", "/factor/a.ttl"),
        ("/core/0.1.0", "core/0.1.0.html", "/core/0.1.0"),
        ("/static/pswonto.css", "static/pswonto.css", "/static/pswonto.css"),
        ("/api/v1/works/a.csl.json", "api/v1/works/a.csl.json", "/api/v1/works/a.csl.json"),
        ("/api/v1/studies", "api/v1/studies.json", "/api/v1/studies"),
        ("/statements?factor=a", "statements/factor-a.html", "/statements?factor=a"),
        ("/api/v1/studies.csl.json?limit=9&q=a", "api/v1/studies/q-a.csl.json", "/api/v1/studies.csl.json?q=a"),
        ("/map?unit=a&cols=b&cols=a", "map/cols-b_cols-a_unit-a.html", "/map?cols=b&cols=a&unit=a"),
        ("/.well-known/void", "description.ttl", "/description.ttl"),
        ("/factor/caf%C3%A9", "factor/café.html", "/factor/caf%C3%A9"),
        ("/factor/café", "factor/café.html", "/factor/caf%C3%A9"),
    ],
)
def test_an_address_has_a_file(link: str, file: str, target: str) -> None:
    """A path is its own file, and what is asked of it becomes a file in its folder, in one order of the parameters."""
    found = OURS.find(link)
    assert found is not None
    assert (found[0].file, found[0].target) == (file, target)


def test_parameters_have_one_order() -> None:
    """Two links that ask the same have one file."""
    one, other = (OURS.find(f"/studies?{query}") for query in ("yearTo=2&country=a", "country=a&yearTo=2"))
    assert one == other
    assert one is not None


def test_values_that_no_file_can_be_named_by_are_told_apart() -> None:
    """What differs in nothing but signs or capitals has files that differ in more, and no name is too long."""
    values = ("a_b", "a+b", "A-b", "a-b", "a%2Fb", "x" * 400, "x" * 401)
    files = [found[0].file for value in values if (found := OURS.find(f"/studies?q={value}"))]
    assert len({file.lower() for file in files}) == len(values)
    assert all(len(file) < 140 and file.count("/") == 1 for file in files)


def test_a_query_is_a_text_an_answer_or_a_file() -> None:
    """A link to a query leads to its text, one to its answer to a page, and one to a format to a file of that."""
    query = "/sparql?query=ASK%20%7B%7D"
    text, answer, file = (OURS.find(link) for link in (query, f"{query}#answer", f"{query}&format=csv"))
    assert text is not None
    assert answer is not None
    assert file is not None
    assert text[0].text == "ASK {}\n"
    assert (answer[0].text, answer[0].media_type, answer[1]) == (None, "text/html", "answer")
    stems = {found[0].file.rpartition(".")[0] for found in (text, answer, file)}
    assert [found[0].file.rpartition(".")[2] for found in (text, answer, file)] == ["txt", "html", "csv"]
    assert len(stems) == 1


def test_a_description_is_named_by_its_thing() -> None:
    """The description of a term lies beside the page of the term."""
    link = f"/sparql?query=DESCRIBE%20%3C{BASE}%23Factor%3E&format=ttl"
    found = OURS.find(link)
    assert found is not None
    assert found[0].file == "terms/Factor.ttl"


def test_a_part_that_has_no_place_leads_to_its_document() -> None:
    """A thing that is described with others leads to their page, and another part stays what it is."""
    described, other = OURS.find("/description#dataset"), OURS.find("/description#other")
    assert described == (Address("description.html", "/description", "text/html"), "")
    assert other is not None
    assert other[1] == "other"


@pytest.mark.parametrize(
    "link", ["/docs", "/search?q=a", "/sparql", "/../a", "/a/%2E%2E/b", "/a//b", "/a/%00", "/a/" + "b" * 300]
)
def test_some_addresses_have_no_file(link: str) -> None:
    """What has to be answered has none, nor what would lie outside the folder or cannot be a name."""
    assert OURS.find(link) is None


def test_another_review_has_its_own_names() -> None:
    """What is described of a review of one's own lies at its own paths."""
    found = Addresses(Names("https://example.org/r"), []).find(
        "/sparql?query=DESCRIBE%20%3Chttps://example.org/r/factor/a%3E&format=nt"
    )
    assert found is not None
    assert found[0].file == "factor/a.nt"
