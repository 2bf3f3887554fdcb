"""An engine with a folder of processes in force, on a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from engine.bundle import Library, read_library
from engine.clock import SHANGHAI, Clock, FixedClock
from engine.commands.deploy import deploy
from engine.commands.publish_contents import publish_contents
from engine.model import SYSTEM
from engine.runtime import Connector, LocalHandler, OptionSource, Runtime
from engine.runtime.published import CALENDAR, POLICY, ROLES, SERVICES
from engine.settings import Settings
from engine.store.sealing import Keyring
from engine.store.transaction import Database
from engine.testing.databases import Databases
from engine.testing.places import PLACES

NOW = datetime(2026, 9, 23, 9, 0, tzinfo=SHANGHAI)
MASTER_KEY = bytes(range(32))
Story = Callable[[Runtime, FixedClock], None]


@dataclass(frozen=True)
class Kit:
    """What an engine under test is made of: a folder of processes and the handlers its diagrams name.

    ``story`` is what has happened before each test begins; ``name`` tells the templates of different kits apart.
    """

    name: str
    folder: Path
    services: Mapping[str, LocalHandler] = field(default_factory=dict)
    connectors: Mapping[str, Connector] = field(default_factory=dict)
    sources: Mapping[str, OptionSource] = field(default_factory=dict)
    story: Story | None = None

    @cached_property
    def library(self) -> Library:
        """Return the folder as read."""
        return read_library(self.folder)

    @cached_property
    def compiled(self) -> Runtime:
        """Return a runtime without a database of its own: what it compiles is shared by every test."""
        return self.runtime(Database("sqlite://", FixedClock(NOW)))

    def runtime(self, database: Database) -> Runtime:
        """Return a new engine on a database."""
        return Runtime(
            settings=Settings(database_url=database.url, master_key=MASTER_KEY, library=self.folder),
            database=database,
            clock=database.clock,
            keyring=Keyring(MASTER_KEY),
            regions=PLACES,
            services=dict(self.services),
            connectors=dict(self.connectors),
            sources=dict(self.sources),
        )

    def prepare(self, address: str) -> None:
        """Fill an empty database: newest schema, everything beside the processes published, every process deployed."""
        clock = FixedClock(NOW)
        database = Database(address, clock)
        database.migrate()
        runtime = self.runtime(database)
        with runtime.write() as transaction:
            publish_contents(runtime, transaction, SYSTEM, contents=self._contents())
            for process in self.library.folders:
                deploy(runtime, transaction, SYSTEM, bundle=self.library.bundle(process))
        if self.story is not None:
            self.story(runtime, clock)
        database.dispose()

    def _contents(self) -> dict[tuple[str, str], bytes]:
        single = {
            (ROLES, "roles"): self.folder / "roles.yaml",
            (SERVICES, "services"): self.folder / "services.yaml",
            (POLICY, "shared"): self.folder / "shared" / "policy.yaml",
        }
        years = {(CALENDAR, path.stem): path for path in sorted((self.folder / "calendar").glob("*.yaml"))}
        return {subject: path.read_bytes() for subject, path in (single | years).items() if path.exists()}


def engine_on(databases: Databases, kit: Kit, clock: Clock) -> Runtime:
    """Return an engine on a new database in which the kit is in force and nothing but its story has happened."""
    address = databases.fresh(kit.name, kit.prepare)
    database = databases.engines.on(address, clock, pool_size=24)
    runtime = kit.compiled.on(database, clock)
    runtime.services = dict(kit.services)
    runtime.connectors = dict(kit.connectors)
    return runtime
