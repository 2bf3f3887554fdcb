from datetime import timedelta

from engine.commands.add_person import add_person
from engine.dmn import load
from engine.jobs.in_order import run_in_order
from engine.model import SYSTEM, Grant
from engine.store import people
from web.bench import comparison, completion, fanout, feel, history, jobs, messages, payments, sweep, timers
from workflows.registers.regions import CITY


def test_completing_a_task_costs_ten_statements_one_commit_and_little_room():
    figures = completion.measure(cases=3)
    assert figures["completion"]["commits"]["max"] == 1
    assert figures["completion"]["statements"]["max"] <= 12
    assert figures["page"]["commits"]["max"] == 0
    assert figures["stored_to_raw"] <= 3
    assert figures["peak_memory_mb"] < 250


def test_the_state_of_a_long_case_is_as_small_as_that_of_a_short_one():
    figures = history.measure(rounds=100, pieces=20)
    states = [figures["loop"][f"round_{mark}"]["state_bytes"] for mark in (10, 100)]
    assert 0 < states[1] <= states[0] + 8


def test_among_many_items_the_state_stays_small_and_what_is_kept_grows_with_them():
    figures = fanout.measure(items=40)
    parallel, sequential = figures["parallel"]["stored_bytes"], figures["sequential"]["stored_bytes"]
    assert [kept["iterations"] > 0 for kept in parallel.values()] == [True, True, True, False]
    assert max(kept["state"] for kept in (*parallel.values(), *sequential.values())) < 400
    assert sequential["item_30"]["variables"] - sequential["item_10"]["variables"] < 40 * 20


def test_a_job_of_an_outside_worker_costs_a_dozen_statements_and_little_more_than_one_commit():
    figures = jobs.measure(jobs=20)
    outside, own = figures["outside_worker"], figures["own_connector"]
    assert outside["statements"]["median"] <= 13
    assert outside["commits"]["max"] <= 1.2
    assert outside["jobs_per_second_4_workers"] > 0
    assert own["process_cpu_ms_per_job"] > 0


def test_messages_find_their_cases_and_due_timers_fire_in_the_measurements(postgres_server):
    figures = messages.measure(40)
    assert figures["among_40"]["taken_cpu_ms"]["samples"] == 5
    assert figures["last_to_first"] > 0
    assert timers.measure(12, postgres_server.fresh("bench", lambda _: None))["fired_per_second"] > 0


def test_expressions_and_a_large_table_are_measured():
    figures = feel.measure()
    assert all(figure["median"] > 0 for figure in figures.values())
    assert load(feel.table(400)).evaluate("bench", feel.INPUTS).value == 399


def test_a_comparison_finds_exactly_the_wrong_and_missed_payments_that_were_planted():
    figures = comparison.measure(1100)
    assert figures["found_exactly"]
    assert (figures["planted_wrong"], figures["planted_missed"]) == (10, 1)


def test_a_payment_run_catches_what_was_planted_and_pays_each_line_once_across_a_kill_and_a_bad_bank():
    figures = payments.measure(1200, kills=1)
    assert figures["found_exactly"]
    assert figures["books_equal"]
    assert figures["each_paid_once"]
    assert (figures["planted"], figures["returned_and_paid_again"], figures["paid_lines"]) == (6, 2, 1194)


def test_a_sweep_lists_and_opens_every_household_once(runtime, clock):
    with runtime.write() as transaction:
        grants = (Grant("city_supervisor", CITY),)
        add_person(runtime, transaction, SYSTEM, login="city", name="city", password="a-long-password", grants=grants)
        supervisor = people.actor(people.find_by_login(transaction, "city"))
    sweep.settle(runtime, 200)
    sweep.order(runtime, supervisor)
    for _ in range(5):
        run_in_order(runtime)
        clock.advance(timedelta(seconds=2))
    assert sweep.counts(runtime) == (200, 200)
