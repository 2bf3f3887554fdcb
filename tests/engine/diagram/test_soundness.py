"""The deadlock rule against a plain token game: it may stay silent, but it never accuses a join that can fire."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagram import Flow, Node, Scope, read
from engine.diagram.graph import ROOT, Graph
from engine.diagram.rules.deadlock import check
from engine.diagram.subject import Subject
from engine.model import Bundle

KINDS = ("task", "exclusiveGateway", "parallelGateway", "exclusiveGateway", "parallelGateway")
BPMN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
Marking = tuple[tuple[str, int], ...]


def drawn(kinds: list[str], arrows: list[tuple[int, int]]) -> Subject:
    nodes = "".join(f"<{kind} id='n{number}'/>" for number, kind in enumerate(kinds))
    flows = "".join(
        f"<sequenceFlow id='f{number}' sourceRef='n{source}' targetRef='n{target}'/>"
        for number, (source, target) in enumerate(arrows)
    )
    entry = "<startEvent id='start'/><sequenceFlow id='entry' sourceRef='start' targetRef='n0'/>"
    text = f"<definitions {BPMN}><process id='p' isExecutable='true'>{entry}{nodes}{flows}</process></definitions>"
    return Subject(read(text.encode(), "p.bpmn"), Bundle("p", {}, {}, {}, frozenset(), {}, {}, ""))


def fired(scope: Scope) -> set[str]:
    """Play every order of moves, at most two tokens on a flow; return the joins that ever fire."""
    start: Marking = (("entry", 1),)
    seen, todo, joins = {start}, [start], set()
    while todo and len(seen) < 3_000:
        for node, after in moves(scope, todo.pop()):
            joins.add(node)
            if after not in seen and max((count for _, count in after), default=0) <= 2:
                seen.add(after)
                todo.append(after)
    return joins


def moves(scope: Scope, marking: Marking) -> Iterator[tuple[str, Marking]]:
    tokens = dict(marking)
    for node in scope.nodes.values():
        waiting = [flow for flow in node.incoming if tokens.get(flow)]
        if node.kind == "parallelGateway" and len(waiting) < len(node.incoming):
            continue
        taken = [list(node.incoming)] if node.kind == "parallelGateway" else [[flow] for flow in waiting]
        given_ = [[flow] for flow in node.outgoing] if node.kind == "exclusiveGateway" else [list(node.outgoing)]
        for used in taken if waiting else ():
            for made in given_ or [[]]:
                after = dict(tokens)
                for flow in used:
                    after[flow] -= 1
                for flow in made:
                    after[flow] = after.get(flow, 0) + 1
                yield node.id, tuple(sorted((flow, count) for flow, count in after.items() if count))


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_join_that_is_accused_never_fires(data: st.DataObject) -> None:
    size = data.draw(st.integers(3, 8))
    kinds = data.draw(st.lists(st.sampled_from(KINDS), min_size=size, max_size=size))
    pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    arrows = data.draw(st.lists(pairs, min_size=size - 1, max_size=size + 4, unique=True))
    subject = drawn(kinds, arrows)
    accused = {finding.element for finding in check(subject)}
    assert not accused & fired(subject.process.scope)


def test_a_loop_that_brings_the_second_token_is_not_accused() -> None:
    kinds = ["exclusiveGateway", "parallelGateway", "exclusiveGateway", "parallelGateway", "task"]
    arrows = [(0, 2), (2, 1), (2, 3), (1, 0), (1, 3), (3, 4)]
    assert list(check(drawn(kinds, arrows))) == []


def naive_dominators(graph: Graph, vertex: str) -> set[str]:
    """A vertex dominates another when that cannot be come to without it."""
    found = set()
    for other in graph.reachable - {ROOT, vertex}:
        seen, todo = {ROOT}, [ROOT]
        while todo:
            for follower in graph.successors.get(todo.pop(), ()):
                if follower != other and follower not in seen:
                    seen.add(follower)
                    todo.append(follower)
        if vertex not in seen:
            found.add(other)
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14, unique=True))
def test_dominators_are_those_of_the_definition(arrows: list[tuple[int, int]]) -> None:
    nodes = {"s": Node("s", "startEvent", "", 1), **{f"n{n}": Node(f"n{n}", "task", "", 1) for n in range(7)}}
    flows = [Flow("entry", "s", "n0", None, "", False, 1)]
    flows += [Flow(f"f{n}", f"n{a}", f"n{b}", None, "", False, 1) for n, (a, b) in enumerate(arrows)]
    graph = Graph(Scope(nodes, tuple(flows)))
    for vertex in graph.reachable - {ROOT}:
        chain, above = set(), graph.dominators[vertex]
        while above != ROOT:
            chain.add(above)
            above = graph.dominators[above]
        assert chain == naive_dominators(graph, vertex)


@pytest.mark.parametrize(("interrupting", "accused"), [("true", {"join"}), ("false", set())])
def test_a_join_of_an_activity_and_its_boundary_event(interrupting: str, accused: set[str]) -> None:
    """An interrupting boundary event replaces the normal way, a non-interrupting one runs beside it."""
    text = f"""<definitions {BPMN}><process id="p" isExecutable="true"><startEvent id="s"/><userTask id="t"/>
      <boundaryEvent id="b" attachedToRef="t" cancelActivity="{interrupting}"><timerEventDefinition/></boundaryEvent>
      <parallelGateway id="join"/><endEvent id="e"/>
      <sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="join"/>
      <sequenceFlow id="f3" sourceRef="b" targetRef="join"/><sequenceFlow id="f4" sourceRef="join" targetRef="e"/>
      </process></definitions>"""
    subject = Subject(read(text.encode(), "p.bpmn"), Bundle("p", {}, {}, {}, frozenset(), {}, {}, ""))
    assert {finding.element for finding in check(subject)} == accused


def test_two_thousand_wrong_joins_are_found_without_hanging_and_twenty_are_named() -> None:
    kinds: list[str] = []
    arrows: list[tuple[int, int]] = []
    for first in range(0, 8_000, 4):
        kinds += ["exclusiveGateway", "task", "task", "parallelGateway"]
        arrows += [(first, first + 1), (first, first + 2), (first + 1, first + 3), (first + 2, first + 3)]
        arrows += [(first + 3, first + 4)] if first < 7_996 else []
    began = time.monotonic()
    assert len(list(check(drawn(kinds, arrows)))) == 20
    assert time.monotonic() - began < 60, "a guard against hanging"
