"""Markdown parsers that the threads of a server share."""

from __future__ import annotations

from markdown_it import MarkdownIt


def shared(parser: MarkdownIt) -> MarkdownIt:
    """Return the configured parser, ready for several threads.

    It looks its rules up when it first parses; a second thread in that moment would find only some of them.
    """
    parser.render("*a*")
    return parser
