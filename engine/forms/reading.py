"""What a person typed -> a value of the field's type, or the sentence that says why not."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from engine.clock import SHANGHAI
from engine.errors import Text
from engine.forms.fields import Field
from engine.forms.messages import expected
from engine.forms.patterns import re2_pattern

NUMBER = re2_pattern(r"[+-]?(\d{1,18}|\d{1,3}(,\d{3}){1,5})(\.\d{1,10})?")
EARLIEST, LATEST = 1850, 2200
MAX_CHOICES = 500
MAX_LINE = 200


class Reading(NamedTuple):
    """A value, or the sentence that refuses what was typed."""

    value: Any = None
    refusal: Text | None = None


def read(field: Field, typed: Any, label: Text) -> Reading:
    """Return the typed thing as a value; an empty answer gives the type's own empty value."""
    return READERS[field.type](field, typed, label)


def empty_value(type_: str) -> Any:
    """Return what a field of this type stores when nothing was answered."""
    return {"textfield": "", "textarea": "", "checkbox": False}.get(type_, [] if type_ in LISTS else None)


def is_empty(type_: str, value: Any) -> bool:
    """Return whether the value counts as no answer: a box not ticked, no text, an empty list."""
    return value is None or value == "" or value == [] or (type_ == "checkbox" and value is False)


def plain(typed: Any) -> str:
    """Return one short typed line in half-width characters without spaces around it."""
    return unicodedata.normalize("NFKC", clean(typed[:MAX_LINE], lines=False)).strip() if isinstance(typed, str) else ""


def clean(typed: str, lines: bool) -> str:
    """Return text without control characters and halves of characters, which no database keeps."""
    text = typed.encode("utf-8", "ignore").decode().replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        keep = "\n\t" if lines else ""
        text = "".join(c if (c >= " " and c != "\x7f") or c in keep else " " if c in "\n\t" else "" for c in text)
    return text.strip()


def _text(field: Field, typed: Any, label: Text) -> Reading:
    if typed is None:
        return Reading("")
    if isinstance(typed, bool) or not isinstance(typed, str | int | Decimal):
        return Reading("", expected(label, "为文字", "be text"))
    text = clean(str(typed), lines=field.type == "textarea")
    if field.sensitive:
        text = plain(text).replace(" ", "").replace("-", "").upper()
    if len(text) > field.max_length:
        return Reading(text[: field.max_length], expected(
            label, f"不超过 {field.max_length} 个字", f"have at most {field.max_length} characters"))  # fmt: skip
    return Reading(text)


def _number(field: Field, typed: Any, label: Text) -> Reading:
    if isinstance(typed, int | float | Decimal) and not isinstance(typed, bool):
        typed = format(Decimal(str(typed)), "f")
    text = plain(typed)
    if text == "" and (typed is None or isinstance(typed, str)):
        return Reading(None)
    if not NUMBER.fullmatch(text):
        return Reading(None, expected(label, "为数字（如 1500 或 12.5）", "be a number such as 1500 or 12.5", text))
    value = Decimal(text.replace(",", ""))
    places = -int(value.as_tuple().exponent)
    if field.digits is not None and places > field.digits and value != round(value, field.digits):
        return Reading(None, _too_precise(field.digits, label, text))
    if field.digits is not None and field.facts.get("money"):
        value = value.quantize(Decimal(1).scaleb(-field.digits))
    return Reading(format(value, "f") if field.as_text else value)


def _too_precise(digits: int, label: Text, text: str) -> Text:
    if digits == 0:
        return expected(label, "为整数", "be a whole number", text)
    return expected(label, f"最多 {digits} 位小数", f"have at most {digits} decimals", text)


def _checkbox(_field: Field, typed: Any, label: Text) -> Reading:
    if typed in (True, "true", "on", "1"):
        return Reading(True)
    if typed in (None, False, "", "false", "0"):
        return Reading(False)
    return Reading(False, expected(label, "为是或否", "be yes or no"))


def _datetime(field: Field, typed: Any, label: Text) -> Reading:
    if typed is None or typed == "":
        return Reading(None)
    sort = field.subtype
    parse, zh, en = MOMENTS[sort]
    try:
        value = parse(typed) if isinstance(typed, str) else _moment(typed, sort)
    except (ValueError, OverflowError):
        return Reading(None, expected(label, zh, en, plain(typed) or None))
    if not isinstance(value, time) and not EARLIEST <= value.year <= LATEST:
        return Reading(None, expected(label, f"在 {EARLIEST} 年至 {LATEST} 年之间",
                                      f"lie between {EARLIEST} and {LATEST}", plain(typed) or None))  # fmt: skip
    return Reading(value)


def _moment(typed: Any, sort: str) -> Any:
    if sort == "datetime" and isinstance(typed, datetime):
        return _local(typed)
    if sort == "date" and isinstance(typed, date) and not isinstance(typed, datetime):
        return typed
    if sort == "time" and isinstance(typed, time):
        return typed
    raise ValueError(sort)


def _date(text: str) -> date:
    text = plain(text).replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").replace("日", "")
    year, month, day = text.split("-")
    if not (len(year) == 4 and (year + month + day).isdecimal()):
        raise ValueError(text)
    return date(int(year), int(month), int(day))


def _time(text: str) -> time:
    value = time.fromisoformat(plain(text))
    return value.replace(tzinfo=None)


def _instant(text: str) -> datetime:
    return _local(datetime.fromisoformat(plain(text).replace("/", "-")))


def _local(value: datetime) -> datetime:
    return value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value.astimezone(SHANGHAI)


def _choice(_field: Field, typed: Any, _label: Text) -> Reading:
    return Reading(typed) if _is_scalar(typed) and typed != "" else Reading(None)


def _choices(_field: Field, typed: Any, label: Text) -> Reading:
    if typed is None or typed == "":
        return Reading([])
    if not isinstance(typed, list) or len(typed) > MAX_CHOICES or not all(_is_scalar(item) for item in typed):
        return Reading([], expected(label, "为若干选项", "be a list of options"))
    return Reading(list(dict.fromkeys(item for item in typed if item not in ("", None))))


def _is_scalar(typed: Any) -> bool:
    return typed is None or isinstance(typed, str | bool | int | float | Decimal)


def _files(_field: Field, typed: Any, label: Text) -> Reading:
    listed = typed if isinstance(typed, list) else [typed]
    if len(listed) > MAX_CHOICES:
        return Reading([], expected(label, "为已上传的文件", "be uploaded files"))
    keys = [item.get("file") if isinstance(item, Mapping) else item for item in listed]
    if not all(key is None or isinstance(key, str) for key in keys):
        return Reading([], expected(label, "为已上传的文件", "be uploaded files"))
    return Reading(list(dict.fromkeys(key for key in keys if key)))


MOMENTS: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "date": (_date, "为有效日期（如 2026-09-24）", "be a date such as 2026-09-24"),
    "time": (_time, "为有效时间（如 20:00）", "be a time such as 20:00"),
    "datetime": (_instant, "为有效的日期和时间（如 2026-09-24 20:00）", "be a date and time such as 2026-09-24 20:00"),
}
READERS: dict[str, Callable[[Field, Any, Text], Reading]] = {
    "textfield": _text, "textarea": _text, "number": _number, "checkbox": _checkbox, "datetime": _datetime,
    "radio": _choice, "select": _choice, "checklist": _choices, "taglist": _choices, "filepicker": _files,
}  # fmt: skip
LISTS = frozenset({"checklist", "taglist", "filepicker"})
