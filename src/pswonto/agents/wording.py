"""Answers as a short text: a line for each item, for agents that are shown no structured content."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pswonto.agents.answers import Answer, Call, Crossed, Defined, Described, Listed, Part, Portrait, Rows
from pswonto.models import (
    Activity,
    Anomaly,
    Counted,
    Factor,
    Found,
    Gap,
    Implication,
    Influence,
    Level,
    Matrix,
    Model,
    Passage,
    Reference,
    Review,
    Route,
    Statement,
    Study,
    SubTheme,
    Theme,
    Thing,
    Work,
)


def text(answer: Answer, question: str) -> str:
    """Return an answer as text: what it is about, its items and statements, and the caveats.

    Args:
        answer: The answer.
        question: What was asked.
    """
    notes = [*answer.caveats, "The query behind this is in the structured content, as sparql."]
    return "\n".join([question, *_body(answer), *_grounds(answer), *(f"Note: {told}" for told in notes)])


def _body(answer: Answer) -> Iterator[str]:
    if isinstance(answer, Part | Rows):
        shown = answer.items if isinstance(answer, Part) else answer.rows
        more = "" if answer.next is None else f"; for the next, call it again with offset {answer.next}"
        yield f"{len(shown)} of {answer.total}{more}"
    if isinstance(answer, Part):
        yield from (f"- {line(item)}" for item in answer.items)
    elif isinstance(answer, Rows):
        for row in answer.rows:
            yield "- " + "; ".join(f"{name}: {row[name]}" for name in answer.variables if name in row)
    elif isinstance(answer, Crossed):
        yield from _table(answer.matrix)
    elif isinstance(answer, Portrait):
        yield f"{answer.kind} {line(answer.thing)}"


def _grounds(answer: Answer) -> Iterator[str]:
    if answer.statement_total:
        yield f"It rests on {_number(answer.statement_total, 'statement')} of the review:"
        yield from (f"- {line(statement)}" for statement in answer.statements)
        if answer.all_statements is not None:
            yield f"For all of them, call {_call(answer.all_statements)}"


def _call(call: Call) -> str:
    given = ", ".join(
        f"{name} {' or '.join(map(str, value)) if isinstance(value, tuple) else value}"
        for name, value in call.arguments.items()
    )
    return f"{call.tool} with {given}" if given else call.tool


def _table(matrix: Matrix) -> Iterator[str]:
    counts = {(cell.row, cell.column): cell.count for cell in matrix.cells}
    yield " | ".join([matrix.unit, *(column.label for column in matrix.columns)])
    for row in matrix.rows:
        yield " | ".join([row.slug, *(str(counts.get((row.slug, column.value), 0)) for column in matrix.columns)])


def line(item: Model) -> str:
    """Return an item in one line; a study has a line more for each of its statements."""
    kind = next((kind for kind in type(item).__mro__ if kind in _LINES), None)
    if kind is not None:
        return _LINES[kind](item)
    return f"{item.slug}: {item.label}" if isinstance(item, Thing) else item.model_dump_json(by_alias=True)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _studies(count: int) -> str:
    return f"{count} stud" + ("y" if count == 1 else "ies")


def _counted(thing: Counted) -> str:
    return f"{_studies(thing.study_count)}, {_number(thing.statement_count, 'statement')}"


def _slugs(things: Iterable[Reference]) -> str:
    return ", ".join(thing.slug for thing in things)


def _checked(by_person: bool) -> str:
    return "checked by a person" if by_person else "not checked by a person"


def _place(passage: Passage) -> str:
    return f"in {passage.section_heading}, paragraph {passage.paragraph_ordinal}"


def _works(works: Iterable[Reference]) -> str:
    labels = "; ".join(f"{work.label} ({work.slug})" for work in works)
    return f" Cites {labels}." if labels else ""


def _level(level: Level) -> str:
    return f"{level.slug}: {level.label}, with the factors {_slugs(level.factors)}"


def _factor(factor: Factor) -> str:
    return (
        f"{factor.slug}: {factor.label} ({factor.placed_at_level.slug} level), {_counted(factor)}; sub-themes: "
        f"{_slugs(factor.has_sub_theme)}; influences: {_slugs(factor.influences) or 'none'}"
    )


def _subtheme(subtheme: SubTheme) -> str:
    details = f"; details: {_slugs(subtheme.has_detail)}" if subtheme.has_detail else ""
    return f"{subtheme.slug}: {subtheme.label}, part of {subtheme.sub_theme_of.slug}, {_counted(subtheme)}{details}"


def _theme(theme: Theme) -> str:
    whole = f", part of {theme.part_of_theme.slug}" if theme.part_of_theme else ""
    return f"{theme.slug}: {theme.label} ({theme.kind}){whole}, {_counted(theme)}"


def _statement(statement: Statement) -> str:
    themes = _slugs((statement.about_theme, *statement.also_about))
    return (
        f"statement {statement.slug}, {statement.has_polarity.slug} (confidence {statement.confidence}, "
        f"{_checked(statement.checked_by_person)}), about {themes}, {_place(statement.located_in)}: "
        f"{statement.paraphrase}{_works(statement.cites_work)}"
    )


def _work(work: Work) -> str:
    doi = f", doi:{work.doi}" if work.doi else ""
    place = f", conducted in {_slugs(work.conducted_in)}" if work.conducted_in else ""
    design = f", {'; '.join(work.study_design)}" if work.study_design else ""
    return f"{work.slug}: {'; '.join(work.author_names)} ({work.publication_year}). {work.title}{doi}{place}{design}"


def _review(review: Review) -> str:
    return (
        f"{review.slug}: {'; '.join(review.author_names)} ({review.publication_year}). {review.title}: "
        f"{_counted(review)}, "
        f"{review.checked_count} of these checked by a person"
    )


def _activity(activity: Activity) -> str:
    return (
        f"{activity.slug}: {activity.label}, by {activity.coding_method}, on {activity.date}, by {activity.creator}: "
        f"{_number(activity.statement_count, 'statement')}, {activity.checked_count} of these checked by a person"
    )


def _study(study: Study) -> str:
    return "\n".join([_work(study), *(f"  - {_statement(statement)}" for statement in study.statements)])


def _influence(influence: Influence) -> str:
    bases = {"the table": influence.tabulated, "the text": influence.narrative}
    basis = " and ".join(name for name, holds in bases.items() if holds)
    return (
        f"{influence.slug}: {influence.has_source.label} influences {influence.has_target.label} "
        f"({influence.direction}; by {basis}; {_number(len(influence.has_argument), 'statement')} for it)"
    )


def _route(route: Route) -> str:
    return f"{_number(route.length, 'step')}: {_slugs(route.steps)}"


def _claim(claim: Gap) -> str:
    themes = _slugs((*claim.concerns_level, *claim.concerns_theme))
    about = f", about {themes}" if themes else ""
    whom = f", for {claim.addressee}" if isinstance(claim, Implication) else ""
    return (
        f"{claim.slug} ({_checked(claim.checked_by_person)}){whom}{about}, {_place(claim.located_in)}: "
        f"{claim.paraphrase}{_works(claim.cites_work)}"
    )


def _anomaly(anomaly: Anomaly) -> str:
    return f"{anomaly.slug}: {anomaly.label} ({anomaly.resolution}). {anomaly.basis}"


def _found(found: Found) -> str:
    return f"{found.kind} {found.slug}: {found.label}. {found.text}"


def _described(thing: Described) -> str:
    return "\n".join([f"{thing.slug}: {thing.label}", *(f"  {said.property}: {said.value}" for said in thing.said)])


def _listed(question: Listed) -> str:
    given = f" (parameters: {', '.join(question.parameters)})" if question.parameters else ""
    return f"{question.name}: {question.question}{given}"


def _defined(term: Defined) -> str:
    axioms = f" {'; '.join(term.axioms)}" if term.axioms else ""
    return f"{term.name} ({term.kind}, {term.uses} uses): {term.definition or term.label}{axioms}"


_LINES: Mapping[type[Model], Callable[[Any], str]] = {
    Level: _level,
    Factor: _factor,
    SubTheme: _subtheme,
    Theme: _theme,
    Counted: lambda thing: f"{thing.slug}: {thing.label}, {_counted(thing)}",
    Statement: _statement,
    Passage: lambda passage: f"{passage.slug}: {_place(passage)}",
    Work: _work,
    Study: _study,
    Review: _review,
    Activity: _activity,
    Influence: _influence,
    Route: _route,
    Gap: _claim,
    Anomaly: _anomaly,
    Found: _found,
    Described: _described,
    Listed: _listed,
    Defined: _defined,
}
