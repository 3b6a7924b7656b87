"""The tools that answer with a list: each is one question of the explorer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from anyio import to_thread

from pswonto.agents.answers import Answer, Part
from pswonto.agents.arguments import Arguments, Values, paging, schema_of
from pswonto.agents.grounds import NONE, Evidence
from pswonto.agents.tool import Tool
from pswonto.explorer import Explorer
from pswonto.models import Found, Model, Route, Thing, Uncovered
from pswonto.questions import (
    COVERAGE,
    FACTORS,
    GAPS,
    IMPLICATIONS,
    INFLUENCES,
    PATHS,
    SEARCH,
    STATEMENTS,
    STUDIES,
    SUBTHEMES,
    Question,
)
from pswonto.settings import Settings

# What makes the filters that find the statements that some items rest on.
Filters = Callable[[Sequence[Any]], Values]
# Filters that mean the same for statements as for lists of what statements are about.
_SHARED = ("study", "polarity", "country", "yearFrom", "yearTo", "design", "confidence")


def _none(items: Sequence[Model]) -> Values:
    return {}


def _by(parameter: str) -> Filters:
    def filters(items: Sequence[Thing]) -> Values:
        return {parameter: [item.slug for item in items]}

    return filters


def _of_routes(items: Sequence[Route]) -> Values:
    return {"influence": list(dict.fromkeys(step.slug for item in items for step in item.steps))}


def _of_uncovered(items: Sequence[Uncovered]) -> Values:
    return {"theme": [item.slug for item in items if item.kind == "theme"]}


def _of_found(items: Sequence[Found]) -> Values:
    return {"statement": [item.slug for item in items if item.kind == "statement"]}


@dataclass(frozen=True)
class _List:
    """A tool that answers with a list.

    Attributes:
        question: The question; the tool has its name.
        title: The title of the tool.
        description: The description of the tool.
        filters: What finds the statements that items rest on, where they do not have them themselves.
        required: The filters that must be set.
    """

    question: Question[Any]
    title: str
    description: str
    filters: Filters | None = None
    required: tuple[str, ...] = ()


_LISTS = (
    _List(
        FACTORS,
        "Factors",
        "The factors of the framework: level, sub-themes, which factors each influences, and how many studies and "
        "statements are about it. Begin here: it tells the slugs that other tools take.",
        _by("factor"),
    ),
    _List(
        SUBTHEMES,
        "Sub-themes",
        "The sub-themes of the factors, with their details and numbers of studies and statements.",
        _by("subtheme"),
    ),
    _List(
        STATEMENTS,
        "Statements of the review",
        "What the review says, in paraphrase: each claim with polarity (barrier, enabler, conditional, descriptive), "
        "themes, the studies that it cites, its paragraph, how sure the coding is, and whether a person checked it. "
        "Use it for any question of what helps or hinders, and to back what you say.",
    ),
    _List(
        STUDIES,
        "Studies",
        "The studies that the review cites as evidence, each with those of its statements that the filters let "
        "through: which studies support a factor, as barrier or enabler, of which country, years or design.",
    ),
    _List(
        INFLUENCES,
        "Influences between factors",
        "Which factor influences which, whether the table of the review has it (tabulated), its text argues for it "
        "(narrative), and which statements do (argued).",
        _by("influence"),
    ),
    _List(
        PATHS,
        "Ways from one factor to another",
        "The ways along influences from one factor to another, the shortest first. They show what the framework "
        "connects; the review does not claim that an effect passes along a way.",
        _of_routes,
        ("from", "to"),
    ),
    _List(
        COVERAGE,
        "What is little covered",
        "Themes that few studies are cited about, and influences that no statement argues for. Few citations say how "
        "often the review cites, and not how much there is to know.",
        _of_uncovered,
    ),
    _List(
        GAPS,
        "Gaps that the authors name",
        "The gaps in research that the authors of the review name, with their paragraphs.",
    ),
    _List(
        IMPLICATIONS,
        "What the authors recommend",
        "The recommendations of the authors, with whom they are for and their paragraphs.",
    ),
    _List(
        SEARCH,
        "Search",
        "Things of any kind that have some words in one piece in their name or text: themes, works, statements, "
        "countries and more. Use it to find the slug of what you know by other words.",
        _of_found,
        ("q",),
    ),
)


def list_tools(explorer: Explorer, evidence: Evidence, settings: Settings) -> list[Tool]:
    """Return the tools that answer with a list.

    Args:
        explorer: The explorer that answers.
        evidence: What finds the statements that items rest on.
        settings: How many items a page has.
    """
    return [_tool(listed, explorer, evidence, settings) for listed in _LISTS]


def _tool(listed: _List, explorer: Explorer, evidence: Evidence, settings: Settings) -> Tool:
    question = listed.question
    model: type[Part[Any]] = Part[question.model]  # type: ignore[name-defined]  # it is made when it runs
    filters = {one.name: schema_of(one) for one in explorer.parameters(explorer.query(question.name))}

    def part(asked: Arguments) -> Answer:
        items: Sequence[Model] = explorer.ask(question, asked.values)
        sparql = explorer.text(question, asked.values)
        finding = listed.filters or _none
        shown, after = evidence.part(
            items, asked.offset, asked.limit, evidence.size(sparql), besides=lambda item: finding([item])
        )
        grounds = NONE
        if any((chosen := finding(shown)).values()):
            shared = {name: texts for name, texts in asked.values.items() if name in _SHARED}
            grounds = evidence.grounds(chosen | shared, asked.statements, evidence.size(sparql, *shown))
        return model(total=len(items), items=tuple(shown), next=after, **evidence.beside(sparql, grounds))

    async def answer(asked: Arguments) -> Answer:
        return await to_thread.run_sync(part, asked)

    return Tool(
        name=question.name,
        title=listed.title,
        description=listed.description,
        arguments=filters | paging(settings, statements=listed.filters is not None),
        required=listed.required,
        model=model,
        answer=answer,
    )
