"""What the page about one thing shows beside its triples, for each kind of thing that has a question of its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pswonto.bibliography import bibtex, csl_json, ris
from pswonto.errors import TermNotFound
from pswonto.explorer import Explorer
from pswonto.models import Item, Reference, Thing
from pswonto.questions import (
    ACTIVITIES,
    ANOMALIES,
    FACTORS,
    GAPS,
    IMPLICATIONS,
    INFLUENCES,
    JURISDICTIONS,
    LEVELS,
    REVIEWS,
    STATEMENTS,
    STUDIES,
    SUBTHEMES,
    THEMES,
    WORKS,
    Question,
)

_ROOT = ("/", "Framework")
Context = dict[str, Any]
# How many statements or studies a page about something else shows; the rest is in the list that it leads to.
_MOST = 200
# A polarity, statements of it, and how many there are.
Said = tuple[Reference, Sequence[Any], int]


class Portraits:
    """Gathers what pages about things show.

    Args:
        explorer: The explorer that answers.
    """

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._kinds: Mapping[str, tuple[Question[Any], Callable[[Any], Context]]] = {
            "level": (LEVELS, self._level),
            "factor": (FACTORS, self._factor),
            "subtheme": (SUBTHEMES, self._subtheme),
            "detail": (THEMES, self._detail),
            "work": (WORKS, self._work),
            "review": (REVIEWS, self._review),
            "activity": (ACTIVITIES, self._activity),
            "statement": (STATEMENTS, self._statement),
            "influence": (INFLUENCES, self._influence),
            "jurisdiction": (JURISDICTIONS, self._jurisdiction),
            "anomaly": (ANOMALIES, self._anomaly),
            "gap": (GAPS, self._gap),
            "implication": (IMPLICATIONS, self._gap),
        }

    def of(self, kind: str, slug: str) -> Context | None:
        """Return what the page about a thing shows, with the query behind it, or nothing where that is its triples.

        Args:
            kind: The kind of thing, as in its IRI.
            slug: The last part of its IRI.
        """
        if kind == "passage":
            return self._passage(slug)
        if kind not in self._kinds:
            return None
        question, gather = self._kinds[kind]
        try:
            item = self._explorer.find(question, slug)
        except TermNotFound:
            # A review has an IRI like that of a cited work. What is neither is shown as what is said of it.
            return self.of("review", slug) if kind == "work" else None
        text = self._explorer.text(question, {question.variable: [slug]})
        return {"kind": kind, "item": item, "text": text, "trail": [_ROOT], **gather(item)}

    def _list(self, question: Question[Item], **filters: str) -> list[Item]:
        return self._explorer.ask(question, {name: [value] for name, value in filters.items()})

    def _level(self, level: Any) -> Context:
        factors = [factor for factor in self._explorer.factors() if factor.placed_at_level.slug == level.slug]
        return {
            "factors": factors,
            "gaps": self._list(GAPS, level=level.slug),
            "implications": self._list(IMPLICATIONS, level=level.slug),
        }

    def _evidence(self, name: str, slug: str) -> Context:
        """Return the statements that a filter lets through, by their polarity, or the first where there are many."""
        values = {name: [slug]}
        if self._explorer.total(STATEMENTS, values) <= _MOST:
            statements = _by_polarity(self._explorer.ask(STATEMENTS, values))
        else:
            statements = _in_order(
                (
                    self._explorer.things.reference(self._explorer.names.prefixes["polarity"] + facet.value),
                    self._explorer.part(STATEMENTS, {**values, "polarity": [facet.value]}, None, 0, _MOST // 4),
                    facet.count,
                )
                for facet in self._explorer.facet(STATEMENTS, values, "polarity")
            )
        return {"statements": statements, "listed": f"{name}={slug}"}

    def _factor(self, factor: Any) -> Context:
        influences = [
            one for one in self._explorer.influences() if factor.slug in (one.has_source.slug, one.has_target.slug)
        ]
        return {
            "trail": [_ROOT, _step("level", factor.placed_at_level)],
            "subthemes": [one for one in self._explorer.subthemes() if one.sub_theme_of.slug == factor.slug],
            "outward": [one for one in influences if one.has_source.slug == factor.slug],
            "inward": [one for one in influences if one.has_target.slug == factor.slug],
            "gaps": self._list(GAPS, factor=factor.slug),
            "implications": self._list(IMPLICATIONS, factor=factor.slug),
            **self._evidence("factor", factor.slug),
        }

    def _subtheme(self, subtheme: Any) -> Context:
        trail = [_ROOT, _step("level", subtheme.at_level), _step("factor", subtheme.sub_theme_of)]
        return {"trail": trail, **self._evidence("subtheme", subtheme.slug)}

    def _detail(self, detail: Any) -> Context:
        whole = self._explorer.find(SUBTHEMES, detail.part_of_theme.slug)
        trail = [_ROOT, _step("level", whole.at_level), _step("factor", whole.sub_theme_of), _step("subtheme", whole)]
        return {"trail": trail, **self._evidence("theme", detail.slug)}

    def _work(self, work: Any) -> Context:
        return {
            "trail": [("/studies", "Studies") if work.is_study else ("/references", "Works")],
            **(self._evidence("study", work.slug) if work.is_study else {"statements": [], "listed": ""}),
            "themes": _tree(self._list(THEMES, study=work.slug)) if work.is_study else [],
            "anomalies": [
                one for one in self._explorer.anomalies() if work.iri in {thing.iri for thing in one.affects}
            ],
            "citations": {
                "BibTeX": (bibtex([work]), "bib"),
                "RIS": (ris([work]), "ris"),
                "CSL-JSON": (csl_json([work]), "csl.json"),
            },
        }

    def _statement(self, statement: Any) -> Context:
        activity = self._explorer.find(ACTIVITIES, statement.coded_in.slug)
        return {"trail": [("/statements", "Statements")], "activity": activity}

    def _review(self, review: Any) -> Context:
        return {"trail": [("/reviews", "Reviews")], "listed": f"review={review.slug}"}

    def _activity(self, activity: Any) -> Context:
        return {"trail": [("/activities", "Coding")], "listed": f"activity={activity.slug}"}

    def _influence(self, influence: Any) -> Context:
        return {
            "trail": [_ROOT, ("/influences", "Influences")],
            **self._evidence("influence", influence.slug),
        }

    def _jurisdiction(self, jurisdiction: Any) -> Context:
        return {
            "trail": [("/jurisdictions", "Countries and regions")],
            "studies": self._explorer.part(STUDIES, {"country": [jurisdiction.slug]}, None, 0, _MOST),
            **self._evidence("country", jurisdiction.slug),
        }

    def _anomaly(self, anomaly: Any) -> Context:
        return {"trail": [("/anomalies", "Anomalies of the source")]}

    def _gap(self, gap: Any) -> Context:
        is_gap = "/gap/" in gap.iri
        return {"trail": [("/gaps", "Research gaps") if is_gap else ("/implications", "Implications")]}

    def _passage(self, slug: str) -> Context:
        iri = self._explorer.names.prefixes["passage"] + slug
        claims = [*self._explorer.gaps(), *self._explorer.implications()]
        return {
            "kind": "passage",
            "item": self._explorer.things.reference(iri),
            "text": self._explorer.text(STATEMENTS, {"passage": [slug]}),
            "trail": [("/statements", "Statements")],
            "reviews": {row["review"].value for row in self._explorer.select("passages", passage=slug).rows},
            **self._evidence("passage", slug),
            "claims": [claim for claim in claims if claim.located_in.slug == slug],
            "influences": [
                one for one in self._explorer.influences() if slug in {place.slug for place in one.argued_in}
            ],
        }


def _step(kind: str, thing: Thing) -> tuple[str, str]:
    return f"/{kind}/{thing.slug}", thing.label


def _tree(themes: list[Any], whole: str | None = None) -> list[tuple[Any, Any]]:
    """Return the themes that are directly a part of another one, each with its own parts among them."""
    parts = [theme for theme in themes if (theme.part_of_theme.iri if theme.part_of_theme else None) == whole]
    return [(theme, _tree(themes, theme.iri)) for theme in parts]


def _by_polarity(statements: list[Any]) -> list[Said]:
    """Return statements by their polarity, with how many there are of each."""
    found = {statement.has_polarity.slug: statement.has_polarity for statement in statements}
    groups = {slug: [one for one in statements if one.has_polarity.slug == slug] for slug in found}
    return _in_order((found[slug], members, len(members)) for slug, members in groups.items())


def _in_order(groups: Iterable[Said]) -> list[Said]:
    """Return groups of statements in the order of their polarity, those that have a direction first."""
    order = {slug: place for place, slug in enumerate(("barrier", "enabler", "conditional", "descriptive"))}
    return sorted(groups, key=lambda group: (order.get(group[0].slug, len(order)), group[0].slug))
