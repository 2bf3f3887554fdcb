"""The sentences for things that are not there, or must look so."""

from __future__ import annotations

from engine.errors import NotFound, Text


def unknown_task() -> NotFound:
    """Return the rejection for a task that does not exist for this person."""
    return NotFound(Text("没有找到这项任务。", "Expected a task you may see, but there is none here."))


def unknown_case() -> NotFound:
    """Return the rejection for a case that does not exist for this person."""
    return NotFound(Text("没有找到这个案件。", "Expected a case you may see, but there is none here."))


def unknown_process(process: str) -> NotFound:
    """Return the rejection for a process that is not deployed."""
    return NotFound(
        Text(
            f"没有找到流程「{process}」,请先发布它。",
            f"Expected a deployed process, but “{process}” is none; deploy it first.",
        )
    )


def unknown_migration() -> NotFound:
    """Return the rejection for a batch of moved cases that does not exist for this person."""
    return NotFound(Text("没有找到这批迁移。", "Expected a batch of moved cases you may see, but there is none here."))


def unknown_modification() -> NotFound:
    """Return the rejection for a proposed modification of a case that does not exist for this person."""
    return NotFound(Text("没有找到这项修改。", "Expected a modification you may see, but there is none here."))


def unknown_repair() -> NotFound:
    """Return the rejection for a batch of repairs that does not exist for this person."""
    return NotFound(Text("没有找到这批处理。", "Expected a batch of repairs you may see, but there is none here."))
