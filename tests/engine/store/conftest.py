from collections.abc import Iterator

import pytest

from engine.clock import FixedClock
from engine.store.sealing import Keyring
from engine.store.transaction import Database
from engine.testing import NOW, Databases


@pytest.fixture
def database(databases: Databases, clock: FixedClock) -> Iterator[Database]:
    """Yield a database with the engine's tables and nothing in them."""
    made = databases.engines.on(databases.fresh("bare", _migrate), clock, pool_size=24)
    yield made
    databases.engines.free(made)
    databases.drop(made.url)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring(bytes(range(32)))


def _migrate(address: str) -> None:
    made = Database(address, FixedClock(NOW))
    made.migrate()
    made.dispose()
