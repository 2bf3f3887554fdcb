"""Where everything of a small diagram stands: columns follow the flows, what runs beside or undoes stands below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.diagram.graph import Graph, links, walk
from engine.diagram.names import ACTIVITIES, EVENTS, GATEWAYS
from engine.diagram.tree import Node, Scope

EVENT, GATEWAY, TASK = 36, 44, (96, 58)
ACROSS, SAYING, DOWN, INSIDE = 42, 104, 34, 26

Point = tuple[int, int]


@dataclass(frozen=True)
class Shape:
    """A node with its place; ``inner`` is what stands inside a sub-process, relative to it."""

    node: Node
    x: int
    y: int
    width: int
    height: int
    inner: Sheet | None = None

    @property
    def middle(self) -> Point:
        """Return the centre."""
        return self.x + self.width // 2, self.y + self.height // 2


@dataclass(frozen=True)
class Line:
    """A sequence flow, or an association from a compensation event, as a polyline."""

    points: tuple[Point, ...]
    condition: str = ""
    default: bool = False
    association: bool = False


@dataclass(frozen=True)
class Sheet:
    """One scope laid out from (0, 0)."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    lines: tuple[Line, ...]


@dataclass
class _Grid:
    """Which node stands in which cell."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    place: dict[str, tuple[int, int]] = field(default_factory=dict)

    def put(self, name: str, column: int, row: int, since: int | None = None) -> None:
        """Put a node into the first row from this one on whose cells are free since a column."""
        while not self.is_free(row, range(column if since is None else since, column + 1)):
            row += 1
        self.cells[column, row] = name
        self.place[name] = (column, row)

    def is_free(self, row: int, columns: range) -> bool:
        return all((column, row) not in self.cells for column in columns)


def laid_out(scope: Scope) -> Sheet:
    """Return where everything of a scope stands."""
    inner = {node.id: laid_out(node.scope) for node in scope.nodes.values() if node.scope is not None}
    grid = _grid(scope)
    sizes = {name: _size(scope.nodes[name], inner.get(name)) for name in grid.place}
    gap = SAYING if any(flow.condition for flow in scope.flows) else ACROSS
    shapes = _shapes(scope, grid, sizes, inner, gap)
    lines = (*_flows(scope, grid, shapes), *_associations(scope, shapes))
    right = max(shape.x + shape.width for shape in shapes.values())
    bottom = max(shape.y + shape.height for shape in shapes.values())
    points = [point for line in lines for point in line.points]
    return Sheet(
        max(right, *(x for x, _ in points), 0) if points else right,
        max(bottom, *(y for _, y in points), 0) if points else bottom,
        tuple(shapes.values()),
        lines,
    )


def _size(node: Node, inner: Sheet | None) -> tuple[int, int]:
    if inner is not None:
        return inner.width + 2 * INSIDE, inner.height + 2 * INSIDE + (14 if _is_marked(node) else 0)
    if node.kind in ACTIVITIES:
        return TASK
    return (EVENT, EVENT) if node.kind in EVENTS else (GATEWAY, GATEWAY)


def _is_marked(node: Node) -> bool:
    return node.loop is not None or node.ad_hoc is not None or node.for_compensation


def _grid(scope: Scope) -> _Grid:
    """Columns by the longest way from where the scope begins; a row goes on where its flow comes from."""
    graph, grid = Graph(scope), _Grid()
    standing = [node for node in scope.nodes.values() if node.kind != "boundaryEvent"]
    flowing = [node for node in standing if not node.triggered_by_event and not node.for_compensation]
    columns = _columns(flowing, scope, graph)
    apart = _after_links(scope, graph)
    order = {flow.target: index for index, flow in reversed([*enumerate(scope.flows)])}
    for node in sorted(flowing, key=lambda one: (one.id in apart, columns[one.id], order.get(one.id, 0))):
        before = [(name, down) for name, down in _before(node.id, scope) if name in grid.place]
        if before:
            (column, row), down = grid.place[before[0][0]], before[0][1]
            grid.put(node.id, columns[node.id], row + down, column if down else None)
        else:
            deepest = max((row for _, row in grid.place.values()), default=-1)
            grid.put(node.id, columns[node.id], deepest + 1 if node.id in apart else 0)
    below = max((row for _, row in grid.place.values()), default=-1) + 1
    for node in standing:
        if node.for_compensation:
            undone = next((one for one in flowing if one.compensated_by == node.id), None)
            grid.put(node.id, columns[undone.id] if undone else 0, below)
    return grid


def _after_links(scope: Scope, graph: Graph) -> frozenset[str]:
    """Return what goes on at link catch events: it stands in rows of its own, as no flow leads there."""
    catching = [catch.id for _, catch in links(scope)]
    drawn = {
        name: [] if name in {throw.id for throw, _ in links(scope)} else after
        for name, after in graph.successors.items()
    }
    return walk(catching, drawn)


def _columns(flowing: list[Node], scope: Scope, graph: Graph) -> dict[str, int]:
    columns = {node.id: 0 for node in flowing}
    for _ in flowing:
        for node in flowing:
            later = [columns[name] + 1 for name, _ in _before(node.id, scope) if name in columns]
            later = [column for column in later if column <= len(flowing)]
            columns[node.id] = max([columns[node.id], *later])
    return columns


def _before(name: str, scope: Scope) -> Iterator[tuple[str, int]]:
    """Yield what leads to a node, with 1 where it comes from the border of an activity: one row further down."""
    for flow in scope.flows:
        if flow.target == name:
            source = scope.nodes[flow.source]
            yield (source.attached_to or "", 1) if source.kind == "boundaryEvent" else (source.id, 0)


def _shapes(
    scope: Scope, grid: _Grid, sizes: dict[str, tuple[int, int]], inner: dict[str, Sheet], gap: int
) -> dict[str, Shape]:
    lefts, tops = _edges(grid, sizes, 0, gap), _edges(grid, sizes, 1, DOWN)
    shapes = {}
    for name, (column, row) in grid.place.items():
        width, height = sizes[name]
        wide, high = lefts[column][1], tops[row][1]
        x, y = lefts[column][0] + (wide - width) // 2, tops[row][0] + (high - height) // 2
        shapes[name] = Shape(scope.nodes[name], x, y, width, height, inner.get(name))
    for node in scope.nodes.values():
        if node.kind == "boundaryEvent":
            shapes[node.id] = _on_border(node, scope, shapes)
    _put_below(scope, inner, shapes)
    return shapes


def _put_below(scope: Scope, inner: dict[str, Sheet], shapes: dict[str, Shape]) -> None:
    """Event sub-processes stand beside each other under everything else."""
    x, y = 0, max((shape.y + shape.height for shape in shapes.values()), default=0) + DOWN
    for node in scope.nodes.values():
        if node.triggered_by_event:
            width, height = _size(node, inner[node.id])
            shapes[node.id] = Shape(node, x, y, width, height, inner[node.id])
            x += width + ACROSS


def _edges(grid: _Grid, sizes: dict[str, tuple[int, int]], axis: int, gap: int) -> dict[int, tuple[int, int]]:
    """Return for each column (axis 0) or row (axis 1) where it begins and how much room it has."""
    edges, at = {}, 0
    for index in sorted({place[axis] for place in grid.place.values()}):
        room = max(size[axis] for name, size in sizes.items() if grid.place[name][axis] == index)
        edges[index] = (at, room)
        at += room + gap
    return edges


def _on_border(node: Node, scope: Scope, shapes: dict[str, Shape]) -> Shape:
    host = shapes[node.attached_to or ""]
    same = [one.id for one in scope.nodes.values() if one.attached_to == node.attached_to]
    x = host.x + host.width - EVENT - 10 - same.index(node.id) * (EVENT + 6)
    return Shape(node, x, host.y + host.height - EVENT // 2, EVENT, EVENT)


def _flows(scope: Scope, grid: _Grid, shapes: dict[str, Shape]) -> Iterator[Line]:
    for flow in scope.flows:
        source, target = shapes[flow.source], shapes[flow.target]
        points = _way(source, target, grid)
        yield Line(points, (flow.condition or "").removeprefix("="), flow.default)


def _way(source: Shape, target: Shape, grid: _Grid) -> tuple[Point, ...]:
    x2, y2 = target.x, target.middle[1]
    if source.node.kind == "boundaryEvent":
        x1, bottom = source.middle[0], source.y + source.height
        turn = bottom + 12 if y2 <= bottom else y2
        return ((x1, bottom), (x1, turn), (x2 - 16, turn), (x2 - 16, y2), (x2, y2))
    x1, y1 = source.x + source.width, source.middle[1]
    column, row = grid.place[source.node.id]
    between = range(column + 1, grid.place[target.node.id][0])
    if y1 == y2 and grid.is_free(row, between):
        return ((x1, y1), (x2, y2))
    early = source.node.kind in GATEWAYS or len(source.node.outgoing) > 1 or not grid.is_free(row, between)
    turn = x1 + 16 if early else x2 - 16
    return ((x1, y1), (turn, y1), (turn, y2), (x2, y2))


def _associations(scope: Scope, shapes: dict[str, Shape]) -> Iterator[Line]:
    for node in scope.nodes.values():
        if node.kind == "boundaryEvent" and node.compensated_by in shapes:
            event, undoing = shapes[node.id], shapes[node.compensated_by or ""]
            start = (event.middle[0], event.y + event.height)
            yield Line((start, (start[0], undoing.y)), association=True)
