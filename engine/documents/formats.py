"""How values are written in official Chinese documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

NOTHING = "——"
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_CENT = Decimal("0.01")


def plain(value: object) -> str:
    """Return the value as people write it: dates 2026年9月24日, yes and no as 是 and 否, nothing as a dash.

    Raises TypeError for values that have no written form, such as contexts.
    """
    match value:
        case None:
            return NOTHING
        case bool():
            return "是" if value else "否"
        case str():
            return value
        case Decimal():
            return number(value)
        case datetime():
            return f"{day(value)} {value.hour:02}:{value.minute:02}"
        case date():
            return day(value)
        case time():
            return value.isoformat(timespec="minutes")
        case list():
            return "、".join(plain(item) for item in value)
        case dict():
            raise TypeError("a context has no written form")
    return str(value)


def number(value: Decimal) -> str:
    """Return the number without exponent and without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(value: object) -> str:
    """Return 2026年9月24日 for a date or a moment; raises TypeError for anything else."""
    if not isinstance(value, date):
        raise TypeError("not a date")
    return f"{value.year}年{value.month}月{value.day}日"


def money(value: object) -> str:
    """Return an amount in yuan as 1,500.00元; raises TypeError when it is not a number."""
    return f"{_amount(value):,.2f}元"


def capital_money(value: object) -> str:
    """Return an amount in the capital numerals of payment papers, 人民币壹仟伍佰元整.

    Raises TypeError when it is not a number, ValueError when it is negative or reaches a trillion yuan.
    """
    amount = _amount(value)
    if not 0 <= amount < 10**12:
        raise ValueError("outside 0 to a trillion")
    yuan, cents = divmod(int(amount * 100), 100)
    return "人民币" + _capital_yuan(yuan, cents) + _capital_cents(yuan, cents)


def masked(value: object) -> str:
    """Return a name or number with its middle hidden: 张*, 410721********1234; raises TypeError when it is no text."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    keep_first, keep_last = (6, 4) if len(value) >= 15 else (3, 4) if len(value) >= 8 else (1, 0)
    hidden = max(len(value) - keep_first - keep_last, 0)
    return value[:keep_first] + "*" * hidden + (value[-keep_last:] if keep_last else "")


def _amount(value: object) -> Decimal:
    if not isinstance(value, Decimal):
        raise TypeError("not a number")
    return value.quantize(_CENT, rounding=ROUND_HALF_UP)


def _capital_yuan(yuan: int, cents: int) -> str:
    if yuan == 0:
        return "" if cents else "零元"
    groups = [yuan // 10 ** (4 * index) % 10_000 for index in range(len(_GROUPS))]
    text, gap = "", False
    for index in reversed(range(len(_GROUPS))):
        group = groups[index]
        if group == 0:
            gap = bool(text)
            continue
        text += ("零" if text and (gap or group < 1000) else "") + _capital_group(group) + _GROUPS[index]
        gap = False
    return text + "元"


def _capital_group(group: int) -> str:
    text, gap = "", False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return text


def _capital_cents(yuan: int, cents: int) -> str:
    if cents == 0:
        return "整"
    jiao, fen = divmod(cents, 10)
    tenths = _DIGITS[jiao] + "角" if jiao else "零" if yuan else ""
    return tenths + (_DIGITS[fen] + "分" if fen else "整")


FORMATS: Mapping[str, Callable[[object], str]] = {
    "money": money,
    "capital money": capital_money,
    "date": day,
    "masked": masked,
}
