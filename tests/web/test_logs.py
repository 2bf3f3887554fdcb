"""A line of the log: an object for programs, words for a terminal, and of libraries no text they were given."""

from __future__ import annotations

import json
import logging

import pytest

from engine import log
from web.cli.logs import JsonLines, ReadableLines

SECRET = "410721198001011231"


@pytest.fixture
def told(caplog):
    with caplog.at_level(logging.INFO):
        yield lambda: [JsonLines("node-1").format(record) for record in caplog.records]


def test_an_event_knows_what_was_known_of_the_request_and_nothing_of_the_one_before(told):
    with log.within(request="a"):
        log.about(case=7, process="relief")
        log.about(case=8)
        log.tell(logging.INFO, "job_failed", ValueError(SECRET), element="pay")
    with log.within(request="b"):
        log.tell(logging.INFO, "request_answered", status=200)
    first, second = map(json.loads, told())
    assert first.pop("time").endswith("+08:00")
    assert "ValueError at" in first.pop("error") + " at"
    expected = {"level": "info", "event": "job_failed", "node": "node-1", "request": "a", "element": "pay"}
    assert first == {**expected, "case": 7, "process": "relief"}
    assert (second["request"], second.get("case"), second["status"]) == ("b", None, 200)


@pytest.mark.parametrize(
    ("template", "given", "kept"),
    [
        ("Error handling request %s", (f"/{SECRET}",), "Error handling request …"),
        ("Worker (pid:%s) was sent %s", (12, SECRET), "Worker (pid:12) was sent …"),
        (f"Invalid request from ip: {SECRET}", (), "Invalid request from ip"),
    ],
)
def test_a_library_is_quoted_without_the_texts_it_was_given(told, template, given, kept):
    logging.getLogger("gunicorn.error").warning(template, *given)
    line = json.loads(told()[0])
    assert (line["event"], line["text"]) == ("gunicorn.error", kept)
    assert SECRET not in str(line)


def test_an_exception_is_told_by_class_and_place(told, caplog):
    try:
        raise KeyError(SECRET)
    except KeyError:
        logging.getLogger("some.library").exception("it failed")
    assert "KeyError at" in json.loads(told()[0])["error"]
    assert SECRET not in told()[0]
    readable = ReadableLines().format(caplog.records[0])
    assert "ERROR    some.library text=it failed error=KeyError at" in readable
    assert SECRET not in readable
