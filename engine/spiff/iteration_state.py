"""What one iteration kept apart consists of, as plain values and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import msgspec

from engine.model import Iteration
from engine.spiff.definition import ROOT
from engine.spiff.packing import (
    Inner,
    Names,
    Row,
    pack_names,
    pack_scopes,
    pack_tokens,
    unpack_names,
    unpack_scopes,
    unpack_tokens,
    unreadable,
)

if TYPE_CHECKING:
    from engine.spiff.case import Case
    from engine.spiff.container import RunningScope
    from engine.spiff.tokens import Token

FORMAT = 1


class IterationState(msgspec.Struct, array_like=True, frozen=True):
    """Format, its own tokens, the scopes that run inside it, the names of the variables of those scopes."""

    format: int
    tokens: list[Row]
    inner: list[Inner]
    names: list[Names]
    name_sets: list[tuple[str, ...]]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(IterationState)


@dataclass(slots=True)
class Part:
    """What one iteration in memory consists of; ``own`` tokens stand where its activity does, itself first."""

    own: list[Token]
    scopes: list[RunningScope] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    inside: set[int] = field(default_factory=set)


def divided(case: Case) -> Mapping[int, Part]:
    """Return the iterations in memory that are kept apart, by their tokens."""
    parts: dict[int, Part] = {}
    for token in case.index.values():
        if token.part:
            _add(parts, token)
    for scope in case.subprocesses.values():
        if scope.root.part:
            parts[scope.root.part].scopes.append(scope)
    for key in case.scopes.names:
        part = case.index[key].part if key in case.index else 0
        if part not in (0, key):
            parts[part].named.append(key)
    return parts


def _add(parts: dict[int, Part], token: Token) -> None:
    if token.key == token.part:
        parts[token.key] = Part([token])
        return
    part = parts[token.part]
    if token.owner is not None:
        part.inside.add(token.key)
    if token.container is part.own[0].container:
        part.own.append(token)


def packed(case: Case, part: Part) -> Iteration:
    """Return an iteration as it is to be stored."""
    token = part.own[0]
    body = cast("Token", token.owner)
    names, name_sets = pack_names(case, part.named)
    state = IterationState(FORMAT, pack_tokens(part.own), pack_scopes(part.scopes), names, name_sets)
    values = dict(case.scopes.apart[token.key])
    return Iteration(token.key, body.key, body.part, token.internal_data["i"], _ENCODER.encode(state), values)


def unpacked(case: Case, iteration: Iteration) -> tuple[Token, frozenset[int]]:
    """Put an iteration back under its body; return its token and the keys of the tokens inside.

    Raises ModelError when it does not belong to this program.
    """
    try:
        state = _DECODER.decode(iteration.state)
        if state.format != FORMAT:
            raise unreadable()
        container = case.index[iteration.body].container
        unpack_tokens(container, state.tokens, iteration.token)
        unpack_scopes(case, state.inner, iteration.token)
        unpack_names(case, state.names, state.name_sets)
    except (msgspec.MsgspecError, LookupError) as error:
        raise unreadable() from error
    case.scopes.open_apart(iteration.token, iteration.values)
    rows = [*state.tokens, *(row for _, _, rows in state.inner for row in rows)]
    inside = frozenset(key for key, _, _, name, _ in rows if name != ROOT and key != iteration.token)
    return case.index[iteration.token], inside
