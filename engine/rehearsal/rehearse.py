"""Plays every scenario of some processes and adds up the flows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.bundle import Library
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
    """Return the rehearsal of the processes' own scenarios, their own diagrams' flows counted together.

    Raises FileError for scenario files that cannot be read.
    """
    names = tuple(processes)
    taken: set[Flow] = set()
    failures: list[Failure] = []
    count = failed = 0
    for process in names:
        for scenario in read_scenarios(library.folders[process]):
            found = play(stage, process, scenario, taken, check)
            failures += found
            count += 1
            failed += bool(found)
    flows = frozenset(flow for process in names for flow in _flows(library, process))
    return Rehearsal(names, count, count - failed, len(flows), tuple(sorted(flows - taken)), tuple(failures))


def _flows(library: Library, process: str) -> frozenset[Flow]:
    file = f"{process}.bpmn"
    return flows_of(read(library.folders[process][file], file))
