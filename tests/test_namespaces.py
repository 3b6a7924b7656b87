"""Tests of the prefixes."""

import pytest

from pswonto.errors import ParameterError
from pswonto.namespaces import PREFIXES, contract, expand, local_name


@pytest.mark.parametrize("prefix", PREFIXES)
def test_expand_and_contract_are_inverse(prefix: str) -> None:
    """What is expanded and contracted is as it was."""
    assert contract(expand(f"{prefix}:x")) == f"{prefix}:x"


@pytest.mark.parametrize("iri", ["<https://example.org/a>", "https://example.org/a"])
def test_a_full_iri_is_kept(iri: str) -> None:
    """A full IRI, with or without brackets, is its own expansion."""
    assert expand(iri) == "https://example.org/a"


def test_an_unknown_prefix_is_told_with_the_nearest() -> None:
    """A misspelt prefix is an error that names the one meant."""
    with pytest.raises(ParameterError, match="factor:psw-wellbeing"):
        expand("facter:psw-wellbeing")


@pytest.mark.parametrize("name", ["", "psw wellbeing", "facts"])
def test_a_bare_word_is_no_iri(name: str) -> None:
    """A word without a prefix is refused."""
    with pytest.raises(ParameterError):
        expand(name)


def test_local_name_is_what_follows_the_last_separator() -> None:
    """Slugs come after a slash, terms after a hash."""
    assert local_name("https://w3id.org/pswonto/factor/psw-wellbeing") == "psw-wellbeing"
    assert local_name("https://w3id.org/pswonto#Factor") == "Factor"
