"""Cases modified by hand: what can be chosen in one, what a modification does, what waits for a second person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import scope
from engine.model import Actor, MovableToken, PossibleStart
from engine.queries.due import Due, due
from engine.runtime import LoadedDefinition, Runtime
from engine.runtime.opening import open_case
from engine.runtime.rejections import unknown_case, unknown_modification
from engine.runtime.visibility import may_with_case
from engine.store import cases, modifications
from engine.store import tables as t
from engine.store.modifications import Held, ModificationRow, Outcome, Stop
from engine.store.scope import in_scope
from engine.store.transaction import Transaction

ACTION = "modify_case"
MOST = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A step by its name, and how it is moved on (``user_task``, ``timer`` …; empty: by itself)."""

    process: str
    element: str
    name: str
    kind: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class EndingPlace:
    """A step that ends: who has its task, whether a draft is lost, by when it was due."""

    place: Place
    claimed_by: str | None
    draft: bool
    due: Due | None


@dataclass(frozen=True, slots=True)
class DrawnChange:
    """A diagram with the state of its elements: ``active``, ``ends`` or ``starts``."""

    process: str
    name: str
    elements: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ShownOutcome:
    """What a modification does, in names: what ends, what begins, what is done by itself on the way, where it stands."""

    endings: tuple[EndingPlace, ...]
    begins: tuple[Place, ...]
    passed: tuple[Place, ...]
    diagrams: tuple[DrawnChange, ...]
    finished: bool


@dataclass(frozen=True, slots=True)
class TokenChoice:
    """A token that may be ended, with what hangs on it."""

    token: MovableToken
    held: Held
    due: Due | None


@dataclass(frozen=True, slots=True)
class CaseName:
    """A case as operations know it: by number and process, without what is in it."""

    key: int
    number: str
    process_name: str
    version: int
    definition: int
    suspended: bool


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """What can be chosen in a case: tokens that end, elements that start; ``proposed`` is what waits already."""

    case: CaseName
    tokens: tuple[TokenChoice, ...]
    starts: tuple[PossibleStart, ...]
    diagrams: tuple[DrawnChange, ...]
    proposed: ModificationRow | None


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A proposed modification: whose, why, what it does, and whether this person may approve or withdraw it."""

    case: CaseName
    row: ModificationRow
    outcome: ShownOutcome
    variables: Mapping[str, Any]
    own: bool


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One line of the list."""

    key: int
    case: int
    number: str
    process_name: str
    reason: str
    status: str
    person_name: str
    proposed_at: datetime
    decider_name: str | None
    decided_at: datetime | None


def choice_page(runtime: Runtime, transaction: Transaction, actor: Actor, case: int) -> ChoicePage:
    """Return what can be chosen. Raises NotFound when the case is none this person may modify, or has ended."""
    row = cases.find(transaction, case)
    if row is None or row.status != "open" or not may_with_case(runtime, transaction, actor, ACTION, row):
        raise unknown_case()
    state = transaction.execute(_STATE, {"case_": case}).scalar_one()
    opened = open_case(runtime, transaction, row, state)
    held = modifications.held(transaction, case)
    calendar = opened.published.calendar
    tokens = tuple(
        TokenChoice(one, on := held.get(one.token, Held()), due(calendar, transaction.now, on.due, False))
        for one in opened.run.movable()
    )
    standing = {(one.token.process, one.token.element): "active" for one in tokens}
    return ChoicePage(
        case=_name(opened.definition, row),
        tokens=tokens,
        # What has no name is inner wiring: a person would not find it in a list.
        starts=tuple(one for one in opened.run.possible_starts() if one.name),
        diagrams=_drawn(opened.definition, standing),
        proposed=modifications.open_of_case(transaction, case),
    )


def decision_page(runtime: Runtime, transaction: Transaction, actor: Actor, key: int) -> DecisionPage:
    """Return a proposal. Raises NotFound when there is none for this person."""
    row = modifications.find(transaction, key)
    case = cases.find(transaction, row.case) if row is not None else None
    if row is None or case is None or not may_with_case(runtime, transaction, actor, ACTION, case):
        raise unknown_modification()
    definition = runtime.definition(transaction, case.definition)
    return DecisionPage(
        case=_name(definition, case),
        row=row,
        outcome=shown(runtime, transaction, definition, row.foreseen()),
        variables=modifications.plan_of(runtime.keyring, row).variables,
        own=actor.person is not None and actor.person == row.person,
    )


def outcome_of(runtime: Runtime, transaction: Transaction, case: int, outcome: Outcome) -> ShownOutcome:
    """Return what was foreseen for a case, in names."""
    row = cases.find(transaction, case)
    if row is None:
        raise unknown_case()
    return shown(runtime, transaction, runtime.definition(transaction, row.definition), outcome)


def shown(runtime: Runtime, transaction: Transaction, definition: LoadedDefinition, outcome: Outcome) -> ShownOutcome:
    """Return an outcome in names, with the diagrams coloured by it."""
    calendar = runtime.published(transaction).calendar
    begins = outcome.begins()
    states = {(one.process, one.element): "active" for one in outcome.after}
    states |= {(one.stop.process, one.stop.element): "ends" for one in outcome.endings}
    states |= {(one.process, one.element): "starts" for one in begins}
    return ShownOutcome(
        endings=tuple(
            EndingPlace(
                _place(definition, one.stop),
                one.claimed_by,
                one.draft,
                due(calendar, transaction.now, one.due, False),
            )
            for one in outcome.endings
        ),
        begins=_places(definition, begins),
        passed=_places(definition, Counter(outcome.passed)),
        diagrams=_drawn(definition, states),
        finished=outcome.finished,
    )


def proposals(runtime: Runtime, transaction: Transaction, actor: Actor) -> tuple[ProposalRow, ...]:
    """Return the modifications within the actor's reach, undecided ones first, then the newest; at most 100."""
    reach = scope(runtime.published(transaction).roles, actor, "see_incident")
    found = []
    for row in transaction.execute(_PROPOSALS.where(in_scope(t.case.c, reach))):
        key, case, definition, *rest = tuple(row)
        number, *facts = rest
        name = runtime.definition(transaction, definition).name
        found.append(ProposalRow(key, case, number, name, *facts))
    return tuple(found)


def _name(definition: LoadedDefinition, row: cases.CaseRow) -> CaseName:
    return CaseName(row.key, row.number, definition.name, definition.row.version, row.definition, row.suspended > 0)


def _drawn(definition: LoadedDefinition, states: Mapping[tuple[str, str], str]) -> tuple[DrawnChange, ...]:
    """Return the case's own diagram and every other one in which something stands or changes."""
    processes = dict.fromkeys([definition.row.process, *(process for process, _ in states)])
    return tuple(
        DrawnChange(
            process,
            definition.diagrams[process].executable.name,
            {element: state for (one, element), state in states.items() if one == process},
        )
        for process in processes
        if process in definition.diagrams
    )


def _places(definition: LoadedDefinition, stops: Mapping[Stop, int]) -> tuple[Place, ...]:
    counted: Counter[tuple[str, str, str]] = Counter()
    for stop, times in stops.items():
        counted[stop.process, stop.element, stop.kind] += times
    return tuple(_place(definition, Stop(*where), times) for where, times in counted.items())


def _place(definition: LoadedDefinition, stop: Stop, times: int = 1) -> Place:
    node = definition.nodes.get((stop.process, stop.element))
    return Place(stop.process, stop.element, (node.name if node else "") or stop.element, stop.kind, times)


_m = t.modification.c
_STATE = sa.select(t.case_state.c.state).where(t.case_state.c.case == sa.bindparam("case_"))
_PROPOSALS = (
    sa.select(
        _m.key, _m.case, t.case.c.definition, t.case.c.number, _m.reason, _m.status, _m.person_name, _m.proposed_at,
        _m.decider_name, _m.decided_at,
    )
    .join(t.case, t.case.c.key == _m.case)
    .order_by(sa.case((_m.status == modifications.PROPOSED, 0), else_=1), _m.key.desc())
    .limit(MOST)
)  # fmt: skip
