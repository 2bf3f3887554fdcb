"""Every diagram in the product's viewer and a real browser: it opens without a warning, and no name is cut off."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Route

from engine.diagram import read
from engine.diagram.names import ACTIVITIES
from web.bundles import DIST

DIAGRAMS = {path.stem: path for path in sorted((Path(__file__).parents[2] / "bpmn").glob("*/*.bpmn"))}
HOME = "http://city.example/"
FULL_SIZE = "width: 9000px; height: 2000px"

# The text of an activity keeps within it; that of a lane is turned and keeps within the strip at its left.
CUT_OFF = """([process, names, strip]) => names.filter((name) => {
  const drawn = document.querySelector(`#${process} [data-element-id="${name}"] > .djs-visual`);
  const frame = drawn.querySelector("rect").getBoundingClientRect();
  const text = drawn.querySelector("text").getBoundingClientRect();
  const right = frame.left + (strip || frame.width);
  return text.left < frame.left || text.right > right || text.top < frame.top || text.bottom > frame.bottom;
})"""
STRIP = 30


def answer(route: Route) -> None:
    """Serve the page with every diagram, and what it asks for, from the files themselves."""
    name = route.request.url.rpartition("/")[2]
    if name in DIAGRAMS:
        route.fulfill(body=DIAGRAMS[name].read_bytes(), content_type="application/xml")
    elif name and (DIST / name).is_file():
        route.fulfill(path=DIST / name)
    elif name:
        route.abort()
    else:
        route.fulfill(body=page(), content_type="text/html; charset=utf-8")


def page() -> str:
    files = {name: next(DIST.glob(name.replace(".", "-*."))).name for name in ("diagram.css", "diagram.js")}
    places = "".join(
        f'<div id="{name}" data-diagram="{name}" data-failed="failed" style="{FULL_SIZE}"></div>' for name in DIAGRAMS
    )
    return f'<link rel="stylesheet" href="{files["diagram.css"]}">{places}<script src="{files["diagram.js"]}" defer></script>'


def test_every_diagram_opens_without_a_warning_and_shows_its_names_whole(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    seen = context.new_page()
    said: list[str] = []
    seen.on("console", lambda message: said.append(message.text))
    seen.on("pageerror", lambda error: said.append(str(error)))
    seen.route(f"{HOME}**", answer)
    seen.goto(HOME)
    # The buttons stand beside a diagram when it has been drawn.
    seen.wait_for_function(f"document.querySelectorAll('.zoom').length === {len(DIAGRAMS)}", timeout=120_000)
    assert said == []
    cut_off = {}
    for process, path in DIAGRAMS.items():
        diagram = read(path.read_bytes(), path.name)
        activities = [node.id for node in diagram.executable.nodes() if node.kind in ACTIVITIES and node.name]
        lanes = [lane.id for lane in diagram.executable.lanes]
        for names, strip in ((activities, 0), (lanes, STRIP)):
            cut_off |= {(process, name): strip for name in seen.evaluate(CUT_OFF, [process, names, strip])}
    assert cut_off == {}
    context.close()
