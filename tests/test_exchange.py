"""Tests of requests and responses as they are without a framework."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pswonto.web.exchange import Asked, Reply

MODIFIED = datetime(2026, 11, 23, tzinfo=UTC)


def asked(method: str = "GET", **headers: str) -> Asked:
    """Return a request with some headers."""
    named = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return Asked(method, "http", "/", b"", named, b"")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"if_none_match": '"tag"'}, 304),
        ({"if_none_match": 'W/"tag"'}, 304),
        ({"if_none_match": '"other", "tag"'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"other"'}, 200),
        ({"if_modified_since": format_datetime(MODIFIED, usegmt=True)}, 304),
        ({"if_modified_since": format_datetime(MODIFIED - timedelta(days=1), usegmt=True)}, 200),
        ({"if_modified_since": "yesterday"}, 200),
        ({"if_none_match": '"other"', "if_modified_since": format_datetime(MODIFIED, usegmt=True)}, 200),
    ],
)
def test_a_client_that_has_the_answer_gets_no_body(headers: dict[str, str], status: int) -> None:
    """Entity tags are compared first, and a date only where there is no tag; 304 keeps the tag and no length."""
    modified = format_datetime(MODIFIED, usegmt=True).encode()
    own = [(b"content-length", b"1"), (b"etag", b'"tag"'), (b"last-modified", modified)]
    reply = Reply(200, own, b"x").unless_current(asked(**headers))
    assert (reply.status, reply.body) == (status, b"x" if status == 200 else b"")
    assert (b"etag", b'"tag"') in reply.headers
    assert ((b"content-length", b"1") in reply.headers) == (status == 200)


def test_only_what_is_read_can_be_had_already() -> None:
    """A fault, an answer without a tag and a POST are sent whole."""
    tag = [(b"etag", b'"tag"')]
    assert Reply(400, tag).unless_current(asked(if_none_match="*")).status == 400
    assert Reply(200).unless_current(asked(if_none_match="*")).status == 200
    assert Reply(200, tag).unless_current(asked("POST", if_none_match="*")).status == 200


def test_several_lines_of_a_header_are_one_list() -> None:
    """RFC 9110, section 5.3; and where a client names no host, the address that it came to stands for it."""
    scope = {
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "query_string": b"",
        "server": ("127.0.0.1", 80),
        "headers": [(b"accept", b"a"), (b"accept", b"b")],
    }
    request = Asked.of(scope, b"")
    assert request.text(b"accept") == "a, b"
    assert request.text(b"host") == "127.0.0.1:80"


def test_the_head_is_written_as_http_has_it() -> None:
    """Each header is a line."""
    assert Reply(200, [(b"a", b"1"), (b"b", b"2")]).head() == b"a: 1\r\nb: 2\r\n"
