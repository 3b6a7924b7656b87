"""Tests of things by whatever name an agent knows them."""

import pytest

from pswonto import resources
from pswonto.agents.answers import Described
from pswonto.agents.things import Things
from pswonto.errors import ParameterError, TermNotFound
from pswonto.explorer import Explorer
from pswonto.models import Passage, Study, Work
from pswonto.namespaces import BASE, KINDS
from pswonto.queries import QueryLibrary
from pswonto.store import Store
from pswonto.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def things(explorer: Explorer, store: Store) -> Things:
    """Return what finds the things of the real data."""
    folder = resources.queries_directory()
    vocabulary = Vocabulary(store, QueryLibrary(folder / "vocabulary"))
    return Things(explorer, vocabulary, QueryLibrary(folder / "linked-data"))


@pytest.mark.parametrize(
    "name", ["psw-wellbeing", "factor:psw-wellbeing", "factor/psw-wellbeing", "/factor/psw-wellbeing"]
)
def test_a_thing_is_found_by_all_its_names(name: str, things: Things) -> None:
    """A slug, a prefixed name, a path and an IRI are the same."""
    assert things.named(name) == f"{BASE}/factor/psw-wellbeing" == things.named(f"<{BASE}/factor/psw-wellbeing>")


def test_a_term_is_a_thing(things: Things) -> None:
    """Classes and properties are described by what is said of them."""
    assert things.named("pswo:supports") == f"{BASE}#supports"
    kind, thing, filters, _ = things.portrait(f"{BASE}#supports")
    assert isinstance(thing, Described)
    assert (kind, thing.label, filters) == ("pswo", "supports", {})
    assert "rdfs:domain" in {said.property for said in thing.said}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("psw-welbeing", "did you mean psw-wellbeing"),
        ("factor:stigma-", "did you mean"),
        ("factors/stigma", "did you mean .*subtheme/stigma"),
        ("pswo:suports", "did you mean pswo:supports"),
        ("https://w3id.org/pswonto/factor/x", "there is no thing 'factor:x'"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(name: str, told: str, things: Things) -> None:
    """The nearest is written as the name was."""
    with pytest.raises(TermNotFound, match=told):
        things.named(name)


def test_a_slug_of_several_things_is_told_with_all(things: Things, explorer: Explorer) -> None:
    """Whoever means one of them takes its prefixed name."""
    slugs = [thing.rpartition("/")[2] for thing in explorer.things_of(*KINDS)]
    shared = next(slug for slug in slugs if slugs.count(slug) > 1)
    with pytest.raises(ParameterError, match=f"'{shared}' is the slug of several things; did you mean .*:{shared} or "):
        things.named(shared)


def test_each_thing_has_its_portrait(things: Things, explorer: Explorer) -> None:
    """A study has its statements, a work that is none has not, a passage is a passage, and the rest is what is said."""
    portraits = {name: things.portrait(f"{BASE}/{name}") for name in ("work/byrne-2016", "work/hitt-2007")}
    assert isinstance(portraits["work/byrne-2016"][1], Study)
    assert type(portraits["work/hitt-2007"][1]) is Work
    kind, passage, filters, sparql = things.portrait(f"{BASE}/passage/psw-wellbeing-2")
    assert isinstance(passage, Passage)
    assert (kind, passage.paragraph_ordinal, filters) == ("passage", 2, {"passage": ["psw-wellbeing-2"]})
    assert passage.iri in sparql
    for thing in explorer.things_of(*KINDS):
        assert things.portrait(thing)[1].iri == thing
