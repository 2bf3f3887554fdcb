"""Walks through a YAML file and turns every wrong shape into a finding that names the key and its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import cast

from engine.bundle.yaml import FileError, Path, Plain, Sheet, load
from engine.errors import Text
from engine.model import Finding, Severity


@dataclass(frozen=True, slots=True)
class Cursor:
    """One value of a file; a getter that meets a wrong shape reports it and returns an empty value of its type."""

    sheet: Sheet
    rule: str
    path: Path = ()
    value: Plain = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Return the path as people write it: ``steps[2].by``."""
        parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return "".join(parts).lstrip(".")

    def report(self, message: Text, severity: Severity = "error") -> None:
        """Add a finding at this place."""
        place = self.sheet.place(self.path)
        self.findings.append(Finding(self.sheet.file, self.key or None, place, self.rule, severity, message))

    def mapping(self, required: Collection[str] = (), optional: Collection[str] | None = ()) -> dict[str, Cursor]:
        """Return the entries by key; missing and unknown keys are reported (``optional=None`` allows any key)."""
        if not isinstance(self.value, dict):
            self._expected("一组“键: 值”", "keys with values")
            return {}
        for name in required:
            if name not in self.value:
                self.report(
                    Text(
                        f"“{self.key or self.sheet.file}”应有“{name}”,请补上。",
                        f"Expected “{name}” in “{self.key or self.sheet.file}”, but it is missing, so add it.",
                    )
                )
        children = {name: self._child(name, value) for name, value in self.value.items()}
        if optional is None:
            return children
        known = {*required, *optional}
        for name in [name for name in children if name not in known]:
            children.pop(name).unknown(known)
        return children

    def unknown(self, known: Collection[str]) -> None:
        """Report that this key is not one of the known ones."""
        english = ", ".join(sorted(known))
        self.report(
            Text(
                f"不认识的键“{self.path[-1]}”,可用:{english}。请改正或删去。",
                f"Expected one of {english}, but the key is “{self.path[-1]}”, so correct or remove it.",
            )
        )

    def items(self) -> Iterator[Cursor]:
        """Return the entries of a list."""
        if not isinstance(self.value, list):
            self._expected("列表", "a list")
            return
        for index, value in enumerate(self.value):
            yield self._child(index, value)

    def text(self) -> str:
        """Return a text; a number is taken as it is written."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        if isinstance(self.value, Decimal):
            return str(self.value)
        self._expected("文字", "text")
        return ""

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            self._expected("true 或 false", "true or false")
            return False
        return self.value

    def number(self) -> Decimal:
        """Return an exact number."""
        if not isinstance(self.value, Decimal):
            self._expected("数字", "a number")
            return Decimal(0)
        return self.value

    def scalar(self) -> Decimal | bool | str:
        """Return a number, a text, true or false."""
        if self.value is None or isinstance(self.value, list | dict):
            self._expected("数字、文字、true 或 false", "a number, a text, true or false")
            return ""
        return self.value

    def day(self) -> date:
        """Return a date written as 2026-01-31."""
        try:
            return date.fromisoformat(self.value if isinstance(self.value, str) and len(self.value) == 10 else "")
        except ValueError:
            self._expected("日期(如 2026-01-31)", "a date such as 2026-01-31")
            return date.min

    def one_of(self, options: Collection[str]) -> str:
        """Return one of the words offered."""
        if self.value not in options:
            self._expected("、".join(options), " or ".join(options))
            return next(iter(options))
        return cast(str, self.value)

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts; one text alone counts as a list of one."""
        if isinstance(self.value, str):
            return (self.value,)
        return tuple(item.text() for item in self.items())

    def _child(self, name: str | int, value: Plain) -> Cursor:
        return Cursor(self.sheet, self.rule, (*self.path, name), value, self.findings)

    def _expected(self, zh: str, en: str) -> None:
        shown = "空" if self.value is None else _shown(self.value)
        english = "empty" if self.value is None else _shown(self.value)
        self.report(
            Text(
                f"“{self.key or self.sheet.file}”应为{zh},实际为 {shown},请改正。",
                f"Expected {en} at “{self.key or self.sheet.file}”, but it is {english}, so correct it.",
            )
        )


def open_yaml(data: bytes, file: str, rule: str) -> Cursor:
    """Return a cursor on the whole file; a file that cannot be read is an empty mapping with its findings."""
    try:
        sheet = load(data, file)
    except FileError as error:
        return Cursor(Sheet(file, {}), rule, (), {}, list(error.findings))
    return Cursor(sheet, rule, (), {} if sheet.value is None else sheet.value)


def _shown(value: Plain) -> str:
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    return str(value).lower() if isinstance(value, bool) else f"“{str(value)[:40]}”"
