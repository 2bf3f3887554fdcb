"""Tokens of a process instance are moved by hand: a program proposes it, a person of operations approves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec
from flask import Response

from engine.commands.propose_modification import propose_modification
from engine.errors import Invalid, Text
from engine.model import Modification, MovableToken, PossibleStart, TokenStart
from engine.queries.modifications import choice_page
from engine.queries.search.jobs import element_instances
from web.api.operation import Operation
from web.api.process_instances import reason_of
from web.api.shapes import Body, Key, Referenced, Variables, from_json
from web.context import actor, runtime, tx

PROPOSAL = "Modification-Key"
AnyScope = Literal["-1"]


class VariableInstruction(Body):
    """Variables of the process instance to be set."""

    variables: Variables
    scope_id: Literal[""] = ""


class ActivateInstruction(Body):
    """Where a token begins; the ancestor tells apart where several scopes run the element."""

    element_id: str
    variable_instructions: list[VariableInstruction] = msgspec.field(default_factory=list)
    ancestor_element_instance_key: Key | AnyScope = "-1"


class SourceById(Body, tag_field="sourceType", tag="byId"):
    """All tokens at an element."""

    source_element_id: str


class SourceByKey(Body, tag_field="sourceType", tag="byKey"):
    """One token."""

    source_element_instance_key: Key


class MoveInstruction(Body, kw_only=True):
    """Which tokens end, and where one begins for each of them."""

    source_element_instruction: SourceById | SourceByKey
    target_element_id: str
    variable_instructions: list[VariableInstruction] = msgspec.field(default_factory=list)


class TerminateInstruction(Body):
    """Which tokens end: all at an element, or one."""

    element_id: str | None = None
    element_instance_key: Key | None = None


class ModificationInstruction(Referenced):
    """What is to be changed; the reference stands in the reason that is kept."""

    activate_instructions: list[ActivateInstruction] = msgspec.field(default_factory=list)
    move_instructions: list[MoveInstruction] = msgspec.field(default_factory=list)
    terminate_instructions: list[TerminateInstruction] = msgspec.field(default_factory=list)


def modify_process_instance(process_instance_key: int, body: ModificationInstruction) -> Response:
    """Propose to move tokens of a process instance; nothing happens before a second person approves on the pages."""
    page = choice_page(runtime(), tx(), actor(), process_instance_key)
    case = _Case(process_instance_key, [one.token for one in page.tokens], page.starts)
    plan = Modification(tuple(case.ends(body)), tuple(case.begins(body)), _variables(body))
    done = propose_modification(
        runtime(), tx(), actor(), case=process_instance_key, plan=plan, reason=reason_of(body.operation_reference)
    )  # fmt: skip
    return Response(status=204, headers={PROPOSAL: str(done.key)})


class _Case:
    """Names elements and element instances of one process instance as its tokens."""

    def __init__(self, case: int, tokens: list[MovableToken], starts: Iterable[PossibleStart]) -> None:
        self._tokens = tokens
        self._starts = list(starts)
        keys = element_instances(tx(), [(case, one.token) for one in tokens])
        within = element_instances(tx(), [(case, one.within) for one in self._starts if one.within is not None])
        self._token_of = {key: token for (_, token), key in {**keys, **within}.items()}

    def ends(self, body: ModificationInstruction) -> Iterator[int]:
        """Yield the tokens that end."""
        for ending in body.terminate_instructions:
            yield from self._at(ending.element_id, ending.element_instance_key)
        for move in body.move_instructions:
            yield from self._source(move)

    def begins(self, body: ModificationInstruction) -> Iterator[TokenStart]:
        """Yield where tokens begin."""
        for one in body.activate_instructions:
            key = one.ancestor_element_instance_key
            yield self._start(one.element_id, None if key == "-1" else self._token(key))
        for move in body.move_instructions:
            for _ in self._source(move):
                yield self._start(move.target_element_id, None)

    def _source(self, move: MoveInstruction) -> list[int]:
        source = move.source_element_instruction
        if isinstance(source, SourceById):
            return self._at(source.source_element_id, None)
        return self._at(None, source.source_element_instance_key)

    def _at(self, element: str | None, key: str | None) -> list[int]:
        if (element is None) == (key is None):
            raise _refused(
                "elementId",
                Text(
                    "请写明 elementId 或 elementInstanceKey 之一。",
                    "Expected either an elementId or an elementInstanceKey.",
                ),
            )
        if key is not None:
            return [self._token(key)]
        found = [one.token for one in self._tokens if one.element == element]
        if not found:
            raise _refused(
                "elementId",
                Text(f"案件没有停在「{element}」。", f"Expected a token at “{element}”, but there is none."),
            )
        return found

    def _token(self, key: str) -> int:
        token = self._token_of.get(int(key))
        if token is None:
            raise _refused(
                "elementInstanceKey",
                Text(f"案件没有停在元素实例 {key}。", f"Expected a key of where the case stands, but {key} is none."),
            )
        return token

    def _start(self, element: str, within: int | None) -> TokenStart:
        found = [one for one in self._starts if one.element == element and within in (None, one.within)]
        if len(found) != 1:
            raise _refused(
                "elementId",
                Text(
                    f"「{element}」处不能开始,或有几处可以开始;请用 ancestorElementInstanceKey 指明。",
                    f"Expected one place where “{element}” can begin, but there are {len(found)}; "
                    "name it with ancestorElementInstanceKey.",
                ),
            )
        return TokenStart(found[0].process, element, found[0].within)


def _variables(body: ModificationInstruction) -> Variables:
    parts = [one.variable_instructions for one in body.activate_instructions]
    parts += [one.variable_instructions for one in body.move_instructions]
    return {name: from_json(value) for part in parts for one in part for name, value in one.variables.items()}


def _refused(field: str, message: Text) -> Invalid:
    return Invalid(message, {field: message})


OPERATIONS = (
    Operation(
        "POST", "/process-instances/{processInstanceKey}/modification", modify_process_instance, "modify_case",
        ModificationInstruction,
    ),
)  # fmt: skip
