"""After a change of the master key everything opens with the new one, and is found as before."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.clock import FixedClock
from engine.commands.add_person import add_person
from engine.errors import Conflict
from engine.model import SYSTEM, Grant
from engine.queries.invariants import scan_invariants
from engine.runtime import Runtime
from engine.runtime.starting import expect_ready, start_up
from engine.store import master_key, nodes
from engine.store import tables as t
from engine.store.rotation import rotate
from engine.store.sealed import BLIND, NEITHER, SEALED
from engine.store.sealing import Keyring
from engine.store.tables import metadata
from engine.testing import NOW
from engine.testing.kit import MASTER_KEY
from workflows.registers import sealed as registers
from workflows.registers.givens import apply_givens
from workflows.registers.tables import metadata as registers_metadata
from workflows.stage import BureauStage

ALL_SEALED = (*SEALED, *registers.SEALED)
ALL_BLIND = (*BLIND, *registers.BLIND)
PHONE, ID_NO = "13800138000", "410721198001011231"
GIVEN = {
    "history": [{"id_no": ID_NO, "cause": "disaster", "at": "2026-03-01", "amount": 500}],
    "monitoring": [{"id_no": ID_NO, "group": "低保对象"}],
    "roster": [
        {
            "benefit": "dibao",
            "name": "王建国",
            "id_no": ID_NO,
            "phone": PHONE,
            "region": "410721101",
            "amount": 550,
            "place": "东街三号",
            "bank_account": "6228480402564890018",
        }
    ],
}


def test_every_column_of_bytes_is_listed_as_what_it_is():
    known = [one.column for one in ALL_SEALED] + [*ALL_BLIND, *NEITHER]
    bytes_ = {
        column
        for tables in (metadata, registers_metadata)
        for table in tables.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary)
    }
    assert len(known) == len(set(known))
    assert set(known) == bytes_


@pytest.fixture
def own() -> Keyring:
    return Keyring(MASTER_KEY)


@pytest.fixture
def following(own) -> Keyring:
    return Keyring(own.successor(bytes(range(100, 132))))


def test_blind_indexes_follow_a_chain_of_keys(own, following):
    third = Keyring(following.successor(bytes(32)))
    value = own.blind("phone", PHONE)
    assert following.blind("phone", PHONE) == following.blind_again(value)
    assert third.blind("phone", PHONE) == third.blind_again(following.blind_again(value))
    assert third.blind("phone", PHONE) != following.blind("phone", PHONE) != value
    assert third.follows(following)
    assert not third.follows(own)


@pytest.fixture
def city(clock) -> Runtime:
    """Return a city with a played case of relief."""
    from engine.bundle import read_library
    from tests.web.conftest import ANSWERS, LIBRARY, _apply

    with BureauStage(LIBRARY, read_library(LIBRARY)).city(clock) as made:
        start_up(made)
        with made.write() as transaction:
            add_person(
                made, transaction, SYSTEM, login="li", name="li", password="a long enough password", phone=PHONE,
                grants=(Grant("township_operator", "410721102"),),
            )  # fmt: skip
            apply_givens(transaction, GIVEN, made.keyring)
        _apply(made, ANSWERS)
        yield made


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


def _filled_columns(runtime: Runtime) -> set[str]:
    with runtime.read() as transaction:
        return {
            str(one.column)
            for one in ALL_SEALED
            if transaction.execute(sa.select(one.column).where(one.column.is_not(None))).first()
        }


def _opens_everything(runtime: Runtime, keyring: Keyring) -> bool:
    with runtime.read() as transaction:
        for one in ALL_SEALED:
            columns = dict.fromkeys((*one.column.table.primary_key.columns, *one.named))
            query = sa.select(*columns, one.column.label("sealed_")).where(one.column.is_not(None))
            for row in transaction.execute(query).mappings():
                if not keyring.opens(row["sealed_"], one.place_of(row)):
                    return False
    return True


def _found(runtime: Runtime, keyring: Keyring) -> int:
    with runtime.read() as transaction:
        query = sa.select(sa.func.count()).where(t.case_index.c.blind == keyring.blind("phone", PHONE))
        return transaction.execute(query).scalar_one()


def test_everything_is_sealed_anew_and_found_as_before(city, own, following):
    assert _filled_columns(city) >= {
        "case_instance.title", "case_state.state", "variable.value", "activity.values", "person.phone",
        "temp_case.applicant",
    }  # fmt: skip
    assert _opens_everything(city, own)
    assert _found(city, own) == 1
    done = rotate(city.database, own, following, ALL_SEALED, ALL_BLIND)
    assert done.sealed > 6
    assert done.blinded >= 3
    assert _opens_everything(city, following)
    assert not _opens_everything(city, own)
    assert _found(city, following) == 1
    assert _found(city, own) == 0
    with pytest.raises(Conflict, match="DOUDI_MASTER_KEY_FILE"):
        expect_ready(city)
    city.keyring = following
    expect_ready(city)
    assert scan_invariants(city) == ()


class Interrupted(Exception):
    """The power went away."""


@pytest.mark.parametrize("after", [1, 3, 8, len(ALL_SEALED)])
def test_an_interrupted_change_is_told_and_goes_on(city, own, following, after):
    left = after

    def told(_column: str, _count: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Interrupted

    with pytest.raises(Interrupted):
        rotate(city.database, own, following, ALL_SEALED, ALL_BLIND, told)
    for keyring in (own, following):
        city.keyring = keyring
        with pytest.raises(Conflict, match="rotate-key"):
            expect_ready(city)
        with pytest.raises(Conflict, match="rotate-key"):
            start_up(city)
    other = Keyring(own.successor(bytes(32)))
    with pytest.raises(Conflict, match="rotate-key"):
        rotate(city.database, own, other, ALL_SEALED, ALL_BLIND)
    rotate(city.database, own, following, ALL_SEALED, ALL_BLIND)
    assert _opens_everything(city, following)
    assert _found(city, following) == 1


def test_nothing_is_changed_while_a_node_is_at_work(city, own, following):
    with city.write() as transaction:
        nodes.beat(transaction, "work-1", "1", "worker")
    with pytest.raises(Conflict, match="work-1"):
        rotate(city.database, own, following, ALL_SEALED, ALL_BLIND)
    expect_ready(city)
    with city.write() as transaction:
        transaction.execute(t.node.update().values(seen_at=transaction.wall - timedelta(seconds=11)))
    rotate(city.database, own, following, ALL_SEALED, ALL_BLIND)
    with city.read() as transaction:
        master_key.expect(transaction, following)
