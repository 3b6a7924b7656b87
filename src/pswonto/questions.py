"""The questions that have a list for an answer: each is one stored query and one model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

from pswonto.models import (
    Activity,
    Anomaly,
    Factor,
    Found,
    Gap,
    Implication,
    Influence,
    Item,
    Jurisdiction,
    Level,
    Review,
    Route,
    Statement,
    StoredQuery,
    Study,
    SubTheme,
    Theme,
    Uncovered,
    Work,
)


@dataclass(frozen=True)
class Question(Generic[Item]):
    """A question that has a list for an answer.

    Attributes:
        name: The name of its stored query, which is that of the collection in paths.
        variable: The variable of the query whose value is the item, and the parameter that asks for one item.
        model: The model of an item.
        orders: The members by which the list can be ordered.
        facets: For each filter whose values are counted on the items, the variable that has them.
        evidence: For each filter whose values are counted on statements and studies, what the query `tally` calls them.
        counted: What that query calls the items.
        renamed: What filters are called there, where that is not their name here.
        own: The filters that speak of the item, although those of their name there speak of statements.
        long: Whether the list grows with the review, so that pages of it are looked up on their own.
    """

    name: str
    variable: str
    model: type[Item]
    orders: tuple[str, ...] = ("label",)
    facets: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    counted: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    long: bool = False


def _same(*names: str) -> Mapping[str, str]:
    return {name: name for name in names}


_COUNTS = ("label", "studyCount", "statementCount")
_OF_STATEMENTS = ("study", "polarity", "country", "design", "confidence")

LEVELS = Question(
    "levels",
    "level",
    Level,
    evidence=_same(*_OF_STATEMENTS),
    counted="level",
    own=frozenset({"level", "factor"}),
)
FACTORS = Question(
    "factors",
    "factor",
    Factor,
    orders=_COUNTS,
    facets={"level": "placedAtLevel"},
    evidence=_same(*_OF_STATEMENTS),
    counted="theme",
    own=frozenset({"factor", "level"}),
)
SUBTHEMES = Question(
    "subthemes",
    "subtheme",
    SubTheme,
    orders=_COUNTS,
    facets={"level": "atLevel", "factor": "subThemeOf"},
    evidence=_same(*_OF_STATEMENTS),
    counted="theme",
    own=frozenset({"subtheme", "level", "factor"}),
)
THEMES = Question(
    "themes",
    "theme",
    Theme,
    orders=_COUNTS,
    facets={"kind": "kind", "level": "atLevel"},
    evidence=_same(*_OF_STATEMENTS),
    counted="theme",
    own=frozenset({"theme", "level", "factor"}),
)
STUDIES = Question(
    "studies",
    "study",
    Study,
    orders=("label", "publicationYear", "title"),
    evidence={**_same("level", "factor", "subtheme", "polarity", "design", "confidence"), "country": "conductedIn"},
    counted="study",
    renamed={"country": "conductedIn", "q": "title"},
    long=True,
)
WORKS = Question(
    "works",
    "work",
    Work,
    orders=("label", "publicationYear", "title", "type"),
    facets=_same("type", "isStudy", "citedInResults"),
    long=True,
)
STATEMENTS = Question(
    "statements",
    "statement",
    Statement,
    orders=("hasPolarity", "aboutTheme", "confidence", "paraphrase"),
    evidence=_same("level", "factor", "subtheme", "study", "polarity", "country", "design", "confidence"),
    counted="statement",
    renamed={"q": "paraphrase"},
    long=True,
    facets={"checked": "checkedByPerson", "method": "method", "activity": "codedIn", "review": "sourceReview"},
)
INFLUENCES = Question(
    "influences",
    "influence",
    Influence,
    orders=("label", "hasSource", "hasTarget", "direction"),
    facets={"source": "hasSource", "target": "hasTarget", **_same("direction", "tabulated", "narrative", "argued")},
)
JURISDICTIONS = Question(
    "jurisdictions",
    "jurisdiction",
    Jurisdiction,
    orders=(*_COUNTS, "isoCode"),
    evidence=_same("level", "factor", "subtheme", "study", "polarity", "design", "confidence"),
    counted="country",
)
ANOMALIES = Question(
    "anomalies",
    "anomaly",
    Anomaly,
    orders=("label", "hasAnomalyKind", "resolution"),
    facets={"kind": "hasAnomalyKind", "resolution": "resolution"},
)
GAPS = Question("gaps", "gap", Gap, facets={"level": "levels", "factor": "factors"})
IMPLICATIONS = Question(
    "implications",
    "implication",
    Implication,
    orders=("label", "addressee"),
    facets={"addressee": "addressee", "level": "levels", "factor": "factors"},
)
REVIEWS = Question("reviews", "review", Review, orders=("label", "publicationYear", "studyCount", "statementCount"))
ACTIVITIES = Question(
    "activities",
    "activity",
    Activity,
    orders=("label", "date", "creator", "statementCount"),
    facets={"method": "codingMethod"},
)
QUERIES = Question("queries", "stored", StoredQuery, orders=("name",), facets={"form": "form"})
PATHS = Question("paths", "steps", Route, orders=("length",))
COVERAGE = Question("coverage", "thing", Uncovered, orders=_COUNTS, facets={"kind": "kind"})
SEARCH = Question("search", "thing", Found, facets={"kind": "kind"})

COLLECTIONS: tuple[Question[Any], ...] = (
    LEVELS,
    FACTORS,
    SUBTHEMES,
    THEMES,
    STUDIES,
    WORKS,
    STATEMENTS,
    INFLUENCES,
    JURISDICTIONS,
    ANOMALIES,
    GAPS,
    IMPLICATIONS,
    REVIEWS,
    ACTIVITIES,
)
