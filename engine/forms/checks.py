"""The checks a field's ``properties.validate`` can name; each returns a sentence when the value breaks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from engine.errors import Text
from engine.forms.fields import Check
from engine.forms.filling import Row
from engine.forms.messages import expected
from engine.forms.patterns import re2_pattern

MOBILE = re2_pattern(r"1[3-9]\d{9}")
CARD = re2_pattern(r"\d{12,19}")
REGION = re2_pattern(r"\d{6}|\d{9}|\d{12}")
EMAIL = re2_pattern(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
PHONE = re2_pattern(r"(\+|00)?[0-9][0-9 ()-]{5,24}")


def cn_id(value: Any, row: Row, label: Text) -> Text | None:
    """Return a sentence unless the number is a GB 11643 one: 18 signs, a real birth date, the right last sign."""
    try:
        if len(value) == 18 and value[:17].isdecimal() and value.isascii() and value[-1] == ric.calc_check_digit(value):
            return None if ric.get_birth_date(value) <= row.around.today else _bad_id(label)
    except ValidationError:
        pass
    return _bad_id(label)


def _bad_id(label: Text) -> Text:
    return expected(label, "为 18 位有效身份证号码", "be a valid identity number of 18 signs")


def cn_mobile(value: Any, _row: Row, label: Text) -> Text | None:
    """Return a sentence unless the number is a mainland mobile number."""
    return (
        None
        if MOBILE.fullmatch(value)
        else expected(label, "为 11 位手机号码（以 1 开头）", "be a mobile number of 11 digits that begins with 1")
    )


def bank_card(value: Any, _row: Row, label: Text) -> Text | None:
    """Return a sentence unless the number has a card's length and Luhn digit."""
    valid = CARD.fullmatch(value) and luhn.is_valid(value)
    return None if valid else expected(label, "为有效的银行卡号", "be a valid bank card number")


def email(value: Any, _row: Row, label: Text) -> Text | None:
    """Return a sentence unless the text is a mail address."""
    return None if len(value) <= 254 and EMAIL.fullmatch(value) else expected(
        label, "为有效的电子邮箱", "be a mail address such as name@example.org", value)  # fmt: skip


def phone(value: Any, _row: Row, label: Text) -> Text | None:
    """Return a sentence unless the text is a telephone number, mobile or fixed, also with a country code."""
    return None if PHONE.fullmatch(value) else expected(label, "为电话号码", "be a telephone number")


def region(value: Any, row: Row, label: Text) -> Text | None:
    """Return a sentence unless the region code exists and lies where this person may act."""
    around = row.around
    if not REGION.fullmatch(value) or (around.regions is not None and not around.regions(value)):
        return expected(label, "为有效的行政区划代码", "be the code of a region that exists", value)
    allowed = around.allowed_regions
    if allowed is not None and not any(value.startswith(prefix) for prefix in allowed):
        return expected(label, "在您负责的地区之内", "lie within the regions you are responsible for", value)
    return None


def money(_value: Any, _row: Row, _label: Text) -> Text | None:
    """Return None: a number so named is already read with two decimals."""
    return None


NAMED: dict[str, Check] = {
    "cn_id": cn_id, "cn_mobile": cn_mobile, "bank_card": bank_card, "email": email, "phone": phone,
    "region": region, "money": money,
}  # fmt: skip

Order = Callable[[Any, Any], bool]
ORDERS: dict[str, tuple[Order, str, str]] = {
    "after": (lambda a, b: a > b, "晚于", "be after"),
    "before": (lambda a, b: a < b, "早于", "be before"),
    "not_after": (lambda a, b: a <= b, "不晚于", "not be after"),
    "not_before": (lambda a, b: a >= b, "不早于", "not be before"),
}


def compared(order: str, other: str, other_label: Text) -> Check:
    """Return a check of a date or time against another field, ``today`` or ``now``."""
    fits, zh, en = ORDERS[order]

    def check(value: Any, row: Row, label: Text) -> Text | None:
        bound = _bound(row, other)
        if bound is None or fits(*_comparable(value, bound, order)):
            return None
        return expected(label, f"{zh}{other_label.zh}", f"{en} {other_label.en}", _day(value))

    return check


def _bound(row: Row, other: str) -> Any:
    if other == "today":
        return row.around.today
    if other == "now":
        return row.around.environment.now
    try:
        return row[other]
    except KeyError:
        return None


def _comparable(value: Any, bound: Any, order: str) -> tuple[Any, Any]:
    """Return both as days when one of them has no time; equal ones when they cannot be compared."""
    kinds = type(value), type(bound)
    if kinds[0] is kinds[1] or not all(issubclass(kind, date) for kind in kinds):
        same = kinds[0] is kinds[1] and issubclass(kinds[0], date | time)
        return (value, bound) if same else _fitting(order)
    return _as_day(value), _as_day(bound)


def _fitting(order: str) -> tuple[int, int]:
    return {"after": (1, 0), "before": (0, 1)}.get(order, (0, 0))


def _as_day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _day(value: Any) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)
