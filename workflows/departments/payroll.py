"""The bank's desk for files of many payments: parts, closing, execution when it is asked for results, recall."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from workflows.departments.ledger import Ledger, Order
from workflows.departments.manners import SUFFIXES, Manner
from workflows.departments.requests import Refused

PAGE = 200
_BAR = "|"
_WRONG_ACCOUNT = {Manner.INVALID: "户名与账号不符", Manner.REJECT: "收款账户状态异常"}


class PayrollDesk:
    """Takes files and answers for them; a file is executed when somebody first asks for its results."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @property
    def posts(self) -> Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]]:
        """Return what answers each path."""
        return {
            "/bank/batches/parts": self._part,
            "/bank/batches/close": self._close,
            "/bank/batches/results": self._results,
            "/bank/batches/recall": self._recall,
            "/bank/batches/statement": self._statement,
        }

    def _part(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        self._ledger.keep_part(str(body["batch"]), int(body["part"]), str(body["text"]))
        return {"kept": True}

    def _close(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        batch = str(body["batch"])
        text = "".join(self._ledger.parts(batch))
        rows = [row.split(_BAR) for row in text.splitlines()]
        orders = [row for row in rows if row[0] == "D"]
        total = sum(int(row[5]) for row in orders)
        if hashlib.sha256(text.encode()).hexdigest() != body["digest"]:
            raise _rejected("文件校验码不符")
        if rows[-1][:3] != ["T", str(body["lines"]), str(body["fen"])] or (len(orders), total) != (
            body["lines"],
            body["fen"],
        ):
            raise _rejected("笔数或金额与文件尾不符")
        return {"reference": self._ledger.accept(batch)}

    def _results(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        batch, after = str(body["batch"]), int(body["after"])
        if not self._ledger.may_execute(batch):
            return {"complete": False}
        done = self._ledger.executed(batch, _orders(self._ledger.parts(batch)))
        page = done.returned[after : after + PAGE]
        return {
            "complete": True,
            "lines": done.lines,
            "fen": done.fen,
            "returned": [{"number": number, "reason": reason} for number, reason in page],
            "last": after + len(page) >= len(done.returned),
        }

    def _recall(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"recalled": self._ledger.recall(str(body["batch"]))}

    def _statement(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"fen": sum(self._ledger.paid_by(str(batch)) for batch in body["batches"])}


def _orders(parts: list[str]) -> list[Order]:
    """Return every payment; an account's ending tells how it fares."""
    rows = [row.split(_BAR) for part in parts for row in part.splitlines() if row.startswith("D|")]
    return [
        Order(
            int(number),
            line,
            payee,
            account,
            int(fen),
            _WRONG_ACCOUNT.get(SUFFIXES.get(account[-4:], Manner.FAITHFUL), ""),
        )
        for _, number, line, account, payee, fen, _ in rows
    ]


def _rejected(reason: str) -> Refused:
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, code="BATCH_REJECTED", reason=reason)
