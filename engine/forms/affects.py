"""Which components must be drawn anew when an answer changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.forms.fields import Component, Leaf


def affected(
    components: Sequence[Component], leaves: Sequence[Leaf], parents: Mapping[str, Component]
) -> Mapping[str, tuple[str, ...]]:
    """Return for each leaf's id the ids of components whose look depends on it, also through other answers."""
    readers: dict[str, list[Component]] = {}
    for component in components:
        for name in component.reads:
            readers.setdefault(name, []).append(component)
    roots = {leaf.id: leaf.name[0] for leaf in leaves}
    found = {leaf.id: _outermost(_reached(leaf, readers, roots), components, parents) for leaf in leaves}
    return {id_: ids for id_, ids in found.items() if ids}


def _reached(leaf: Leaf, readers: Mapping[str, list[Component]], roots: Mapping[str, str]) -> set[str]:
    reached: set[str] = set()
    names, seen = [leaf.name[0]], {leaf.name[0]}
    while names:
        for component in readers.get(names.pop(), ()):
            reached.add(component.id)
            root = roots.get(component.id)
            if root is not None and root not in seen:
                seen.add(root)
                names.append(root)
    return reached - {leaf.id}


def _outermost(ids: set[str], components: Sequence[Component], parents: Mapping[str, Component]) -> tuple[str, ...]:
    return tuple(
        component.id for component in components if component.id in ids and not _inside(component.id, ids, parents)
    )


def _inside(id_: str, ids: set[str], parents: Mapping[str, Component]) -> bool:
    parent = parents.get(id_)
    return parent is not None and (parent.id in ids or _inside(parent.id, ids, parents))
