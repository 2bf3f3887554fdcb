"""Background work steps aside while somebody waits for a page, and is never stopped by it."""

from __future__ import annotations

from threading import Thread

from engine.runtime.courtesy import Courtesy


def test_work_goes_on_as_soon_as_whoever_waited_has_the_answer():
    courtesy, told = Courtesy(), []

    def work() -> None:
        courtesy.give_way(60)
        told.append("worked")

    worker = Thread(target=work)
    with courtesy.answering(), courtesy.answering():
        worker.start()
        told.append("answered")
    worker.join()
    assert told == ["answered", "worked"]


def test_work_is_not_stopped_by_people_who_ask_all_the_time_nor_by_a_page_that_failed():
    courtesy = Courtesy()
    with courtesy.answering():
        courtesy.give_way(0.01)
    try:
        with courtesy.answering():
            raise ValueError
    except ValueError:
        courtesy.give_way(60)
