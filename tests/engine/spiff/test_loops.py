"""Standard loops, ad-hoc sub-processes and links."""

import pytest

from engine.errors import ModelError
from tests.engine.spiff.drawing import (
    ad_hoc,
    boundary,
    catch,
    diagram,
    end,
    error,
    exclusive,
    link,
    message,
    script,
    service,
    standard,
    start,
    sub,
    throw,
    user,
)
from tests.engine.spiff.playing import Player, play, program


def drawn(*parts: str) -> object:
    return program(diagram("p", start("s"), end("e"), *parts))


def test_a_loop_goes_on_while_its_condition_holds_after_each_round() -> None:
    built = drawn(user("A", loop=standard("=not(complete)")), user("Z"), "s>A>Z>e")

    def scene(p: Player) -> None:
        assert [wait.item for wait in p.run.waits()] == ["1"]
        assert p.user("A", complete=False).at == "A"
        assert [wait.item for wait in p.run.waits()] == ["2"]
        assert p.user("A", complete=True).at == "Z"

    play(built, scene, values={"complete": True})


def test_a_loop_may_ask_before_its_first_round_and_has_a_most_number_of_rounds() -> None:
    never = drawn(user("A", loop=standard("=n > 5", before=True)), user("Z"), "s>A>Z>e")
    assert play(never, lambda p: None, values={"n": 1}).at == "Z"
    counted = drawn(script("X", "=loopCounter", "rounds", loop=standard(most="=n")), user("Z"), "s>X>Z>e")
    assert play(counted, lambda p: None, values={"n": 3}).value("rounds") == 3
    both = drawn(script("X", "=loopCounter", "rounds", loop=standard("=loopCounter < 4", most="9")), "s>X>e")
    assert play(both, lambda p: None).value("rounds") == 4


def test_a_boundary_event_ends_the_whole_loop() -> None:
    inner = sub("in", start("is"), user("A"), end("ie"), "is>A>ie", loop=standard("=true"))
    built = drawn(inner, boundary("b", "in", message("m1")), user("R"), "s>in>e", "b>R>e")
    assert play(built, lambda p: p.user("A").user("A").send("b")).at == "R"


def test_a_loop_that_never_waits_is_stopped() -> None:
    with pytest.raises(ModelError, match="2000"):
        Player(drawn(script("X", "=1", "n", loop=standard("=true")), "s>X>e"))


def test_links_are_flows_that_are_not_drawn() -> None:
    built = drawn(
        throw("t1", link("L")),
        throw("t2", link("L")),
        catch("c", link("L")),
        user("A"),
        exclusive("x"),
        "s>x",
        "x>t1 [=n = 1]",
        "x>t2 default",
        "c>A>e",
    )
    for n in (1, 2):
        assert play(built, lambda p: None, values={"n": n}).at == "A"


def test_a_link_to_nowhere_is_refused_when_built() -> None:
    with pytest.raises(ModelError) as failure:
        drawn(throw("t1", link("L")), "s>t1")
    assert failure.value.element == "t1"


def test_people_choose_what_is_done_in_an_ad_hoc_sub_process_until_they_end_it() -> None:
    built = drawn(ad_hoc("ad", user("A", "B", "C"), "B>C"), user("Z"), "s>ad>Z>e")

    def scene(p: Player) -> None:
        opened = p.steps[0].opened[0]
        assert (p.at, opened.element, opened.form) == ("ad", "ad", "ad?")
        assert p.user("ad", activate=["A", "B"]).at == "A B ad"
        assert p.user("ad", activate=["A"]).at == "A A B ad"
        assert p.user("B").at == "A A C ad"
        assert p.user("A").user("A").user("C").at == "ad"
        assert p.user("ad", finished=True).at == "Z"
        assert p.value("activate") is None

    play(built, scene)


def test_in_order_one_activity_runs_at_a_time() -> None:
    built = drawn(ad_hoc("ad", user("A", "B"), attributes='ordering="Sequential"'), user("Z"), "s>ad>Z>e")

    def scene(p: Player) -> None:
        assert p.user("ad", activate="B").at == "B"
        assert p.user("B").at == "ad"
        assert p.user("ad", activate="A", finished=False).at == "A"
        assert p.user("A").user("ad", finished=True).at == "Z"

    play(built, scene)


@pytest.mark.parametrize(("cancels", "where"), [(True, "Z"), (False, "A")])
def test_a_completion_condition_ends_it_with_or_without_what_still_runs(cancels: bool, where: str) -> None:
    attributes = f'cancelRemainingInstances="{str(cancels).lower()}"'
    inner = ad_hoc("ad", user("A", "B"), until="=enough", attributes=attributes)
    built = drawn(inner, user("Z"), "s>ad>Z>e")

    def scene(p: Player) -> None:
        p.user("ad", activate=["A", "B"])
        assert p.user("B", enough=True).at == where
        if not cancels:
            p.user("A")
        assert p.at == "Z"

    play(built, scene, values={"enough": False})


def test_an_expression_begins_activities_without_anybody_choosing() -> None:
    built = drawn(ad_hoc("ad", user("A", "B", "C"), active="=wanted"), user("Z"), "s>ad>Z>e")

    def scene(p: Player) -> None:
        assert p.at == "A C"
        assert p.user("A").user("C").at == "Z"

    play(built, scene, values={"wanted": ["A", "C"]})
    assert play(built, lambda p: None, values={"wanted": []}).at == "Z"
    with pytest.raises(ModelError, match="nothing") as failure:
        Player(built, {"wanted": ["nothing"]})
    assert failure.value.element == "ad"


def test_an_error_within_is_caught_on_the_border_of_the_ad_hoc_sub_process() -> None:
    inner = ad_hoc("ad", service("J", "remote"), user("A"))
    built = drawn(inner, boundary("b", "ad", error("E1")), user("R"), "s>ad>e", "b>R>e")
    assert play(built, lambda p: p.user("ad", activate=["J", "A"]).job_error("J", "E1")).at == "R"
