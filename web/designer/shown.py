"""A version's tables, forms and numbers as plain lines for reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bundle import FileError, read_policy
from engine.dmn.errors import Complaints
from engine.dmn.reading import read
from engine.dmn.tree import Decision, Table
from engine.forms import Field, Form
from engine.model import PolicyEntry
from web.language import _, said


@dataclass(frozen=True, slots=True)
class ShownTable:
    """One decision table."""

    id: str
    name: str
    hit_policy: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownField:
    """One question of a form; ``required`` is ``always``, ``sometimes`` or ``no``."""

    label: str
    key: str
    type: str
    required: str


@dataclass(frozen=True, slots=True)
class ShownForm:
    """One form with its questions."""

    id: str
    fields: tuple[ShownField, ...]


def tables(files: Mapping[str, bytes]) -> list[ShownTable]:
    """Return the decision tables of the files as drawn."""
    found = []
    for path in sorted(name for name in files if name.endswith(".dmn")):
        definitions = read(files[path], Complaints(path))
        found += [
            _table(decision, decision.logic) for decision in definitions.decisions if isinstance(decision.logic, Table)
        ]
    return found


def forms(loaded: Mapping[str, Form]) -> list[ShownForm]:
    """Return the forms by id."""
    return [ShownForm(name, tuple(_field(item) for item in loaded[name].fields)) for name in sorted(loaded)]


def numbers(files: Mapping[str, bytes], in_force: tuple[PolicyEntry, ...]) -> list[PolicyEntry]:
    """Return the numbers that this process brought, with the values now published for them."""
    try:
        own, _findings = read_policy(files.get("policy.yaml", b""), "policy.yaml")
    except FileError:
        return []
    return [entry for entry in in_force if entry.id in own]


def required_words(required: str) -> str:
    """Return whether a question must be answered, in words."""
    return {"always": _("是"), "sometimes": _("视条件")}.get(required, _("否"))


def _table(decision: Decision, table: Table) -> ShownTable:
    columns = [column.label or column.expression.text for column in table.inputs]
    columns += [f"→ {column.label or column.name}" for column in table.outputs]
    rows = [
        tuple(
            [cell.text or "-" for cell in rule.inputs]
            + [cell.text for cell in rule.outputs]
            + [" ".join(rule.annotations)]
        )
        for rule in table.rules
    ]
    return ShownTable(decision.id, decision.name, table.hit_policy, (*columns, _("说明")), tuple(rows))


def _field(field: Field) -> ShownField:
    label = said(field.label.ready) if field.label.ready else field.key
    required = "sometimes" if not isinstance(field.required, bool) else "always" if field.required else "no"
    return ShownField(label, ".".join(field.name), field.type, required)
