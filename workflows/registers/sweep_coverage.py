"""How far a sweep is: by county, township or village, who is missing, what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.store.scope import within
from engine.store.transaction import Transaction
from workflows.registers.sweeps import LISTED, MISSED, NOT_MET, OPEN, SEEN, SETTLED, UNVISITED
from workflows.registers.tables import sweep_ledger


@dataclass(frozen=True, slots=True)
class Coverage:
    """One area of a round; ``covered`` is the share in percent of those seen, rounded down: 100 means everybody."""

    area: str
    households: int
    seen: int
    not_met: int
    unvisited: int
    underway: int
    persons: int
    persons_seen: int
    excused: int

    @property
    def covered(self) -> int:
        """Return the percentage of households that were seen."""
        return self.seen * 100 // self.households if self.households else 100


@dataclass(frozen=True, slots=True)
class Line:
    """One household of the ledger; ``why`` and ``excused`` are sealed."""

    ledger: int
    region: str
    household: int | None
    case: int | None
    state: str
    persons: int
    seen: int
    outcomes: str
    why: bytes | None
    assistant: str | None
    excused: bytes | None


def coverage(transaction: Transaction, round_: str, region: str, digits: int) -> Sequence[Coverage]:
    """Return the areas of so many digits within the region, in the order of their codes."""
    # Written out: PostgreSQL takes two parameters of the same value for two expressions.
    area = sa.func.substr(_l.region, sa.literal_column("1"), sa.literal_column(str(int(digits)))).label("area")
    statement = (
        sa.select(
            area, sa.func.count(), _number(SEEN), _number(NOT_MET), _number(UNVISITED), _number(LISTED, OPEN),
            sa.func.sum(_l.persons), sa.func.sum(_l.seen), sa.func.count(_l.excused),
        )
        .where(_l.round == round_, within(_l.region, region))
        .group_by(area)
        .order_by(area)
    )  # fmt: skip
    return transaction.every(Coverage, statement)


def lines(
    transaction: Transaction, round_: str, region: str, states: Sequence[str], most: int, after: int = 0
) -> Sequence[Line]:
    """Return the ledger's next households within the region in these states, those that were listed first on top."""
    statement = sa.select(*(_l[name] for name in _LINE)).where(
        _l.round == round_, within(_l.region, region), _l.state.in_(list(states)), _l.key > after
    )
    return transaction.every(Line, statement.order_by(_l.key).limit(most))


def unexcused(transaction: Transaction, round_: str, region: str, most: int) -> Sequence[Line]:
    """Return households that were not met, or not visited in time, and for which nobody has said why."""
    statement = sa.select(*(_l[name] for name in _LINE)).where(
        _l.round == round_, within(_l.region, region), _l.state.in_(MISSED), _l.excused.is_(None)
    )
    return transaction.every(Line, statement.order_by(_l.key).limit(most))


def villages(transaction: Transaction, round_: str, township: str) -> Sequence[Mapping[str, Any]]:
    """Return code, households, seen and missed of each village that has something to countersign."""
    statement = (
        sa.select(_l.region, sa.func.count(), _number(SEEN), _number(*MISSED))
        .where(_l.round == round_, within(_l.region, township), _l.state.in_(SETTLED), _l.countersigned_by.is_(None))
        .group_by(_l.region)
        .order_by(_l.region)
    )
    names = ("village", "households", "seen", "missed")
    return [dict(zip(names, row, strict=True)) for row in transaction.execute(statement)]


def settled_keys(transaction: Transaction, round_: str, county: str) -> Sequence[tuple[int, str]]:
    """Return key and region of the county's households that were seen, to draw a sample from."""
    seen = sa.select(_l.key, _l.region).where(_l.round == round_, within(_l.region, county), _l.state == SEEN)
    return [(row.key, row.region) for row in transaction.execute(seen.order_by(_l.key))]


def drawn(transaction: Transaction, round_: str, county: str) -> Sequence[Line]:
    """Return the households of the county's sample that have not been judged."""
    statement = sa.select(*(_l[name] for name in _LINE)).where(
        _l.round == round_, within(_l.region, county), _l.sample == "drawn"
    )
    return transaction.every(Line, statement.order_by(_l.region, _l.key))


def found(transaction: Transaction, round_: str, region: str) -> Mapping[str, int]:
    """Return how many households of the region have each outcome, such as new_need, change, relief and red."""
    statement = (
        sa.select(_l.outcomes, sa.func.count().label("number"))
        .where(_l.round == round_, within(_l.region, region), _l.outcomes != "")
        .group_by(_l.outcomes)
    )
    counts: dict[str, int] = {}
    for row in transaction.execute(statement):
        for one in row.outcomes.split():
            counts[one] = counts.get(one, 0) + row.number
    return counts


def sampled(transaction: Transaction, round_: str, region: str) -> tuple[int, int]:
    """Return how many households of the region were judged in samples, and how many of these were wrong."""
    wrong = sa.func.count(sa.case((_l.sample == "wrong", 1))).label("wrong")
    judged = sa.select(sa.func.count().label("all"), wrong).where(
        _l.round == round_, within(_l.region, region), _l.sample.in_(("right", "wrong"))
    )
    row = transaction.execute(judged).mappings().one()
    return int(row["all"]), int(row["wrong"])


def opened(transaction: Transaction, round_: str) -> tuple[int, int]:
    """Return how many households the round's ledger has, and how many visits' cases there are for them."""
    cases = sa.func.count(sa.distinct(_l.case)).label("cases")
    row = (
        transaction.execute(sa.select(sa.func.count().label("rows"), cases).where(_l.round == round_)).mappings().one()
    )
    return int(row["rows"]), int(row["cases"])


def _number(*states: str) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((_l.state.in_(states), 1)))


_l = sweep_ledger.c
_LINE = ("key", "region", "household", "case", "state", "persons", "seen", "outcomes", "why", "assistant", "excused")
