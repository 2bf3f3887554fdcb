import pytest
import sqlalchemy as sa

from engine.model import Actor
from engine.store import audit
from engine.store import tables as t
from engine.store.audit import BrokenLink, ChainHead, Entry, broken_links
from engine.testing.places import HILL

ACTOR = Actor(1, "经办员", address="10.0.0.1")


def _broken(database) -> list[BrokenLink]:
    with database.read() as transaction:
        return list(broken_links(transaction))


def _change(database, statement) -> None:
    with database.write() as transaction:
        assert transaction.execute(statement).rowcount >= 1


@pytest.fixture
def chained(database):
    for chain in ("person:1", "person:2"):
        for number in range(5):
            with database.write() as transaction:
                audit.append_unlocked(transaction, chain, ACTOR, Entry("sign_in", f"try {number}"))
    assert _broken(database) == []
    return database


@pytest.mark.parametrize("column", ["name", "action", "subject", "result", "region", "address"])
def test_a_changed_text_is_found(chained, column):
    _change(
        chained, t.audit.update().where(t.audit.c.chain == "person:1", t.audit.c.sequence == 3).values({column: "x"})
    )
    assert _broken(chained) == [BrokenLink("person:1", 3)]


def test_a_changed_time_person_or_detail_is_found(chained, clock):
    clock.advance(clock.now() - clock.now().replace(hour=0))
    for values in ({"at": clock.now()}, {"business_at": clock.now()}, {"person": 2}, {"details": b"{}x"}):
        before = t.audit.c.sequence == 2
        with chained.read() as transaction:
            kept = transaction.execute(sa.select(t.audit).where(t.audit.c.chain == "person:2", before)).mappings().one()
        _change(chained, t.audit.update().where(t.audit.c.chain == "person:2", before).values(values))
        assert _broken(chained) == [BrokenLink("person:2", 2)]
        _change(
            chained, t.audit.update().where(t.audit.c.chain == "person:2", before).values({k: kept[k] for k in values})
        )
    assert _broken(chained) == []


def test_a_removed_entry_is_found_at_the_one_that_follows(chained):
    _change(chained, t.audit.delete().where(t.audit.c.chain == "person:1", t.audit.c.sequence == 2))
    assert _broken(chained) == [BrokenLink("person:1", 3)]


def test_an_inserted_entry_is_found(chained):
    with chained.write() as transaction:
        rows = transaction.execute(sa.select(t.audit).where(t.audit.c.chain == "person:1")).mappings().all()
        forged = dict(rows[-1]) | {"sequence": 6, "subject": "forged"}
        transaction.execute(t.audit.insert(), forged)
    assert _broken(chained) == [BrokenLink("person:1", 6)]


def test_an_entry_inserted_between_two_others_is_found_even_with_a_digest_that_fits_before_it(chained):
    with chained.write() as transaction:
        later = sa.and_(t.audit.c.chain == "person:1", t.audit.c.sequence > 3)
        for sequence in (5, 4):
            at = sa.and_(t.audit.c.chain == "person:1", t.audit.c.sequence == sequence)
            transaction.execute(t.audit.update().where(later, at).values(sequence=sequence + 1))
        digest = sa.select(t.audit.c.digest).where(t.audit.c.chain == "person:1", t.audit.c.sequence == 3)
        head = ChainHead(3, transaction.execute(digest).scalar_one())
        audit.append(transaction, "person:1", head, ACTOR, Entry("sign_in", "forged"))
    assert _broken(chained)[0] == BrokenLink("person:1", 5)


@pytest.fixture
def case(desk, staff):
    clerk = staff.person("clerk", HILL)
    started = desk.start(clerk, "approval", HILL, sender_name="王芳", phone="13800000001", amount="5")
    desk.complete(clerk, started.key, "record", {"weight": "3"})
    return started.key


@pytest.mark.tampers
def test_the_end_of_a_case_cut_off_is_found(runtime, case):
    assert _broken(runtime.database) == []
    _change(runtime.database, t.audit.delete().where(t.audit.c.chain == f"case:{case}", t.audit.c.sequence == 2))
    assert _broken(runtime.database) == [BrokenLink(f"case:{case}", 2)]


@pytest.mark.tampers
def test_a_case_without_any_entry_left_is_found(runtime, case):
    _change(runtime.database, t.audit.delete().where(t.audit.c.chain == f"case:{case}"))
    assert _broken(runtime.database) == [BrokenLink(f"case:{case}", 2)]


@pytest.mark.tampers
def test_a_chain_written_anew_as_a_whole_does_not_end_where_the_case_says(runtime, case):
    chain = f"case:{case}"
    with runtime.write() as transaction:
        transaction.execute(t.audit.delete().where(t.audit.c.chain == chain))
        head = ChainHead(0, audit.GENESIS)
        for number in range(2):
            head = audit.append(transaction, chain, head, ACTOR, Entry("invented", str(number)))
    assert _broken(runtime.database) == [BrokenLink(chain, 2)]


def test_two_writers_of_one_chain_take_turns(database):
    import threading

    def work() -> None:
        for number in range(10):
            with database.write() as transaction:
                audit.append_unlocked(transaction, "person:1", ACTOR, Entry("sign_in", str(number)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _broken(database) == []
    with database.read() as transaction:
        assert transaction.execute(sa.select(sa.func.max(t.audit.c.sequence))).scalar_one() == 40
