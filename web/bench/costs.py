"""What requests cost the server, as measured from each answer: milliseconds of CPU and of waiting, SQL, commits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from web.bench.figures import figure


@dataclass
class Costs:
    """Samples of one kind of request."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    statements: list[float] = field(default_factory=list)
    commits: list[float] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        """Return the figures of the samples."""
        return {
            "server_cpu_ms": figure(self.cpu), "answer_ms": figure(self.wall),
            "statements": figure(self.statements), "commits": figure(self.commits),
        }  # fmt: skip
