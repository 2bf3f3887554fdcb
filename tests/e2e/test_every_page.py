"""Every page in a real browser, wide and narrow: accessible, complete on its own, nothing sticking out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import PASSWORD, City
from tests.e2e.pages import apply
from tests.e2e.test_act_first import APPLICATION

AXE = Path(__file__).parents[2] / "web" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 375)
PAGES: Mapping[str, tuple[str, ...]] = {
    "": ("/", "/apply/relief", "/progress", "/sign-in", "/nothing"),
    "zhaipo_operator": (
        "/desk/",
        "/desk/?show=mine",
        "/desk/done",
        "/desk/cases",
        "/desk/roster",
        "/desk/payroll",
        "/desk/start",
        "/desk/start/relief",
        "/admin/clock",
    ),
    "manager": ("/watch/", "/watch/overdue", "/watch/green"),
    "city_supervisor": ("/watch/delegations",),
    "publisher": ("/design/", "/design/relief", "/design/feel", "/design/elements", "/design/upload", "/migrations/", "/migrations/relief"),
    "operations": ("/admin/incidents", "/admin/messages", "/admin/suspensions", "/admin/modifications"),
    "sys_admin": ("/admin/people", "/admin/calendars", "/admin/tokens"),
}


class Watched:
    """A page that remembers what went wrong on it."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.on("request", lambda asked: self._see(asked.url, home))

    def examine(self) -> None:
        """Look at the page as it stands: axe's rules, and whether anything sticks out at the side."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(AXE.read_text("utf-8") + ";0")
        for found in self.page.evaluate("axe.run(document)")["violations"]:
            self.problems.append(
                f"{self.page.url}: {found['id']} {[node['html'][:120] for node in found['nodes'][:3]]}"
            )
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.problems.append(f"{self.page.url}: wider than the screen")
        if self.page.evaluate("[...document.querySelectorAll('.cards')].some(list => list.scrollWidth > list.clientWidth)"):
            self.problems.append(f"{self.page.url}: a list of cases wider than the screen")

    def _hear(self, kind: str, text: str) -> None:
        # A page that answers 404 or 422 on purpose is told by the browser as an error of loading.
        if kind == "error" and "Failed to load resource" not in text:
            self.problems.append(f"{self.page.url}: {text}")

    def _see(self, url: str, home: str) -> None:
        if not url.startswith((home, "data:", "blob:")):
            self.problems.append(f"{self.page.url}: asked {url}")


@pytest.fixture(params=WIDTHS)
def open_page(request: pytest.FixtureRequest, browser: Browser, city: City) -> Iterator[Callable[[str], Watched]]:
    """Yield what opens a browser of this width for a login, or for nobody."""
    opened = []

    def enter(login: str) -> Watched:
        size = {"width": request.param, "height": 800}
        context = browser.new_context(viewport=size, locale="zh-CN", base_url=city.address)
        opened.append(context)
        watched = Watched(context.new_page(), city.address)
        if login:
            watched.page.goto("/sign-in")
            watched.page.fill("#login", login)
            watched.page.fill("#password", PASSWORD)
            watched.page.keyboard.press("Enter")
            watched.page.wait_for_url(lambda url: "/sign-in" not in url)
        return watched

    yield enter
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def application(city: City, browser: Browser) -> str:
    """Return the number of an application, so that lists are not empty."""
    context = browser.new_context(locale="zh-CN", base_url=city.address)
    number = apply(context.new_page(), APPLICATION)
    context.close()
    return number


@pytest.mark.usefixtures("application")
@pytest.mark.parametrize("login", PAGES)
def test_pages_have_no_flaws(open_page: Callable[[str], Watched], login: str) -> None:
    watched = open_page(login)
    for address in PAGES[login]:
        watched.page.goto(address)
        watched.examine()
    assert watched.problems == []


def test_the_pages_of_work_have_no_flaws(open_page: Callable[[str], Watched], application: str) -> None:
    watched = open_page("zhaipo_operator")
    watched.page.goto("/desk/")
    watched.page.locator("tbody tr", has_text=application).locator("th a").click()
    watched.page.wait_for_selector(".djs-container svg")
    watched.examine()
    watched.page.click("button[value=complete]")
    watched.page.wait_for_selector("#error-summary")
    watched.examine()
    watched.page.goto(f"/desk/cases?q={application}")
    watched.page.locator("tbody tr", has_text=application).locator("th a").click()
    watched.page.wait_for_selector(".djs-container svg")
    watched.examine()
    assert watched.problems == []


def test_steps_are_chosen_on_the_diagram_to_modify_a_case(
    open_page: Callable[[str], Watched], application: str
) -> None:
    watched = open_page("operations")
    page = watched.page
    page.goto("/admin/modifications")
    page.fill("#number", application)
    page.click("main form button")
    page.wait_for_selector(".djs-container svg")
    watched.examine()
    standing, another = page.locator("[name=ends]").first, page.locator("[name=starts]").nth(1)
    for box in (standing, another):
        page.locator(f"[data-element-id={box.get_attribute('data-element')}] .djs-hit").first.dispatch_event("mousedown")
        page.locator(f"[data-element-id={box.get_attribute('data-element')}] .djs-hit").first.dispatch_event("click")
        assert box.is_checked()
    page.click("button[value=try]")
    page.wait_for_selector("#outcome-heading")
    watched.examine()
    assert "这是试算" in page.inner_text("main")
    assert watched.problems == []


def test_large_letters_break_nothing(open_page: Callable[[str], Watched]) -> None:
    watched = open_page("")
    watched.page.goto("/size/large?next=/")
    assert watched.page.evaluate("getComputedStyle(document.body).fontSize") == "20px"
    for address in ("/", "/apply/relief", "/progress"):
        watched.page.goto(address)
        watched.examine()
    assert watched.problems == []


def test_main_targets_are_large_enough_for_a_thumb(open_page: Callable[[str], Watched]) -> None:
    watched = open_page("")
    for address in ("/", "/apply/relief", "/progress"):
        watched.page.goto(address)
        small = watched.page.evaluate(
            "[...document.querySelectorAll('main a, main button, main select, main input:not([type=hidden])')]"
            ".filter(one => one.offsetParent && one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
        )
        assert small == []


def test_a_draft_is_kept_without_pressing_anything(open_page: Callable[[str], Watched], application: str) -> None:
    watched = open_page("zhaipo_operator")
    page = watched.page
    page.goto("/desk/")
    page.locator("tbody tr", has_text=application).locator("th a").click()
    with page.expect_response("**/draft", timeout=10_000) as answer:
        page.fill("#task-form [name=duty_note]", f"typed at {page.viewport_size}")
    assert answer.value.ok
    assert "草稿已保存" in page.inner_text("[data-draft-status]")
    page.reload()
    assert page.input_value("#task-form [name=duty_note]") == f"typed at {page.viewport_size}"
    assert application in page.inner_text("main")


def test_what_is_typed_while_dependent_fields_are_drawn_anew_stays(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("zhaipo_operator")
    page.goto("/desk/start/relief")
    page.route("**/desk/start/relief/fields", lambda route: (time.sleep(1), route.continue_()))
    with page.expect_response("**/desk/start/relief/fields"):
        page.select_option("[name=way]", "cash")
        page.fill("[name=payee_name]", "王建国")
    page.wait_for_selector("[name=payee_name]:not([aria-required])")
    assert page.input_value("[name=payee_name]") == "王建国"
