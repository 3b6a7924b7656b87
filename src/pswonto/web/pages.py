"""The pages for people, made of the same models as REST."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, cast
from urllib.parse import quote, urlencode

from fastapi import Request
from jinja2 import Environment

from pswonto import __version__
from pswonto.errors import ParameterError, nearest
from pswonto.explorer import Explorer
from pswonto.models import Influence
from pswonto.questions import INFLUENCES, PATHS, SEARCH, STATEMENTS, STUDIES
from pswonto.settings import Settings
from pswonto.store import GRAPH_FORMATS
from pswonto.vocabulary import Vocabulary
from pswonto.web.diagram import Diagram, draw
from pswonto.web.evidence_map import LABELS, chosen, evidence_map, table_of, variants
from pswonto.web.listing import COLUMNS, Choice, listing, path_of
from pswonto.web.parameters import Parameters, part_of
from pswonto.web.portraits import Portraits
from pswonto.web.representation import CSV, table
from pswonto.web.site import Site
from pswonto.web.structured_data import dataset_description, defined_term

# Nothing from another host, and no code or style inside a page; what describes the page as data is not run.
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors 'none'"
_OF_PAGES = ("limit", "cursor", "sort")
# For each list its name, what one of it is called, and what it is.
_LISTS = {
    "statements": (
        "Statements",
        "statement",
        "What the review says on a factor or a part of it, claim by claim, with the works it credits.",
    ),
    "studies": ("Studies", "study", "The works that the review cites as evidence, each with what it is cited for."),
    "works": ("Works", "work", "The reference list of the review, whether cited as evidence or for something else."),
    "influences": (
        "Influences",
        "influence",
        "Which factor acts on which other one, by the table of the review or by its text.",
    ),
    "jurisdictions": (
        "Countries and regions",
        "country or region",
        "Where studies were conducted, and which places the text names, as far as the review says so.",
    ),
    "anomalies": (
        "Anomalies of the source",
        "anomaly",
        "Defects of the published review, written down and not mended in silence.",
    ),
    "reviews": ("Reviews", "review", "What the statements are taken from, and how much of it a person has checked."),
    "activities": ("Coding activities", "activity", "Who or what coded the statements, when, and how."),
    "gaps": ("Research gaps", "research gap", "What the authors of the review say is missing."),
    "implications": ("Implications", "implication", "What the authors of the review recommend, and to whom."),
}


class Pages:
    """Writes the pages about what the dataset holds.

    Args:
        explorer: The explorer that answers their questions.
        vocabulary: The classes and properties.
        templates: The templates.
        settings: How many items a page of a list has.
        released: When the dataset changed last.

    Attributes:
        portraits: What the pages about single things show.
        names: How the things are named.
    """

    def __init__(
        self,
        explorer: Explorer,
        vocabulary: Vocabulary,
        templates: Environment,
        settings: Settings,
        released: datetime,
    ) -> None:
        self._explorer = explorer
        self._vocabulary = vocabulary
        self._released = released
        self._templates = templates
        self.portraits = Portraits(explorer)
        self.names = explorer.names
        self._settings = settings
        self._exported = cast(Site, templates.globals["site"]).exported

    def render(self, template: str, here: str = "", **context: Any) -> str:
        """Return a page.

        Args:
            template: The name of its template.
            here: The path that it has in the navigation, if it is there.
            context: What the template needs.
        """
        return self._templates.get_template(template).render(here=here, version=__version__, **context)

    @cached_property
    def _influences(self) -> list[Influence]:
        return self._explorer.influences()

    def drawing(self, influences: Iterable[Influence] = ()) -> Diagram:
        """Return the drawing of the framework, with the influences of the table.

        Args:
            influences: Influences to draw although the table does not have them.
        """
        drawn = {one.iri: one for one in (*self._influences, *influences) if one.tabulated} | {
            one.iri: one for one in influences
        }
        return draw(self._explorer.levels(), self._explorer.factors(), list(drawn.values()))

    def drawing_file(self) -> str:
        """Return the drawing as a file of its own, with its colours in it."""
        return self.render("framework.svg", drawing=self.drawing())

    def home(self) -> str:
        """Return the first page."""
        factors = self._explorer.factors()
        tabulated = [one for one in self._influences if one.tabulated]
        between = {(one.has_source.slug, one.has_target.slug): one for one in self._influences}
        directions = [one.direction for one in tabulated]
        context: dict[str, Any] = {
            "factors": factors,
            "drawing": self.drawing(),
            "matrix": [
                {
                    "factor": factor,
                    "cells": [(other, between.get((factor.slug, other.slug))) for other in factors],
                    "total": sum(one.has_source.slug == factor.slug for one in tabulated),
                }
                for factor in factors
            ],
            "totals": [(factor, sum(one.has_target.slug == factor.slug for one in tabulated)) for factor in factors],
            "downward": directions.count("downward"),
            "within": directions.count("intra-level"),
            "upward": directions.count("upward"),
            "argued_only": len(tabulated) < len(self._influences),
            "statements": self._explorer.total(STATEMENTS),
            "studies": self._explorer.total(STUDIES),
            "query": query_link(self._explorer.text(INFLUENCES, {})),
            "terms": list(self._vocabulary.terms.values()),
            "structured": dataset_description(
                self.names, self._explorer.subject, self._explorer.reviews(), self._released
            ),
        }
        return self.render("home.html", "/", **context)

    def map(self, parameters: Sequence[tuple[str, str]]) -> str:
        """Return the evidence map.

        Args:
            parameters: The parameters of the request.

        Raises:
            ParameterError: A parameter does not fit.
        """
        unit, columns, by_total = chosen(parameters)
        shown = evidence_map(self._explorer, unit, columns, by_total)
        return self.render(
            "map.html",
            "/map",
            map=shown,
            heads=[(block, column) for block in shown.blocks for column in block.columns],
            chosen=any(name == "cols" for name, _ in parameters),
            studies=self._explorer.total(STUDIES),
            located=self._explorer.number("located"),
            blocks=LABELS,
            variants=variants(unit, columns, by_total),
            columns=columns,
            by_total=by_total,
            csv="/map.csv" + (f"?{urlencode(parameters)}" if parameters else ""),
            link=query_link,
        )

    def map_table(self, parameters: Sequence[tuple[str, str]]) -> bytes:
        """Return the evidence map as CSV; the arguments are those of `map`."""
        unit, columns, by_total = chosen(parameters)
        return table(CSV, *table_of(evidence_map(self._explorer, unit, columns, by_total)))

    def list(self, name: str, request: Request) -> str:
        """Return the page of a list.

        Args:
            name: The name of the list.
            request: The request.

        Raises:
            ParameterError: A parameter does not fit.
        """
        question, _ = COLUMNS[name]
        filters = [parameter.name for parameter in self._explorer.query(name).parameters]
        # A form sends a field that is left empty too.
        asked = Parameters(request, filters, _OF_PAGES)
        part = part_of(self._explorer, question, asked, self._settings)
        title, one, lead = _LISTS[name]
        pairs = request.query_params.multi_items()
        shown = listing(self._explorer, question, part, pairs, self._settings.page_limit, self._exported)
        return self.render(
            "list.html", path_of(name), listing=shown, title=title, one=one, lead=lead, query=query_link(part.text)
        )

    def terms(self) -> str:
        """Return the page of all terms."""
        terms = list(self._vocabulary.terms.values())
        kinds = {term.kind: [other for other in terms if other.kind == term.kind] for term in terms}
        context = {"terms": terms, "kinds": list(kinds.items()), "query": query_link(self._vocabulary.text)}
        return self.render("terms.html", "/terms", link=query_link, **context)

    def completions(self) -> dict[str, object]:
        """Return what an editor of queries completes names with: prefixes, and the IRIs of classes and properties."""
        terms = self._vocabulary.terms.values()
        return {
            "prefixes": dict(self.names.prefixes),
            "classes": [term.iri for term in terms if term.kind == "class"],
            "properties": [term.iri for term in terms if term.kind != "class"],
        }

    def term(self, name: str) -> str:
        """Return the page of one class or property.

        Raises:
            TermNotFound: There is none of that name.
        """
        term = self._vocabulary.term(name)
        users = [
            other
            for other in self._vocabulary.terms.values()
            if other is not term and any(token.iri == term.iri for _, tokens in other.axioms for token in tokens)
        ]
        return self.render(
            "term.html",
            "/terms",
            term=term,
            users=users,
            link=query_link,
            structured=defined_term(self.names, term.iri, term.label, term.definition),
            formats=[name for name, _ in GRAPH_FORMATS.values()],
        )

    def search(self, parameters: Sequence[tuple[str, str]]) -> str:
        """Return what has some words, the best first.

        Args:
            parameters: The parameters of the request: `q`, and `kind` to look only among things of a kind.

        Raises:
            ParameterError: A parameter does not fit.
        """
        given = _once(parameters, ("q", "kind"))
        sought = given.get("q", "").strip()
        if not sought:
            return self.render("search.html", "/search", sought="")
        values = {name: [value] for name, value in {**given, "q": sought}.items()}
        facets = self._explorer.facets(SEARCH, values)["kind"]
        words = sought.lower()
        terms = [
            term
            for term in self._vocabulary.terms.values()
            if "kind" not in given
            and (words in term.name.lower() or words in term.label.lower() or words in (term.definition or "").lower())
        ]
        kinds = [
            Choice(
                facet.label,
                facet.count,
                "/search?" + urlencode({"q": sought} | ({} if is_set else {"kind": facet.value})),
                is_set,
            )
            for facet in facets
            for is_set in (given.get("kind") == facet.value,)
        ]
        return self.render(
            "search.html",
            "/search",
            sought=sought,
            found=self._explorer.ask(SEARCH, values),
            terms=sorted(terms, key=lambda term: words not in term.name.lower()),
            kinds=kinds,
            query=query_link(self._explorer.text(SEARCH, values)),
        )

    def paths(self, parameters: Sequence[tuple[str, str]]) -> str:
        """Return the paths from one factor to another, on the drawing.

        Args:
            parameters: The parameters of the request: `from`, `to`, `longest`, and `path` to draw only that one.

        Raises:
            ParameterError: A parameter does not fit.
        """
        given = _once(parameters, ("from", "to", "longest", "path"))
        factors = self._explorer.factors()
        context: dict[str, Any] = {"factors": factors, "source": None, "target": None, "longest": 4}
        if not {"from", "to"} & set(given):
            counts = {}
            if self._exported:
                # Nothing answers the form there, so that each pair is told with its number of paths.
                pairs = [(source.slug, target.slug) for source in factors for target in factors]
                counts = {pair: len(self._explorer.paths(*pair)) for pair in pairs}
            return self.render("paths.html", "/paths", **context, counts=counts)
        for name in ("from", "to"):
            if name not in given:
                raise ParameterError(name, "is missing")
        values = {name: [value] for name, value in given.items() if name != "path"}
        routes = self._explorer.ask(PATHS, values)
        shown = given.get("path")
        if shown is not None and not (shown.isascii() and shown.isdecimal() and 1 <= int(shown) <= len(routes)):
            raise ParameterError("path", f"must be a whole number from 1 to {len(routes)}, not {shown!r}")
        shortest = min((route.length for route in routes), default=0)
        drawn = [
            number
            for number, route in enumerate(routes, 1)
            if (number == int(shown) if shown else route.length == shortest)
        ]
        chosen = {step.iri for number in drawn for step in routes[number - 1].steps}
        named = {factor.slug: factor for factor in factors}
        api = urlencode([(name, text) for name, (text,) in values.items()])
        return self.render(
            "paths.html",
            "/paths",
            **context
            | {
                "source": named[given["from"]],
                "target": named[given["to"]],
                "longest": int(given.get("longest", 4)),
                "routes": routes,
                "shown": shown,
                "chosen_routes": drawn,
                "chosen": chosen,
                "drawing": self.drawing([one for one in self._influences if one.iri in chosen]),
                "ends": {one.iri: (one.has_source, one.has_target) for one in self._influences},
                "base": f"/paths?{api}",
                "api": api,
                "query": query_link(self._explorer.text(PATHS, values)),
            },
        )

    def fault(self, problem: Mapping[str, Any]) -> str:
        """Return the page that tells a problem.

        Args:
            problem: The problem, as its JSON has it.
        """
        told: dict[str, Any] = {
            name: problem.get(name) for name in ("title", "detail", "status", "nearest", "instance")
        }
        return self.render("fault.html", **told)

    def about(self) -> str:
        """Return the page on how this was made, and how to use it."""
        tabulated = [one for one in self._influences if one.tabulated]
        notes = [row["note"].value for row in self._explorer.select("notes").rows]
        return self.render(
            "about.html",
            "/about",
            base=self.names.base,
            statements=self._explorer.total(STATEMENTS),
            studies=self._explorer.total(STUDIES),
            levels=len(self._explorer.levels()),
            factors=len(self._explorer.factors()),
            subthemes=len(self._explorer.subthemes()),
            tabulated=len(tabulated),
            expanded=sum(bool(one.expanded_from_all_themes) for one in tabulated),
            activities=self._explorer.activities(),
            # A note tells before its colon what it is on.
            notes=[note.split(": ", 1) if ": " in note else ("", note) for note in notes],
            anomalies=len(self._explorer.anomalies()),
            gaps=len(self._explorer.gaps()),
            implications=len(self._explorer.implications()),
        )

    def highlights(self) -> str:
        """Return the style of the drawing that depends on how many factors it has."""
        return self.render("framework.css", factors=len(self._explorer.factors()))


def _once(parameters: Sequence[tuple[str, str]], known: Sequence[str]) -> dict[str, str]:
    """Return parameters that are known and given once."""
    given: dict[str, str] = {}
    for name, value in parameters:
        if name not in known:
            raise ParameterError(name, f"is not known; there are: {', '.join(known)}", nearest(name, known))
        if name in given:
            raise ParameterError(name, "may be given once only")
        given[name] = value
    return given


def query_link(text: str) -> str:
    """Return the path at which a query is asked."""
    return f"/sparql?query={quote(text)}"
