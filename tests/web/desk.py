"""A person at a desk: finds a task by its name among all that wait, fills in what the form asks, sends it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

from tests.web.conftest import Browser


class Desks:
    """The people of the city, each in a browser of their own, signed in anew when a day has passed."""

    def __init__(self, sign_in: Callable[[str], Browser]) -> None:
        self._sign_in = sign_in
        self._browsers: dict[str, Browser] = {}

    def of(self, login: str) -> Browser:
        """Return the person's browser, with the desk open."""
        if login not in self._browsers or self._browsers[login].get("/desk/").status_code != 200:
            self._browsers[login] = self._sign_in(login)
            self._browsers[login].get("/desk/")
        return self._browsers[login]

    def waiting(self, login: str) -> list[str]:
        """Return the names of the tasks on the person's desk."""
        return [name for _, name in _tasks(self.of(login).page)]

    def do(self, login: str, task: str, **values: Any) -> str:
        """Complete the task of this name; return the page as it was shown before."""
        browser = self.of(login)
        found = next((address for address, name in _tasks(browser.page) if name == task), None)
        assert found is not None, f"{login} has no {task}: {_tasks(browser.page)}"
        browser.get(found)
        shown = browser.page
        answer = browser.press(found, do="complete", **_posted(values))
        assert answer.status_code == 303, f"{task}: {answer.status_code} {errors(browser.page)}"
        return shown

    def start(self, login: str, process: str, region: str, **values: Any) -> None:
        """Begin a case with the process's form."""
        browser = self.of(login)
        browser.get(f"/desk/start/{process}")
        assert f'<option value="{region}"' in browser.page, f"{login} is not offered {region}"
        answer = browser.press(f"/desk/start/{process}", do="start", start_region=region, **_posted(values))
        assert "/desk/cases/" in browser.page, f"{process}: {answer.status_code} {errors(browser.page)}"


def _tasks(page: str) -> list[tuple[str, str]]:
    return [(address, unescape(name)) for address, name in re.findall(r'<a href="(/desk/tasks/\d+)">([^<]+)</a>', page)]


def errors(page: str) -> str:
    """Return what the page says is wrong."""
    found = re.findall(r'class="error[^"]*"[^>]*>(.*?)</(?:p|div)>', page, re.S)
    return " ".join(re.sub(r"\s*<[^>]+>\s*", " ", one) for one in found)


def _posted(values: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Return the values as a browser posts them."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for at, row in enumerate(value):
                found |= _posted(row, f"{path}{name}[{at}].")
        else:
            found[f"{path}{name}"] = "true" if value is True else "" if value is False else value
    return found
