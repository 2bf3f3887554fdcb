"""No log and no table of DBOS holds what a citizen entered, whatever a database or a department says when it fails."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import sqlalchemy as sa

from engine.errors import kind_and_place
from engine.jobs import worker
from engine.jobs.worker import JobLost, Worker
from engine.store import tables as t

SECRETS = ("刘桂兰", "410721198001011231", "13800000001")
SAID = " ".join(SECRETS)


def _refused_by_the_database(runtime) -> None:
    """Insert a row that the database refuses; PostgreSQL quotes it whole in the detail of its error."""
    with runtime.write() as transaction:
        transaction.execute(t.node.insert().values(id=SAID, role=None, version=None))


class _Housekeeping:
    """A turn that the database refuses; the loop ends after it."""

    def __init__(self, kept: Worker, runtime: Any) -> None:
        self._kept, self._runtime = kept, runtime

    def turn(self) -> None:
        self._kept._stop.set()
        self._kept._wake.set()
        _refused_by_the_database(self._runtime)


def _expect_no_secret(text: str) -> None:
    assert [secret for secret in SECRETS if secret in text] == []


def test_housekeeping_that_failed_is_told_by_class_and_place(runtime, caplog):
    kept = Worker(runtime)
    with caplog.at_level(logging.DEBUG):
        kept._loop(_Housekeeping(kept, runtime))
    assert "housekeeping_failed error=IntegrityError at" in caplog.text
    assert "_refused_by_the_database" in caplog.text
    _expect_no_secret(caplog.text)


def test_a_job_that_could_not_be_settled_leaves_no_value_to_dbos(runtime, monkeypatch):
    def lost(*_args: object) -> None:
        _refused_by_the_database(runtime)

    monkeypatch.setattr(worker, "run_job", lost)
    monkeypatch.setattr(worker, "_running", [runtime])
    with pytest.raises(JobLost, match="IntegrityError at") as told:
        worker._run_job.__wrapped__("1", 0)
    assert told.value.__suppress_context__
    _expect_no_secret(str(told.value))


def test_kind_and_place_holds_no_message(runtime):
    with pytest.raises(sa.exc.IntegrityError) as told:
        _refused_by_the_database(runtime)
    _expect_no_secret(kind_and_place(told.value))
