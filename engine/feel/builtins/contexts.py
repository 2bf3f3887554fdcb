"""Functions on contexts."""

from __future__ import annotations

from typing import Any

from engine.errors import Text
from engine.feel.functions import Builtin, define
from engine.feel.session import Failure


def _get_value(context: dict[str, Any], key: str) -> Any:
    if key not in context:
        zh, en = (
            f"上下文中没有“{key[:40]}”，结果为空。",
            f"Expected an entry “{key[:40]}”, but there is none; it is null.",
        )
        raise Failure(Text(zh, en))
    return context[key]


def _get_at(context: dict[str, Any], keys: list[Any]) -> Any:
    value: Any = context
    for key in keys:
        if type(value) is not dict or type(key) is not str:
            raise Failure(Text("路径不在上下文之内，结果为空。", "Expected a path within the context, so it is null."))
        value = _get_value(value, key)
    return value


def _get_entries(context: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in context.items()]


def _context(entries: list[Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for entry in entries:
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry or entry["key"] in made:
            zh = "每项应有不重复的 key 和 value,结果为空。"
            raise Failure(Text(zh, "Expected entries with a key, once each, and a value, so the result is null."))
        made[entry["key"]] = entry["value"]
    return made


def _put(context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**context, key: value}


def _put_at(context: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any]:
    if not keys or any(type(key) is not str for key in keys) or len(keys) > 50:
        raise Failure(
            Text("键应是非空的文本列表，结果为空。", "Expected a list of keys that is not empty, so it is null.")
        )
    inner = context.get(keys[0])
    if len(keys) == 1:
        return {**context, keys[0]: value}
    if inner is not None and type(inner) is not dict:
        raise Failure(Text("路径不在上下文之内，结果为空。", "Expected a path within the context, so it is null."))
    return {**context, keys[0]: _put_at(inner or {}, keys[1:], value)}


def _merge(contexts: list[Any]) -> dict[str, Any]:
    if any(type(context) is not dict for context in contexts):
        raise Failure(Text("列表应只含上下文，结果为空。", "Expected a list of contexts, so the result is null."))
    return {key: value for context in contexts for key, value in context.items()}


FUNCTIONS: tuple[Builtin, ...] = (
    define(
        "get value(m: context, key: string)",
        _get_value,
        Text("取上下文中某个键的值。", "Returns the value of a key."),
        'get value({户数: 1}, "户数") = 1',
    ),
    define(
        "get value(context: context, keys: list)",
        _get_at,
        Text("按路径取值。", "Returns the value at a path of keys."),
        'get value({a: {b: 1}}, ["a", "b"]) = 1',
    ),
    define(
        "get entries(m: context) -> list",
        _get_entries,
        Text("上下文的全部键和值。", "Returns a list of contexts with key and value."),
        'get entries({a: 1}) = [{key: "a", value: 1}]',
    ),
    define(
        "context(entries: list) -> context",
        _context,
        Text("由键和值的列表组成上下文。", "Returns a context made of entries with key and value."),
        'context([{key: "a", value: 1}]) = {a: 1}',
    ),
    define(
        "context put(context: context, key: string, value) -> context",
        _put,
        Text("加入或替换一个键。", "Returns the context with a key added or replaced."),
        'context put({a: 1}, "b", 2) = {a: 1, b: 2}',
    ),
    define(
        "context put(context: context, keys: list, value) -> context",
        _put_at,
        Text("按路径加入或替换。", "Returns the context with the value at a path of keys added or replaced."),
        'context put({a: {b: 1}}, ["a", "b"], 2) = {a: {b: 2}}',
    ),
    define(
        "context merge(contexts: list) -> context",
        _merge,
        Text("合并上下文，后者优先。", "Returns all entries of several contexts; later ones win."),
        "context merge([{a: 1}, {a: 2, b: 3}]) = {a: 2, b: 3}",
    ),
)
