"""Tests of the explorer on the real data, with answers read off the review by hand."""

import pytest

from pswonto.errors import ParameterError, TermNotFound
from pswonto.explorer import Explorer
from pswonto.namespaces import PREFIXES
from pswonto.questions import WORKS
from pswonto.store import Store

# Read off the section "Regulatory & Political Context" of the review: every work that it cites.
REGULATORY_STUDIES = {
    *("grant-2012", "mulvale-2019", "white-2003", "gillard-2015", "berry-2011", "creamer-2012", "burr-2020"),
    *("byrne-2019", "franke-2010", "byrne-2016", "ehrlich-2020", "siantz-2016", "asad-2016", "mccarthy-2019"),
}


def test_levels_hold_their_factors_in_order(explorer: Explorer) -> None:
    """The table has three factors at the macro, four at the meso and two at the micro level."""
    assert [(level.slug, len(level.factors)) for level in explorer.levels()] == [
        ("macro", 3),
        ("meso", 4),
        ("micro", 2),
    ]


def test_level_descriptions_are_those_of_the_table(explorer: Explorer) -> None:
    """A level is described by the lines below its name in the table."""
    assert explorer.levels()[1].level_description == (
        "Organization level",
        "Arrangements affecting role implementation in mental health organizations",
    )


def test_factors_are_those_of_the_table(explorer: Explorer) -> None:
    """Nine factors come in the order of the table, with the slugs that stay for good."""
    assert [factor.slug for factor in explorer.factors()] == [
        "macro-socio-cultural-factors",
        "regulatory-and-political-factors",
        "economic-and-financial-factors",
        "organizational-culture",
        "organizational-leadership-and-supervision",
        "change-management-and-workplace-strategy",
        "human-resource-management-policies",
        "relationships-with-team-members",
        "psw-wellbeing",
    ]


def test_a_factor_has_its_sub_themes_details_and_neighbours(explorer: Explorer) -> None:
    """Human resource management policies have five sub-themes, one with three details, and three targets."""
    factor = explorer.factor("human-resource-management-policies")
    sub_themes = explorer.subthemes(factor=factor.slug)
    assert [sub_theme.slug for sub_theme in sub_themes] == [part.slug for part in factor.has_sub_theme]
    assert [len(sub_theme.has_detail) for sub_theme in sub_themes] == [0, 0, 0, 0, 3]
    assert {target.slug for target in factor.influences} == {
        "organizational-culture",
        "relationships-with-team-members",
        "psw-wellbeing",
    }
    assert len(factor.influenced_by) == 6


def test_studies_of_a_factor_are_those_of_its_section_and_those_cited_elsewhere_about_it(explorer: Explorer) -> None:
    """The studies that support a factor are those that its section cites, and one of another section that names it."""
    studies = {study.key for study in explorer.studies(factor="regulatory-and-political-factors")}
    assert studies == REGULATORY_STUDIES | {"hopkins-2021"}


def test_studies_of_a_factor_are_those_that_support_it(explorer: Explorer, store: Store) -> None:
    """The question asked through the explorer and through the derived property has one answer, for every factor."""
    for factor in explorer.factors():
        rows = store.select(f"SELECT ?s {{ ?s <{PREFIXES['pswo']}supports> <{factor.iri}> }}").rows
        studies = explorer.studies(factor=factor.slug)
        assert {row["s"].value for row in rows} == {study.iri for study in studies}
        assert factor.study_count == len(studies)
        assert factor.statement_count == len({statement.iri for study in studies for statement in study.statements})


def test_a_study_tells_each_statement_in_full(explorer: Explorer) -> None:
    """Of Siantz et al. 2016 the review says that policy without a change of views does not embed the role."""
    (statement,) = [
        statement
        for statement in explorer.study("siantz-2016").statements
        if statement.located_in.slug == "regulatory-and-political-context-4"
    ]
    assert statement.has_polarity.slug == "conditional"
    assert statement.about_theme.slug == "policy-mandates"
    assert statement.located_in.section_heading == "Regulatory & Political Context"
    assert [work.slug for work in statement.cites_work] == ["siantz-2016"]
    assert not statement.checked_by_person


def test_works_are_all_of_the_reference_list(explorer: Explorer) -> None:
    """The list has 82 works, and the Results cite 40 of them."""
    works = explorer.works()
    assert len(works) == 82
    assert sum(work.cited_in_results for work in works) == 40


def test_every_study_is_a_work_cited_in_the_results(explorer: Explorer) -> None:
    """Method books and policy papers are no studies."""
    works = {work.key: work for work in explorer.works()}
    studies = explorer.studies()
    assert {study.key for study in studies} == {key for key, work in works.items() if work.is_study}
    assert all(study.cited_in_results for study in studies)


def test_influences_are_those_of_the_table(explorer: Explorer) -> None:
    """The table has 16 downward and 12 intra-level influences, eight of them from entries that name all themes."""
    influences = [influence for influence in explorer.influences() if influence.tabulated]
    directions = [influence.direction for influence in influences]
    assert (directions.count("downward"), directions.count("intra-level"), len(directions)) == (16, 12, 28)
    assert sum(bool(influence.expanded_from_all_themes) for influence in influences) == 8


def test_a_misspelt_slug_is_told_with_the_nearest(explorer: Explorer) -> None:
    """Whoever misspells a factor or a study is told the one meant."""
    with pytest.raises(TermNotFound, match="did you mean psw-wellbeing"):
        explorer.factor("psw-welbeing")
    with pytest.raises(TermNotFound, match="byrne-2016"):
        explorer.study("byrne-2017")


def test_filters_have_the_names_of_python_or_of_the_api(explorer: Explorer) -> None:
    """A filter of two words may be written as Python or as a URL has it, and a value may be a number or several."""
    late = explorer.studies(year_from=2019)
    assert 0 < len(late) < 40
    assert late == explorer.studies(yearFrom="2019")
    both = explorer.statements(polarity=["barrier", "enabler"])
    assert len(both) == len(explorer.statements(polarity="barrier")) + len(explorer.statements(polarity="enabler"))
    assert len(explorer.works(is_study=True)) == 40
    with pytest.raises(ParameterError, match="did you mean polarity"):
        explorer.statements(polarty="barrier")


def test_every_list_is_a_question(explorer: Explorer) -> None:
    """Each list of the API is a method that returns its models."""
    assert (len(explorer.subthemes()), len(explorer.themes())) == (25, 39)
    assert (len(explorer.statements()), len(explorer.jurisdictions())) == (124, 14)
    assert (len(explorer.anomalies()), len(explorer.gaps()), len(explorer.implications())) == (37, 11, 16)
    assert [item.kind for item in explorer.coverage(2)] == ["theme"] * 2 + ["influence"] * 12
    assert explorer.search("SELF-CARE")[0].slug == "self-care"
    assert all(route.length <= 2 for route in explorer.paths("organizational-culture", "psw-wellbeing", 2))


def test_a_matrix_counts(explorer: Explorer) -> None:
    """Of the wellbeing of peer support workers the review speaks as barrier by five statements."""
    matrix = explorer.matrix(unit="statements", confidence=["high", "medium", "low"])
    counts = {(cell.row, cell.column): cell.count for cell in matrix.cells}
    listed = explorer.statements(factor="psw-wellbeing", polarity="barrier")
    assert counts["psw-wellbeing", "barrier"] == len(listed) == 5
    assert [column.value for column in matrix.columns] == ["barrier", "conditional", "descriptive", "enabler"]


def test_an_order_that_there_is_not_is_told(explorer: Explorer) -> None:
    """Lists are ordered by what their question says."""
    years = [work.publication_year for work in explorer.ask(WORKS, {}, "-publicationYear")]
    assert years == sorted(years, reverse=True)
    with pytest.raises(ParameterError, match="one of label, publicationYear"):
        explorer.ask(WORKS, {}, "year")
