"""Tests of the log."""

import io
import json
import logging
import os
import time

from pswonto.web.log import JsonHandler, Log, now, quoted, request_id


def test_each_line_is_json() -> None:
    """What is taken down is written in order, each entry a line, with its time and without what is nothing."""
    output = io.BytesIO()
    log = Log(output)
    log.start()
    log.entry("info", message="one\ntwo", request="")
    log.line("{}")
    log.stop()
    first, second = output.getvalue().splitlines()
    entry = json.loads(first)
    assert entry.pop("time") <= now()
    assert entry == {"level": "info", "message": "one\ntwo"}
    assert second == b"{}"


def test_a_reader_that_does_not_read_holds_nothing_up() -> None:
    """Where nobody reads a pipe, taking lines down stays quick, and those that are lost are counted."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb", buffering=0) as output:
        log = Log(output)
        log.start()
        start = time.monotonic()
        while log.lost == 0:
            for _ in range(100):
                log.line("x" * 1000)
            time.sleep(0.001)
            assert time.monotonic() - start < 20
        start = time.monotonic()
        log.line("x")
        log.stop()
        assert time.monotonic() - start < 2
        os.close(reader)
        log.stop()


def test_a_fault_is_told_with_its_place_and_its_request() -> None:
    """What Python's logging gets comes as an entry, with the fault and the id of the request."""
    output = io.BytesIO()
    log = Log(output)
    log.start()
    logger = logging.Logger("ours")
    logger.addHandler(JsonHandler(log))
    token = request_id.set("id")
    try:
        raise RuntimeError("why")
    except RuntimeError:
        logger.exception("it failed")
    finally:
        request_id.reset(token)
    log.stop()
    entry = json.loads(output.getvalue())
    assert (entry["level"], entry["logger"], entry["message"], entry["request"]) == ("error", "ours", "it failed", "id")
    assert "RuntimeError: why" in entry["fault"]


def test_a_text_is_quoted_as_json_has_it() -> None:
    """What a client chose cannot end its text."""
    assert json.loads(quoted('"\n\x00é')) == '"\n\x00é'
