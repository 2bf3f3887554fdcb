"""Chinese stands in the sources; every sentence has its English one, and no text stands outside the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from engine.runtime import Runtime
from engine.store import definitions
from web.language import CATALOGUE

WEB = Path(__file__).parents[2] / "web"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
NOT_TRANSLATED = {"中文"}


def written() -> set[str]:
    found = extract_from_dir(WEB, METHODS, options_map={"**/templates/**.html": {"trimmed": "true"}})
    return {
        message
        for path, _, message, _, _ in found
        if isinstance(message, str) and not path.startswith(("assets", "bench"))
    }


def catalogue() -> dict[str, str]:
    with CATALOGUE.open("rb") as source:
        return {str(message.id): str(message.string) for message in read_po(source) if message.id}


def test_every_sentence_is_translated_and_no_translation_is_left_over() -> None:
    known = catalogue()
    assert sorted(written() - known.keys()) == []
    assert sorted(known.keys() - written()) == []
    assert [chinese for chinese, english in known.items() if not english.strip()] == []


def test_no_english_sentence_holds_chinese_and_all_keep_their_places() -> None:
    places = re.compile(r"%\((\w+)\)([sd])")
    for chinese, english in catalogue().items():
        assert not CHINESE.search(english), english
        assert sorted(places.findall(chinese)) == sorted(places.findall(english)), chinese


@pytest.mark.parametrize("template", sorted(WEB.glob("**/templates/**/*.html")), ids=lambda path: path.name)
def test_no_text_of_a_template_escapes_translation(template: Path) -> None:
    if "assets" in template.parts:
        return
    outside = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template.read_text("utf-8"), flags=re.S)
    assert set(CHINESE.findall(outside)) <= set(), outside


def names(runtime: Runtime) -> set[str]:
    """Return what keeps its Chinese name in every language: processes, their steps, places, the applicant."""
    with runtime.read() as transaction:
        loaded = [runtime.latest(transaction, process) for process in definitions.processes(transaction)]
    steps = {node.name for one in loaded for node in one.nodes.values()}
    found = steps | {one.name for one in loaded} | {runtime.regions.name("410721102"), "刘桂兰"}
    return {word for name in found for word in re.findall(r"[\u4e00-\u9fff]+", name)}


def test_pages_speak_the_language_asked_for(
    browser: object, signed_in: Callable[[str], object], started: str, runtime: Runtime
) -> None:
    assert 'lang="zh-CN"' in browser.get("/").get_data(as_text=True)
    desk = signed_in("operator")
    own_names = names(runtime)
    for visitor, page in (
        (browser, "/"),
        (browser, "/progress"),
        (browser, "/sign-in"),
        (browser, "/apply/relief"),
        (desk, "/desk/"),
        (desk, "/desk/start"),
        (desk, "/desk/cases"),
    ):
        visitor.get(f"/language/en?next={page}")
        text = visitor.get(page).get_data(as_text=True)
        assert 'lang="en"' in text
        shown = re.sub(r"<option.*?</option>|<[^>]+>", " ", text, flags=re.S)
        left = set(re.findall(r"[\u4e00-\u9fff]+", shown)) - NOT_TRANSLATED - own_names
        assert left == set(), (page, left)
