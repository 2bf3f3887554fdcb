"""Every element with every event in every position the schema allows, each drawn in a process that is otherwise sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.engine.elements.cell import Cell
from tests.engine.spiff.drawing import (
    CANCEL,
    COMPENSATE,
    TERMINATE,
    ad_hoc,
    after,
    boundary,
    call,
    catch,
    conditional,
    diagram,
    end,
    error,
    escalation,
    exclusive,
    link,
    message,
    receive,
    repeat,
    rule,
    script,
    service,
    signal,
    standard,
    start,
    sub,
    throw,
    user,
)

DEFINITIONS = {
    "none": "",
    "message": message("objection"),
    "timer": after("P1D"),
    "signal": signal(),
    "conditional": conditional("=amount > 10"),
    "error": error("E1"),
    "escalation": escalation(),
    "compensation": COMPENSATE,
    "link": link("L"),
    "terminate": TERMINATE,
    "cancel": CANCEL,
}
NODES = {
    "task": '<task id="x"/>',
    "manualTask": '<manualTask id="x"/>',
    "userTask": user("x"),
    "serviceTask": service("x", "remote"),
    "sendTask": service("x", "remote", tag="sendTask"),
    "receiveTask": receive("x", "objection"),
    "instantiating receiveTask": '<receiveTask id="x" messageRef="objection" instantiate="true"/>',
    "businessRuleTask": rule("x", "size", "amount"),
    "scriptTask": script("x", "=1", "amount"),
    "callActivity": call("x", "called"),
    "subProcess": sub("x", start("xs"), user("xu"), end("xe"), "xs>xu>xe"),
    "transaction": sub("x", start("xs"), user("xu"), end("xe"), "xs>xu>xe", tag="transaction"),
    "adHocSubProcess": ad_hoc("x", user("xu"), active='=["xu"]'),
    "exclusiveGateway": exclusive("x"),
    "parallelGateway": '<parallelGateway id="x"/>',
    "inclusiveGateway": '<inclusiveGateway id="x"/>',
    "complexGateway": '<complexGateway id="x"/>',
    "sequential": user("x", loop=repeat("=[1,2]", "it")),
    "parallel": user("x", loop=repeat("=[1,2]", "it", sequential=False)),
    "standard": user("x", loop=standard(most="2")),
}

Place = Callable[[list[str], list[str]], list[str]]


def cells() -> Iterator[Cell]:
    """Yield every cell of the matrix."""
    for place in PLACES:
        for kind, drawn in NODES.items():
            yield _cell(f"{kind} in {place}", place, (drawn,), "x")
        for event, definition in DEFINITIONS.items():
            for name, parts, ends in _events(event, definition):
                yield _cell(f"{event} {name} in {place}", place, parts, "x", leads_on=not ends)
    for event, definition in DEFINITIONS.items():
        for interrupting in (True, False):
            yield from _starts(event, definition, interrupting)


def _events(event: str, definition: str) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    partner = (throw("y", link("L")),) if event == "link" else ()
    yield "catch", (catch("x", definition), *partner), False
    yield "throw", (throw("x", definition),), False
    yield "end", (end("x", definition),), True
    for interrupting in (True, False):
        for host in (
            service("h", "remote"),
            sub("h", start("hs"), user("hu"), end("he"), "hs>hu>he", tag="transaction"),
        ):
            on = "a transaction" if "transaction" in host else "a task"
            beside = "" if interrupting else " beside"
            listener = boundary("x", "h", definition, interrupting)
            yield f"boundary{beside} on {on}", (host, listener), False


def _cell(name: str, place: str, parts: tuple[str, ...], focus: str, *, leads_on: bool = True) -> Cell:
    hosted = any(part.startswith("<boundaryEvent") for part in parts)
    first = "h" if hosted else "y" if any('id="y"' in part for part in parts) else focus
    inner, flows = [*parts], [f"a>{first}"]
    if leads_on:
        inner += [user("z"), *([] if place == "ad-hoc" else [end("last")])]
        flows += ["x>z", *(["h>z"] if hosted else []), *([] if place == "ad-hoc" else ["z>last"])]
    return Cell(name, diagram("p", *PLACES[place](inner, flows)))


def _process(inner: list[str], flows: list[str]) -> list[str]:
    return [start("a"), *inner, *flows]


def _within(tag: str, attributes: str = "") -> Place:
    def draw(inner: list[str], flows: list[str]) -> list[str]:
        begin = start("a", message("objection")) if attributes else start("a")
        scope = sub("in", begin, *inner, *flows, tag=tag, attributes=attributes)
        if attributes:
            return [start("s"), user("u"), end("e"), scope, "s>u>e"]
        return [start("s"), scope, end("e"), "s>in>e"]

    return draw


def _in_ad_hoc(inner: list[str], flows: list[str]) -> list[str]:
    scope = ad_hoc("in", user("a"), *inner, *flows, active='=["a"]')
    return [start("s"), scope, end("e"), "s>in>e"]


PLACES = {
    "process": _process,
    "sub-process": _within("subProcess"),
    "event sub-process": _within("subProcess", 'triggeredByEvent="true"'),
    "transaction": _within("transaction"),
    "ad-hoc": _in_ad_hoc,
}


def _starts(event: str, definition: str, interrupting: bool) -> Iterator[Cell]:
    beside = "" if interrupting else " beside"
    attributes = "" if interrupting else 'isInterrupting="false"'
    begin = start("x", definition, attributes)
    yield Cell(f"{event} start{beside} in process", diagram("p", begin, user("z"), end("e"), "x>z>e"), begin="x")
    inner = (begin, user("z"), end("ze"), "x>z>ze")
    for tag in ("subProcess", "transaction", "adHocSubProcess"):
        scope = sub("in", *inner, tag=tag)
        yield Cell(f"{event} start{beside} in {tag}", diagram("p", start("s"), scope, end("e"), "s>in>e"))
    handler = sub("h", *inner, attributes='triggeredByEvent="true"')
    beside_it = (start("s"), service("J", "remote"), end("e"), handler, "s>J>e")
    yield Cell(f"{event} start{beside} in event sub-process", diagram("p", *beside_it))
    around = sub("in", start("is"), service("J", "remote"), end("ie"), handler, "is>J>ie")
    yield Cell(
        f"{event} start{beside} in event sub-process within", diagram("p", start("s"), around, end("e"), "s>in>e")
    )
