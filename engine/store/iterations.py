"""Iterations of parallel multi-instance as sealed rows of their own: completing one of five thousand touches one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine.model import Iteration, IterationChanges, IterationResult
from engine.store import tables as t
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from engine.store.values import pack, unpack

SOME = 200


class CaseIterations:
    """The iterations of one case, read when asked for."""

    def __init__(self, transaction: Transaction, keyring: Keyring, case: int) -> None:
        self._transaction = transaction
        self._keyring = keyring
        self._case = case

    def holding(self, token: int) -> Sequence[Iteration]:
        """Return the unfinished iteration in which a token is, after those around it; empty when there is none."""
        found: list[Iteration] = []
        while token:
            row = self._transaction.execute(_HOLDING, {"case_": self._case, "token_": token}).first()
            if row is None:
                return ()
            found.insert(0, self._opened(row))
            token = row.around
        return found

    def unfinished(self, body: int) -> Iterator[Iteration]:
        """Yield the unfinished iterations of a body, oldest first, reading some at a time."""
        after = 0
        while True:
            values = {"case_": self._case, "body_": body, "after": after}
            rows = self._transaction.execute(_UNFINISHED, values).all()
            for row in rows:
                yield self._opened(row)
            if len(rows) < SOME:
                return
            after = rows[-1].token

    def results(self, body: int) -> Mapping[int, Any]:
        """Return the results of a body's finished iterations by their position."""
        rows = self._transaction.execute(_RESULTS, {"case_": self._case, "body_": body})
        return {row.position: unpack(self._open(row.token, row.result)) for row in rows}

    def _opened(self, row: Any) -> Iteration:
        state, values = unpack(self._open(row.token, row.state))
        return Iteration(row.token, row.body, row.around, row.position, state, values)

    def _open(self, token: int, sealed: bytes) -> bytes:
        return self._keyring.open(sealed, iteration_place(self._case, token))


def write(transaction: Transaction, keyring: Keyring, case: int, changes: IterationChanges) -> None:
    """Write what a step changed in the iterations of a case."""
    writer = _Writer(transaction, keyring, case)
    if changes.ended:
        writer.end(changes.ended)
    if changes.begun or changes.moved:
        writer.keep(changes)
    if changes.results or changes.finished:
        writer.finish(changes)
    if changes.left:
        transaction.execute(_FORGET_TOKEN, [{"case_": case, "token_": token} for token in changes.left])
    transaction.insert(
        t.iteration_token,
        [{"case": case, "token": token, "iteration": iteration} for token, iteration in changes.entered],
    )


def put_back(transaction: Transaction, keyring: Keyring, case: int, states: Sequence[Iteration]) -> None:
    """Write unfinished iterations as they were before."""
    _Writer(transaction, keyring, case).keep(IterationChanges(moved=list(states)))


def find_again(transaction: Transaction, case: int, inside: Sequence[tuple[int, int]]) -> None:
    """Write anew which tokens are inside which iteration."""
    transaction.execute(_FORGET_TOKENS, {"case_": case})
    transaction.insert(
        t.iteration_token, [{"case": case, "token": token, "iteration": iteration} for token, iteration in inside]
    )


class _Writer:
    def __init__(self, transaction: Transaction, keyring: Keyring, case: int) -> None:
        self.transaction = transaction
        self.keyring = keyring
        self.case = case

    def end(self, bodies: Sequence[int]) -> None:
        """Drop the bodies with everything that is kept for them."""
        rows = [{"case_": self.case, "body_": body} for body in bodies]
        self.transaction.execute(_DROP_TOKENS, rows)
        self.transaction.execute(_DROP, rows)

    def keep(self, changes: IterationChanges) -> None:
        """Write iterations that began or moved."""
        self.transaction.insert(t.iteration, [self._row(iteration) for iteration in changes.begun])
        if changes.moved:
            self.transaction.execute(
                _MOVE,
                [
                    {"case_": self.case, "token_": iteration.token, "state": self._sealed_state(iteration)}
                    for iteration in changes.moved
                ],
            )

    def finish(self, changes: IterationChanges) -> None:
        """Keep the results of finished iterations, and nothing of those that have none."""
        if changes.results:
            _FINISH.run(self.transaction, [self._result_row(result) for result in changes.results])
        if changes.finished:
            self.transaction.execute(_FORGET, [{"case_": self.case, "token_": token} for token in changes.finished])

    def _row(self, iteration: Iteration) -> dict[str, Any]:
        return self._place_of(iteration) | {"state": self._sealed_state(iteration), "result": None}

    def _result_row(self, result: IterationResult) -> dict[str, Any]:
        sealed = self.keyring.seal(pack(result.value), iteration_place(self.case, result.token))
        return self._place_of(result) | {"state": None, "result": sealed}

    def _place_of(self, one: Iteration | IterationResult) -> dict[str, Any]:
        return {
            "case": self.case, "token": one.token, "body": one.body, "around": one.around, "position": one.position,
        }  # fmt: skip

    def _sealed_state(self, iteration: Iteration) -> bytes:
        packed = pack([iteration.state, dict(iteration.values)])
        return self.keyring.seal(packed, iteration_place(self.case, iteration.token))


def iteration_place(case: int, token: int) -> bytes:
    """Return what an iteration and its result are bound to when sealed."""
    return b"iteration:%d:%d" % (case, token)


_i = t.iteration.c
_k = t.iteration_token.c
_COLUMNS = (_i.token, _i.body, _i.around, _i.position, _i.state)
_OF_CASE = _i.case == sa.bindparam("case_")
_OF_BODY = (_OF_CASE, _i.body == sa.bindparam("body_"))
_AT_TOKEN = (_OF_CASE, _i.token == sa.bindparam("token_"))
_HOLDER = sa.select(_k.iteration).where(_k.case == sa.bindparam("case_"), _k.token == sa.bindparam("token_"))
_HOLDING = sa.select(*_COLUMNS).where(
    _OF_CASE,
    _i.token == sa.func.coalesce(_HOLDER.scalar_subquery(), sa.bindparam("token_")),
    _i.state.is_not(None),
)
_UNFINISHED = (
    sa.select(*_COLUMNS)
    .where(*_OF_BODY, _i.token > sa.bindparam("after"), _i.state.is_not(None))
    .order_by(_i.token)
    .limit(SOME)
)
_RESULTS = sa.select(_i.token, _i.position, _i.result).where(*_OF_BODY, _i.result.is_not(None))
_MOVE = t.iteration.update().where(*_AT_TOKEN).values(state=sa.bindparam("state"))
_FINISH = replacing(t.iteration, "state", "result")
_FORGET = t.iteration.delete().where(*_AT_TOKEN)
_FORGET_TOKEN = t.iteration_token.delete().where(_k.case == sa.bindparam("case_"), _k.token == sa.bindparam("token_"))
_FORGET_TOKENS = t.iteration_token.delete().where(_k.case == sa.bindparam("case_"))
_DROP = t.iteration.delete().where(*_OF_BODY)
_DROP_TOKENS = t.iteration_token.delete().where(
    _k.case == sa.bindparam("case_"), _k.iteration.in_(sa.select(_i.token).where(*_OF_BODY))
)
