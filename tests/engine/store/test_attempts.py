from datetime import timedelta

from engine.store.attempts import Limit, count, forget_before

LIMIT = Limit("guess", most=3, within=timedelta(minutes=10))


def _try(database, keyring, key: str = "10.0.0.1", limit: Limit = LIMIT) -> bool:
    with database.write() as transaction:
        return count(transaction, keyring, limit, key)


def test_attempts_beyond_the_limit_are_told(database, keyring):
    assert [_try(database, keyring) for _ in range(5)] == [True, True, True, False, False]


def test_keys_and_kinds_are_counted_apart(database, keyring):
    for _ in range(4):
        _try(database, keyring)
    assert _try(database, keyring, key="10.0.0.2")
    assert _try(database, keyring, limit=Limit("other", 1, LIMIT.within))


def test_a_new_window_begins_after_the_time(database, keyring, clock):
    for _ in range(4):
        _try(database, keyring)
    clock.advance(LIMIT.within)
    assert _try(database, keyring)


def test_old_windows_are_forgotten_and_recent_ones_kept(database, keyring, clock):
    for _ in range(4):
        _try(database, keyring)
    with database.write() as transaction:
        forget_before(transaction, timedelta(minutes=1))
    assert not _try(database, keyring)
    clock.advance(timedelta(minutes=2))
    with database.write() as transaction:
        forget_before(transaction, timedelta(minutes=1))
    assert _try(database, keyring)
