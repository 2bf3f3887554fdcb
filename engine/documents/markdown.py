"""Markdown of templates to HTML: no raw HTML, no pictures, and bold that works beside Chinese punctuation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

from engine.markdown import shared

# Two characters of the private use area enclose a slot's number; compile refuses templates that contain them.
OPEN, CLOSE = "\ue000", "\ue001"
_SLOT = re.compile(f"{OPEN}(\\d+){CLOSE}")


def slot(number: int) -> str:
    """Return the mark that stands for a value until the Markdown is HTML."""
    return f"{OPEN}{number}{CLOSE}"


def slots_in(html: str) -> list[int]:
    """Return the numbers of the marks that the HTML still carries."""
    return [int(number) for number in _SLOT.findall(html)]


def fill(html: str, values: Mapping[int, str]) -> str:
    """Return the HTML with each mark replaced by its escaped value, in one pass, so values cannot be marks."""
    return _SLOT.sub(lambda match: _escape(values.get(int(match[1]), "")), html)


def to_html(text: str) -> str:
    """Return the HTML of a Markdown text."""
    return str(_MARKDOWN.render(text))


def _escape(value: str) -> str:
    return escape(value).replace("\n", "<br>\n")


def _emphasis(state: StateInline, silent: bool) -> bool:
    """CommonMark closes no bold between 、:。and a letter; Chinese has no spaces there, so here it does."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    scanned = state.scanDelims(state.pos, marker == "*")
    opens, closes = scanned.can_open, scanned.can_close
    before = state.src[state.pos - 1 : state.pos] or " "
    after = state.src[state.pos + scanned.length : state.pos + scanned.length + 1] or " "
    if marker == "*" and not (before + after).isascii():
        opens, closes = not after.isspace(), not before.isspace()
    for _ in range(scanned.length):
        state.push("text", "", 0).content = marker
        mark = Delimiter(
            marker=ord(marker), length=scanned.length, token=len(state.tokens) - 1, end=-1, open=opens, close=closes
        )
        state.delimiters.append(mark)
    state.pos += scanned.length
    return True


def _configured() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.enable("table").disable(["image", "html_block", "html_inline", "code", "lheading", "reference"])
    markdown.inline.ruler.at("emphasis", _emphasis)
    return shared(markdown)


_MARKDOWN = _configured()
