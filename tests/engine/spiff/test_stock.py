"""What SpiffWorkflow's own specs do in 3.2.0, beside what ours do: an own spec can go when its row here fails.

The version is pinned; these tests read the same drawings through SpiffWorkflow's parser.
"""

from __future__ import annotations

from importlib.metadata import version

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import ModelError
from tests.engine.spiff.drawing import (
    boundary,
    diagram,
    end,
    error,
    exclusive,
    handler,
    message,
    parallel,
    start,
    sub,
    user,
)
from tests.engine.spiff.playing import Player, program


class Stock:
    """A case run by SpiffWorkflow alone."""

    def __init__(self, *parts: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(diagram("p", *parts).xml))
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.workflow.do_engine_steps()

    def tasks(self, name: str) -> list[Task]:
        scopes = (self.workflow, *self.workflow.subprocesses.values())
        found = [task for scope in scopes for task in scope.tasks.values()]
        return [task for task in found if task.task_spec.name == name and task.state == TaskState.READY]

    def run(self, name: str) -> None:
        self.tasks(name)[0].run()
        self.workflow.do_engine_steps()

    def at(self, *names: str) -> str:
        return " ".join(name for name in names for _ in self.tasks(name))

    def send(self, name: str) -> None:
        self.workflow.catch(BpmnEvent(MessageEventDefinition(name)))
        self.workflow.do_engine_steps()


def ours(*parts: str) -> Player:
    return Player(program(diagram("p", *parts)))


def test_the_version_is_the_pinned_one() -> None:
    assert version("SpiffWorkflow") == "3.2.0"


FED_TWICE = (
    start("s"), parallel("g", "j"), exclusive("m"), user("A", "B", "Z"), end("e"),
    "s>g", "g>m", "g>m", "m>A>j", "g>B>j", "j>Z>e",
)  # fmt: skip


def test_a_join_fed_twice_on_one_flow_does_not_count_flows() -> None:
    stock = Stock(*FED_TWICE)
    stock.run("A")
    stock.run("A")
    stock.run("B")
    assert stock.at("Z") == "Z"
    assert not [task for task in stock.workflow.tasks.values() if task.task_spec.name == "j" and task.state < 64], (
        "the second token is lost"
    )
    own = ours(*FED_TWICE).user("A").user("A").user("B")
    assert own.at == "Z j~"


def two_sub_processes() -> tuple[str, ...]:
    one = sub("S1", start("a1"), user("U1"), end("x1", error("E1")), "a1>U1>x1")
    two = sub("S2", start("a2"), user("U2"), end("x2"), "a2>U2>x2")
    return (
        start("s"), parallel("g"), one, two, boundary("c1", "S1", error("E1")), boundary("c2", "S2", error("E1")),
        user("R1", "R2"), end("e"), "s>g", "g>S1>e", "g>S2>e", "c1>R1>e", "c2>R2>e",
    )  # fmt: skip


def test_an_error_fires_every_matching_boundary() -> None:
    stock = Stock(*two_sub_processes())
    stock.run("U1")
    assert stock.at("R1", "R2", "U2") == "R1 R2", "the sibling was interrupted too"
    assert ours(*two_sub_processes()).user("U1").at == "R1 U2 c2~"


def test_an_uncaught_error_goes_on_as_if_nothing_had_happened() -> None:
    inner = sub("in", start("is"), end("ie", error("E1")), "is>ie")
    parts = (start("s"), inner, user("N"), end("e"), "s>in>N>e")
    assert Stock(*parts).at("N") == "N"
    with pytest.raises(ModelError):
        ours(*parts)


def test_a_non_interrupting_boundary_event_fires_once() -> None:
    parts = (
        start("s"), user("A", "H"), boundary("b", "A", message("m1"), False), end("e"), "s>A>e", "b>H>e",
    )  # fmt: skip
    stock = Stock(*parts)
    stock.send("m1")
    stock.send("m1")
    assert stock.at("H") == "H"
    assert ours(*parts).send("b").send("b").at == "A H H b~"


def test_an_event_sub_process_does_not_interrupt() -> None:
    parts = (start("s"), user("A"), end("e"), "s>A>e", handler("k", message("m1"), "K"))
    stock = Stock(*parts)
    stock.send("m1")
    assert "A" in stock.at("A", "K")
    assert ours(*parts).send("ks").at == "K"


def test_a_long_loop_is_said_to_be_complete_while_a_task_is_ready() -> None:
    parts = (start("s"), exclusive("m", "x"), user("A"), end("e"), "s>m>A>x", "x>m [again]", "x>e default")
    stock = Stock(*parts)
    for _ in range(700):
        ready = stock.tasks("A")
        if not ready:
            break
        ready[0].data["again"] = True
        ready[0].run()
        stock.workflow.do_engine_steps()
    alive = [task for task in stock.workflow.tasks.values() if task.state in (TaskState.READY, TaskState.FUTURE)]
    assert stock.workflow.is_completed()
    assert alive, "completed, says SpiffWorkflow, with tasks that still wait"


def test_a_chain_of_five_hundred_tasks_cannot_be_parsed() -> None:
    ids = [f"t{n}" for n in range(500)]
    parts = (start("s"), user(*ids), end("e"), "s>" + ">".join(ids) + ">e")
    with pytest.raises(ValidationException, match="RecursionError"):
        Stock(*parts)
    assert ours(*parts).at == "t0"


def test_the_default_script_engine_runs_python() -> None:
    workflow = Stock(start("s"), user("A"), end("e"), "s>A>e").workflow
    task = next(iter(workflow.tasks.values()))
    assert PythonScriptEngine().evaluate(task, "().__class__.__name__") == "tuple"
    with pytest.raises(ModelError):
        ours(start("s"), exclusive("x"), end("e"), "s>x", "x>e [=().__class__]")


def test_a_condition_is_python_to_spiff_and_feel_to_us() -> None:
    parts = (
        start("s"),
        exclusive("x"),
        user("A", "B"),
        end("e"),
        "s>x",
        "x>A>e [dict().copy() == dict()]",
        "x>B>e default",
    )
    assert Stock(*parts).at("A", "B") == "A"
    with pytest.raises(ModelError):
        ours(*parts)


def test_each_token_carries_a_copy_of_all_data() -> None:
    parts = (start("s"), user("A", "B", "C"), end("e"), "s>A>B>C>e")
    stock = Stock(*parts)
    for name in ("A", "B"):
        stock.tasks(name)[0].data[name] = "x" * 100
        stock.run(name)
    assert sum(len(str(task.data)) for task in stock.workflow.tasks.values()) > 400
    own = ours(*parts).user("A", A="x" * 100).user("B", B="x" * 100)
    assert all(not token.data for token in own.run.case.index.values())
    assert len(own.state) < 100
