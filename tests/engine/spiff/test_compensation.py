"""Compensation: newest first, each with the variables as they were; transactions that are cancelled."""

import pytest

from engine.errors import ModelError
from engine.spiff.specs.user_task import UserTask
from tests.engine.spiff.drawing import (
    CANCEL,
    COMPENSATE,
    boundary,
    compensate,
    diagram,
    end,
    error,
    exclusive,
    io,
    parallel,
    repeat,
    service,
    start,
    sub,
    throw,
    undone_by,
    user,
)
from tests.engine.spiff.playing import Player, play, program


def drawn(*parts: str) -> object:
    return program(diagram("p", start("s"), end("e"), *parts))


def seen(p: Player, name: str, variable: str) -> object:
    token = next(t for t in p.run.case.index.values() if t.spec.name == name and isinstance(t.spec, UserTask))
    return p.run.view(token.key).get(variable)


def test_what_was_completed_is_undone_newest_first_and_the_rest_is_not() -> None:
    built = drawn(
        user("A", "B", "C", "W", "Z"),
        exclusive("x"),
        *(undone_by(name, f"h{name}") for name in "ABC"),
        throw("t", COMPENSATE),
        "s>A>B>W>x",
        "x>C [=false]",
        "x>t default",
        "C>t",
        "t>Z>e",
    )

    def scene(p: Player) -> None:
        p.user("A").user("B").user("W")
        for name in ("hB", "hA"):
            assert p.at == f"{name} t"
            p.user(name)
        assert p.at == "Z"
        assert p.user("Z").at == "DONE"

    play(built, scene)


def test_one_activity_can_be_named_and_an_end_event_undoes_the_rest() -> None:
    parts = (user("A", "B", "Z"), undone_by("A", "hA"), undone_by("B", "hB"), throw("t", compensate("A")))
    built = program(diagram("p", start("s"), end("e", COMPENSATE), *parts, "s>A>B>t>Z>e"))

    def scene(p: Player) -> None:
        p.user("A").user("B")
        assert p.at == "hA t"
        p.user("hA").user("Z")
        assert p.at == "e hB"
        assert p.user("hB").at == "DONE"

    play(built, scene)


@pytest.mark.parametrize("sequential", [True, False])
def test_every_iteration_is_undone_with_its_own_item(sequential: bool) -> None:
    loop = repeat("=items", "it", sequential=sequential)
    built = drawn(user("A", loop=loop), undone_by("A", "hA"), throw("t", COMPENSATE), user("Z"), "s>A>t>Z>e")

    def scene(p: Player) -> None:
        for _ in range(3):
            p.user("A")
        for item in ("c", "b", "a"):
            assert seen(p, "hA", "it") == item
            p.user("hA")
        assert p.user("Z").at == "DONE"

    play(built, scene, values={"items": ["a", "b", "c"]})


def test_a_finished_sub_process_is_undone_from_within_with_its_variables_as_they_were() -> None:
    deep = sub("i2", start("i2s"), user("B"), undone_by("B", "hB"), end("i2e"), "i2s>B>i2e")
    inner = sub(
        "in",
        start("is"),
        user("A", "D"),
        undone_by("A", "hA"),
        deep,
        undone_by("D", "hD"),
        end("ie"),
        "is>A>i2>D>ie",
        extra=io({"local": "=1"}),
    )
    built = drawn(inner, user("W", "Z"), throw("t", COMPENSATE), "s>in>W>t>Z>e")

    def scene(p: Player) -> None:
        p.user("A", local=5).user("B").user("D").user("W")
        for name in ("hD", "hB", "hA"):
            assert (p.at, seen(p, name, "local")) == (f"{name} t", 5)
            p.user(name)
        assert p.user("Z").at == "DONE"

    play(built, scene)


def test_a_handler_of_the_sub_process_replaces_those_within() -> None:
    inner = sub("in", start("is"), user("A"), undone_by("A", "hA"), end("ie"), "is>A>ie")
    built = drawn(inner, undone_by("in", "hin"), throw("t", COMPENSATE), user("Z"), "s>in>t>Z>e")

    def scene(p: Player) -> None:
        assert p.user("A").at == "hin t"
        assert p.user("hin").at == "Z"

    play(built, scene)


def test_a_compensation_event_sub_process_undoes_its_scope_as_it_says() -> None:
    again = sub(
        "h",
        start("hs", COMPENSATE),
        user("U"),
        throw("ht", compensate("A")),
        end("he"),
        "hs>U>ht>he",
        attributes='triggeredByEvent="true"',
    )
    inner = sub(
        "in",
        start("is"),
        user("A", "B"),
        undone_by("A", "hA"),
        undone_by("B", "hB"),
        end("ie"),
        again,
        "is>A>B>ie",
        extra=io({"local": "=1"}),
    )
    built = drawn(inner, throw("t", COMPENSATE), user("Z"), "s>in>t>Z>e")

    def scene(p: Player) -> None:
        p.user("A").user("B", local=3)
        assert (p.at, seen(p, "U", "local")) == ("U t", 3)
        assert p.user("U").at == "hA ht t"
        assert p.user("hA").at == "Z"

    play(built, scene)


def test_thrown_in_an_error_handler_it_undoes_the_scope_around() -> None:
    saga = sub(
        "k",
        start("ks", error("E1")),
        throw("t", COMPENSATE),
        user("K"),
        end("ke"),
        "ks>t>K>ke",
        attributes='triggeredByEvent="true"',
    )
    parts = (user("A", "B"), undone_by("A", "hA"), undone_by("B", "hB"), end("x", error("E1")), saga, "s>A>B>x")
    built = program(diagram("p", start("s"), *parts))

    def scene(p: Player) -> None:
        assert p.user("A").user("B").at == "hB t"
        assert p.user("hB").user("hA").at == "K"

    play(built, scene)


def test_a_cancelled_transaction_undoes_and_leaves_by_its_cancel_event() -> None:
    inner = sub(
        "tx",
        start("ts"),
        parallel("g"),
        user("A", "B", "D"),
        undone_by("A", "hA"),
        undone_by("B", "hB"),
        end("cx", CANCEL),
        end("te"),
        "ts>g",
        "g>A>B>cx",
        "g>D>te",
        tag="transaction",
    )
    built = drawn(inner, boundary("b", "tx", CANCEL), user("R", "N"), "s>tx>N>e", "b>R>e")

    def scene(p: Player) -> None:
        assert p.user("A").user("B").at == "b~ cx hB"
        assert p.user("hB").user("hA").at == "R"
        assert {one.element: one.outcome for one in p.steps[-1].left}["tx"] == "cancelled"
        assert p.user("R").at == "DONE"

    play(built, scene)


def test_a_transaction_that_nothing_cancels_is_a_sub_process() -> None:
    inner = sub("tx", start("ts"), user("A"), end("te"), "ts>A>te", tag="transaction")
    built = drawn(inner, boundary("b", "tx", CANCEL), user("R", "N"), "s>tx>N>e", "b>R>e")
    assert play(built, lambda p: p.user("A")).at == "N"


def test_cancelling_without_a_cancel_event_is_an_incident() -> None:
    built = drawn(sub("tx", start("ts"), end("cx", CANCEL), "ts>cx", tag="transaction"), "s>tx>e")
    with pytest.raises(ModelError) as failure:
        Player(built)
    assert failure.value.element == "cx"


def test_nothing_to_undo_goes_straight_on_and_handlers_may_be_services() -> None:
    link = '<association id="q" sourceRef="cA" targetRef="hA"/>'
    undo = service("hA", "undo").replace('id="hA"', 'id="hA" isForCompensation="true"')
    first = boundary("cA", "A", COMPENSATE) + link + undo
    built = drawn(throw("t0", COMPENSATE), user("A", "Z"), first, throw("t", COMPENSATE), "s>t0>A>t>Z>e")

    def scene(p: Player) -> None:
        assert p.at == "A"
        p.user("A")
        assert (p.at, p.value("undone")) == ("Z", True)

    play(built, scene, services={"undo": lambda seen: {"undone": True}})


def test_a_thrower_that_is_cancelled_takes_its_handlers_with_it() -> None:
    inner = sub("in", start("is"), user("A"), undone_by("A", "hA"), throw("t", COMPENSATE), end("ie"), "is>A>t>ie")
    built = drawn(inner, boundary("b", "in", '<messageEventDefinition messageRef="m1"/>'), user("R"), "s>in>e", "b>R>e")

    def scene(p: Player) -> None:
        assert p.user("A").at == "b~ hA t"
        assert p.send("b").at == "R"
        assert p.user("R").at == "DONE"

    play(built, scene)


def test_an_interrupted_sub_process_is_not_undone_later() -> None:
    inner = sub("in", start("is"), user("A", "B"), undone_by("A", "hA"), end("ie"), "is>A>B>ie", extra=io({"x": "=1"}))
    leave = boundary("b", "in", '<messageEventDefinition messageRef="m1"/>')
    built = drawn(inner, leave, throw("t", COMPENSATE), user("R"), "s>in>e", "b>t>R>e")
    assert play(built, lambda p: p.user("A").send("b")).at == "R"


def test_a_loop_may_not_keep_more_than_can_be_undone() -> None:
    from engine.spiff import limits

    built = drawn(user("A", loop=repeat("=n", "it")), undone_by("A", "hA"), "s>A>e")
    p = Player(built, {"n": list(range(limits.UNDOABLE + 1))})
    p.run.case.root.internal_data["log"] = [["A[item]", n, None, []] for n in range(limits.UNDOABLE)]
    with pytest.raises(ModelError) as failure:
        p.run.complete(p.find("A", 0, "user_task"), {})
    assert failure.value.element == "A"
