"""A part of a form while it is compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.forms.affects import affected
from engine.forms.fields import Component, Group, Leaf, Part

PASSIVE = frozenset({"expression", "text", "html", "table", "image", "documentPreview"})


@dataclass
class PartDraft:
    """Collects the components of the form or of one row; ``outer`` is the part around it."""

    outer: PartDraft | None = None
    leaves: list[Leaf] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)
    parents: dict[str, Component] = field(default_factory=dict)
    everything: list[Component] = field(default_factory=list)
    inner: list[PartDraft] = field(default_factory=list)

    def place(self, leaf: Leaf) -> bool:
        """Return whether the leaf's name was still free, and keep it."""
        branch = self.names
        for step in leaf.name[:-1]:
            branch = branch.setdefault(step, {})
            if not isinstance(branch, dict):
                return False
        if leaf.name[-1] in branch:
            return False
        branch[leaf.name[-1]] = leaf
        self.leaves.append(leaf)
        return True

    def add(self, component: Component) -> None:
        """Return nothing; keep a component, and for a group that it holds what was added before."""
        self.everything.append(component)
        for child in component.components if isinstance(component, Group) else ():
            self.parents[child.id] = component

    def knows(self, name: str) -> bool:
        """Return whether this part or one around it has a field or group of this name."""
        return name in self.names or (self.outer is not None and self.outer.knows(name))

    def holds(self, name: str) -> bool:
        """Return whether this part or a row inside it has the name; a filter reads its items' names bare."""
        return name in self.names or any(inner.holds(name) for inner in self.inner)

    def finish(self, components: tuple[Component, ...]) -> Part:
        """Return the frozen part."""
        affects = affected(self.everything, self.leaves, self.parents)
        shown_only = {component.id for component in self.everything if component.type in PASSIVE}
        reveals = frozenset(id_ for id_, ids in affects.items() if not shown_only.issuperset(ids))
        return Part(components, tuple(self.leaves), self.names, self.parents, affects, reveals)
