"""One parser serves all threads, also the first two that come at the same moment."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from markdown_it import MarkdownIt
from markdown_it.ruler import Ruler

from engine.markdown import shared


def test_two_threads_that_begin_at_the_same_moment_both_find_every_rule(monkeypatch):
    compile_rules = Ruler.__compile__

    def slowly(ruler):
        ruler.__cache__ = {}
        time.sleep(0.05)
        compile_rules(ruler)

    monkeypatch.setattr(Ruler, "__compile__", slowly)
    parser = shared(MarkdownIt("commonmark"))

    with ThreadPoolExecutor(2) as threads:
        assert set(threads.map(parser.render, ["**a**"] * 4)) == {"<p><strong>a</strong></p>\n"}
