"""What stands together: start events beside each other, events behind a gateway, events and loops on every activity."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement

from engine.diagram.names import ACTIVITIES
from tests.engine.elements.cell import Cell
from tests.engine.elements.matrix import DEFINITIONS, NODES
from tests.engine.spiff.drawing import (
    after,
    boundary,
    catch,
    diagram,
    end,
    exclusive,
    message,
    receive,
    repeat,
    scope,
    signal,
    standard,
    start,
    throw,
    timer,
    undone_by,
    user,
)

STARTS = {
    "none": "",
    "message": message("m1"),
    "another message": message("m2"),
    "timer": after("P1D"),
    "date": timer("timeDate", "2027-01-01T00:00:00+08:00"),
    "cycle": timer("timeCycle", "R/P1M"),
    "signal": signal(),
    "another signal": signal("sig2"),
    "conditional": DEFINITIONS["conditional"],
    "error": DEFINITIONS["error"],
}
LOOPS = {
    "sequential": repeat("=[1,2]", "it"),
    "parallel": repeat("=[1,2]", "it", sequential=False),
    "standard": standard(most="2"),
}
HOSTS = {kind: drawn for kind, drawn in NODES.items() if kind.split()[-1] in ACTIVITIES or kind in LOOPS}


def pairings() -> Iterator[Cell]:
    """Yield every cell in which it matters what stands together."""
    yield from _starts()
    yield from _behind_a_gateway()
    yield from _on_activities()
    yield from _looped()
    yield from _several_definitions()


def _starts() -> Iterator[Cell]:
    """Each of two start events, reached while the other is drawn beside it."""
    for one, other in combinations_with_replacement(STARTS, 2):
        parts = (start("x", STARTS[one]), start("y", STARTS[other]), exclusive("g"), user("z"), end("e"))
        drawn = diagram("p", *parts, "x>g", "y>g", "g>z>e")
        for begin in ("x", "y"):
            yield Cell(f"{one} start and {other} start, by {'one' if begin == 'x' else 'other'}", drawn, begin=begin)
        joined = diagram("p", *parts[:2], '<parallelGateway id="g"/>', *parts[3:], "x>g", "y>g", "g>z>e")
        yield Cell(f"{one} start and {other} start joined in parallel", joined, begin="x")


def _behind_a_gateway() -> Iterator[Cell]:
    """Each kind of node behind an event-based gateway, beside an event that may be waited for."""
    targets = {f"{event} catch": catch("x", text) for event, text in DEFINITIONS.items()}
    targets |= {
        f"{event} throw": throw("x", text) for event, text in DEFINITIONS.items() if event in ("none", "message")
    }
    for name, drawn in (targets | NODES | {"end": end("x")}).items():
        yield _gateway(f"{name} behind an event-based gateway", drawn, ends=name == "end")
    yield Cell(
        "one event behind an event-based gateway",
        diagram("p", start("s"), _EVENT_GATEWAY, catch("y", after("P1D")), end("e"), "s>x>y>e"),
    )
    yield _gateway(
        "boundary event on a receive task behind an event-based gateway", receive("x", "objection"), late=True
    )
    yield _gateway("event behind an event-based gateway and behind a task", catch("x", message("objection")), also=True)
    for attribute in (
        'instantiate="true"',
        'eventGatewayType="Parallel"',
        'instantiate="true" eventGatewayType="Parallel"',
    ):
        begins = "instantiate" in attribute
        gateway = f'<eventBasedGateway id="x" {attribute}/>'
        events = (catch("m", message("m1")), catch("y", message("objection")), end("e"), "x>m>e", "x>y>e")
        around = () if begins else (start("s"), "s>x")
        yield Cell(f"event-based gateway with {attribute}", diagram("p", gateway, *events, *around))
    for place in ("subProcess", "transaction", "adHocSubProcess"):
        events = (_EVENT_GATEWAY, catch("m", message("objection")), catch("y", after("P1D")))
        flows = ("x>m", "x>y")
        if place == "adHocSubProcess":
            body = "".join((user("a"), scope(*events, "a>x", *flows)))
        else:
            body = scope(start("a"), *events, end("last"), "a>x", *flows, "m>last", "y>last")
        active = '<extensionElements><zeebe:adHoc activeElementsCollection="=[&quot;a&quot;]"/></extensionElements>'
        inner = f'<{place} id="in">{active if place == "adHocSubProcess" else ""}{body}</{place}>'
        yield Cell(f"event-based gateway in {place}", diagram("p", start("s"), inner, end("e"), "s>in>e"))


_EVENT_GATEWAY = '<eventBasedGateway id="x"/>'


def _gateway(name: str, drawn: str, *, ends: bool = False, late: bool = False, also: bool = False) -> Cell:
    parts = [start("s"), '<eventBasedGateway id="g"/>', drawn, catch("y", after("P1D")), user("z"), end("e")]
    flows = ["s>g", "g>x", "g>y", "y>z>e", *([] if ends else ["x>z"])]
    if "link" in name:
        parts.append(throw("l", '<linkEventDefinition name="L"/>'))
        flows.append("y>l")
    if late:
        parts += [boundary("c", "x", after("P2D"))]
        flows.append("c>z")
    if also:
        parts += [exclusive("choose"), user("first")]
        flows = ["s>choose", "choose>g [=amount = 1]", "choose>first default", "first>x", *flows[1:]]
    return Cell(name, diagram("p", *parts, *flows))


def _on_activities() -> Iterator[Cell]:
    """Each event on the border of each activity, looped ones too, interrupting it or not."""
    for kind, drawn in HOSTS.items():
        host = drawn.replace('id="x"', 'id="h"', 1)
        for event, definition in DEFINITIONS.items():
            for interrupting in (True, False):
                beside = "" if interrupting else " beside"
                name = f"{event} boundary{beside} on {kind}"
                listener = boundary("x", "h", definition, interrupting)
                yield Cell(
                    name,
                    diagram("p", start("s"), host, listener, user("z"), end("e"), "s>h>e", "x>z>e"),
                )
        for event in ("message", "signal", "timer", "conditional", "error", "escalation"):
            two = (boundary("x", "h", DEFINITIONS[event]), boundary("y", "h", DEFINITIONS[event]))
            drawn_twice = (start("s"), host, *two, user("z"), end("e"), "s>h>e", "x>z", "y>z>e")
            yield Cell(f"two {event} boundaries on {kind}", diagram("p", *drawn_twice))
        undone = (start("s"), host, undone_by("h", "hx"), user("u"), throw("x", DEFINITIONS["compensation"]), end("e"))
        yield Cell(f"compensation of {kind}", diagram("p", *undone, "s>h>u>x>e"))


def _looped() -> Iterator[Cell]:
    """Each loop on each activity; the marker is put where the schema wants it, after the extensions."""
    for kind, drawn in NODES.items():
        if kind not in ACTIVITIES:
            continue
        for loop, marker in LOOPS.items():
            yield Cell(
                f"{loop} {kind}", diagram("p", start("s"), looped(drawn, marker), user("z"), end("e"), "s>x>z>e")
            )


def looped(drawn: str, marker: str) -> str:
    """Return the activity with the loop marker."""
    if drawn.endswith("/>") and drawn.count("<") == 1:
        tag = drawn[1:].split()[0]
        return f"{drawn[:-2]}>{marker}</{tag}>"
    head, extensions, rest = drawn.partition("</extensionElements>")
    return f"{head}{extensions}{marker}{rest}"


def _several_definitions() -> Iterator[Cell]:
    two = message("objection") + after("P1D")
    for attribute in ("", 'parallelMultiple="true"'):
        catching = f'<intermediateCatchEvent id="x" {attribute}>{two}</intermediateCatchEvent>'
        yield Cell(f"multiple catch {attribute}", diagram("p", start("s"), catching, end("e"), "s>x>e"))
        begin = f'<startEvent id="x" {attribute}>{message("m1") + after("P1D")}</startEvent>'
        yield Cell(f"multiple start {attribute}", diagram("p", begin, user("z"), end("e"), "x>z>e"))
    both = signal() + message("objection")
    yield Cell("multiple throw", diagram("p", start("s"), throw("x", both), end("e"), "s>x>e"))
    yield Cell("multiple end", diagram("p", start("s"), end("x", both), "s>x"))
    on_task = (start("s"), user("h"), boundary("x", "h", two), user("z"), end("e"), "s>h>e", "x>z>e")
    yield Cell("multiple boundary", diagram("p", *on_task))
