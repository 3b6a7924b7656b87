"""All tools of agents: the lists, a matrix, any one thing, the vocabulary, and questions that are answered in rows."""

from collections.abc import Sequence
from typing import Any

from anyio import to_thread

from pswonto.agents.answerer import row_tools
from pswonto.agents.answers import Answer, Crossed, Defined, Listed, Part, Portrait
from pswonto.agents.arguments import Arguments, Schema, beside, paging, schema_of, single
from pswonto.agents.grounds import NONE, Evidence
from pswonto.agents.lists import list_tools
from pswonto.agents.orientation import axioms_of
from pswonto.agents.things import Things
from pswonto.agents.tool import Tool
from pswonto.errors import ParameterError
from pswonto.explorer import Explorer
from pswonto.models import Model
from pswonto.pool import Pool
from pswonto.questions import QUERIES
from pswonto.settings import Settings
from pswonto.vocabulary import Vocabulary

_MATRIX = {"rows": "factors", "columns": "polarity", "unit": "studies"}
_TEXT: Schema = {"type": "string"}


def all_tools(
    explorer: Explorer, evidence: Evidence, things: Things, vocabulary: Vocabulary, pool: Pool, settings: Settings
) -> list[Tool]:
    """Return the tools over one dataset, in the order in which they are best read.

    Args:
        explorer: The explorer, with all stored queries.
        evidence: What answers rest on.
        things: What finds things by their names.
        vocabulary: The classes and properties of the dataset.
        pool: What evaluates queries that must be ended where they take too long.
        settings: How large answers may be, and how long queries may take.
    """
    return [
        *list_tools(explorer, evidence, settings),
        _matrix(explorer, evidence, settings),
        _thing(things, evidence, settings),
        _questions(explorer, evidence, settings),
        *row_tools(explorer, evidence, pool, settings),
        _terms(vocabulary, evidence, settings),
    ]


def _matrix(explorer: Explorer, evidence: Evidence, settings: Settings) -> Tool:
    query = explorer.query("matrix")
    arguments = {
        one.name: schema_of(one, many=False) | {"default": _MATRIX[one.name]} if one.name in _MATRIX else schema_of(one)
        for one in explorer.parameters(query)
    }

    def crossed(asked: Arguments) -> Answer:
        made = {name: [single(asked, name) if name in asked.values else _MATRIX[name]] for name in _MATRIX}
        filters = {name: texts for name, texts in asked.values.items() if name not in _MATRIX}
        sparql = explorer.bind(query, made | filters)
        matrix = explorer.matrix_of(made | filters)
        grounds = evidence.grounds(filters, asked.statements, evidence.size(sparql, matrix))
        return Crossed(matrix=matrix, **evidence.beside(sparql, grounds))

    async def answer(asked: Arguments) -> Answer:
        return await to_thread.run_sync(crossed, asked)

    return Tool(
        "matrix",
        "How many studies or statements",
        "How many studies or statements there are about each level, factor, sub-theme or theme, by polarity, country, "
        "year, period or design. A cell that is not told is 0. For what is behind a cell, call the tool that has the "
        "name of the unit, studies or statements, with row and column as filters; years and periods as yearFrom and "
        "yearTo.",
        arguments | beside(settings),
        (),
        Crossed,
        answer,
    )


def _thing(things: Things, evidence: Evidence, settings: Settings) -> Tool:
    def portrait(asked: Arguments) -> Answer:
        kind, thing, filters, sparql = things.portrait(things.named(single(asked, "thing")))
        grounds = NONE
        if filters:
            grounds = evidence.grounds(filters, asked.statements, evidence.size(sparql, thing))
        return Portrait(kind=kind, thing=thing, **evidence.beside(sparql, grounds))

    async def answer(asked: Arguments) -> Answer:
        return await to_thread.run_sync(portrait, asked)

    words = "An IRI, a prefixed name such as factor:psw-wellbeing or pswo:supports, or a slug"
    return Tool(
        "thing",
        "One thing",
        "All about one thing: a level, factor, sub-theme, detail, influence, work, statement, passage, country, gap, "
        "implication, defect of the source, class or property.",
        {"thing": _TEXT | {"description": words}} | beside(settings),
        ("thing",),
        Portrait,
        answer,
    )


def _questions(explorer: Explorer, evidence: Evidence, settings: Settings) -> Tool:
    def listed(asked: Arguments) -> Answer:
        found = explorer.ask(QUERIES, asked.values)
        items = [
            Listed(
                name=one.name,
                topic=explorer.query(one.name).topic,
                question=one.summary,
                note=one.description,
                parameters=tuple(f"{parameter.name}: {parameter.type}" for parameter in one.parameters),
            )
            for one in found
        ]
        return _part(Part[Listed], items, asked, evidence, explorer.text(QUERIES, asked.values))

    async def answer(asked: Arguments) -> Answer:
        return await to_thread.run_sync(listed, asked)

    parameters = explorer.parameters(explorer.query(QUERIES.name))
    return Tool(
        "questions",
        "Stored questions",
        "The questions that are stored, to be asked by name with the tool ask: many that no other tool answers, such "
        "as which factors influence nothing, or which citations of the review are misspelt.",
        {one.name: schema_of(one) for one in parameters} | paging(settings, statements=False),
        (),
        Part[Listed],
        answer,
    )


def _terms(vocabulary: Vocabulary, evidence: Evidence, settings: Settings) -> Tool:
    kinds = list(dict.fromkeys(term.kind for term in vocabulary.terms.values()))

    def listed(asked: Arguments) -> Answer:
        wanted = asked.values.get("kind", kinds)
        words = single(asked, "q").lower() if "q" in asked.values else ""
        for kind in wanted:
            if kind not in kinds:
                raise ParameterError("kind", f"must be one of {', '.join(kinds)}, not {kind!r}")
        items = [
            Defined(
                name=f"pswo:{term.name}",
                kind=term.kind,
                label=term.label,
                definition=term.definition,
                axioms=axioms_of(term),
                uses=term.uses,
            )
            for term in vocabulary.terms.values()
            if term.kind in wanted and words in f"{term.name} {term.label} {term.definition}".lower()
        ]
        return _part(Part[Defined], items, asked, evidence, vocabulary.text)

    async def answer(asked: Arguments) -> Answer:
        return await to_thread.run_sync(listed, asked)

    kind = {"type": "array", "items": _TEXT | {"enum": kinds}, "description": "What kinds of terms to tell"}
    return Tool(
        "terms",
        "Classes and properties",
        "The classes and properties of the ontology, with what they mean: what to write a query for sparql with.",
        {"q": _TEXT | {"description": "Words of the name, label or definition, in one piece"}, "kind": kind}
        | paging(settings, statements=False),
        (),
        Part[Defined],
        answer,
    )


def _part(
    model: type[Part[Any]], items: Sequence[Model], asked: Arguments, evidence: Evidence, sparql: str
) -> Part[Any]:
    shown, after = evidence.part(items, asked.offset, asked.limit, evidence.size(sparql))
    return model(total=len(items), items=tuple(shown), next=after, **evidence.beside(sparql, NONE))
