"""Draws a diagram as SVG; the element told about is blue."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from engine.diagram.names import ACTIVITIES, EVENTS
from engine.diagram.tree import Diagram, Node
from tests.engine.elements.picture.layout import INSIDE, Line, Shape, Sheet, laid_out
from tests.engine.elements.picture.symbols import ALWAYS_FILLED, BELOW, GATEWAYS, MARKERS, SHAPES

MARGIN = 12
THROWING = frozenset({"intermediateThrowEvent", "endEvent"})
STYLE = (
    "svg{background:#fff}g,path,circle,rect,polygon{fill:none;stroke:#333;stroke-width:1.5;stroke-linejoin:round}"
    ".box{fill:#fff}.full{fill:#333}.full path,.full circle{fill:#333}.bold{stroke-width:3}.thin{stroke-width:1}"
    ".dash{stroke-dasharray:4 3}.dots{stroke-dasharray:1 4}.tip{fill:#333}"
    "text{font:12px sans-serif;fill:#333;stroke:none;text-anchor:middle}.small{font-size:10px;text-anchor:end}"
    ".focus>*,.focus path,.focus circle{stroke:#0b57d0}.focus .box{fill:#e8f0fe}"
    ".focus .full,.focus .full path,.focus .full circle{fill:#0b57d0}"
)


def picture(drawn: Diagram, focus: str, title: str) -> str:
    """Return the picture of the process; ``title`` is what is read out instead."""
    sheet = laid_out(drawn.executable.scope)
    width, height = sheet.width + 2 * MARGIN, sheet.height + 2 * MARGIN
    body = "".join(_sheet(sheet, MARGIN, MARGIN, focus))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img"><title>{escape(title)}</title><style>{STYLE}</style>{body}</svg>\n'
    )


def _sheet(sheet: Sheet, x: int, y: int, focus: str) -> Iterator[str]:
    for shape in sorted(sheet.shapes, key=lambda one: one.node.kind == "boundaryEvent"):
        yield from _shape(shape, x, y, focus)
    for line in sheet.lines:
        yield from _line(line, x, y)


def _shape(shape: Shape, x: int, y: int, focus: str) -> Iterator[str]:
    node = shape.node
    middle_x, middle_y = shape.middle
    yield f'<g transform="translate({x + middle_x} {y + middle_y})"{" class=" + chr(34) + "focus" + chr(34) if node.id == focus else ""}>'
    if node.kind in EVENTS:
        yield from _event(node)
    elif node.kind in ACTIVITIES:
        yield from _activity(shape)
    else:
        yield f'<polygon class="box" points="0,-22 22,0 0,22 -22,0"/>{GATEWAYS[node.kind]}'
    yield "</g>"
    if shape.inner is not None:
        yield from _sheet(shape.inner, x + shape.x + INSIDE, y + shape.y + INSIDE, focus)


def _event(node: Node) -> Iterator[str]:
    dash = "" if node.interrupting else " dash"
    weight = " bold" if node.kind == "endEvent" else ""
    yield f'<circle class="box{dash}{weight}" r="17"/>'
    if node.kind in ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"):
        yield f'<circle class="box{dash}" r="14"/>'
    kind = node.event.kind if node.event else "none"
    if kind in SHAPES:
        filled = node.kind in THROWING or kind in ALWAYS_FILLED
        yield f'<g class="thin{" full" if filled else ""}" transform="scale(.9)">{_envelope(SHAPES[kind], filled)}</g>'


def _envelope(symbol: str, filled: bool) -> str:
    return (
        symbol.replace("<path", '<path class="full"').replace("<circle", '<circle class="full"') if filled else symbol
    )


def _activity(shape: Shape) -> Iterator[str]:
    node, left, top = shape.node, -shape.width / 2, -shape.height / 2
    border = " bold" if node.kind == "callActivity" else " dots" if node.triggered_by_event else ""
    yield f'<rect class="box{border}" x="{left:g}" y="{top:g}" width="{shape.width}" height="{shape.height}" rx="8"/>'
    if node.kind == "transaction":
        yield f'<rect x="{left + 4:g}" y="{top + 4:g}" width="{shape.width - 8}" height="{shape.height - 8}" rx="5"/>'
    if node.kind in MARKERS:
        yield f'<g class="thin" transform="translate({left + 13:g} {top + 13:g}) scale(.8)">{MARKERS[node.kind]}</g>'
    if shape.inner is None:
        yield f'<text y="5">{escape(node.name or node.id)}</text>'
    marks = [name for name, shown in _marks(node) if shown]
    for index, name in enumerate(marks):
        x = (index - (len(marks) - 1) / 2) * 18
        yield f'<g class="thin" transform="translate({x:g} {-top - 9:g}) scale(.9)">{BELOW[name]}</g>'


def _marks(node: Node) -> Iterator[tuple[str, bool]]:
    if node.loop is not None:
        yield node.loop.kind, True
    yield "ad hoc", node.ad_hoc is not None
    yield "compensation", node.for_compensation
    yield "collapsed", node.kind == "callActivity"


def _line(line: Line, x: int, y: int) -> Iterator[str]:
    points = [(x + a, y + b) for a, b in line.points]
    way = "L".join(f"{a} {b}" for a, b in points)
    yield f'<path{" class=" + chr(34) + "dots" + chr(34) if line.association else ""} d="M{way}"/>'
    if not line.association:
        a, b = points[-1]
        yield f'<polygon class="tip" points="{a},{b} {a - 8},{b - 4} {a - 8},{b + 4}"/>'
    first_x, first_y = points[0]
    if line.default:
        yield f'<path d="M{first_x + 5} {first_y + 5}L{first_x + 10} {first_y - 5}"/>'
    if line.condition:
        last_x, last_y = points[-1]
        yield f'<text class="small" x="{last_x - 10}" y="{last_y - 5}">{escape(line.condition)}</text>'
