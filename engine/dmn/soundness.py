"""What must hold between the parts of a model beyond each part being right on its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.dmn.assembling import Asked, Part
from engine.dmn.linking import File
from engine.dmn.tree import DecisionService, KnowledgeModel
from engine.errors import Text


def check_imports(files: Iterable[File]) -> None:
    """Record a finding for every import whose file is not there."""
    files = tuple(files)
    present = {file.definitions.namespace for file in files}
    for file in files:
        for item in file.definitions.imports:
            if item.namespace not in present:
                zh = f"导入的“{item.name}”({item.namespace})应在一起的文件中,但没有,请加入该文件。"
                en = f"Expected the imported file “{item.name}” ({item.namespace}), but it is not there, so add it."
                file.complaints.add(item.id, item.line, "dmn-import", Text(zh, en))


def check_names(files: Iterable[File]) -> None:
    """Record a finding for every decision, knowledge model or service whose name another one in its file has."""
    for file in files:
        drawn = file.definitions
        seen: set[str] = set()
        asked: tuple[Asked, ...] = (*drawn.decisions, *drawn.knowledge, *drawn.services)
        for node in asked:
            if node.name in seen:
                zh = f"名称“{node.name}”应只用一次,但有两个决策、业务知识或服务同名,请改名。"
                en = f"Expected the name “{node.name}” once, but two decisions, models or services have it; rename one."
                file.complaints.add(node.id, node.line, "dmn-duplicate", Text(zh, en))
            seen.add(node.name)


def check_parts(files: Iterable[File], parts: Mapping[str, Part]) -> None:
    """Record findings for functions that reach outside of what they are given."""
    complaints = {file.complaints.file: file.complaints for file in files}
    called = {need.key for part in parts.values() for need in part.functions}
    for key, part in parts.items():
        told = complaints[part.file]
        for message in _messages(part, parts, key in called):
            told.add(part.node.id, part.node.line, "dmn-function", message)


def _messages(part: Part, parts: Mapping[str, Part], called: bool) -> Iterable[Text]:
    node = part.node
    if isinstance(node, KnowledgeModel):
        return [_reaches_out(node.name, name) for name in sorted(part.free_names())]
    if isinstance(node, DecisionService):
        return [*_service_messages(part, node, parts), *(_free_names(part, node, parts) if called else ())]
    return ()


def _service_messages(part: Part, service: DecisionService, parts: Mapping[str, Part]) -> Iterable[Text]:
    if not service.outputs:
        yield Text(
            f"决策服务“{service.name}”应有输出决策,但没有,请指定。",
            f"Expected an output decision of service “{service.name}”, but there is none, so name one.",
        )
    drawn, data = {*service.outputs, *service.inside}, {need.key for need in part.taken}
    for key in part.inside:
        if key not in drawn:
            yield _left_out(service.name, parts[key].node.name)
        for need in parts[key].inputs:
            if need.key not in data:
                yield _left_out(service.name, need.parameter)


def _free_names(part: Part, service: DecisionService, parts: Mapping[str, Part]) -> Iterable[Text]:
    """A service called as a function sees only its parameters, so a decision in it must not read of the case."""
    taken = {name for need in part.taken for name in ((need.alias,) if need.alias else need.names)}
    free = frozenset().union(*(parts[key].free_names() for key in part.inside)) - taken
    return [_reaches_out(service.name, name) for name in sorted(free)]


def _left_out(service: str, name: str) -> Text:
    return Text(
        f"决策服务“{service}”依据“{name}”,它应是服务内的决策或服务的输入,但都不是,请加入服务。",
        f"Expected “{name}”, which service “{service}” needs, to be inside it or among its inputs, "
        "but it is neither, so add it to the service.",
    )


def _reaches_out(function: str, name: str) -> Text:
    return Text(
        f"“{function}”只能使用其参数和连线依据的内容,但读取了“{name}”,请把它作为参数给出。",
        f"Expected “{function}” to use only its parameters and what it requires, but it reads “{name}”, "
        "so pass it as a parameter.",
    )
