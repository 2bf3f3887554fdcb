"""Batches of cases that are moved to another version: what to plan, how far one is, what stands in the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from engine.access import Scope, covers, covers_all, scope
from engine.diagram.matching import Match, match
from engine.errors import Forbidden, Text
from engine.model import Actor, Obstacle
from engine.runtime import LoadedDefinition, Runtime
from engine.runtime.obstacles import REASONS
from engine.runtime.rejections import unknown_migration, unknown_process
from engine.store import case_migrations, definitions
from engine.store import tables as t
from engine.store.case_migrations import FAILED, NEXT, REFUSED, MigrationRow
from engine.store.definitions import DefinitionRow
from engine.store.scope import in_scope
from engine.store.transaction import Transaction

SAMPLES = 5


@dataclass(frozen=True, slots=True)
class ProcessToMove:
    """The newest version of a process and how many open cases within reach are on former ones."""

    row: DefinitionRow
    open_cases: int


@dataclass(frozen=True, slots=True)
class VersionChoice:
    """A version and how many open cases within reach are on it."""

    row: DefinitionRow
    open_cases: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Two versions of a process and the suggested map between them; only elements where a case can wait are listed."""

    process: str
    name: str
    versions: tuple[VersionChoice, ...]
    source: DefinitionRow
    target: DefinitionRow
    matches: tuple[Match, ...]
    batches: tuple[MigrationRow, ...]

    @property
    def unmatched(self) -> int:
        """Return how many elements have no counterpart."""
        return sum(one.target is None for one in self.matches)


@dataclass(frozen=True, slots=True)
class CaseLink:
    """A case to look at: its key only for people who may see it."""

    number: str
    key: int | None


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One reason why cases cannot be moved: at which element, how many, and some of them."""

    sentence: Text
    element: str
    count: int
    samples: tuple[CaseLink, ...]


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One batch: its versions, its cases by status, and what stands in the way."""

    row: MigrationRow
    name: str
    source: DefinitionRow
    target: DefinitionRow
    counts: Mapping[str, int]
    hindrances: tuple[Hindrance, ...]

    @property
    def total(self) -> int:
        """Return how many cases the batch has."""
        return sum(self.counts.values())

    @property
    def busy(self) -> bool:
        """Return whether the worker has something to do for the batch."""
        return self.row.status in NEXT

    @property
    def to_do(self) -> int:
        """Return with how many cases what the batch is doing has not been done."""
        return self.counts.get(NEXT[self.row.status][0], 0) if self.busy else 0


def processes_to_move(runtime: Runtime, transaction: Transaction, actor: Actor) -> tuple[ProcessToMove, ...]:
    """Return every process that has more than one version. Raises Forbidden without the right to move cases."""
    reach = _reach(runtime, transaction, actor)
    found = []
    for process in definitions.processes(transaction):
        newest, *former = definitions.versions(transaction, process)
        if former:
            counts = _open_cases(transaction, process, reach)
            found.append(ProcessToMove(newest, sum(counts.get(row.key, 0) for row in former)))
    return tuple(found)


def plan_page(
    runtime: Runtime, transaction: Transaction, actor: Actor, process: str, source: int | None, target: int | None
) -> PlanPage:
    """Return what to choose from: by default from the busiest former version to the newest.

    Raises NotFound for an unknown process, Forbidden without the right to move cases.
    """
    reach = _reach(runtime, transaction, actor)
    rows = definitions.versions(transaction, process)
    if not rows:
        raise unknown_process(process)
    counts = _open_cases(transaction, process, reach)
    by_key = {row.key: row for row in rows}
    newest = by_key.get(target or 0, rows[0])
    others = [row for row in rows if row.key != newest.key] or [newest]
    oldest = by_key.get(source or 0, max(others, key=lambda row: (counts.get(row.key, 0), row.version)))
    old, new = (runtime.definition(transaction, row.key) for row in (oldest, newest))
    return PlanPage(
        process=process,
        name=new.name,
        versions=tuple(VersionChoice(row, counts.get(row.key, 0)) for row in rows),
        source=oldest,
        target=newest,
        matches=tuple(one for one in match(old.diagrams, new.diagrams) if one.standing),
        batches=tuple(one for one in case_migrations.of_process(transaction, process) if covers_all(reach.regions, one.regions)),
    )


def batch_page(runtime: Runtime, transaction: Transaction, actor: Actor, key: int) -> BatchPage:
    """Return one batch. Raises NotFound when there is none for this person, Forbidden without the right."""
    reach = _reach(runtime, transaction, actor)
    row = case_migrations.find(transaction, key)
    if row is None or not covers_all(reach.regions, row.regions):
        raise unknown_migration()
    old, new = (runtime.definition(transaction, one) for one in (row.source, row.target))
    counts = dict(tuple(one) for one in transaction.execute(_COUNTS, {"migration_": key}))
    seen = scope(runtime.published(transaction).roles, actor, "see_case")
    return BatchPage(row, new.name, old.row, new.row, counts, _hindrances(transaction, key, seen, (old, new)))


def _hindrances(
    transaction: Transaction, key: int, seen: Scope, versions: tuple[LoadedDefinition, LoadedDefinition]
) -> tuple[Hindrance, ...]:
    counts: Counter[tuple[Text, str]] = Counter()
    samples: dict[tuple[Text, str], list[CaseLink]] = defaultdict(list)
    for row in transaction.execute(_HINDERED, {"migration_": key}):
        link = CaseLink(row.number, row.case if covers(seen.regions, row.region) else None)
        reasons = [(_sentence(one), _name(one, versions)) for one in case_migrations.obstacles_of(row.obstacles)]
        if row.status == FAILED:
            reasons = [(Text(row.fault_zh, row.fault_en), "")]
        for reason in reasons:
            counts[reason] += 1
            if len(samples[reason]) < SAMPLES:
                samples[reason].append(link)
    return tuple(
        Hindrance(sentence, element, count, tuple(samples[sentence, element]))
        for (sentence, element), count in counts.most_common()
    )


def _sentence(obstacle: Obstacle) -> Text:
    return REASONS[obstacle.reason]


def _name(obstacle: Obstacle, versions: tuple[LoadedDefinition, LoadedDefinition]) -> str:
    nodes = (version.nodes.get((obstacle.process, obstacle.element)) for version in versions)
    return next((node.name for node in nodes if node is not None and node.name), obstacle.element)


def _reach(runtime: Runtime, transaction: Transaction, actor: Actor) -> Scope:
    reach = scope(runtime.published(transaction).roles, actor, "migrate")
    if reach.empty:
        raise Forbidden(
            Text("只有流程发布岗或运行维护岗可以迁移在办案件。", "Expected the right to publish or to repair.")
        )
    return reach


def _open_cases(transaction: Transaction, process: str, reach: Scope) -> dict[int, int]:
    query = (
        sa.select(t.case.c.definition, sa.func.count())
        .where(t.case.c.status == "open", t.case.c.process == process, in_scope(t.case.c, reach))
        .group_by(t.case.c.definition)
    )
    return dict(tuple(row) for row in transaction.execute(query))


_c = t.migration_case.c
_COUNTS = (
    sa.select(_c.status, sa.func.count().label("count"))
    .where(_c.migration == sa.bindparam("migration_"))
    .group_by(_c.status)
)
_HINDERED = (
    sa.select(_c.case, _c.status, _c.obstacles, _c.fault_zh, _c.fault_en, t.case.c.number, t.case.c.region)
    .select_from(t.migration_case.join(t.case, t.case.c.key == _c.case))
    .where(_c.migration == sa.bindparam("migration_"), _c.status.in_((REFUSED, FAILED)))
    .order_by(_c.case)
)
