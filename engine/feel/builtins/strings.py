"""Functions on strings; characters are code points, patterns run in linear time."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import Text
from engine.feel.functions import Builtin, define
from engine.feel.patterns import matches, replace, split
from engine.feel.session import Failure, Session
from engine.feel.writing import written


def _index(number: Decimal, what: str) -> int:
    if abs(number) > 10**9:
        raise Failure(
            Text(f"“{what}”过大，结果为空。", f"Expected a smaller number for “{what}”, so the result is null.")
        )
    return int(number)


def _substring(text: str, start: Decimal, length: Decimal | None = None) -> str:
    first = _index(start, "start position")
    count = len(text) if length is None else _index(length, "length")
    if not first or abs(first) > len(text) or count < 1:
        zh = "起始位置应在文本之内，长度应至少为 1，结果为空。"
        raise Failure(Text(zh, "Expected a start within the string and a length of at least 1, so the result is null."))
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin : begin + count]


def _string(session: Session, value: Any) -> str | None:
    return None if value is None else written(value, session)


def _number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (grouping and grouping == point):
        zh = "分组符应是空格、逗号或句点，小数点应是句点或逗号，且两者不同，结果为空。"
        raise Failure(Text(zh, "Expected a blank, comma or period to group and another to point, so it is null."))
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if (
        len(plain) > 100
        or not plain.isascii()
        or (not plain.lstrip("+-")[:1].strip(".").isdigit() and plain[:1] != ".")
    ):
        raise _no_number(text)
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise _no_number(text) from None
    if not number.is_finite() or abs(number.adjusted()) > 6144 or "_" in plain or plain != plain.strip():
        raise _no_number(text)
    return number


def _no_number(text: str) -> Failure:
    return Failure(
        Text(f"应是数字，但“{text[:40]}”不是，结果为空。", f"Expected a number, but “{text[:40]}” is none; it is null.")
    )


def _join(session: Session, items: list[Any], delimiter: str | None = None, *around: str) -> str | None:
    texts = [item for item in items if item is not None]
    if any(type(item) is not str for item in texts):
        raise Failure(Text("列表应只含文本，结果为空。", "Expected a list of strings, so the result is null."))
    between = delimiter or ""
    size = sum(map(len, texts)) + len(between) * len(texts)
    session.measure(size, session.limits.characters, Text("个字符", "characters"))
    prefix, suffix = around or ("", "")
    return prefix + between.join(texts) + suffix


def _before(text: str, match: str) -> str:
    head, found, _ = text.partition(match) if match else ("", "", "")
    return head if found else ""


def _after(text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


def _repeat(session: Session, text: str, times: Decimal) -> str:
    count = _index(times, "times")
    session.measure(len(text) * max(count, 0), session.limits.characters, Text("个字符", "characters"))
    return text * count


FUNCTIONS: tuple[Builtin, ...] = (
    define(
        "string(from) -> string",
        _string,
        Text("把任意值写成文本。", "Returns any value written as a string."),
        'string(1.50) = "1.5"',
        with_session=True,
    ),
    define(
        "number(from: number) -> number",
        lambda value: value,
        Text("数字本身。", "Returns the number itself."),
        "number(3) = 3",
    ),
    define(
        "number(from: string, grouping separator?: string | null, decimal separator?: string | null) -> number",
        _number,
        Text("把文本读作数字。", "Returns the number that a string writes."),
        'number("1 000,5", " ", ",") = 1000.5',
    ),
    define(
        "substring(string: string, start position: number, length?: number) -> string",
        _substring,
        Text(
            "从某位置起取若干字符；位置从 1 数起，负数从末尾数起。",
            "Returns characters from a position, counted from 1 or from the end.",
        ),
        'substring("低保边缘家庭", -2) = "家庭"',
    ),
    define(
        "string length(string: string) -> number",
        lambda text: Decimal(len(text)),
        Text("字符数。", "Returns how many characters there are."),
        'string length("低保") = 2',
    ),
    define(
        "upper case(string: string) -> string",
        str.upper,
        Text("转为大写。", "Returns the string in upper case."),
        'upper case("aBc4") = "ABC4"',
    ),
    define(
        "lower case(string: string) -> string",
        str.lower,
        Text("转为小写。", "Returns the string in lower case."),
        'lower case("aBc4") = "abc4"',
    ),
    define(
        "trim(string: string) -> string",
        str.strip,
        Text("去掉首尾空白。", "Returns the string without white space at its ends."),
        'trim("  低保 ") = "低保"',
    ),
    define(
        "substring before(string: string, match: string) -> string",
        _before,
        Text("首次出现某文本之前的部分。", "Returns what stands before the first match; empty if there is none."),
        'substring before("410721101", "721") = "410"',
    ),
    define(
        "substring after(string: string, match: string) -> string",
        _after,
        Text("首次出现某文本之后的部分。", "Returns what stands behind the first match; empty if there is none."),
        'substring after("410721101", "721") = "101"',
    ),
    define(
        "contains(string: string, match: string) -> boolean",
        lambda text, match: match in text,
        Text("是否包含某文本。", "Returns whether the string contains the other."),
        'contains("临时救助", "救助")',
    ),
    define(
        "starts with(string: string, match: string) -> boolean",
        str.startswith,
        Text("是否以某文本开头。", "Returns whether the string starts with the other."),
        'starts with("410721101", "4107")',
    ),
    define(
        "ends with(string: string, match: string) -> boolean",
        str.endswith,
        Text("是否以某文本结尾。", "Returns whether the string ends with the other."),
        'ends with("张庄村", "村")',
    ),
    define(
        "matches(input: string, pattern: string, flags?: string | null) -> boolean",
        matches,
        Text(
            "是否符合正则表达式（不支持反向引用）。",
            "Returns whether the pattern is found; back references are not supported.",
        ),
        'matches("410721101", "^4107[0-9]{5}$")',
    ),
    define(
        "replace(input: string, pattern: string, replacement: string, flags?: string | null) -> string",
        replace,
        Text("按正则表达式替换,$1 为第一组。", "Returns the string with every match replaced; $1 is the first group."),
        'replace("2026-09-24", "(\\d+)-(\\d+)-(\\d+)", "$1年$2月$3日") = "2026年09月24日"',
        with_session=True,
    ),
    define(
        "split(string: string, delimiter: string) -> list",
        split,
        Text("按正则表达式切开。", "Returns the parts between matches of the pattern."),
        'split("张三;李四", ";") = ["张三", "李四"]',
        with_session=True,
    ),
    define(
        "string join(list: list, delimiter?: string | null) -> string",
        _join,
        Text("把文本列表连成一个文本。", "Returns the strings of a list joined; nulls are left out."),
        'string join(["低保", null, "特困"], "、") = "低保、特困"',
        with_session=True,
    ),
    define(
        "string join(list: list, delimiter: string | null, prefix: string, suffix: string) -> string",
        _join,
        Text("连成一个文本并加首尾。", "Returns the strings of a list joined, between a prefix and a suffix."),
        'string join(["甲", "乙"], ",", "(", ")") = "(甲,乙)"',
        with_session=True,
    ),
    define(
        "repeat(string: string, times: number) -> string",
        _repeat,
        Text("重复若干次。", "Returns the string repeated."),
        'repeat("*", 3) = "***"',
        with_session=True,
    ),
)
