"""The quarterly sweep's ledger: one row a household, from being listed to being seen, signed, sampled or excused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.keys import new_key
from engine.store.scope import within
from engine.store.sealing import Keyring
from engine.store.tables import Instant
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack
from workflows.registers.bitemporal import holding
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import household, household_member, sweep_area, sweep_ledger, sweep_person, sweep_round
from workflows.registers.upsert import ignoring

LISTED, OPEN, SEEN, NOT_MET, UNVISITED = "listed", "open", "seen", "not_met", "unvisited"
SETTLED = (SEEN, NOT_MET, UNVISITED)
MISSED = (NOT_MET, UNVISITED)
TOWNSHIP = 9


@dataclass(frozen=True, slots=True)
class Round:
    """One quarter's sweep, such as 2026Q4; the last day counts."""

    round: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Visited:
    """How a visit ended: who went when, how many persons were seen, which needs were found, why nobody was met (sealed)."""

    state: str
    on: date | None
    assistant: str | None
    seen: int = 0
    outcomes: Sequence[str] = ()
    why: bytes | None = None


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """One line of the ledger's form F-13; ``facts`` are name, difficulty, candidate_for, benefits and reason."""

    resident: int | None
    seen: bool
    way: str | None
    facts: Mapping[str, Any]


def open_round(transaction: Transaction, case: CaseRef, what: Round) -> bool:
    """Return whether the quarter's round is the case's own; a quarter has one round, whoever began it first."""
    row = {"round": what.round, "region": case.region, "starts_on": what.starts_on, "ends_on": what.ends_on}
    row |= {"case": case.key, "number": case.number, "opened_at": transaction.now, "closed_at": None}
    _OPEN_ROUND.run(transaction, [row])
    return transaction.execute(_ROUND_CASE, {"of_round": what.round}).scalar() == case.key


def running(transaction: Transaction, on: date) -> Round | None:
    """Return the round of the day that is not closed."""
    return transaction.first(Round, _RUNNING, {"on_": on})


def round_of(transaction: Transaction, ledger: int) -> Round | None:
    """Return the round whose ledger has the row, also when its quarter is over."""
    return transaction.first(Round, _ROUND_OF, {"key_": ledger})


def newest(transaction: Transaction) -> Sequence[Round]:
    """Return the rounds, the newest first."""
    return transaction.every(Round, _NEWEST)


def close_round(transaction: Transaction, round_: str) -> None:
    """Write that the round is over."""
    transaction.execute(sweep_round.update().where(_r.round == round_).values(closed_at=transaction.now))


def list_households(transaction: Transaction, case: CaseRef, round_: str, on: date) -> int:
    """Return how many households of the township the ledger has after listing everybody known on the day; repeated, the same."""
    known = sa.select(_l.key).where(_l.round == round_, _l.household == household.c.key)
    found = transaction.execute(_inhabited(case.region, on).where(~known.exists()))
    rows = [_row(round_, one.region, one.key, one.persons) for one in found]
    transaction.insert(sweep_ledger, rows)
    area = {"round": round_, "township": case.region[:TOWNSHIP], "households": len(rows), "unsettled": len(rows)}
    _LIST.run(transaction, [area | {"case": case.key, "listed_at": transaction.now, "closed_at": None}])
    names = {"of_round": round_, "of_township": case.region[:TOWNSHIP]}
    return int(transaction.execute(_HOUSEHOLDS, names).scalar() or 0)


def open_next(transaction: Transaction, round_: str, township: str, most: int) -> Sequence[tuple[int, str, int]]:
    """Return (ledger key, region, household) of the next rows without a visit; they have one from now on."""
    here = sa.select(_l.key, _l.region, _l.household).where(
        _l.round == round_, within(_l.region, township), _l.state == LISTED
    )
    found = transaction.execute(here.order_by(_l.key).limit(most).with_for_update()).all()
    transaction.execute(_OPEN, [{"key_": row.key} for row in found]) if found else None
    return [(row.key, row.region, row.household) for row in found]


def unopened(transaction: Transaction, round_: str, township: str) -> bool:
    """Return whether the township has households without a visit."""
    here = sa.select(_l.key).where(_l.round == round_, within(_l.region, township), _l.state == LISTED)
    return transaction.execute(here.limit(1)).first() is not None


def add_household(transaction: Transaction, case: CaseRef, round_: str, persons: int) -> int:
    """Return the ledger key of a household the registers do not know, visited by the case; it is not waited for."""
    row = _row(round_, case.region, None, persons) | {"state": OPEN, "case": case.key}
    transaction.insert(sweep_ledger, [row])
    return int(row["key"])


def begin_visit(transaction: Transaction, case: CaseRef, ledger: int) -> int | None:
    """Return the household of the ledger row, whose visit the case is from now on."""
    transaction.execute(_BEGIN, {"key_": ledger, "of_case": case.key})
    return transaction.execute(_HOME, {"key_": ledger}).scalar()


def settle(transaction: Transaction, case: CaseRef, ledger: int, visited: Visited) -> bool:
    """Return whether this was the township's last visit under way.

    A household that was not listed when the round began is waited for by nobody, so it is never the last.
    """
    before = transaction.execute(_ROW, {"key_": ledger}).one()
    values = {
        "key_": ledger, "of_case": case.key, "state_": visited.state, "on_": visited.on, "by_": visited.assistant,
        "seen_": visited.seen, "outcomes_": " ".join(visited.outcomes), "why_": visited.why, "at_": transaction.now,
    }  # fmt: skip
    names = {"of_round": before.round, "of_township": before.region[:TOWNSHIP]}
    if not transaction.execute(_SETTLE, values).rowcount or before.household is None:
        return False
    transaction.execute(_COUNT_DOWN, names)
    return transaction.execute(_UNSETTLED, names).scalar() == 0


class SeenPeople:
    """What was seen of each person, as seen with the keys that seal it."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def record(self, transaction: Transaction, ledger: int, people: Sequence[PersonSeen]) -> None:
        """Write the persons of a household; written again they are replaced."""
        transaction.execute(sweep_person.delete().where(sweep_person.c.ledger == ledger))
        rows = [
            {
                "ledger": ledger, "person": place, "resident": one.resident, "seen": one.seen, "way": one.way,
                "facts": self._keyring.seal(pack(dict(one.facts)), f"sweep/{ledger}/{place}".encode()),
            }
            for place, one in enumerate(people)
        ]  # fmt: skip
        transaction.insert(sweep_person, rows)

    def first_names(self, transaction: Transaction, ledgers: Sequence[int]) -> Mapping[int, str]:
        """Return by ledger key what the first person written down for it is called."""
        p = sweep_person.c
        first = sa.select(p.ledger, p.person, p.facts).where(p.ledger.in_(list(ledgers)), p.person == 0)
        return {
            row.ledger: str(unpack(self._keyring.open(row.facts, f"sweep/{row.ledger}/{row.person}".encode())).get("name", ""))
            for row in transaction.execute(first)
        }


def countersign(transaction: Transaction, round_: str, village: str, by: str) -> int:
    """Return how many settled rows of the village another person visited are signed now; one's own are left."""
    signed = sweep_ledger.update().where(
        *_here(round_, village), _l.state.in_(SETTLED), _l.countersigned_by.is_(None),
        sa.or_(_l.assistant.is_(None), _l.assistant != by),
    )  # fmt: skip
    return int(transaction.execute(signed.values(countersigned_by=by)).rowcount)


def unsigned(transaction: Transaction, round_: str, village: str) -> int:
    """Return how many settled rows of the village nobody has countersigned."""
    left = sa.select(sa.func.count()).where(
        *_here(round_, village), _l.state.in_(SETTLED), _l.countersigned_by.is_(None)
    )
    return int(transaction.execute(left).scalar() or 0)


def excuse(transaction: Transaction, round_: str, listed: Mapping[int, bytes]) -> None:
    """Write why (sealed) each of these households was not met: the round may close with listed exceptions."""
    for ledger, reason in listed.items():
        missed = sweep_ledger.update().where(_l.key == ledger, _l.round == round_, _l.state.in_(MISSED))
        transaction.execute(missed.values(excused=reason))


def draw_sample(transaction: Transaction, round_: str, county: str, chosen: Sequence[int]) -> None:
    """Write which rows of the county somebody visits again."""
    drawn = sweep_ledger.update().where(*_here(round_, county), _l.key.in_(list(chosen)), _l.sample == "no")
    transaction.execute(drawn.values(sample="drawn"))


def judge_sample(transaction: Transaction, ledger: int, right: bool) -> None:
    """Write whether the county found the household as the ledger says."""
    judged = sweep_ledger.update().where(_l.key == ledger, _l.sample == "drawn")
    transaction.execute(judged.values(sample="right" if right else "wrong"))


def reopen(transaction: Transaction, round_: str, township: str) -> Sequence[tuple[int, str, int | None]]:
    """Return (ledger key, region, household) of the township's rows that were found wrong; they are visited anew."""
    wrong = sa.select(_l.key, _l.region, _l.household).where(
        *_here(round_, township), _l.sample == "wrong", _l.state.in_(SETTLED)
    )
    found = transaction.execute(wrong.order_by(_l.key).with_for_update()).all()
    for row in found:
        again = sweep_ledger.update().where(_l.key == row.key)
        transaction.execute(again.values(state=OPEN, countersigned_by=None, settled_at=None, assistant=None))
    waited = sum(row.household is not None for row in found)
    area = sweep_area.update().where(_a.round == round_, _a.township == township[:TOWNSHIP])
    transaction.execute(area.values(unsettled=_a.unsettled + waited))
    return [(row.key, row.region, row.household) for row in found]


def close_area(transaction: Transaction, round_: str, area: str) -> None:
    """Write that the townships within the area are done."""
    done = sweep_area.update().where(_a.round == round_, within(_a.township, area), _a.closed_at.is_(None))
    transaction.execute(done.values(closed_at=transaction.now))


def _row(round_: str, region: str, household_: int | None, persons: int) -> dict[str, Any]:
    return {
        "key": new_key(), "round": round_, "region": region, "household": household_, "case": None, "state": LISTED,
        "persons": persons, "seen": 0, "outcomes": "", "why": None, "visited_on": None, "assistant": None,
        "countersigned_by": None, "sample": "no", "excused": None, "settled_at": None,
    }  # fmt: skip


def _inhabited(township: str, on: date) -> sa.Select[tuple[int, str, int]]:
    """Return the households of the township in which somebody lives on the day, and how many do."""
    m = household_member.c
    return (
        sa.select(household.c.key, household.c.region, sa.func.count().label("persons"))
        .join(household_member, m.household == household.c.key)
        .where(within(household.c.region, township), *holding(household_member, on))
        .group_by(household.c.key, household.c.region)
        .order_by(household.c.key)
    )


def _here(round_: str, area: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _l.round == round_, within(_l.region, area)


_r, _a, _l = sweep_round.c, sweep_area.c, sweep_ledger.c
_of_area = (_a.round == sa.bindparam("of_round"), _a.township == sa.bindparam("of_township"))
_OPEN_ROUND, _LIST = ignoring(sweep_round), ignoring(sweep_area)
_ROUND_CASE = sa.select(_r.case).where(_r.round == sa.bindparam("of_round"))
_SELECT_ROUND = sa.select(_r.round, _r.starts_on, _r.ends_on)
_RUNNING = _SELECT_ROUND.where(
    _r.starts_on <= sa.bindparam("on_", type_=sa.Date), _r.ends_on >= sa.bindparam("on_", type_=sa.Date),
    _r.closed_at.is_(None),
)  # fmt: skip
_ROUND_OF = _SELECT_ROUND.join(sweep_ledger, _l.round == _r.round).where(_l.key == sa.bindparam("key_"))
_NEWEST = _SELECT_ROUND.order_by(_r.round.desc())
_HOUSEHOLDS = sa.select(_a.households).where(*_of_area)
_UNSETTLED = sa.select(_a.unsettled).where(*_of_area)
_COUNT_DOWN = sweep_area.update().where(*_of_area).values(unsettled=_a.unsettled - 1)
_OPEN = sweep_ledger.update().where(_l.key == sa.bindparam("key_")).values(state=OPEN)
_BEGIN = sweep_ledger.update().where(_l.key == sa.bindparam("key_")).values(case=sa.bindparam("of_case"), state=OPEN)
_HOME = sa.select(_l.household).where(_l.key == sa.bindparam("key_"))
_ROW = sa.select(_l.round, _l.region, _l.household).where(_l.key == sa.bindparam("key_"))
_SETTLE = (
    sweep_ledger.update()
    .where(_l.key == sa.bindparam("key_"), _l.case == sa.bindparam("of_case"), _l.state.not_in(SETTLED))
    .values(
        state=sa.bindparam("state_"), visited_on=sa.bindparam("on_", type_=sa.Date), assistant=sa.bindparam("by_"),
        seen=sa.bindparam("seen_"), outcomes=sa.bindparam("outcomes_"), why=sa.bindparam("why_", type_=sa.LargeBinary),
        settled_at=sa.bindparam("at_", type_=Instant),
    )
)  # fmt: skip
