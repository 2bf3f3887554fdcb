from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from engine.store import tables as t
from engine.store.series import next_number
from engine.store.transaction import gave_way


def _count(database) -> int:
    with database.read() as transaction:
        return transaction.execute(sa.select(sa.func.count()).select_from(t.series)).scalar_one()


def test_work_that_ends_well_is_kept_as_a_whole(database):
    with database.write() as transaction:
        next_number(transaction, "a")
        next_number(transaction, "b")
    assert _count(database) == 2


def test_work_that_raises_leaves_nothing(database):
    def work() -> None:
        with database.write() as transaction:
            next_number(transaction, "a")
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        work()
    assert _count(database) == 0


def test_callbacks_wait_for_the_commit(database):
    seen: list[int] = []
    with database.write() as transaction:
        next_number(transaction, "a")
        transaction.after_commit(lambda: seen.append(_count(database)))
        assert seen == []
    assert seen == [1]


def test_callbacks_of_work_thrown_away_never_run(database):
    seen: list[str] = []

    def work() -> None:
        with database.write() as transaction:
            transaction.after_commit(lambda: seen.append("ran"))
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        work()
    assert seen == []


def test_a_reader_sees_one_state_while_others_write(database):
    with database.read() as reading:
        assert reading.execute(sa.select(sa.func.count()).select_from(t.series)).scalar_one() == 0
        with database.write() as writing:
            next_number(writing, "a")
        assert reading.execute(sa.select(sa.func.count()).select_from(t.series)).scalar_one() == 0
    assert _count(database) == 1


def test_what_a_reader_writes_is_never_kept(database):
    try:
        with database.read() as reading:
            next_number(reading, "a")
    except sa.exc.DBAPIError:
        pass  # PostgreSQL refuses at once, SQLite forgets at the end
    assert _count(database) == 0


def test_a_connection_that_read_can_write_afterwards(database):
    for _ in range(30):
        _count(database)
    with database.write() as transaction:
        next_number(transaction, "a")
    assert _count(database) == 1


def test_writers_take_turns_and_none_is_lost(database):
    def work(_: int) -> int:
        with database.write() as transaction:
            return next_number(transaction, "shared")

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(work, range(40)))
    assert sorted(numbers) == list(range(1, 41))


def test_times_are_read_back_as_the_same_moment_in_shanghai(database, clock):
    with database.write() as transaction:
        transaction.execute(
            t.node.insert(), {"id": "n", "started_at": clock.now(), "seen_at": clock.now(), "version": "1"}
        )
    with database.read() as transaction:
        seen = transaction.execute(sa.select(t.node.c.seen_at)).scalar_one()
    assert seen == clock.now()
    assert seen.utcoffset() == clock.now().utcoffset()


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_of_two_that_lock_each_other_out_both_are_done(database):
    with database.write() as transaction:
        next_number(transaction, "a")
        next_number(transaction, "b")
    both_hold_one, tries = Barrier(2, timeout=30), []

    def work(first: str, second: str) -> tuple[int, int]:
        first_try = True

        def step(transaction) -> tuple[int, int]:
            nonlocal first_try
            tries.append(first)
            mine = next_number(transaction, first)
            if first_try:
                first_try = False
                both_hold_one.wait()
            return mine, next_number(transaction, second)

        return database.attempt(step)

    with ThreadPoolExecutor(2) as pool:
        done = [future.result() for future in (pool.submit(work, "a", "b"), pool.submit(work, "b", "a"))]
    assert sorted(done) == [(2, 2), (3, 3)]
    assert len(tries) == 3


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_who_must_always_give_way_is_told_in_the_end(database):
    tries = []

    def step(transaction) -> None:
        tries.append(next_number(transaction, "a"))
        transaction.execute(sa.text("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"))

    with pytest.raises(sa.exc.DBAPIError) as told:
        database.attempt(step)
    assert gave_way(told.value)
    assert tries == [1] * 5
    assert _count(database) == 0


def test_another_failure_is_told_at_once_and_leaves_nothing(database):
    tries = []

    def step(transaction) -> None:
        tries.append(next_number(transaction, "a"))
        transaction.execute(sa.text("SELECT nothing FROM nowhere"))

    with pytest.raises(sa.exc.DBAPIError):
        database.attempt(step)
    assert tries == [1]
    assert _count(database) == 0


def test_what_the_database_refuses_is_told_without_the_values(database):
    row = {"name": "13800000001", "last": None}
    with pytest.raises(sa.exc.IntegrityError) as refused, database.write() as transaction:
        transaction.insert(t.series, [row])
    assert "[SQL parameters hidden" in str(refused.value)
