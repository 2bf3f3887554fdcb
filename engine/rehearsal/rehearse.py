"""Plays every scenario of some processes and adds up the flows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.bundle import Library, called_processes
from engine.diagram import read
from engine.rehearsal.coverage import Flow, flows_of
from engine.rehearsal.play import Check, Failure, play
from engine.rehearsal.stage import Stage
from engine.scenario import read_scenarios


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was played: counts, the flows nobody took, and what failed."""

    processes: tuple[str, ...]
    scenarios: int
    passed: int
    flows: int
    untaken: tuple[Flow, ...]
    failures: tuple[Failure, ...]

    @property
    def flows_taken(self) -> int:
        """Return how many sequence flows at least one scenario took."""
        return self.flows - len(self.untaken)

    @property
    def complete(self) -> bool:
        """Return whether every scenario holds and every flow was taken."""
        return not self.failures and not self.untaken


def rehearse(stage: Stage, library: Library, processes: Iterable[str], check: Check | None = None) -> Rehearsal:
    """Return the rehearsal of the processes' own scenarios, and of their callers' for flows these leave out.

    Raises FileError for scenario files that cannot be read.
    """
    names = tuple(processes)
    flows = frozenset(flow for process in names for flow in _flows(library, process))
    taken: set[Flow] = set()
    outcomes = [found for process in names for found in _played(stage, library, process, taken, check)]
    if flows - taken:
        callers = [caller for caller in _callers(library, names) if caller not in names]
        outcomes += [found for caller in callers for found in _played(stage, library, caller, taken, check)]
    passed = sum(not found for found in outcomes)
    failures = tuple(failure for found in outcomes for failure in found)
    return Rehearsal(names, len(outcomes), passed, len(flows), tuple(sorted(flows - taken)), failures)


def _played(
    stage: Stage, library: Library, process: str, taken: set[Flow], check: Check | None
) -> Iterator[list[Failure]]:
    for scenario in read_scenarios(library.folders[process]):
        yield play(stage, process, scenario, taken, check)


def _callers(library: Library, names: Iterable[str]) -> list[str]:
    """Return the processes that call one of these, at any depth: what their scenarios take counts too."""
    calls = {name: set(called_processes(files)) for name, files in library.folders.items()}
    found = set(names)
    while more := {name for name, called in calls.items() if called & found} - found:
        found |= more
    return sorted(found)


def _flows(library: Library, process: str) -> frozenset[Flow]:
    file = f"{process}.bpmn"
    return flows_of(read(library.folders[process][file], file))
