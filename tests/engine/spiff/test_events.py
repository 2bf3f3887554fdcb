"""Boundary, catch and throw events; timers fire one by one, by their token."""

from datetime import datetime, timedelta

import pytest

from engine.clock import SHANGHAI, Calendar, CalendarYear
from engine.errors import ModelError
from engine.spiff import NotWaiting, Run
from tests.engine.spiff.drawing import (
    after,
    boundary,
    call,
    catch,
    diagram,
    end,
    error,
    escalation,
    ext,
    handler,
    message,
    parallel,
    props,
    repeat,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.spiff.playing import NOW, Player, play, program


def drawn(*parts: str) -> object:
    return program(diagram("p", start("s"), end("e"), *parts))


REMINDED = drawn(
    user("A", "N", "L", "B"),
    boundary("rem", "A", after("P1D"), False),
    boundary("over", "A", after("P3D")),
    "s>A>B>e",
    "rem>N>e",
    "over>L>e",
)


def test_a_reminder_leaves_the_task_and_the_deadline_ends_it() -> None:
    def scene(p: Player) -> None:
        assert [(f"{due:%m-%d %H}", name) for due, _, name in p.timers()] == [("02-01 08", "rem"), ("02-03 08", "over")]
        p.tick()
        assert p.at == "A N over~"
        p.tick()
        assert p.at == "L N"
        left = {one.element: one.outcome for one in p.steps[-1].left}
        assert left == {"A": "cancelled", "over": "completed"}

    play(REMINDED, scene)


def test_a_completed_task_drops_its_timers() -> None:
    def scene(p: Player) -> None:
        p.user("A")
        assert (p.at, p.timers()) == ("B", [])
        left = [(one.element, one.outcome) for one in p.steps[-1].left]
        assert sorted(left) == [("A", "completed"), ("over", "cancelled"), ("rem", "cancelled")]

    play(REMINDED, scene)


def test_what_no_longer_waits_cannot_be_moved() -> None:
    played = Player(REMINDED)
    task = played.find("A", 0, "user_task")
    timer_token = played.find("over", 0, "timer")
    played.user("A")
    for move in (
        lambda run: run.complete(task, {}),
        lambda run: run.fire(timer_token),
        lambda run: run.deliver(task, {}),
    ):
        with pytest.raises(NotWaiting):
            move(played.run)


def test_of_two_overdue_timers_exactly_the_named_one_fires() -> None:
    built = drawn(
        parallel("g"),
        catch("c1", after("PT1H")),
        catch("c2", after("PT1H")),
        user("A", "B"),
        "s>g",
        "g>c1>A>e",
        "g>c2>B>e",
    )

    def scene(p: Player) -> None:
        p.wait(days=9)
        p.fire("c2")
        assert p.at == "B c1~"

    play(built, scene)


def due_times(kind: str, text: str, count: int = 4, values: dict[str, object] | None = None) -> list[str]:
    built = drawn(user("A", "H"), boundary("b", "A", timer(kind, text), False), "s>A>e", "b>H>e")
    found: list[str] = []

    def scene(p: Player) -> None:
        found.clear()
        while p.timers() and len(found) < count:
            found.append(p.tick()[0])

    play(built, scene, values=values or {})
    return found


def test_kinds_of_timers() -> None:
    assert due_times("timeDate", "2026-03-01T00:00:00+08:00") == ["03-01T00:00"]
    assert due_times("timeDuration", "P1M") == ["02-28T08:00"]
    assert due_times("timeCycle", "R3/PT1H") == ["01-31T09:00", "01-31T10:00", "01-31T11:00"]
    month_ends = ["01-31T08:00", "02-28T08:00", "03-31T08:00", "04-30T08:00"]
    assert due_times("timeCycle", "R4/2026-01-31T08:00:00+08:00/P1M") == month_ends
    assert due_times("timeDuration", '="P" + days + "D"', values={"days": "4"}) == ["02-04T08:00"]
    assert due_times("timeDate", '=date("2026-02-02")') == ["02-03T00:00"]


def test_a_cycle_keeps_its_token_and_its_grid_after_downtime() -> None:
    built = drawn(user("A", "H"), boundary("b", "A", timer("timeCycle", "R/PT1H"), False), "s>A>e", "b>H>e")

    def scene(p: Player) -> None:
        p.wait(hours=50)
        token = p.find("b", 0, "timer")
        for _ in range(3):
            p.fire("b")
        assert p.timers() == [(NOW + timedelta(hours=4), token, "b")]
        assert p.at == "A H H H b~"

    play(built, scene)


@pytest.mark.parametrize("text", ["R/PT0S", "P", "nonsense", "R/P0D", "P99999999Y"])
def test_a_timer_that_makes_no_sense_is_an_incident_naming_the_event(text: str) -> None:
    kind = "timeCycle" if text.startswith("R") else "timeDuration"
    built = drawn(user("A"), boundary("b", "A", timer(kind, text)), "s>A>e", "b>e")
    with pytest.raises(ModelError) as failure:
        Player(built)
    assert failure.value.element == "b"


def test_working_days_are_provisional_until_the_year_is_announced_and_can_be_replanned() -> None:
    due = timer("timeDate", "=workdays after(now(), 2)")
    built = drawn(user("A"), boundary("b", "A", due), "s>A>e", "b>e")
    played = Player(built)
    armed = played.steps[0].timers[0]
    assert (armed.provisional, armed.due) == (True, datetime(2026, 2, 4, tzinfo=SHANGHAI))
    off = frozenset({datetime(2026, 2, 3).date()})
    known = Calendar({2026: CalendarYear(off_days=off, makeup_workdays=frozenset())})
    played.wait(days=1)
    environment = played.environment.__class__(
        played.environment.now, known, {}, {}, played.environment.is_local, played.environment.decide
    )
    run = Run.load(built, played.state, environment, played.rows)
    again = run.replan(armed.token)
    assert (again.provisional, again.due, again.anchor) == (False, datetime(2026, 2, 5, tzinfo=SHANGHAI), NOW)
    assert run.step.timers == [again]


def test_a_message_is_delivered_with_its_key_to_one_token() -> None:
    built = drawn(user("A", "O"), boundary("b", "A", message("objection"), False), "s>A>e", "b>O>e")

    def scene(p: Player) -> None:
        assert [(one.message, one.key) for one in p.steps[0].subscriptions] == [("objection", "7")]
        p.send("b", text="不同意")
        p.send("b", text="再次")
        assert (p.at, p.value("text")) == ("A O O b~", "再次")
        p.user("A")
        assert p.at == "O O"

    play(built, scene, values={"case_no": "7"})


def test_a_message_without_a_key_value_is_an_incident() -> None:
    built = drawn(catch("c", message("objection")), "s>c>e")
    with pytest.raises(ModelError) as failure:
        Player(built)
    assert failure.value.element == "c"


def test_what_a_boundary_event_brings_is_written_outside_the_cancelled_activity() -> None:
    extra = ext()
    built = drawn(
        user("A", extra='<zeebe:ioMapping><zeebe:input source="=1" target="why"/></zeebe:ioMapping>'),
        user("R"),
        boundary("b", "A", message("m1")),
        "s>A>e",
        "b>R>e",
        extra and "<task id='unused'/>",
    )

    def scene(p: Player) -> None:
        p.send("b", why="late")
        assert (p.value("why"), p.at) == ("late", "R")

    play(built, scene)


def test_a_thrown_message_is_handed_to_the_command() -> None:
    built = drawn(throw("t", message("objection")), "s>t>e")
    sent = play(built, lambda p: None, values={"case_no": "9"}).steps[0].messages
    assert [(one.message, one.key) for one in sent] == [("objection", "9")]


def test_an_error_climbs_through_two_calls_and_leaves_the_sibling_alone() -> None:
    deep = sub("in", start("is"), user("A"), end("ie", error("E1")), "is>A>ie")
    q = diagram("q", start("qs"), deep, end("qe"), "qs>in>qe")
    q0 = diagram("q0", start("zs"), call("c0", "q"), end("ze"), "zs>c0>ze")
    built = program(
        diagram(
            "p",
            start("s"),
            end("e"),
            parallel("g"),
            call("c1", "q0"),
            call("c2", "q0"),
            user("R", "R2"),
            boundary("b1", "c1", error("E1")),
            boundary("b2", "c2", error("E1")),
            "s>g",
            "g>c1>e",
            "g>c2>e",
            "b1>R>e",
            "b2>R2>e",
        ),
        q0,
        q,
    )

    def scene(p: Player) -> None:
        p.user("A", 0)
        assert p.at == "A R b2~"
        outcomes = {(one.process, one.element): one.outcome for one in p.steps[-1].left}
        assert outcomes["p", "c1"] == "error"
        assert outcomes["q", "ie"] == "completed"

    play(built, scene)


def test_the_exact_code_goes_before_the_catch_all_and_nothing_else_fires() -> None:
    built = drawn(
        service("J", "remote"),
        boundary("all", "J", error()),
        boundary("e1", "J", error("E1")),
        user("X", "Y"),
        "s>J>e",
        "all>X>e",
        "e1>Y>e",
    )
    assert play(built, lambda p: p.job_error("J", "E1")).at == "Y"
    assert play(built, lambda p: p.job_error("J", "E9")).at == "X"


def test_an_error_that_nothing_catches_is_an_incident() -> None:
    built = drawn(user("A"), end("x", error("E1")), "s>A>x")
    with pytest.raises(ModelError, match="E1") as failure:
        Player(built).user("A")
    assert failure.value.element == "x"


def test_an_escalation_leaves_the_thrower_running_unless_interrupted() -> None:
    for interrupting, where in ((False, "B R b~"), (True, "R")):
        inner = sub("in", start("is"), user("A", "B"), throw("t", escalation()), end("ie"), "is>A>t>B>ie")
        built = drawn(inner, boundary("b", "in", escalation(), interrupting), user("R", "N"), "s>in>N>e", "b>R>e")
        played = play(built, lambda p: p.user("A"))
        assert played.at == where
        assert played.steps[-1].escalations == [("t", "X1")]


def test_an_uncaught_escalation_goes_on_and_is_reported() -> None:
    built = drawn(throw("t", escalation()), user("B"), "s>t>B>e")
    played = play(built, lambda p: None)
    assert (played.at, played.steps[0].escalations) == ("B", [("t", "X1")])


def test_an_error_in_one_iteration_interrupts_all() -> None:
    inner = sub(
        "in", start("is"), user("A"), end("ie", error("E1")), "is>A>ie", loop=repeat("=[1,2,3]", "it", sequential=False)
    )
    built = drawn(inner, boundary("b", "in", error("E1")), user("R"), "s>in>e", "b>R>e")
    assert play(built, lambda p: p.user("A", 1)).at == "R"


def test_two_tokens_in_one_sub_process_have_two_scopes() -> None:
    inner = sub("in", start("is"), user("U"), end("ie"), "is>U>ie")
    built = drawn(
        parallel("g"), inner, boundary("b", "in", message("m1")), user("R"), "s>g", "g>in", "g>in", "in>e", "b>R>e"
    )

    def scene(p: Player) -> None:
        assert p.at == "U U b~ b~"
        p.send("b")
        assert p.at == "R U b~"
        p.user("U").user("R")
        assert p.at == "DONE"

    play(built, scene)


@pytest.mark.parametrize("loaded", [False, True])
def test_an_event_sub_process_listens_many_times_and_the_interrupting_one_ends_all(loaded: bool) -> None:
    built = drawn(user("A"), "s>A>e", handler("h", message("m1"), "H", False), handler("k", message("m2"), "K"))
    p = Player(built, reload=loaded)
    assert p.at == "A hs~ ks~"
    for note in (1, 2):
        p.send("hs", note=note)
    assert (p.at, p.value("note")) == ("A H H hs~ ks~", 2)
    p.send("ks")
    assert p.at == "K"
    p.user("K")
    assert p.at == "DONE"


def test_a_scope_stays_open_while_its_handler_runs() -> None:
    built = drawn(user("A"), "s>A>e", handler("h", timer("timeCycle", "R2/PT1H"), "H", False))

    def scene(p: Player) -> None:
        p.tick()
        p.user("A")
        assert p.at == "H hs~"
        p.tick()
        assert p.at == "H H"
        p.user("H").user("H")
        assert p.at == "DONE"

    play(built, scene)


def test_a_handler_does_not_catch_what_it_throws_itself() -> None:
    inner = sub(
        "in",
        start("is"),
        user("A"),
        end("ie", error("E1")),
        "is>A>ie",
        handler("h", error("E1"), "H", finish=error("E1")),
    )
    built = drawn(inner, boundary("b", "in", error("E1")), user("R"), "s>in>e", "b>R>e")

    def scene(p: Player) -> None:
        p.user("A")
        assert p.at == "H b~"
        p.user("H")
        assert p.at == "R"

    play(built, scene)


def test_an_escalation_handler_runs_beside_its_thrower() -> None:
    built = drawn(user("A", "B"), throw("t", escalation()), "s>A>t>B>e", handler("h", escalation(), "H", False))
    assert play(built, lambda p: p.user("A")).at == "B H hs~"


def test_properties_travel_with_what_is_entered() -> None:
    built = drawn(f'<userTask id="A">{ext(props(document="notice"))}</userTask>', script("S", "=1", "x"), "s>A>S>e")
    entered = {one.element: one for one in play(built, lambda p: None).steps[0].entered}
    assert dict(entered["A"].properties) == {"document": "notice"}
    assert entered["s"].kind == "startEvent"


def test_a_handler_that_escalates_does_not_start_itself_again() -> None:
    again = handler("h", escalation(), "H", False, finish=escalation())
    built = drawn(user("A", "B"), throw("t", escalation()), "s>A>t>B>e", again)

    def scene(p: Player) -> None:
        p.user("A").user("H")
        assert p.at == "B hs~"
        assert p.steps[-1].escalations == [("he", "X1")]

    play(built, scene)
