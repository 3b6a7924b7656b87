"""Tests of the settings."""

from pathlib import Path

import pytest

from pswonto.errors import ParameterError
from pswonto.settings import Settings, from_environment


def test_defaults_hold_where_nothing_is_set() -> None:
    """An environment without our variables gives the defaults."""
    assert from_environment({"HOME": "/"}) == Settings()


def test_variables_set_their_fields() -> None:
    """Each variable sets the field that it names, in the field's type."""
    settings = from_environment({"PSWONTO_PORT": "8080", "PSWONTO_HOST": "::1", "PSWONTO_DATA": "a.ttl:b"})
    assert settings == Settings(port=8080, host="::1", data=(Path("a.ttl"), Path("b")))


@pytest.mark.parametrize("environment", [{"PSWONTO_PROT": "1"}, {"PSWONTO_PORT": "eighty"}])
def test_a_wrong_variable_is_an_error(environment: dict[str, str]) -> None:
    """A misspelt variable or a value of the wrong type is told at once."""
    with pytest.raises(ParameterError, match=next(iter(environment))):
        from_environment(environment)
