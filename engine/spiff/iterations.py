"""Iterations of parallel multi-instance kept apart from the state: read one by one, so that a step touches its own."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from engine.model import Iteration, IterationChanges, IterationResult
from engine.spiff.iteration_state import divided, packed, unpacked

if TYPE_CHECKING:
    from engine.spiff.case import Case
    from engine.spiff.environment import StoredIterations
    from engine.spiff.tokens import Token


class Iterations:
    """The iterations of one case that are not part of its state; ``bodies`` are the live tokens they belong to."""

    def __init__(self, case: Case, stored: StoredIterations) -> None:
        self.bodies: set[int] = set()
        self._case = case
        self._stored = stored
        self._known: dict[int, Iteration] = {}
        self._inside: dict[int, frozenset[int]] = {}
        self._results: dict[int, dict[int, IterationResult]] = {}
        self._with_rows: set[int] = set()
        self._ended: list[int] = []

    # --- bodies and their results

    def begin(self, body: Token) -> None:
        """Keep the iterations of this body apart."""
        self.bodies.add(body.key)

    def restored(self, body: Token) -> None:
        """Note a body that was read with the state, or with an iteration around it."""
        self.bodies.add(body.key)
        self._with_rows.add(body.key)

    def end(self, body: Token) -> None:
        """Forget a body with everything that is kept for it."""
        self.bodies.discard(body.key)
        self._results.pop(body.key, None)
        if body.key in self._with_rows:
            self._with_rows.discard(body.key)
            self._ended.append(body.key)

    def keep_result(self, body: Token, token: Token, value: Any) -> None:
        """Keep what a finished iteration gives to the output collection."""
        position = token.internal_data["i"]
        result = IterationResult(token.key, body.key, body.part, position, value)
        self._results.setdefault(body.key, {})[position] = result

    def collected(self, body: Token) -> list[Any]:
        """Return the results of all iterations in the order of the items, None where there is none."""
        found = dict(self._stored.results(body.key)) if body.key in self._with_rows else {}
        found.update({position: result.value for position, result in self._results.get(body.key, {}).items()})
        return [found.get(position) for position in range(body.internal_data["total"])]

    def adopt(self, other: Iterations) -> None:
        """Take over what is known of the rows of another case in memory, all of whose iterations were read."""
        self.bodies = set(other.bodies)
        self._with_rows = set(other._with_rows)
        self._known = dict(other._known)
        self._inside = dict(other._inside)

    def as_stored(self) -> dict[int, Iteration]:
        """Return the iterations that were read, as they were stored, by their tokens."""
        return dict(self._known)

    @property
    def waiting(self) -> bool:
        """Return whether some iteration has not been read: it was at rest, so somebody or something has to move it."""
        return any(self._not_read(self._case.index[key]) for key in self.bodies)

    def _not_read(self, body: Token) -> int:
        read = sum(child.part == key for key, child in body.owned.items())
        return int(body.internal_data["next"] - body.internal_data["done"]) - read

    # --- reading

    def find(self, key: int) -> Token | None:
        """Return the token with this key out of the iteration that holds it, or None."""
        if self._with_rows:
            for iteration in self._stored.holding(key):
                self._read(iteration)
        return self._case.index.get(key)

    def of(self, body: Token) -> Iterator[Token]:
        """Yield the unfinished iterations of a body, oldest first; the stored ones are read on the way."""
        here = [child for key, child in sorted(body.owned.items()) if child.part == key]
        if body.key not in self._with_rows:
            return iter(here)
        stored = (self._read(iteration) for iteration in self._stored.unfinished(body.key))
        return merge(here, (token for token in stored if token is not None), key=attrgetter("key"))

    def gather(self) -> None:
        """Read every iteration, also those inside others, so that the whole case is in memory."""
        seen: set[int] = set()
        while todo := sorted(self.bodies - seen):
            seen.update(todo)
            for key in todo:
                for _ in self.of(self._case.index[key]):
                    pass

    def _read(self, iteration: Iteration) -> Token | None:
        """Return the iteration's token, or None where it was read before or its body is gone."""
        if iteration.token in self._known or iteration.body not in self._with_rows:
            return None
        self._known[iteration.token] = iteration
        token, self._inside[iteration.token] = unpacked(self._case, iteration)
        return token

    # --- writing

    def take(self) -> IterationChanges:
        """Return what has changed since the case was loaded or this was called last; it counts as stored then."""
        changes = IterationChanges(ended=self._ended)
        self._ended = []
        if self.bodies or self._known:
            self._take_live(changes)
            self._take_finished(changes)
            self._with_rows = set(self.bodies)
        return changes

    def _take_live(self, changes: IterationChanges) -> None:
        for key, part in divided(self._case).items():
            iteration = packed(self._case, part)
            known = self._known.get(key)
            if known is None:
                changes.begun.append(iteration)
            elif known != iteration:
                changes.moved.append(iteration)
            inside = self._inside.get(key, frozenset())
            changes.entered += [(token, key) for token in sorted(part.inside - inside)]
            changes.left += sorted(inside - part.inside)
            self._known[key], self._inside[key] = iteration, frozenset(part.inside)

    def _take_finished(self, changes: IterationChanges) -> None:
        gone = [key for key in self._known if key not in self._case.index]
        for key in gone:
            iteration = self._known.pop(key)
            inside = self._inside.pop(key)
            if iteration.body in self.bodies:
                changes.left += sorted(inside)
                changes.finished.append(key)
        for results in self._results.values():
            changes.results += results.values()
        self._results = {}
        kept = {result.token for result in changes.results}
        changes.finished = [key for key in changes.finished if key not in kept]
