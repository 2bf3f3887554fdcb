"""Which open incidents are meant: by process, version, step, kind, words of the message, place and age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.access import Scope
from engine.store import tables as t
from engine.store.scope import in_scope, within

_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Empty fields let everything through; ``hours`` is how long ago an incident was opened at least.

    ``chosen`` is how many cases were named one by one beside it, None when none were.
    """

    process: str = ""
    version: int | None = None
    element: str = ""
    kind: str = ""
    message: str = ""
    region: str = ""
    hours: int | None = None
    chosen: int | None = None


def conditions(given: IncidentFilter, reach: Scope, now: datetime) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on ``incident`` outer-joined with its case; ``reach`` is whose incidents may be seen."""
    where = [in_scope(_i, reach)]
    wanted = {_i.process: given.process, _i.element: given.element, _i.kind: given.kind}
    where += [column == value for column, value in wanted.items() if value]
    if given.version is not None:
        of_version = sa.select(t.definition.c.key).where(t.definition.c.version == given.version)
        where.append(t.case.c.definition.in_(of_version))
    if given.message:
        pattern = f"%{_literal(given.message)}%"
        where.append(sa.or_(*(one.like(pattern, escape=_ESCAPE) for one in (_i.message_zh, _i.message_en))))
    if given.region.isdecimal():
        where.append(within(_i.region, given.region))
    if given.hours is not None:
        where.append(_i.opened_at <= now - timedelta(hours=given.hours))
    return where


def _literal(text: str) -> str:
    for special in (_ESCAPE, "%", "_"):
        text = text.replace(special, _ESCAPE + special)
    return text


_i = t.incident.c
JOINED = t.incident.outerjoin(t.case, t.case.c.key == _i.case)
