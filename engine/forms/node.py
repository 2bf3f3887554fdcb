"""One component of the JSON while it is compiled: typed access that reports what is wrong instead of failing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.errors import Text
from engine.feel import Compiled, FeelSyntaxError, compile_expression
from engine.forms.fields import Predicate, number_of
from engine.forms.findings import Report
from engine.forms.wording import Caption, Wording, caption, compile_wording

MAX_WORDING = 20_000


class Node:
    """A component's JSON with the report and the names its expressions may read, each with its label."""

    def __init__(self, raw: Mapping[str, Any], id_: str, report: Report, names: Mapping[str, Text]) -> None:
        self.raw, self.id, self.report, self.names = raw, id_, report, names
        self.reads: set[str] = set()
        self.checked: set[str] = set()
        self.compiled: list[Compiled] = []
        found = raw.get("properties")
        self.properties: Mapping[str, Any] = found if isinstance(found, Mapping) else {}

    def settle_checks(self) -> None:
        """Return nothing; tell what checks read so far from what the component's look reads."""
        self.checked, self.reads = self.checked | self.reads, set()

    def refuse(self, rule: str, zh: str, en: str) -> None:
        """Return nothing; report an error on this component."""
        self.report.add(rule, self.id, Text(zh, en))

    def inside(self, name: str) -> Mapping[str, Any]:
        """Return a nested object, empty when absent."""
        found = self.raw.get(name)
        return found if isinstance(found, Mapping) else {}

    def text(self, name: str) -> str:
        """Return a string, empty when absent or something else."""
        found = self.raw.get(name)
        return found if isinstance(found, str) else ""

    def fact(self, name: str) -> str:
        """Return one of the component's ``properties`` as text, empty when absent."""
        found = self.properties.get(name, "")
        return str(found).strip() if isinstance(found, str | int | Decimal) else ""

    def whole(self, value: object, default: int, least: int, most: int, name: str) -> int:
        """Return a whole number within its limits, the default when absent."""
        if value in (None, ""):
            return default
        number = number_of(value)
        if number is not None and number == int(number) and least <= number <= most:
            return int(number)
        self.refuse(
            "form-number",
            f"{name} 应为 {least} 至 {most} 的整数，现为“{value}”，请改正",
            f"Expected {name} to be a whole number from {least} to {most} but it is {value!r}, so correct it",
        )
        return default

    def expression(self, text: object, where: str) -> Compiled | None:
        """Return the compiled expression, None when absent or wrong."""
        if not isinstance(text, str) or text.strip() in ("", "="):
            return None
        try:
            compiled = compile_expression(text, self.names)
        except FeelSyntaxError as failure:
            self._bad_feel(where, failure)
            return None
        self.reads |= compiled.reads
        self.compiled.append(compiled)
        return compiled

    def predicate(self, found: object, where: str) -> Predicate:
        """Return a constant, or the compiled expression of a text that begins with ``=``."""
        if isinstance(found, str) and found.startswith("="):
            compiled = self.expression(found, where)
            return False if compiled is None else compiled
        if found in (None, "", False, True, "true", "false"):
            return found is True or found == "true"
        self.refuse(
            "form-expression",
            f"{where}应为是、否或以 = 开头的表达式，请改正",
            f"Expected {where} to be true, false or an expression beginning with =, so correct it",
        )
        return False

    def wording(self, found: object, where: str) -> Wording:
        """Return the compiled text, empty when absent or wrong."""
        text = found if isinstance(found, str) else ""
        try:
            if len(text) > MAX_WORDING:
                raise ValueError(f"{len(text)} > {MAX_WORDING}")
            wording = compile_wording(text, self.names)
        except FeelSyntaxError as failure:
            self._bad_feel(where, failure)
            return Wording(())
        except ValueError as problem:
            self.refuse(
                "form-text",
                f"{where}中的“{problem}”无法使用，文字中只能写 {{{{ 表达式 }}}}",
                f"Expected only {{{{ expression }}}} in {where} but found “{problem}”, so rewrite it",
            )
            return Wording(())
        self.reads |= wording.reads
        self.compiled += [piece for piece in wording.pieces if not isinstance(piece, str)]
        return wording

    def caption(self, found: object, en: str, where: str) -> Caption:
        """Return a text with its English one from ``properties``; Chinese stands in where that is absent."""
        zh = self.wording(found, where)
        english = self.fact(en)
        return caption(zh, self.wording(english, where) if english else zh)

    def _bad_feel(self, where: str, failure: FeelSyntaxError) -> None:
        message = failure.problem.message
        self.refuse("form-expression", f"{where}：{message.zh}", f"{where}: {message.en}")
