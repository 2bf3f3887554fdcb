"""Local services stop the engine; remote ones park the token; a fault throws the step away."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import BpmnError, ModelError, Text
from engine.model import Evaluation, Problem
from engine.spiff import Run
from tests.engine.spiff.drawing import boundary, diagram, end, error, io, rule, script, service, start, throw, user
from tests.engine.spiff.drawing import message as message_event
from tests.engine.spiff.playing import Player, play, program

BUILT = program(
    diagram(
        "p",
        start("s"),
        service("J", "pay"),
        boundary("b", "J", error("E1")),
        boundary("b2", "J", error()),
        user("A", "R", "R2"),
        end("e"),
        "s>J>A>e",
        "b>R>e",
        "b2>R2>e",
    )
)


def failing(code: str) -> Any:
    def handler(variables: Mapping[str, Any]) -> Mapping[str, Any]:
        raise BpmnError(code, {"why": code})

    return handler


def test_a_local_service_sees_the_variables_and_its_result_is_written() -> None:
    played = play(BUILT, lambda p: None, values={"n": 21}, services={"pay": lambda v: {"paid": v["n"] * 2}})
    assert (played.at, played.value("paid")) == ("A", Decimal(42))


@pytest.mark.parametrize(("code", "where"), [("E1", "R"), ("E9", "R2")])
def test_a_business_error_of_a_local_service_climbs(code: str, where: str) -> None:
    played = play(BUILT, lambda p: None, services={"pay": failing(code)})
    assert (played.at, played.value("why")) == (where, code)
    assert ("J", "error") in [(one.element, one.outcome) for one in played.steps[0].left]


def test_an_uncaught_business_error_is_an_incident() -> None:
    built = program(diagram("p", start("s"), service("J", "pay"), end("e"), "s>J>e"))
    with pytest.raises(ModelError, match="E1"):
        Player(built, services={"pay": failing("E1")})


def test_a_fault_throws_the_step_away_and_the_stored_state_can_try_again() -> None:
    built = program(
        diagram(
            "p", start("s"), user("A", "B"), script("x", "=n + 1", "n"), service("J", "pay"), end("e"), "s>A>x>J>B>e"
        )
    )
    broken = True

    def flaky(variables: Mapping[str, Any]) -> Mapping[str, Any]:
        if broken:
            raise ConnectionError("database gone")
        return {}

    played = Player(built, {"n": 0}, services={"pay": flaky})
    with pytest.raises(ConnectionError):
        played.user("A")
    played.run = Run.load(built, played.state, played.environment, played.rows)
    assert (played.at, played.value("n")) == ("A", Decimal(0))
    broken = False
    played.user("A")
    assert (played.at, played.value("n")) == ("B", Decimal(1))


def test_a_remote_service_parks_its_token_until_it_answers() -> None:
    def answered(p: Player) -> None:
        job = p.steps[0].jobs[0]
        assert (job.type, job.element, job.variables["n"]) == ("pay", "J", Decimal(3))
        assert p.at == "J b2~ b~"
        p.job("J", paid=1)
        assert (p.at, p.value("paid")) == ("A", Decimal(1))

    def failed(p: Player) -> None:
        p.job_error("J", "E1", why="no account")
        assert (p.at, p.value("why")) == ("R", "no account")

    play(BUILT, answered, values={"n": 3})
    play(BUILT, failed, values={"n": 3})


def test_with_mappings_a_service_sees_only_them() -> None:
    mapped = service("J", "pay", extra=io({"amount": "=total * 2"}, {"receipt": "=reference"}), tag="sendTask")
    built = program(diagram("p", start("s"), mapped, user("A"), end("e"), "s>J>A>e"))

    def scene(p: Player) -> None:
        assert dict(p.steps[0].jobs[0].variables) == {"amount": Decimal(10)}
        p.job("J", reference="R-1", noise=1)
        assert (p.value("receipt"), p.value("noise"), p.value("amount")) == ("R-1", None, None)

    play(built, scene, values={"total": 5, "secret": "x"})


def test_a_message_throw_with_a_task_definition_is_a_service() -> None:
    thrown = throw("t", message_event("m1"), extra='<zeebe:taskDefinition type="pay" retries="3"/>')
    built = program(diagram("p", start("s"), thrown, end("e"), "s>t>e"))
    job = play(built, lambda p: p.job("t")).steps[0].jobs[0]
    assert (job.type, job.retries) == ("pay", 3)


def test_the_state_cannot_be_saved_while_a_local_call_is_pending() -> None:
    built = program(diagram("p", start("s"), service("J", "pay"), end("e"), "s>J>e"))
    played = Player(BUILT, services={"pay": lambda v: {}})
    run = Run.start(built, played.environment, {})
    call = run.advance()
    assert call is not None
    assert (call.type, call.element, call.process) == ("pay", "J", "p")
    assert (call.case["region"], call.case["policy"]["publicity"]["days"]) == ("410721101", 7)
    with pytest.raises(RuntimeError):
        run.save()


def test_a_decision_is_asked_with_the_variables_in_sight() -> None:
    built = program(diagram("p", start("s"), rule("D", "limit", "most"), user("A"), end("e"), "s>D>A>e"))
    asked: list[tuple[str, object]] = []

    def decide(name: str, context: Mapping[str, Any]) -> Evaluation:
        asked.append((name, context["persons"]))
        return Evaluation(Decimal(1000))

    played = Player(built, {"persons": 2}, decide=decide)
    assert (asked, played.value("most")) == ([("limit", Decimal(2))], Decimal(1000))


def test_a_decision_without_a_result_is_an_incident_naming_the_task() -> None:
    built = program(diagram("p", start("s"), rule("D", "limit", "most"), end("e"), "s>D>e"))
    nothing = Evaluation(None, (Problem(0, "", Text("没有匹配的规则", "no rule matched")),))
    with pytest.raises(ModelError, match="no rule matched") as failure:
        Player(built, decide=lambda name, context: nothing)
    assert failure.value.element == "D"
