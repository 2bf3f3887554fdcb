"""The sources of the economic check over HTTP: most answer at once, some later, some never, some wrongly first."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from enum import StrEnum
from http import HTTPStatus
from random import Random
from typing import Any

from workflows.departments.queries import Queries, Query
from workflows.departments.requests import DROP_CONNECTION, Environ, Refused, body_of, key_of
from workflows.departments.sources import SOURCES, answer


class SourceManner(StrEnum):
    """One way to treat a query, from its first try on."""

    PROMPT = "prompt"
    LATER = "later"
    SILENT = "silent"
    FAIL_ONCE = "fail_once"
    GARBAGE_ONCE = "garbage_once"
    DROP_ONCE = "drop_once"
    SLOW_ONCE = "slow_once"
    NO_INTERFACE = "no_interface"


DESCRIPTIONS = {
    SourceManner.PROMPT: "当时答复",
    SourceManner.LATER: "先答复“稍后”,第三次才有结果",
    SourceManner.SILENT: "一直答复“稍后”",
    SourceManner.FAIL_ONCE: "第一次答复系统错误",
    SourceManner.GARBAGE_ONCE: "第一次答复一页网页",
    SourceManner.DROP_ONCE: "第一次断开连接",
    SourceManner.SLOW_ONCE: "第一次迟迟不答复",
    SourceManner.NO_INTERFACE: "接口不能查询",
}
# How often each comes up by itself, in percent; the rest is prompt.
SHARES = {
    SourceManner.LATER: 8, SourceManner.SILENT: 3, SourceManner.FAIL_ONCE: 3,
    SourceManner.GARBAGE_ONCE: 2, SourceManner.DROP_ONCE: 2, SourceManner.NO_INTERFACE: 1,
}  # fmt: skip
_LATER_TRIES = 3
_MOST_MEMBERS = 50


class SourceDesk:
    """Answers queries; the same key is the same query and gets the same answer."""

    def __init__(self, queries: Queries, seed: int, slow_seconds: float, closing: threading.Event) -> None:
        self._queries = queries
        self._seed = seed
        self._slow_seconds = slow_seconds
        self._closing = closing
        self._ordered: dict[str, list[SourceManner]] = {}
        self._lock = threading.Lock()

    def order(self, source: str, manner: SourceManner, times: int) -> None:
        """Treat the next new queries of the source so."""
        with self._lock:
            self._ordered.setdefault(source, []).extend([manner] * times)

    def query(self, source: str, environ: Environ) -> Mapping[str, Any]:
        """Return the answer: ``answered`` with items, or ``pending``. Raises Refused for what is not answered."""
        key, body = key_of(environ), body_of(environ)
        members = _members(body)
        if source not in SOURCES:
            raise Refused(HTTPStatus.NOT_FOUND, error="no such source")
        fresh = Query(key, source, str(body.get("request_no") or ""), str(body.get("purpose") or ""), len(members))
        manner = SourceManner(self._queries.keep(fresh, self._manner(source, members)))
        tries = self._queries.tried(key)
        self._misbehave(manner, tries, environ)
        if manner is SourceManner.SILENT or (manner is SourceManner.LATER and tries < _LATER_TRIES):
            return {"status": "pending"}
        self._queries.answered(key)
        return {"status": "answered", "items": answer(source, members, self._seed)}

    def remind(self, source: str, environ: Environ) -> Mapping[str, Any]:
        """Return that the reminder is kept, once per key."""
        self._queries.remind(key_of(environ), source, str(body_of(environ).get("request_no") or ""))
        return {"reminded": True}

    def _manner(self, source: str, members: Sequence[Mapping[str, str]]) -> SourceManner:
        with self._lock:
            if self._ordered.get(source):
                return self._ordered[source].pop(0)
        return usual(source, members, self._seed)

    def _misbehave(self, manner: SourceManner, tries: int, environ: Environ) -> None:
        if manner is SourceManner.NO_INTERFACE:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, code="NO_INTERFACE", reason="该业务没有接口,请来函查询")
        if tries > 1:
            return
        if manner is SourceManner.FAIL_ONCE:
            raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, error="system error")
        if manner is SourceManner.GARBAGE_ONCE:
            raise Refused(HTTPStatus.OK, page="系统维护中")
        if manner is SourceManner.DROP_ONCE:
            environ[DROP_CONNECTION]()
        if manner is SourceManner.SLOW_ONCE:
            self._closing.wait(self._slow_seconds)


def usual(source: str, members: Sequence[Mapping[str, str]], seed: int) -> SourceManner:
    """Return how the source treats a query about these members when nothing else was ordered."""
    random = Random(f"{seed}:{source}:{'/'.join(member['id_no'] for member in members)}")  # noqa: S311 - no secret
    manners = [*SHARES, SourceManner.PROMPT]
    return random.choices(manners, weights=[*SHARES.values(), 100 - sum(SHARES.values())])[0]


def _members(body: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    members = body.get("members")
    if not isinstance(members, list) or not 0 < len(members) <= _MOST_MEMBERS:
        raise Refused(HTTPStatus.BAD_REQUEST, error=f"expected 1 to {_MOST_MEMBERS} members")
    for member in members:
        if not isinstance(member, dict) or not _is_person(member):
            raise Refused(HTTPStatus.BAD_REQUEST, error="expected members with a number and an identity number")
    return members


def _is_person(member: Mapping[str, Any]) -> bool:
    number, id_no = member.get("member"), member.get("id_no")
    return isinstance(number, str) and isinstance(id_no, str) and len(id_no) == 18 and id_no[:17].isdecimal()
