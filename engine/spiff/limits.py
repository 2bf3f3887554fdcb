"""What a single case may do before it is stopped; beyond it stands an incident, never a hang."""

from __future__ import annotations

from engine.errors import ModelError, Text

AUTOMATIC_ACTIVITIES = 2_000
AUTOMATIC_TOKENS = 100_000
CALL_DEPTH = 20
ITEMS = 5_000
LABEL = 80
UNDOABLE = 2_000


class Budget:
    """Counts the automatic activities between two waits; the iterations of one multi-instance count as their longest.

    ``AUTOMATIC_TOKENS`` bounds the sum over all iterations.
    """

    def __init__(self) -> None:
        self._spent = 0
        self._total = 0
        self._longest: dict[int, int] = {}
        self._iterations: dict[int, int] = {}

    def spend(self, element: str, iteration: int, body: int) -> None:
        """Count one activity, inside an iteration of a multi-instance body (keys, 0 for none); raises ModelError."""
        self._total += 1
        if not iteration:
            self._spent += 1
        else:
            self._spend_in_iteration(iteration, body)
        if self._spent > AUTOMATIC_ACTIVITIES or self._total > AUTOMATIC_TOKENS:
            raise too_many_activities(element)

    def _spend_in_iteration(self, iteration: int, body: int) -> None:
        count = self._iterations.get(iteration, 0) + 1
        self._iterations[iteration] = count
        if count > self._longest.get(body, 0):
            self._longest[body] = count
            self._spent += 1


def too_many_activities(element: str) -> ModelError:
    """Return the fault of a case that runs on without ever waiting."""
    zh = f"连续自动执行的步骤应不超过{AUTOMATIC_ACTIVITIES}个,但此处已超出,流程图可能存在死循环;请检查循环的退出条件。"
    en = (
        f"Expected at most {AUTOMATIC_ACTIVITIES} automatic activities between two waits, but there were more, "
        "so check the condition that leaves the loop."
    )
    return ModelError(Text(zh, en), element)


def too_many_calls(element: str) -> ModelError:
    """Return the fault of processes that call each other too deeply."""
    zh = f"子流程调用应不超过{CALL_DEPTH}层,但此处已超出;请检查流程是否调用了自己。"
    en = (
        f"Expected at most {CALL_DEPTH} levels of called processes, but there were more, "
        "so check whether a process calls itself."
    )
    return ModelError(Text(zh, en), element)


def too_many_items(element: str, count: int) -> ModelError:
    """Return the fault of a multi-instance activity over too long a list."""
    zh = f"逐项办理的清单应不超过{ITEMS}项,但这里有{count}项;请拆分清单,或为每项单独立案。"
    en = f"Expected at most {ITEMS} items, but the list has {count}, so split it or start a case for each."
    return ModelError(Text(zh, en), element)


def too_much_to_undo(element: str) -> ModelError:
    """Return the fault of a scope in which more was completed than can be kept for compensation."""
    zh = f"一个环节中可撤销的已办事项应不超过{UNDOABLE}项,但此处已超出;请在循环内及时触发补偿,或不画补偿。"
    en = (
        f"Expected at most {UNDOABLE} completed activities to be kept for compensation, but there were more, "
        "so compensate within the loop or draw none."
    )
    return ModelError(Text(zh, en), element)
