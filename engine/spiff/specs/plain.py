"""Start events, none events, manual and undefined tasks: a token passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.spiff.specs.activity import Activity

if TYPE_CHECKING:
    from engine.spiff.tokens import Token


class PlainActivity(Activity):
    """Does nothing but its mappings."""

    def _run_hook(self, my_task: Token) -> bool:
        if self.output_mappings:
            self.deliver(my_task, {})
        return True
