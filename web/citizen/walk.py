"""An application page by page: one group of questions at a time, checked as one goes, sent once at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from engine.commands.start_case import StartedCase, start_case
from engine.errors import Text
from engine.forms import Field, Form, Submission
from engine.forms.fields import Component, Group, RowList
from engine.queries.startable import Startable
from web import forms
from web.citizen.state import State, seal
from web.context import citizen, runtime, tx
from web.language import language, said

# How the browser inside WeChat names itself.
_WECHAT = "MicroMessenger"
CORRECT = Text("有内容需要改正，已填写的都还在。", "Some answers need a correction; nothing you typed is lost.")
WHOLE = ""


@dataclass(frozen=True)
class Walk:
    """One application on its way: the process with its form, and the answers so far."""

    offer: Startable
    form: Form
    state: State

    def pages(self) -> list[str]:
        """Return the pages with a question to show now, each named after its group."""
        found = [page for page in self._parts() if self._has_questions(page)]
        return found or list(self._parts())[:1] or [WHOLE]

    def ask(self, page: str, errors: Mapping[str, Text], sentence: Text | None = None) -> str:
        """Return one page of questions."""
        pages = self.pages()
        shown = page if page in pages else pages[0]
        return render_template(
            "citizen/questions.html",
            process=self.offer.process,
            name=self.offer.name,
            title=self.title(shown),
            page=shown,
            at=pages.index(shown) + 1,
            all=len(pages) + 1,
            fields=self.fields(shown, errors),
            errors=self.form.error_summary(errors, language()),
            sentence=sentence,
            state=self.sealed(),
        )

    def review(self, sentence: Text | None = None) -> str:
        """Return all answers for a last look before sending."""
        pages, values = self.pages(), self.check().values
        regions = runtime().regions
        return render_template(
            "citizen/review.html",
            process=self.offer.process,
            name=self.offer.name,
            at=len(pages) + 1,
            all=len(pages) + 1,
            place=f"{regions.name(self.state.county)} {regions.name(self.state.region)}",
            answered=[(page, self.title(page), self.fields(page, {}, values)) for page in pages],
            sentence=sentence,
            state=self.sealed(),
        )

    def check(self) -> Submission:
        """Return what the answers so far would store, and what is wrong with them."""
        around = self._around()
        return self.form.submit(
            self.state.values, {}, around.environment, tx().now.date(), files=around.uploads, sources=around.sources
        )

    def wrong_on(self, page: str) -> dict[str, Text]:
        """Return what is wrong on one page so far."""
        return self._on_page(page, self.check().errors)

    def page_with(self, errors: Mapping[str, Text]) -> str:
        """Return the first page that holds one of these errors."""
        pages = self.pages()
        return next((page for page in pages if self._on_page(page, errors)), pages[0])

    def page_after(self, page: str) -> str | None:
        """Return the page after this one, None after the last."""
        return self._beside(page, 1)

    def page_before(self, page: str) -> str | None:
        """Return the page before this one, None before the first."""
        return self._beside(page, -1)

    def fields(self, page: str, errors: Mapping[str, Text], accepted: Mapping[str, Any] | None = None) -> str:
        """Return the questions of a page, or with ``accepted`` values its answers to read."""
        values = self.state.values if accepted is None else accepted
        locked = accepted is not None
        around = self._around()
        return "".join(
            forms.draw(self.form, values, errors, around, page=part.id, locked=locked, reveal=True)
            for part in self._parts().get(page, ())
        )

    def title(self, page: str) -> str:
        """Return the heading of a page."""
        group = next((part for part in self._parts().get(page, ()) if part.id == page), None)
        return said(group.label.ready) if group and group.label.ready else self.offer.name

    def phone(self) -> str:
        """Return the mobile number that was given, with which the progress is asked for."""
        for item in self.form.fields:
            if item.sensitive == "cn_mobile":
                return str(_dug(self.state.values, item.name) or "")
        return ""

    def sealed(self) -> str:
        """Return the answers so far for the page's hidden field."""
        return seal(runtime().keyring, self.state)

    def _parts(self) -> dict[str, list[Component]]:
        """Return the pages: each top group with what stands before it; what follows the last one joins it."""
        pages: dict[str, list[Component]] = {}
        waiting: list[Component] = []
        for component in self.form.part.components:
            waiting.append(component)
            if isinstance(component, Group):
                pages[component.id] = waiting
                waiting = []
        if waiting:
            pages.setdefault(next(reversed(pages), waiting[0].id), []).extend(waiting)
        return pages

    def _on_page(self, page: str, errors: Mapping[str, Text]) -> dict[str, Text]:
        names = {name for part in self._parts().get(page, ()) for name in _names(part)}
        return {path: text for path, text in errors.items() if path.partition("[")[0] in names}

    def _around(self) -> forms.Around:
        uploads = forms.uploads_of(self.form, self.state.owner)
        return forms.Around(environment=self.offer.environment, sources=self.offer.sources, uploads=uploads)

    def _beside(self, page: str, step: int) -> str | None:
        pages = self.pages()
        at = pages.index(page) + step if page in pages else 0
        return pages[at] if 0 <= at < len(pages) else None

    def _has_questions(self, page: str) -> bool:
        html = self.fields(page, {})
        return "<input" in html or "<select" in html or "<textarea" in html


def send(state: State) -> StartedCase:
    """Start the case of this application; sending it again returns the same case."""
    return start_case(
        runtime(),
        tx(),
        citizen(),
        process=state.process,
        region=state.region,
        values=state.values,
        channel=_channel(),
        owner=state.owner,
        idempotency_key=state.token,
    )


def _channel() -> str:
    return "wechat" if _WECHAT in request.user_agent.string else "h5"


def posted_page() -> str:
    """Return the page that this request answers."""
    return request.form.get("page", WHOLE)


def _names(component: Component) -> set[str]:
    if isinstance(component, Group):
        return {name for inner in component.components for name in _names(inner)}
    return {".".join(component.name)} if isinstance(component, Field | RowList) else set()


def _dug(values: Mapping[str, Any], name: tuple[str, ...]) -> Any:
    found: Any = values
    for step in name:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
