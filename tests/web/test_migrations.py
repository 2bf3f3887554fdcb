"""Moving running cases to another version, as a publisher sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from engine.bundle import read_library
from engine.commands.deploy import deploy
from engine.jobs.migrating import work_off_migrations
from engine.model import SYSTEM
from engine.runtime import Runtime
from tests.web.conftest import LIBRARY, Browser


def redraw(runtime: Runtime, old: str, new: str) -> None:
    """Deploy the relief process with one text of its diagram replaced."""
    library = read_library(LIBRARY)
    files = dict(library.folders["relief"])
    drawn = files["relief.bpmn"].decode()
    assert old in drawn
    files["relief.bpmn"] = drawn.replace(old, new).encode()
    bundle = library.with_folder("relief", files).bundle("relief")
    with runtime.write() as transaction:
        deploy(runtime, transaction, SYSTEM, bundle=bundle)


def work_off(runtime: Runtime) -> None:
    while work_off_migrations(runtime):
        pass


@pytest.fixture
def standing(started: str, runtime: Runtime) -> str:
    """Return the element at which the started application waits."""
    from engine.store import tables as t

    with runtime.read() as transaction:
        return str(transaction.execute(t.user_task.select()).one().element)


@pytest.fixture
def publisher(signed_in: Callable[[str], Browser]) -> Browser:
    return signed_in("publisher")


def plan(publisher: Browser, **changed: str) -> str:
    """Plan a batch as the page suggests it but for some fields; return its address."""
    publisher.get("/migrations/relief")
    answer = publisher.press("/migrations/relief", **{"reason": "a clearer diagram", "due": "kept"} | changed)
    assert answer.status_code == 303, publisher.page
    return str(answer.headers["Location"])


def figures(page: str) -> dict[str, int]:
    return {words: int(count) for count, words in re.findall(r"<strong>(\d+)</strong>([^<]+)</span>", page)}


def test_cases_are_looked_at_moved_and_moved_back(publisher: Browser, runtime: Runtime, standing: str) -> None:
    redraw(runtime, f'"{standing}"', f'"{standing}_again"')
    assert "/migrations/relief" in publisher.get("/migrations/").get_data(as_text=True)
    batch = plan(publisher)
    assert "<progress" in publisher.get(batch).get_data(as_text=True)
    work_off(runtime)
    assert figures(publisher.get(batch).get_data(as_text=True)) == {"可以迁移": 1}
    assert publisher.press(f"{batch}/run").status_code == 303
    work_off(runtime)
    assert figures(publisher.get(batch).get_data(as_text=True)) == {"已迁移": 1}
    assert "<progress" not in publisher.page
    assert publisher.press(f"{batch}/undo").status_code == 303
    work_off(runtime)
    assert figures(publisher.get(batch).get_data(as_text=True)) == {"已撤回": 1}
    assert batch in publisher.get("/migrations/relief").get_data(as_text=True)


def test_what_was_chosen_counts_and_what_hinders_is_told_with_the_case(
    publisher: Browser, runtime: Runtime, standing: str, started: str
) -> None:
    redraw(runtime, f'"{standing}"', f'"{standing}_again"')
    batch = plan(publisher, **{f"to:relief:{standing}": ""})
    work_off(runtime)
    page = publisher.get(batch).get_data(as_text=True)
    assert figures(page) == {"不能迁移": 1}
    assert started in page
    assert f"{batch}/run" not in page


def test_without_a_reason_the_page_comes_back_as_it_was_filled_in(
    publisher: Browser, runtime: Runtime, standing: str
) -> None:
    redraw(runtime, f'"{standing}"', f'"{standing}_again"')
    publisher.get("/migrations/relief")
    field = f"to:relief:{standing}"
    answer = publisher.press("/migrations/relief", **{"reason": " ", "due": "anew", field: ""})
    assert answer.status_code == 422
    assert "请写明迁移原因" in publisher.page
    assert re.search(r'value="anew" checked', publisher.page)
    select = re.search(rf'<select id="{field}".*?</select>', unescape(publisher.page), re.S)
    assert select is not None
    assert " selected" not in select.group()


def test_a_batch_is_moved_once(publisher: Browser, runtime: Runtime, standing: str) -> None:
    redraw(runtime, f'"{standing}"', f'"{standing}_again"')
    batch = plan(publisher)
    assert publisher.press(f"{batch}/run").status_code == 409
    assert "尚未检查完" in publisher.page
    assert publisher.press(f"{batch}/undo").status_code == 409
    assert publisher.get("/migrations/batches/1").status_code == 404


def test_a_process_with_one_version_has_nothing_to_move(publisher: Browser) -> None:
    assert "每个流程都只有一个版本" in publisher.get("/migrations/").get_data(as_text=True)
    assert "只有一个版本" in publisher.get("/migrations/relief").get_data(as_text=True)
    assert publisher.get("/migrations/nothing").status_code == 404
