"""The departments' WSGI application: bank, text messages, sources of the check, a page, and a control for tests."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from workflows.departments.households import SEED
from workflows.departments.ledger import Ledger
from workflows.departments.lists import CountyLists
from workflows.departments.manners import Manner, Manners
from workflows.departments.national import card_of, push_number
from workflows.departments.page import overview
from workflows.departments.parents import facts_of
from workflows.departments.payroll import PayrollDesk
from workflows.departments.queries import Queries
from workflows.departments.requests import DROP_CONNECTION, Environ, Refused, body_of, key_of
from workflows.departments.source_desk import SourceDesk, SourceManner

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Site:
    """One application over what it remembers; ``slow_seconds`` is how long a slow answer takes."""

    def __init__(self, ledger: Ledger, queries: Queries, slow_seconds: float = 20.0, seed: int = SEED) -> None:
        self.ledger = ledger
        self.queries = queries
        self._seed = seed
        self.manners = Manners()
        self.closing = threading.Event()
        self._slow_seconds = slow_seconds
        self.sources = SourceDesk(queries, seed, slow_seconds, self.closing)
        self._posts: Mapping[str, Callable[[Environ], Mapping[str, Any]]] = {
            "/bank/transfers": self._transfer,
            "/bank/account-tests": self._account_test,
            "/exchange/statuses": self._status,
            "/sms/messages": self._message,
            "/parents/facts": self._parent,
            "/federation/cards": self._card,
            "/national/subsidies/pushes": self._push,
            "/national/subsidies/results": self._result,
            "/control": self._control,
        }
        self.lists = CountyLists(seed)
        self._batches = PayrollDesk(ledger).posts

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one WSGI request."""
        try:
            status, kind, body = self._answer(environ)
        except Refused as refused:
            status, kind, body = refused.status, "application/json", _json(refused.body)
        headers = [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(body)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def _answer(self, environ: Environ) -> tuple[HTTPStatus, str, bytes]:
        path, method = environ.get("PATH_INFO", "/"), environ["REQUEST_METHOD"]
        if method == "POST" and path in self._batches:
            return HTTPStatus.OK, "application/json", _json(self._batch(environ, path))
        if method == "POST" and path in self._posts:
            return HTTPStatus.OK, "application/json", _json(self._posts[path](environ))
        if method == "POST" and path.startswith("/sources/"):
            return HTTPStatus.OK, "application/json", _json(self._source(path, environ))
        if method == "POST" and path.startswith("/lists/"):
            return HTTPStatus.OK, "application/json", _json(self._list(path, environ))
        if method == "GET" and path == "/":
            return HTTPStatus.OK, "text/html", overview(self.ledger, self.queries, self._seed).encode()
        if method == "GET" and path == "/bank/total":
            return HTTPStatus.OK, "application/json", _json({"total": str(self.ledger.bank_total())})
        raise Refused(HTTPStatus.NOT_FOUND, error="not found")

    def _transfer(self, environ: Environ) -> Mapping[str, Any]:
        key, order = _keyed(environ, ("payment", "amount", "payee_name", "bank_account"))
        done = self.ledger.known_transfer(key)
        if done is not None:
            return {"paid": True, "reference": done}
        manner = self.manners.next_for(order["bank_account"])
        _refuse_before(manner, environ)
        reference = self.ledger.transfer(key, order)
        if manner is Manner.DOUBLE:
            reference = self.ledger.transfer(key, order)
        self._misbehave_after(manner, environ)
        return {"paid": True, "reference": reference}

    def _account_test(self, environ: Environ) -> Mapping[str, Any]:
        _, asked = _keyed(environ, ("payee_name", "id_no", "bank_account"))
        manner = self.manners.next_for(asked["bank_account"])
        if manner is Manner.REJECT:
            return {"usable": False, "reason": "收款账户状态异常"}
        _refuse_before(manner, environ)
        self._misbehave_after(manner, environ)
        return {"usable": True, "reason": ""}

    def _status(self, environ: Environ) -> Mapping[str, Any]:
        key, told = _keyed(environ, ("id_no", "benefit", "status", "since"))
        self.ledger.status(key, told)
        return {"shared": True}

    def _batch(self, environ: Environ, path: str) -> Mapping[str, Any]:
        _, body = _keyed(environ, ())
        manner = self.manners.next_for("")
        if manner is Manner.INVALID:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, code="BATCH_REJECTED", reason="系统维护,拒收文件")
        if manner is Manner.LATE and path.endswith("results"):
            return {"complete": False}
        if manner in (Manner.FAIL, Manner.LOSE):
            _refuse_before(manner, environ)
        answer = self._batches[path](body)
        if manner is Manner.DOUBLE:
            answer = self._batches[path](body)
        self._misbehave_after(manner, environ)
        return answer

    def _misbehave_after(self, manner: Manner, environ: Environ) -> None:
        if manner is Manner.SLOW:
            self.closing.wait(self._slow_seconds)
        if manner is Manner.DROP:
            environ[DROP_CONNECTION]()
        if manner is Manner.LIE:
            raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, error="system error")

    def _message(self, environ: Environ) -> Mapping[str, Any]:
        key, message = _keyed(environ, ("to", "text"))
        self.ledger.message(key, message["to"], message["text"])
        return {"sent": True}

    def _source(self, path: str, environ: Environ) -> Mapping[str, Any]:
        _, _, source, what = (*path.split("/"), "", "")[:4]
        if what == "queries":
            return self.sources.query(source, environ)
        if what == "reminders":
            return self.sources.remind(source, environ)
        raise Refused(HTTPStatus.NOT_FOUND, error="not found")

    def _list(self, path: str, environ: Environ) -> Mapping[str, Any]:
        _, asked = _keyed(environ, ())
        _refuse_before(self.manners.next_for(""), environ)
        return self.lists.page(path.removeprefix("/lists/"), asked)

    def _card(self, environ: Environ) -> Mapping[str, Any]:
        _key, asked = _keyed(environ, ("id_no", "card_no"))
        return card_of(asked["card_no"])

    def _push(self, environ: Environ) -> Mapping[str, Any]:
        key, _told = _keyed(environ, ("id_no", "home_code", "applied_on"))
        return {"push_no": push_number(key)}

    def _result(self, environ: Environ) -> Mapping[str, Any]:
        _keyed(environ, ("push_no", "result"))
        return {"sent": True}

    def _parent(self, environ: Environ) -> Mapping[str, Any]:
        _key, asked = _keyed(environ, ("parent_name", "parent_id_no", "parent_role"))
        return facts_of(asked["parent_id_no"])

    def _control(self, environ: Environ) -> Mapping[str, Any]:
        order = body_of(environ)
        source = order.get("source")
        kinds: type[Manner | SourceManner] = Manner if source is None else SourceManner
        try:
            manner, times = kinds(str(order.get("manner"))), int(order.get("times", 1))
        except (TypeError, ValueError):
            raise Refused(HTTPStatus.BAD_REQUEST, error=f"manner is one of {', '.join(kinds)}") from None
        if isinstance(manner, SourceManner):
            self.sources.order(str(source), manner, times)
        else:
            self.manners.order(manner, times)
        return {"manner": manner, "times": times}


def _refuse_before(manner: Manner, environ: Environ) -> None:
    if manner is Manner.INVALID:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, code="ACCOUNT_INVALID", reason="户名与账号不符")
    if manner is Manner.REJECT:
        raise Refused(HTTPStatus.OK, paid=False, reason="收款账户状态异常")
    if manner is Manner.FAIL:
        raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, error="system error")
    if manner is Manner.LOSE:
        environ[DROP_CONNECTION]()
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, error="lost")


def _keyed(environ: Environ, names: tuple[str, ...]) -> tuple[str, Mapping[str, Any]]:
    key, body = key_of(environ), body_of(environ)
    if any(not isinstance(body.get(name), str) for name in names):
        raise Refused(HTTPStatus.BAD_REQUEST, error=f"expected {', '.join(names)}")
    return key, {name: body[name] for name in names} if names else body


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
