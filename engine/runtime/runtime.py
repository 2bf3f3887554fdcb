"""The configured engine that the composition root builds once per process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from engine.clock import Clock
from engine.forms import Option
from engine.model import LocalCall, Step
from engine.runtime.bell import Bell
from engine.runtime.courtesy import Courtesy
from engine.runtime.loaded import LoadedDefinition, load_files
from engine.runtime.published import Published, published_from
from engine.runtime.rejections import unknown_process
from engine.settings import Settings
from engine.store import definitions, publications
from engine.store.cases import CaseRow
from engine.store.sealing import Keyring
from engine.store.transaction import Database, Transaction

_LOOK_AGAIN_SECONDS = 1.0

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class RemoteRequest:
    """What a connector is asked; ``key`` is the constant idempotency key of the job."""

    key: str
    type: str
    case: Mapping[str, Any]
    variables: Mapping[str, Any]
    headers: Mapping[str, str]


class Regions(Protocol):
    """The places the bureau knows."""

    def exists(self, code: str) -> bool:
        """Return whether the first nine digits (six, four) name a place."""

    def name(self, code: str) -> str:
        """Return the place's name."""

    def children(self, code: str) -> Sequence[tuple[str, str]]:
        """Return (code, name) of the places directly inside."""


LocalHandler = Callable[[LocalCall, Transaction], Mapping[str, Any]]
Connector = Callable[[RemoteRequest], Mapping[str, Any]]
OptionSource = Callable[[Transaction, Mapping[str, Any]], Sequence[Option]]


@dataclass
class Runtime:
    """Everything a command needs, none of it global."""

    settings: Settings
    database: Database
    clock: Clock
    keyring: Keyring
    regions: Regions
    services: Mapping[str, LocalHandler] = field(default_factory=dict)
    connectors: Mapping[str, Connector] = field(default_factory=dict)
    sources: Mapping[str, OptionSource] = field(default_factory=dict)
    migrations: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        self._definitions: dict[int, LoadedDefinition] = {}
        self._published: Published | None = None
        self._uncommitted: WeakKeyDictionary[Transaction, Published | None] = WeakKeyDictionary()
        self._looked_at = 0.0
        self._lock = threading.Lock()
        self.wake: Callable[[], None] = _nothing
        self.offers = Bell()
        self.courtesy = Courtesy()
        self.observe: Callable[[CaseRow, Step], None] = _unobserved

    def on(self, database: Database, clock: Clock) -> Runtime:
        """Return the same engine on another database and clock; compiled definitions are shared."""
        other = replace(self, database=database, clock=clock)
        other._definitions = self._definitions
        return other

    def write(self) -> AbstractContextManager[Transaction]:
        """Return a transaction that commits at the end of its block."""
        return self.database.write()

    def attempt(self, work: Callable[[Transaction], Done]) -> Done:
        """Return what the work returns, committed; done anew when the database made it give way to another."""
        return self.database.attempt(work)

    def read(self) -> AbstractContextManager[Transaction]:
        """Return a transaction for reading."""
        return self.database.read()

    def is_local(self, service: str) -> bool:
        """Return whether the service runs inside the step's transaction."""
        return service in self.services

    def is_offered(self, published: Published, service: str) -> bool:
        """Return whether jobs of the service wait for outside workers: listed in services.yaml, or nobody else's."""
        return service in published.services or service not in self.connectors

    def published(self, transaction: Transaction) -> Published:
        """Return what is in force; another node's publication is seen within a second."""
        if transaction in self._uncommitted:
            return self._published_within(transaction)
        now = time.monotonic()
        current = self._published
        if current is not None and now - self._looked_at < _LOOK_AGAIN_SECONDS:
            return current
        newest = publications.newest(transaction)
        if current is None or current.key != newest:
            current = published_from(newest, publications.contents(transaction))
            self._published = current
        self._looked_at = now
        return current

    def changes_published(self, transaction: Transaction) -> None:
        """Let the transaction alone see what it publishes; everybody else does once it has committed."""
        self._uncommitted[transaction] = None
        transaction.after_commit(self.forget_published)

    def forget_published(self) -> None:
        """Look again at what is in force before the next use."""
        self._published = None

    def _published_within(self, transaction: Transaction) -> Published:
        found = self._uncommitted[transaction]
        if found is None:
            found = published_from(publications.newest(transaction), publications.contents(transaction))
            self._uncommitted[transaction] = found
        return found

    def definition(self, transaction: Transaction, key: int) -> LoadedDefinition:
        """Return a deployed version ready to run. Raises NotFound for an unknown key."""
        found = self._definitions.get(key)
        if found is None:
            with self._lock:
                found = self._definitions.get(key) or self._load(transaction, key)
                self._definitions[key] = found
        return found

    def latest(self, transaction: Transaction, process: str) -> LoadedDefinition:
        """Return the newest version of a process. Raises NotFound when it was never deployed."""
        row = definitions.latest(transaction, process)
        if row is None:
            raise unknown_process(process)
        return self.definition(transaction, row.key)

    def _load(self, transaction: Transaction, key: int) -> LoadedDefinition:
        row = definitions.find(transaction, key)
        if row is None:
            raise unknown_process(str(key))
        parts: dict[str, Mapping[str, bytes]] = {}
        waiting = {row.process: key}
        while waiting:
            process, version = waiting.popitem()
            parts[process] = definitions.files(transaction, version)
            waiting |= {
                name: bound for name, bound in definitions.bound(transaction, version).items() if name not in parts
            }
        return load_files(row, row.process, parts, self.published(transaction).roles)


def _nothing() -> None:
    return None


def _unobserved(_case: CaseRow, _step: Step) -> None:
    return None
