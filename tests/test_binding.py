"""Tests of what is left of a query when it is known which of its parameters have terms."""

from pswonto.binding import closed, fitted

FILTERED = """SELECT ?s
WHERE {
  ?s a <urn:C> .
  {
    SELECT DISTINCT ?s
    WHERE { VALUES ?factor { UNDEF } ?s a <urn:C> . FILTER (!BOUND(?factor) || EXISTS { ?s <urn:p> ?factor }) }
  }
  {
    SELECT DISTINCT ?s
    WHERE {
      VALUES ?year { UNDEF }
      ?s <urn:year> ?year .
    }
  }
}
"""
ALTERNATIVES = """SELECT ?s ?kind
WHERE {
  VALUES ?kind { UNDEF }
  { BIND ("a" AS ?kind) ?s a <urn:A> }
  UNION { BIND ("b" AS ?kind) ?s a <urn:B> }
  UNION { BIND ("c" AS ?kind) BIND ("d" AS ?other) ?s a <urn:C> }
}
"""


def test_what_only_filters_is_left_out_where_nothing_is_given() -> None:
    """A query in brackets that nobody needs is not evaluated."""
    assert fitted(FILTERED, {}).count("SELECT") == 1


def test_a_filter_that_must_hold_becomes_a_pattern() -> None:
    """What a parameter with terms must fit is looked up, and not tried for each thing."""
    text = fitted(FILTERED, {"factor": {"<urn:f>"}})
    assert "?s <urn:p> ?factor ." in text
    assert "BOUND" not in text
    assert "urn:year" not in text


def test_one_of_several_alternatives_is_no_filter() -> None:
    """A query in brackets stays where what stands beside it would hold without it."""
    for text in (
        FILTERED.replace("  }\n  {", "  }\n  UNION\n  {"),
        FILTERED.replace("  }\n}", "  } UNION { ?s ?p ?o }\n}"),
    ):
        assert "urn:year" in fitted(text, {})


def test_an_alternative_for_another_text_is_left_out() -> None:
    """Of alternatives that begin with what a parameter must be, those stay that may be it."""
    assert fitted(ALTERNATIVES, {}) == ALTERNATIVES
    text = fitted(ALTERNATIVES, {"kind": {'"c"', '"a"'}, "other": {'"e"'}})
    assert "urn:A" in text
    assert "urn:B" not in text
    assert "urn:C" not in text
    assert fitted(ALTERNATIVES, {"kind": {'"c"'}}).count("BIND") == 2


def test_a_bracket_is_closed_by_its_own() -> None:
    """Brackets inside are passed over, and those in texts, IRIs and comments are none."""
    assert closed("{ { } } }", 1) == len("{ { } }")
    text = """{ VALUES ?q { "}\\"{{" '}' <urn:a#b> } # all that's asked }}
      ?a < ?b }"""
    assert closed(f"{text} }}", 1) == len(text)
