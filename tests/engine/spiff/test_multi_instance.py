"""Multi-instance: one at a time or all at once, counted; results in the order of the items."""

from decimal import Decimal
from time import process_time

import pytest

from engine.errors import ModelError
from engine.spiff import Program
from tests.engine.spiff.drawing import (
    after,
    boundary,
    call,
    diagram,
    end,
    io,
    message,
    repeat,
    script,
    start,
    sub,
    user,
)
from tests.engine.spiff.playing import Player, play, program


def tasks(sequential: bool, until: str = "") -> Program:
    loop = repeat("=items", "it", sequential=sequential, out="res", out_element="=it * 10 + got", until=until)
    return program(diagram("p", start("s"), user("A", loop=loop), user("Z"), end("e"), "s>A>Z>e"))


def exact(*values: int) -> list[Decimal]:
    return [Decimal(value) for value in values]


def test_in_sequence_one_item_is_open_at_a_time() -> None:
    def scene(p: Player) -> None:
        for n in range(3):
            opened = p.steps[-1].opened
            assert [task.item for task in opened] == [str(n + 1)]
            assert p.at == "A"
            p.user("A", got=n)
        assert (p.at, p.value("res")) == ("Z", exact(10, 21, 32))

    play(tasks(True), scene, values={"items": [1, 2, 3], "got": 0})


def test_in_parallel_results_keep_the_order_of_the_items() -> None:
    def scene(p: Player) -> None:
        for position, got in ((2, 3), (0, 1), (0, 2)):
            p.user("A", position, got=got)
        assert (p.at, p.value("res")) == ("Z", exact(11, 22, 33))

    play(tasks(False), scene, values={"items": [1, 2, 3], "got": 0})


@pytest.mark.parametrize("sequential", [True, False])
def test_a_completion_condition_ends_the_rest(sequential: bool) -> None:
    def scene(p: Player) -> None:
        p.user("A").user("A")
        assert (p.at, p.value("res")) == ("Z", [Decimal(10), Decimal(20), None])

    play(tasks(sequential, "=numberOfCompletedInstances >= 2"), scene, values={"items": [1, 2, 3], "got": 0})


@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_list_passes_and_leaves_a_trace(sequential: bool) -> None:
    played = play(tasks(sequential), lambda p: None, values={"items": [], "got": 0})
    assert (played.at, played.value("res")) == ("Z", [])
    assert "A" in [one.element for one in played.steps[0].entered]


def test_what_is_no_list_is_an_incident_naming_the_activity() -> None:
    with pytest.raises(ModelError, match="list") as failure:
        Player(tasks(True), {"items": "three"})
    assert failure.value.element == "A"


def test_items_are_called_by_their_name() -> None:
    played = Player(tasks(False), {"items": [{"name": "张三", "n": 1}, {"name": "李四"}], "got": 0})
    assert [task.item for task in played.steps[0].opened] == ["张三", "李四"]


def test_nested_loops_with_a_local_result() -> None:
    inner = user("A", loop=repeat("=row", "it", out="res", out_element="=it + x"))
    outer = repeat("=rows", "row", sequential=False, out="all", out_element="=res")
    built = program(
        diagram(
            "p",
            start("s"),
            sub("in", start("is"), inner, end("ie"), "is>A>ie", loop=outer),
            user("Z"),
            end("e"),
            "s>in>Z>e",
        )
    )

    def scene(p: Player) -> None:
        for _ in range(6):
            p.user("A", x=1)
        assert p.value("all") == [exact(2, 3), exact(4, 5), exact(6, 7)]
        assert p.value("res") is None

    play(built, scene, values={"rows": [[1, 2], [3, 4], [5, 6]], "x": 0})


def test_a_boundary_timer_ends_all_iterations_and_their_scopes() -> None:
    loop = repeat("=items", "it", sequential=False)
    built = program(
        diagram(
            "p",
            start("s"),
            user("A", loop=loop),
            boundary("b", "A", after("P1D")),
            user("R"),
            end("e"),
            "s>A>e",
            "b>R>e",
        )
    )

    def scene(p: Player) -> None:
        p.tick()
        assert p.at == "R"
        assert {scope for scope, _ in p.rows.rows} == {0}

    play(built, scene, values={"items": [1, 2, 3]})


def test_each_iteration_of_a_sub_process_goes_its_own_way() -> None:
    inner = sub(
        "in",
        start("is"),
        user("A", "B"),
        boundary("b", "A", message("m1"), False),
        user("N"),
        end("ie"),
        "is>A>B>ie",
        "b>N>ie",
        loop=repeat("=items", "it", sequential=False),
    )
    built = program(diagram("p", start("s"), inner, user("Z"), end("e"), "s>in>Z>e"))

    def scene(p: Player) -> None:
        p.send("b", 1)
        p.user("A", 2)
        assert p.at == "A A B N b~ b~"
        assert [one.item for one in p.steps[-1].opened] == ["3"]
        for name in ("A", "A", "B", "B", "B", "N"):
            p.user(name)
        assert p.at == "Z"

    play(built, scene, values={"items": [1, 2, 3]})


def test_called_processes_run_once_for_each_item() -> None:
    called = diagram("q", start("qs"), user("A"), script("x", "=given * 2", "twice"), end("qe"), "qs>A>x>qe")
    loop = repeat("=items", "it", out="all", out_element="=result")
    calls = call("c", "q", extra=io({"given": "=it"}, {"result": "=twice"}), loop=loop)
    built = program(diagram("p", start("s"), calls, user("Z"), end("e"), "s>c>Z>e"), called)

    def scene(p: Player) -> None:
        p.user("A").user("A")
        assert (p.at, p.value("all"), p.value("result")) == ("Z", exact(2, 4), None)

    play(built, scene, values={"items": [1, 2]})


def test_the_automatic_items_of_one_multi_instance_count_once() -> None:
    loop = repeat("=items", "it", sequential=False)
    built = program(
        diagram("p", start("s"), script("A", "=total + it", "total", loop=loop), user("Z"), end("e"), "s>A>Z>e")
    )
    played = Player(built, {"items": [1] * 3000, "total": 0})
    assert (played.at, played.value("total")) == ("Z", Decimal(3000))


def test_more_than_five_thousand_items_are_an_incident() -> None:
    with pytest.raises(ModelError, match="5000") as failure:
        Player(tasks(True), {"items": list(range(5001)), "got": 0})
    assert failure.value.element == "A"


@pytest.mark.parametrize("sequential", [True, False])
def test_five_thousand_items(sequential: bool) -> None:
    count = 5000
    begun = process_time()
    played = Player(tasks(sequential), {"items": list(range(count)), "got": 0})
    opened = process_time()
    for _ in range(50):
        played.user("A", got=1)
    print(
        f"{count} items, sequential={sequential}: open {opened - begun:.2f} s, one completion "
        f"{(process_time() - opened) / 50 * 1e3:.2f} ms, state {played.sizes[-1]} bytes"
    )
    assert played.sizes[-1] < 200


def test_inside_sub_processes_and_inside_each_other_iterations_are_kept_once() -> None:
    """Each layer of the state holds its own tokens only, however deep a multi-instance stands."""
    innermost = user("A", loop=repeat("=row", "it", sequential=False))
    rows = sub("in", start("is"), innermost, end("ie"), "is>A>ie", loop=repeat("=rows", "row", sequential=False))
    built = program(
        diagram("p", start("s"), sub("out", start("os"), rows, end("oe"), "os>in>oe"), user("Z"), end("e"), "s>out>Z>e")
    )

    def scene(p: Player) -> None:
        bytes_before = len(p.state)
        assert len(p.kept.rows) == 3 + 3 * 20
        p.user("A", 30)
        assert len(p.state) <= bytes_before
        assert max(len(row.state) for row in p.kept.rows.values()) < 150
        for _ in range(59):
            p.user("A")
        assert p.at == "Z"

    play(built, scene, values={"rows": [list(range(20))] * 3})
