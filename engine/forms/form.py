"""A compiled form: what a page asks, how an answer is read, checked and drawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup

from engine.errors import Text
from engine.feel import Compiled, Environment
from engine.forms import json_schema, rows
from engine.forms.fields import Field, Group, Leaf, Part, RowList
from engine.forms.filling import Row, Surroundings
from engine.forms.options import Source
from engine.forms.parse import Post, Target, find, parse, targets
from engine.forms.render import Drawing, draw, error_summary
from engine.forms.submit import Submission, submit


@dataclass(frozen=True, slots=True)
class Page:
    """One group of the form that can be asked on a page of its own."""

    id: str
    label: Text


@dataclass(frozen=True, repr=False)
class Form:
    """One compiled form, good for every request.

    ``reads`` are the names its FEEL takes from the case, ``expressions`` all its FEEL, each with its component's id.
    """

    id: str
    part: Part
    reads: frozenset[str]
    expressions: tuple[tuple[str, Compiled], ...] = ()
    regions: Callable[[str], bool] | None = None
    known: Mapping[str, Target] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", targets(self.part))

    def __repr__(self) -> str:
        return f"Form({self.id!r})"

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return every question in the order of the form, those of repeated groups included."""
        return tuple(leaf for leaf in _leaves(self.part) if isinstance(leaf, Field))

    @property
    def names(self) -> frozenset[str]:
        """Return the variables the form writes."""
        return frozenset(self.part.names)

    @property
    def sources(self) -> frozenset[str]:
        """Return the option sources the form needs registered."""
        return frozenset(leaf.offer.source for leaf in self.fields if leaf.offer.source)

    @property
    def pages(self) -> tuple[Page, ...]:
        """Return the groups at the top, for one page each; empty when something else stands beside them."""
        groups = [component for component in self.part.components if isinstance(component, Group)]
        if len(groups) < len(self.part.components):
            return ()
        return tuple(Page(group.id, group.label.ready or Text("", "")) for group in groups)

    def parse(self, post: Post) -> dict[str, Any]:
        """Return the answers of an HTML post as typed, nested; only what the form asks."""
        return parse(self.part, self.known, post)

    def row_change(self, post: Post, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the answers after a row button was pressed; None when the post is a real submission."""
        wish = rows.pressed(post)
        return None if wish is None else rows.changed(self.known, raw, wish)

    def attach(self, raw: Mapping[str, Any], name: str, key: str) -> dict[str, Any]:
        """Return the answers with one more uploaded file in the field of this input name."""
        return rows.attached(self.known, raw, name, key)

    def file_field(self, name: str) -> Field | None:
        """Return the file field of an input name, None when the form has no such field."""
        found = find(self.known, name)
        leaf = found[0].leaf if found else None
        return leaf if isinstance(leaf, Field) and leaf.type == "filepicker" else None

    def submit(
        self,
        raw: Mapping[str, Any],
        context: Mapping[str, object],
        environment: Environment,
        today: date,
        *,
        allowed_regions: Collection[str] | None = None,
        files: Mapping[str, Mapping[str, Any]] | None = None,
        sources: Mapping[str, Source] | None = None,
    ) -> Submission:
        """Return what a filling stores and what is wrong with it; ``allowed_regions`` are prefixes, or None."""
        around = Surroundings(
            context=context, environment=environment, today=today, sources=sources or {}, files=files or {},
            regions=self.regions, allowed_regions=allowed_regions,
        )  # fmt: skip
        return submit(Row(self.part, raw, context, around))

    def page_errors(self, errors: Mapping[str, Text], page: str) -> dict[str, Text]:
        """Return those errors whose field stands on the page."""
        group = next((item for item in self.part.components if item.id == page and isinstance(item, Group)), None)
        stems = {".".join(leaf.name) for leaf in self.part.leaves if group is not None and self._within(leaf, group.id)}
        return {path: text for path, text in errors.items() if path in stems or path.partition("[")[0] in stems}

    def render(
        self,
        values: Mapping[str, Any],
        errors: Mapping[str, Text],
        context: Mapping[str, object],
        environment: Environment,
        language: str,
        *,
        today: date | None = None,
        sources: Mapping[str, Source] | None = None,
        files: Mapping[str, Mapping[str, Any]] | None = None,
        page: str | None = None,
        parts: Collection[str] | None = None,
        locked: bool = False,
        reveal: bool = False,
        file_link: Callable[[Mapping[str, Any]], str] | None = None,
    ) -> Markup:
        """Return the HTML of the fields, safe in templates; ``values`` are typed or stored answers, shown as they are.

        ``page`` draws one top group, ``parts`` only the components with these element ids (for htmx out-of-band
        swaps), ``locked`` a finished form, ``reveal`` personal numbers unmasked.
        """
        around = Surroundings(
            context=context, environment=environment, today=today or environment.now.date(), sources=sources or {},
            files=files or {}, regions=self.regions, locked=locked,
        )  # fmt: skip
        row = Row(self.part, values, values if locked else context, around)
        return draw(row, Drawing(errors, language, reveal, page, parts, file_link, locked))

    def error_summary(self, errors: Mapping[str, Text], language: str) -> Markup:
        """Return the HTML of the list of errors, each a link to its field; empty without errors."""
        order = {name: at for at, name in enumerate(self.known)}
        return error_summary(errors, language, order)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema (2020-12) of the stored values."""
        return json_schema.of_form(self.id, self.part)

    def _within(self, leaf: Leaf, group: str) -> bool:
        parent = self.part.parents.get(leaf.id)
        while parent is not None:
            if parent.id == group:
                return True
            parent = self.part.parents.get(parent.id)
        return False


def _leaves(part: Part) -> Iterator[Leaf]:
    for leaf in part.leaves:
        yield leaf
        if isinstance(leaf, RowList):
            yield from _leaves(leaf.part)
