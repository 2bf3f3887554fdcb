"""Texts of designers -> HTML that cannot do harm."""

from __future__ import annotations

import html
import re

import nh3
from markdown_it import MarkdownIt

from engine.markdown import shared

TAGS = {
    "p", "br", "hr", "strong", "em", "b", "i", "u", "s", "code", "pre", "blockquote", "ul", "ol", "li", "dl", "dt",
    "dd", "a", "h2", "h3", "h4", "h5", "h6", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "div",
    "small", "sub", "sup",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
SCHEMES = {"https", "http", "mailto", "tel"}
IMAGE = re.compile(r"(/(?!/)[\w./%-]*|data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+)")
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&])")
_MARKDOWN = shared(MarkdownIt("commonmark", {"html": False}).enable("table"))


def sanitised(source: str) -> str:
    """Return HTML with nothing in it but harmless tags; links leave no opener behind."""
    return nh3.clean(source, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer")


def markdown(source: str) -> str:
    """Return the HTML of a markdown text; its headings begin below the page's own."""
    tokens = _MARKDOWN.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    return sanitised(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def escape_html(value: str) -> str:
    """Return a value as text inside HTML."""
    return html.escape(value)


def escape_markdown(value: str) -> str:
    """Return a value as text inside markdown."""
    return _MARKS.sub(r"\\\1", value.replace("\n", " "))


def is_local_image(source: str) -> bool:
    """Return whether an image comes with the page or from this server: no other is ever asked for."""
    return IMAGE.fullmatch(source) is not None
