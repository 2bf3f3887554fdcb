"""Fills an empty database with the demo, and sets business time to the morning it opens."""

from __future__ import annotations

from engine.bundle import read_library
from engine.clock import FixedClock
from engine.runtime import Runtime
from engine.store import business_clock, people
from engine.store.sealing import Keyring
from engine.store.transaction import Database, Transaction
from workflows.demo.dates import BEGINNING, OPENING
from workflows.demo.households import give_homes, give_monitored, give_subsidies, quiet
from workflows.demo.money import fill_registers
from workflows.demo.planning import CASES, plan_demo_cases
from workflows.demo.playing import Players, Replay
from workflows.demo.staff import LOGINS, add_staff
from workflows.demo.timed import SHOWN_PLACES
from workflows.demo.upkeep import homes_with_a_story
from workflows.library import put_in_force


def is_loaded(runtime: Runtime) -> bool:
    """Return whether the migrated database holds the demo already."""
    with runtime.read() as transaction:
        return people.find_by_login(transaction, LOGINS[0].login) is not None


def load_demo(runtime: Runtime, seed: int = 2026, cases: int = CASES) -> None:
    """Load people, registers and played cases into the runtime's migrated, empty database: all of it or nothing."""
    clock = FixedClock(BEGINNING)
    database = Database(runtime.settings.database_url, clock)
    past = runtime.on(database, clock)
    try:
        folder = runtime.settings.library
        with past.write() as transaction:
            put_in_force(past, transaction, folder, read_library(folder))
            add_staff(past, transaction)
            fill_registers(transaction, past.keyring)
            _give_families(transaction, past.keyring)
            Replay(past, clock, Players(transaction), OPENING).play(transaction, plan_demo_cases(seed, cases))
            offset = OPENING - runtime.clock.wall()
            business_clock.set_offset(transaction, offset)
    finally:
        database.dispose()
    business_clock.use(runtime.clock, offset)
    runtime.forget_published()


def _give_families(transaction: Transaction, keyring: Keyring) -> None:
    for place in SHOWN_PLACES:
        give_homes(transaction, keyring, [*quiet(place), *homes_with_a_story(place)])
    give_monitored(transaction, keyring)
    give_subsidies(transaction, keyring, SHOWN_PLACES)
