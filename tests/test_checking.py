"""Tests of checks by persons."""

from datetime import date

import pytest

from pswonto.curating.checking import check
from pswonto.dataset import Dataset
from pswonto.errors import ParameterError, TermNotFound

ONE, OTHER = "0000-0002-1825-0097", "https://orcid.org/0000-0002-1694-233X"
DAY = date(2026, 11, 25)


def test_a_check_is_written_down(asserted: Dataset) -> None:
    """Who and when stands at the statement; the number may lack its zeros, and the same twice is once."""
    checked = check(asserted, ["0001", "1", "27"], ONE, DAY)
    assert checked.statements == ["0001", "0027"]
    ((path, text),) = checked.texts.items()
    assert path.name == "evidence.ttl"
    statement = text.split("\nstatement:0001\n")[1].split(" .\n")[0]
    assert "pswo:checkedByPerson true ;" in statement
    assert "pswo:checkedBy <https://orcid.org/0000-0002-1825-0097> ;" in statement
    assert 'pswo:checkedOn "2026-11-25"^^xsd:date ;' in statement
    assert "<https://orcid.org/0000-0002-1825-0097>\n  a owl:NamedIndividual, prov:Person ;" in text


def test_who_has_checked_already_is_not_written_twice(second_dataset: Dataset) -> None:
    """A check that is there is left alone; another person's is added beside it."""
    assert check(second_dataset, ["0001"], ONE, DAY).texts == {}
    checked = check(second_dataset, ["0001"], OTHER, DAY)
    (text,) = checked.texts.values()
    statement = text.split("\nstatement:0001\n")[1].split(" .\n")[0]
    assert statement.count("pswo:checkedBy ") == 2
    assert statement.count("pswo:checkedOn ") == 1


def test_what_does_not_fit_is_told(asserted: Dataset) -> None:
    """A number without a statement, and digits that are no ORCID."""
    with pytest.raises(TermNotFound, match="0125"):
        check(asserted, ["0001", "0125"], ONE, DAY)
    with pytest.raises(ParameterError, match="must be an ORCID"):
        check(asserted, ["0001"], "0000-0002-1825-0098", DAY)
