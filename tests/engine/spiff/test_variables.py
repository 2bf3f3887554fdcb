"""Variables live in scopes; results go to the innermost scope that has the name, or where a mapping says."""

from datetime import datetime
from decimal import Decimal

from engine.clock import SHANGHAI
from tests.engine.spiff.drawing import call, diagram, end, exclusive, ext, io, parallel, props, script, start, sub, user
from tests.engine.spiff.playing import Player, play, program


def line(*parts: str, flows: str) -> object:
    return program(diagram("p", start("s"), *parts, end("e"), flows))


def test_answers_become_variables_of_the_case() -> None:
    def scene(p: Player) -> None:
        p.user("A", name="李", amount=3)
        assert (p.value("name"), p.value("amount"), p.at) == ("李", Decimal(3), "B")

    play(line(user("A", "B"), flows="s>A>B>e"), scene)


def test_with_an_output_mapping_only_what_it_names_goes_out() -> None:
    built = line(user("A", extra=io(outputs={"total": "=x + y"})), user("B"), flows="s>A>B>e")

    def scene(p: Player) -> None:
        p.user("A", x=1)
        assert p.value("total") == Decimal(3)
        assert p.value("x") is None

    play(built, scene, values={"y": 2})


def test_an_input_mapping_makes_a_name_local() -> None:
    built = line(user("A", extra=io({"amount": "=given * 2"})), user("B"), flows="s>A>B>e")

    def scene(p: Player) -> None:
        token = p.find("A", 0, "user_task")
        assert p.run.view(token)["amount"] == Decimal(10)
        p.user("A", amount=99, other=1)
        assert (p.value("amount"), p.value("other")) == (Decimal(7), Decimal(1))
        assert p.steps[-1].closed_scopes == [token]

    play(built, scene, values={"given": 5, "amount": 7})


def test_a_mapping_may_write_into_a_record() -> None:
    built = line(script("A", "=1", "unused", extra=io(outputs={"pay.amount": "=5", "pay.way": "cash"})), flows="s>A>e")
    played = play(built, lambda p: None, values={"pay": {"payee": "李"}})
    assert played.value("pay") == {"payee": "李", "amount": Decimal(5), "way": "cash"}


def test_parallel_branches_see_each_others_results_and_a_join_loses_nothing() -> None:
    built = line(
        parallel("g", "j"), user("A", "B"), script("C", "=x + 1", "seen"), user("Z"), flows="s>g>A>j>Z>e"
    )  # B is drawn below
    built = program(
        diagram(
            "p",
            start("s"),
            parallel("g", "j"),
            user("A", "B", "Z"),
            script("C", "=x + 1", "seen"),
            end("e"),
            "s>g>A>j>Z>e",
            "g>B>C>j",
        )
    )

    def scene(p: Player) -> None:
        p.user("A", x=1)
        p.user("B", y=2)
        assert (p.value("seen"), p.value("x"), p.value("y"), p.at) == (Decimal(2), Decimal(1), Decimal(2), "Z")

    play(built, scene)


def test_a_called_process_gets_copies_and_gives_back_what_it_wrote() -> None:
    called = diagram("q", start("qs"), user("A", "B"), script("x", "=k + 1", "fresh"), end("qe"), "qs>A>x>B>qe")
    built = program(
        diagram("p", start("s"), parallel("g"), call("c", "q"), user("O", "N"), end("e"), "s>g>c>N>e", "g>O>e"), called
    )

    def scene(p: Player) -> None:
        p.user("A")
        assert p.value("fresh") is None
        p.user("O", k=7)
        assert p.run.view(p.find("B", 0, "user_task"))["k"] == Decimal(1)
        p.user("B")
        assert (p.value("fresh"), p.value("k"), p.at) == (Decimal(2), Decimal(7), "N")

    play(built, scene, values={"k": 1})


def test_a_called_process_with_mappings_sees_and_gives_nothing_else() -> None:
    called = diagram("q", start("qs"), user("A"), script("x", "=given + 1", "inner"), end("qe"), "qs>A>x>qe")
    mapped = call("c", "q", extra=io({"given": "=k"}, {"outer": "=inner * 10"}))
    built = program(diagram("p", start("s"), mapped, user("N"), end("e"), "s>c>N>e"), called)

    def scene(p: Player) -> None:
        view = p.run.view(p.find("A", 0, "user_task"))
        assert sorted(view) == ["given"]
        assert view.get("k") is None
        p.user("A", note="stays inside")
        assert (p.value("outer"), p.value("inner"), p.value("note")) == (Decimal(20), None, None)

    play(built, scene, values={"k": 1})


def test_a_sub_process_has_a_scope_for_its_mappings() -> None:
    inner = sub("in", start("is"), user("A"), end("ie"), "is>A>ie", extra=io({"local": "=1"}, {"out": "=local + 1"}))
    built = program(diagram("p", start("s"), inner, user("N"), end("e"), "s>in>N>e"))

    def scene(p: Player) -> None:
        p.user("A", local=5)
        assert (p.value("local"), p.value("out"), p.at) == (None, Decimal(6), "N")

    play(built, scene)


def test_expressions_see_the_facts_of_the_case_and_the_numbers_in_force() -> None:
    built = line(script("A", "=policy.publicity.days + 1", "days"), script("B", "=case.region", "r"), flows="s>A>B>e")
    played = play(built, lambda p: None, values={"case": "a form cannot hide it"})
    assert (played.value("days"), played.value("r")) == (Decimal(8), "410721101")


def test_only_the_names_needed_are_read() -> None:
    built = line(user("A"), exclusive("x"), user("B", "C"), flows="s>A>x")
    built = program(
        diagram(
            "p", start("s"), user("A", "B", "C"), exclusive("x"), end("e"), "s>A>x", "x>B>e [=k > 1]", "x>C>e default"
        )
    )
    played = Player(built, {"k": 2, "big": "x" * 1000}, reload=True)
    played.rows.loads.clear()
    played.user("A")
    assert played.rows.loads == [(0, "k")]


def test_a_user_task_says_who_may_do_it_by_when() -> None:
    extra = (
        '<zeebe:assignmentDefinition assignee="=who" candidateGroups="clerk, chief" candidateUsers="=[&quot;1&quot;]"/>'
        '<zeebe:taskSchedule dueDate="=date(&quot;2026-02-03&quot;)" followUpDate="P1D"/>'
        '<zeebe:formDefinition formId="F-1"/><zeebe:priorityDefinition priority="80"/>'
    )
    built = line(user("A", extra=extra + props(stage="核对")), flows="s>A>e")
    played = play(built, lambda p: None, values={"who": "li"})
    task = played.steps[0].opened[0]
    assert (task.roles, task.assignee, task.people, task.form) == (("clerk", "chief"), "li", ("1",), "F-1")
    assert task.due == datetime(2026, 2, 4, tzinfo=SHANGHAI)
    assert task.follow_up == datetime(2026, 2, 1, 8, tzinfo=SHANGHAI)
    assert (task.priority, dict(task.properties)) == (80, {"stage": "核对"})


def test_a_correction_is_written_where_the_case_keeps_the_name() -> None:
    built = line(user("A", "B"), flows="s>A>B>e")

    def scene(p: Player) -> None:
        p.user("A", amount=1)
        p.do(lambda run: run.write({"amount": Decimal(2)}))
        assert (p.value("amount"), p.at) == (Decimal(2), "B")

    play(built, scene)


def test_names_with_spaces_are_found_where_the_diagram_writes_them() -> None:
    built = line(
        script("A", "=2", "家庭 人口"),
        script("B", "=家庭 人口 + 1", "n"),
        f"<task id='t'>{ext()}</task>",
        flows="s>A>B>t>e",
    )
    assert play(built, lambda p: None).value("n") == Decimal(3)


def test_a_notice_sees_the_scope_of_the_activity_that_was_just_completed() -> None:
    extra = io({"local": "=1"}) + props(document="notice")
    built = line(user("A", extra=extra), user("B"), flows="s>A>B>e")
    played = Player(built, {"k": 5})
    token = played.find("A", 0, "user_task")
    played.run.complete(token, {"local": Decimal(9), "k": Decimal(6)})
    played.run.advance()
    left = next(one for one in played.run.step.left if one.element == "A")
    seen = played.run.view_after(left)
    assert (seen["local"], seen["k"], seen["case"]["region"]) == (Decimal(9), Decimal(6), "410721101")


def test_a_notice_keeps_what_the_activity_saw_though_the_same_step_goes_on_to_write_it() -> None:
    first = script("A", "=1", "k", extra=props(document="notice"))
    built = line(user("u"), first, script("B", "=k + 1", "k"), script("C", "=7", "new"), user("D"), flows="s>u>A>B>C>D>e")
    played = Player(built, {"k": 0, "kept": 4})
    played.run.complete(played.find("u", 0, "user_task"), {})
    played.run.advance()
    left = next(one for one in played.run.step.left if one.element == "A")
    seen = played.run.view_after(left)
    assert (seen["k"], seen["kept"], played.run.view()["k"]) == (Decimal(1), 4, Decimal(2))
    assert "new" not in seen


def test_a_called_process_gives_back_a_copy_that_it_changed() -> None:
    called = diagram("q", start("qs"), script("x", "=k + 1", "k"), user("A"), end("qe"), "qs>x>A>qe")
    built = program(diagram("p", start("s"), call("c", "q"), user("N"), end("e"), "s>c>N>e"), called)

    def scene(p: Player) -> None:
        assert p.value("k") == Decimal(1)
        p.user("A")
        assert p.value("k") == Decimal(2)

    play(built, scene, values={"k": 1, "other": 3})


def test_a_called_process_gives_nothing_back_when_it_is_drawn_so() -> None:
    called = diagram("q", start("qs"), script("x", "=k + 1", "k"), end("qe"), "qs>x>qe")
    built = program(diagram("p", start("s"), call("c", "q", back=False), end("e"), "s>c>e"), called)
    assert play(built, lambda p: None, values={"k": 1}).value("k") == Decimal(1)


def test_an_output_mapping_writes_outside_even_where_an_input_mapping_has_the_name() -> None:
    built = line(user("A", extra=io({"k": "=k * 2"}, {"k": "=k + 1"})), user("B"), flows="s>A>B>e")
    assert play(built, lambda p: p.user("A"), values={"k": 5}).value("k") == Decimal(11)
