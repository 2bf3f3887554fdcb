"""What is known of everybody who is compared, written in sets: people of whom the same is known share one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from engine.clock import add_months
from engine.store.transaction import Transaction
from workflows.registers.bitemporal import holding
from workflows.registers.comparison.runs import month_of
from workflows.registers.tables import (
    LIVE_STATES,
    compare_person,
    compare_run,
    household_member,
    resident,
    roster,
)

_BAR, _YES = "|", "1"
# A card without one of these kinds and grades decides nothing.
_NO_CARD = "none"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides on a person's subsidies; ``card`` is none, valid, expired, renewing or overdue."""

    dead: bool
    away: bool
    custody: bool
    card: str
    tekun: bool
    dibao: bool
    edge: bool
    full_child_benefit: bool
    grade: int
    kind: str
    care_need: bool
    work_injury: bool

    @classmethod
    def of(cls, code: str) -> Facts:
        """Return the facts written so."""
        dead, away, custody, card, tekun, dibao, edge, child, grade, kind, need, injury = code.split(_BAR)
        yes = _YES.__eq__
        return cls(
            yes(dead), yes(away), yes(custody), card, yes(tekun), yes(dibao), yes(edge), yes(child), int(grade), kind,
            yes(need), yes(injury),
        )  # fmt: skip


def write_facts(transaction: Transaction, run: int, renewing_months: int) -> None:
    """Write for everybody of the run what the lists and the registers say.

    A card that ran out and is being renewed counts as renewing for so many months after its end.
    """
    month = month_of(transaction, run)
    county = transaction.execute(sa.select(compare_run.c.county).where(compare_run.c.key == run)).scalar_one()
    transaction.execute(_RESIDENTS, {"of_run": run})
    names = {"of_run": run, "on": month, "patient": add_months(month, -renewing_months), "here": f"{county}%"}
    transaction.execute(_FACTS, names)


def groups(transaction: Transaction, run: int) -> Iterator[tuple[str, int]]:
    """Yield each line of facts of the run, and of how many people it is true."""
    for row in transaction.execute(_GROUPS, {"of_run": run}):
        yield row.facts, row.people


_p = compare_person.c
_run: sa.BindParameter[int] = sa.bindparam("of_run")
_on = sa.bindparam("on", type_=sa.Date)
_RESIDENTS = (
    compare_person.update()
    .where(_p.run == _run, _p.resident.is_(None))
    .values(resident=sa.select(resident.c.key).where(resident.c.id_no == _p.person).scalar_subquery())
)
_GROUPS = (
    sa.select(_p.facts, sa.func.count().label("people")).where(_p.run == _run).group_by(_p.facts).order_by(_p.facts)
)


def _flag(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[str]:
    return sa.case((condition, sa.literal(_YES)), else_=sa.literal("0"))


# Concatenated, the benefit is no reason to go through everybody who draws it: the holder's few entries are looked up.
_benefit = roster.c.benefit.concat("")
_LIVE = roster.c.state.in_(LIVE_STATES)


def _draws(*benefits: str) -> sa.ColumnElement[bool]:
    """The person draws one of the benefits."""
    own = sa.select(sa.literal(1)).where(roster.c.holder == _p.resident, _benefit.in_(benefits), _LIVE)
    return own.correlate(compare_person).exists()


def _household_draws(benefit: str) -> sa.ColumnElement[bool]:
    """The household in which the person counts draws the benefit."""
    member = household_member.c
    shared = (
        sa.select(sa.literal(1))
        .select_from(household_member)
        .join(roster, roster.c.household == member.household)
        .where(member.resident == _p.resident, member.counted, *holding(household_member, _on), _benefit == benefit, _LIVE)
    )
    return shared.correlate(compare_person).exists()


def _covered(benefit: str) -> sa.ColumnElement[bool]:
    return sa.or_(_draws(benefit), _household_draws(benefit))


_died = sa.select(sa.literal(1)).where(resident.c.key == _p.resident, resident.c.died_on.is_not(None)).exists()
_card = sa.case(
    (_p.kind.is_(None), sa.literal(_NO_CARD)),
    (sa.or_(_p.ends_on.is_(None), _p.ends_on >= _on), sa.literal("valid")),
    (_p.renewal_on.is_(None), sa.literal("expired")),
    (_p.ends_on >= sa.bindparam("patient", type_=sa.Date), sa.literal("renewing")),
    else_=sa.literal("overdue"),
)
_parts = (
    _flag(sa.or_(_p.died_on.is_not(None), _died)),
    _flag(sa.and_(_p.home.is_not(None), _p.home.not_like(sa.bindparam("here")))),
    _flag(_p.custody),
    _card,
    _flag(_draws("tekun")),
    _flag(_covered("dibao")),
    _flag(_covered("edge")),
    _flag(_draws("orphan", "unattended")),
    sa.cast(sa.func.coalesce(_p.grade, 0), sa.Text),
    sa.func.coalesce(_p.kind, sa.literal("")),
    _flag(_p.care_need),
    _flag(_p.work_injury),
)
_code: sa.ColumnElement[str] = _parts[0]
for _part in _parts[1:]:
    _code = _code.concat(sa.literal(_BAR)).concat(_part)
_FACTS = compare_person.update().where(_p.run == _run).values(facts=_code)
