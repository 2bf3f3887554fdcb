"""The manager's page: its figures equal what their drill-down shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

from engine.clock import FixedClock


def figure(page: str, words: str) -> tuple[int, str]:
    """Return a figure and the address behind it."""
    found = re.search(rf'href="([^"]+)"><strong>(\d+)</strong>{words}', page)
    assert found is not None, page
    return int(found[2]), unescape(found[1])


def total(page: str) -> int:
    found = re.search(r"共 (\d+) [件项]", page)
    return int(found[1]) if found else 0


def test_every_figure_equals_its_drill_down(
    signed_in: Callable[[str], object], started: str, started_without_danger: str, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=30))
    manager = signed_in("manager")
    home = manager.get("/watch/?process=relief").get_data(as_text=True)
    for words in ("在办案件", "超期任务"):
        count, address = figure(home, words)
        assert count > 0
        assert total(manager.get(address).get_data(as_text=True)) == count
    links = re.findall(r'href="(/desk/cases\?[^"]*(?:element|region)=[^"]*)">(\d+)</a>', home)
    assert links
    for address, count in links:
        assert total(manager.get(unescape(address)).get_data(as_text=True)) == int(count), address


def test_late_tasks_are_told_in_days(signed_in: Callable[[str], object], started: str, clock: FixedClock) -> None:
    operator = signed_in("operator")
    assert "超期" not in re.sub(
        r"<nav.*?</ul>|<ul class=\"tabs\">.*?</ul>", "", operator.get("/desk/").get_data(as_text=True), flags=re.S
    )
    clock.advance(timedelta(days=3))
    page = signed_in("manager").get("/watch/overdue").get_data(as_text=True)
    assert re.search(
        r'<time class="due late" datetime="2026-09-2\dT[^"]+" title="2026年9月[^"]+">超期 3 天</time>', page
    )


def test_a_place_narrows_everything(signed_in: Callable[[str], object], started: str) -> None:
    manager = signed_in("manager")
    assert figure(manager.get("/watch/?process=relief&region=410721").get_data(as_text=True), "在办案件")[0] == 1
    assert figure(manager.get("/watch/?process=relief&region=410702").get_data(as_text=True), "在办案件")[0] == 0


def test_an_approver_sees_only_the_own_township(signed_in: Callable[[str], object], started: str) -> None:
    assert figure(signed_in("approver").get("/watch/?process=relief").get_data(as_text=True), "在办案件")[0] == 1


def test_an_empty_city_says_so(signed_in: Callable[[str], object]) -> None:
    page = signed_in("manager").get("/watch/overdue").get_data(as_text=True)
    assert "没有超期任务" in page
