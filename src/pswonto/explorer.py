"""The questions of the explorer: each is one stored query and one model."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from pswonto.errors import ParameterError, TermNotFound, nearest
from pswonto.models import (
    Factor,
    FactorSummary,
    Influence,
    Items,
    Level,
    Passage,
    QueryParameter,
    Reference,
    Statement,
    StoredQuery,
    Study,
    SubTheme,
    Work,
)
from pswonto.namespaces import BASE, PREFIXES, expand, local_name
from pswonto.queries import Query, QueryLibrary, Term
from pswonto.store import Answer, Solutions, Store, iri, literal

Row = dict[str, Term]


class Explorer:
    """Answers questions about one dataset.

    Args:
        store: The dataset, with its inferred triples.
        library: The stored queries.
    """

    def __init__(self, store: Store, library: QueryLibrary) -> None:
        self._store = store
        self._library = library

    def query(self, name: str) -> Query:
        """Return the stored query of a name.

        Raises:
            QueryNotFound: There is none.
        """
        return self._library[name]

    def queries(self) -> list[Query]:
        """Return all stored queries in order of their names."""
        return sorted(self._library, key=lambda query: query.name)

    def stored_queries(self) -> list[StoredQuery]:
        """Return all stored queries in order of their names, with what their parameters may be."""
        kinds = {
            kind for query in self._library for parameter in query.parameters for kind in parameter.type.split("|")
        }
        names = {kind: self._names(kind) for kind in kinds - {"string", "integer", "iri"}}
        return [
            StoredQuery(
                iri=f"{BASE}/query/{query.name}",
                name=query.name,
                form=query.form,
                summary=query.summary,
                description=query.description,
                parameters=tuple(
                    QueryParameter(
                        name=parameter.name,
                        type=parameter.type,
                        description=parameter.description,
                        values=tuple(name for kind in parameter.type.split("|") for name in names.get(kind, ())),
                    )
                    for parameter in query.parameters
                ),
                text=query.text,
            )
            for query in self.queries()
        ]

    def bind(self, query: Query, values: Mapping[str, Sequence[str]]) -> str:
        """Write a stored query with values, given as text, in the places of its parameters.

        Args:
            query: The query.
            values: For each parameter its values: a slug where the parameter is of a kind such as factor, a prefixed
                name, an IRI, a number, or a text, as the parameter's type says.

        Raises:
            ParameterError: The query has no such parameter, or a value does not fit its type.
        """
        types = {parameter.name: parameter.type for parameter in query.parameters}
        return query.bind(
            {
                name: [self._term(name, types.get(name, "string"), text) for text in texts]
                for name, texts in values.items()
            }
        )

    def select(self, name: str, **values: str) -> Solutions:
        """Answer a stored SELECT query.

        Args:
            name: The query's name.
            values: The values of its parameters, as for `bind`, one for each.
        """
        return self._store.select(self.bind(self.query(name), {key: [text] for key, text in values.items()}))

    def answer(self, text: str) -> Answer:
        """Answer a query that is given as text."""
        return self._store.answer(text)

    def _term(self, name: str, type_: str, text: str) -> Term:
        if type_ == "string":
            return literal(text)
        if type_ == "integer":
            if not text.lstrip("-").isdecimal():
                raise ParameterError(name, f"must be a whole number, not {text!r}")
            return literal(int(text))
        if type_ == "iri":
            return iri(expand(text, name), name)
        things = {slug: PREFIXES[kind] + slug for kind in type_.split("|") for slug in self._names(kind)}
        wanted = expand(text, name) if ":" in text else things.get(text, text)
        if wanted not in things.values():
            slug = local_name(wanted)
            raise ParameterError(name, f"names no {type_.replace('|', ' or ')}: {slug!r}", nearest(slug, things))
        return iri(wanted, name)

    def _names(self, kind: str) -> list[str]:
        rows = self._store.select(self._library["things-of-a-kind"].text).rows
        namespace = PREFIXES[kind]
        return [
            _text(row, "thing").removeprefix(namespace) for row in rows if _text(row, "thing").startswith(namespace)
        ]

    def levels(self) -> Items[Level]:
        """Return the levels in the order of the table, with the factors placed at each."""
        rows = self.select("levels").rows
        return Items(
            [
                Level(
                    iri=level,
                    slug=local_name(level),
                    label=_text(group[0], "label"),
                    definition=_text(group[0], "definition"),
                    level_description=tuple((_optional(group[0], "levelDescription") or "").splitlines()),
                    table_ordinal=int(_text(group[0], "tableOrdinal")),
                    factors=_references(group, "factor"),
                )
                for level, group in _groups(rows, "level")
            ]
        )

    def factors(self) -> Items[FactorSummary]:
        """Return the factors in the order of the table, with their numbers of studies and statements."""
        return Items([FactorSummary.model_validate(_factor(row)) for row in self.select("factors").rows])

    def factor(self, slug: str) -> Factor:
        """Return one factor with its sub-themes and neighbours.

        Raises:
            TermNotFound: There is no factor of that slug.
        """
        self._find("factor", slug)
        (row,) = self.select("factors", factor=slug).rows
        neighbours = {
            "sub_themes": tuple(
                SubTheme(
                    iri=sub_theme,
                    slug=local_name(sub_theme),
                    label=_text(group[0], "label"),
                    definition=_text(group[0], "definition"),
                    printed_as=_text(group[0], "printedAs"),
                    table_ordinal=int(_text(group[0], "tableOrdinal")),
                    details=_references(group, "detail"),
                )
                for sub_theme, group in _groups(self.select("sub-themes", factor=slug).rows, "subTheme")
            ),
            "influences": _references(self.select("influences", source=slug).rows, "target"),
            "influenced_by": _references(self.select("influences", target=slug).rows, "source"),
        }
        return Factor.model_validate(_factor(row) | neighbours)

    def studies(self, factor: str | None = None) -> Items[Study]:
        """Return the studies in order of their keys, each with its statements in the order of the review.

        Args:
            factor: The slug of a factor, to get only the studies and statements that concern it or a part of it.

        Raises:
            TermNotFound: There is no factor of that slug.
        """
        if factor is not None:
            self._find("factor", factor)
        return self._studies(**({} if factor is None else {"about": PREFIXES["factor"] + factor}))

    def study(self, key: str) -> Study:
        """Return one study with its statements.

        Raises:
            TermNotFound: No study has that key.
        """
        studies = {study.key: study for study in self._studies()}
        if key not in studies:
            raise TermNotFound("study", key, studies)
        return studies[key]

    def _studies(self, **values: str) -> Items[Study]:
        works = {work.iri: work for work in self.works()}
        return Items(
            [
                Study(
                    **works[study].model_dump(),
                    statements=tuple(_statement(row) for row in group),
                )
                for study, group in _groups(self.select("studies", **values).rows, "study")
            ]
        )

    def works(self) -> Items[Work]:
        """Return the works of the reference list in order of their keys."""
        return Items([_work(row) for row in self.select("works").rows])

    def influences(self) -> Items[Influence]:
        """Return the influences, the tabulated ones first and in the order of the table."""
        return Items([_influence(row) for row in self.select("influences").rows])

    def _find(self, kind: str, slug: str) -> None:
        known = self._names(kind)
        if slug not in known:
            raise TermNotFound(kind, slug, known)


def _text(row: Row, name: str) -> str:
    return row[name].value


def _optional(row: Row, name: str) -> str | None:
    return row[name].value if name in row else None


def _truth(row: Row, name: str) -> bool:
    return row[name].value in ("true", "1")


def _reference(row: Row, name: str) -> Reference:
    thing = _text(row, name)
    return Reference(iri=thing, slug=local_name(thing), label=_text(row, f"{name}Label"))


def _references(rows: Sequence[Row], name: str) -> tuple[Reference, ...]:
    return tuple(_reference(row, name) for row in rows if name in row)


def _groups(rows: Sequence[Row], name: str) -> Iterator[tuple[str, list[Row]]]:
    # The queries order their rows, so that those of one thing stand together.
    return ((thing, list(group)) for thing, group in groupby(rows, lambda row: _text(row, name)))


def _factor(row: Row) -> dict[str, object]:
    factor = _text(row, "factor")
    return {
        "iri": factor,
        "slug": local_name(factor),
        "label": _text(row, "label"),
        "definition": _text(row, "definition"),
        "printed_as": _text(row, "printedAs"),
        "placed_at_level": _reference(row, "level"),
        "table_ordinal": int(_text(row, "tableOrdinal")),
        "studies": int(_text(row, "studies")),
        "statements": int(_text(row, "statements")),
    }


def _statement(row: Row) -> Statement:
    statement, passage = _text(row, "statement"), _text(row, "passage")
    return Statement(
        iri=statement,
        slug=local_name(statement),
        polarity=_text(row, "polarity"),
        about_theme=_reference(row, "theme"),
        also_about=tuple(sorted((_optional(row, "alsoAbout") or "").split())),
        paraphrase=_text(row, "paraphrase"),
        located_in=Passage(
            iri=passage,
            slug=local_name(passage),
            section_heading=_text(row, "sectionHeading"),
            paragraph_ordinal=int(_text(row, "paragraphOrdinal")),
        ),
        cites_work=tuple(sorted(local_name(work) for work in _text(row, "works").split())),
        names_jurisdiction=tuple(sorted((_optional(row, "jurisdictions") or "").split())),
        confidence=_text(row, "confidence"),
        checked_by_person=_truth(row, "checkedByPerson"),
    )


def _work(row: Row) -> Work:
    work = _text(row, "work")
    return Work(
        iri=work,
        key=local_name(work),
        label=_text(row, "label"),
        type=local_name(_text(row, "type")),
        author_names=tuple(_text(row, "authorNames").split("; ")),
        publication_year=int(_text(row, "publicationYear")),
        title=_text(row, "title"),
        container_title=_optional(row, "containerTitle"),
        volume=_optional(row, "volume"),
        issue=_optional(row, "issue"),
        pages=_optional(row, "pages"),
        publisher=_optional(row, "publisher"),
        doi=_optional(row, "doi"),
        doi_as_printed=_optional(row, "doiAsPrinted"),
        web_address=_optional(row, "webAddress"),
        printed_as=_text(row, "printedAs"),
        cited_in_results=_truth(row, "citedInResults"),
        is_study=_truth(row, "isStudy"),
    )


def _influence(row: Row) -> Influence:
    influence = _text(row, "influence")
    ordinal = _optional(row, "tableOrdinal")
    return Influence(
        iri=influence,
        slug=local_name(influence),
        label=_text(row, "label"),
        source=_reference(row, "source"),
        target=_reference(row, "target"),
        direction=_text(row, "direction"),
        tabulated=_truth(row, "tabulated"),
        narrative=_truth(row, "narrative"),
        table_entry=_optional(row, "tableEntry"),
        expanded_from_all_themes=_truth(row, "expandedFromAllThemes") if "expandedFromAllThemes" in row else None,
        table_ordinal=None if ordinal is None else int(ordinal),
    )
