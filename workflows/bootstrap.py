"""The composition root: settings and the explicit tables of this package become one configured engine."""

from __future__ import annotations

from engine.clock import Clock, SystemClock
from engine.runtime import Runtime
from engine.settings import Settings
from engine.store.business_clock import MovableOffset
from engine.store.sealing import Keyring
from engine.store.transaction import Database
from workflows.connectors import remote_services
from workflows.connectors.http import Department
from workflows.connectors.payroll import PartOf
from workflows.registers import duty, regions
from workflows.registers.migrations import VERSIONS
from workflows.registers.payroll.batches import BankFiles
from workflows.services import local_services
from workflows.sources import OPTION_SOURCES

_COUNTY_DIGITS = 6


def build_runtime(settings: Settings, clock: Clock | None = None) -> Runtime:
    """Return the engine with the bureau's services, connectors, option sources and registers.

    Without a clock it runs on the machine's, in the demo with an offset that moves business time.
    """
    ticking = clock or (SystemClock(MovableOffset()) if settings.demo else SystemClock())
    database = Database(settings.database_url, ticking)
    keyring = Keyring(settings.master_key)
    return Runtime(
        settings=settings,
        database=database,
        clock=ticking,
        keyring=keyring,
        regions=regions,
        services=local_services(keyring),
        connectors=remote_services(
            Department(settings.departments_url), phones_on_duty(database), parts_of_files(database, keyring)
        ),
        sources=OPTION_SOURCES,
        migrations=(VERSIONS,),
    )


def phones_on_duty(database: Database) -> duty.PhoneOf:
    """Return what finds the phone on duty for a role, in the county for county roles; it reads in its own transaction."""

    def phone_of(role: str, region: str) -> str | None:
        place = region[:_COUNTY_DIGITS] if role.startswith("county") else region
        with database.read() as transaction:
            found = duty.on_duty(transaction, place)
        return found.phone if found else None

    return phone_of


def parts_of_files(database: Database, keyring: Keyring) -> PartOf:
    """Return what reads a part of a bank file, each in a transaction of its own, so that none is open while it is sent."""
    files = BankFiles(keyring)

    def part_of(batch: int, number: int) -> str | None:
        with database.read() as transaction:
            return files.part(transaction, batch, number)

    return part_of
