"""An invented workshop: three processes, a clerk and a reviewer, and forms of about one kilobyte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from engine.bundle import read_library
from engine.commands.add_person import add_person
from engine.model import SYSTEM, Actor, Grant
from engine.runtime import Runtime
from engine.store import people
from workflows.library import put_in_force

FOLDER = Path(__file__).parent / "city"
REGION = "410721101"
PASSWORD = "measure-twice-cut-once"  # noqa: S105 - of a database that lives as long as the measurement
LOGINS = ("clerk", "reviewer")
TASKS = 10

_WORDS = (
    "零件表面平整", "尺寸与图纸相符", "螺栓已按力矩紧固", "接缝处有轻微划痕", "已用量规复测两次", "建议更换垫片后再装",
    "编号与随箱单一致", "通电运行三十分钟无异响", "温升在允许范围之内", "包装完好", "请下一工序留意左侧卡扣",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Staff:
    """The two people of the workshop."""

    clerk: Actor
    reviewer: Actor

    def of_role(self, role: str | None) -> Actor:
        """Return who works on tasks of the role."""
        return self.reviewer if role == "reviewer" else self.clerk


def open_workshop(runtime: Runtime) -> Staff:
    """Fill an empty database with the workshop; return its people."""
    runtime.database.migrate(runtime.migrations)
    with runtime.write() as transaction:
        put_in_force(runtime, transaction, FOLDER, read_library(FOLDER))
        for login in LOGINS:
            grants = (Grant(login, REGION),)
            add_person(runtime, transaction, SYSTEM, login=login, name=login, password=PASSWORD, grants=grants)
        clerk, reviewer = (people.find_by_login(transaction, login) for login in LOGINS)
    if clerk is None or reviewer is None:
        raise RuntimeError("the people just added are missing")
    return Staff(people.actor(clerk), people.actor(reviewer))


def answers(random: Random, suffix: str = "") -> dict[str, Any]:
    """Return what somebody enters into one form: about one kilobyte; ``suffix`` tells the ten forms apart."""
    entered = {
        "subject": f"第 {random.randint(1, 99999)} 号工件",
        "done_on": f"2026-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}",
        "amount": f"{random.randint(1, 99999)}.{random.randint(0, 99):02d}",
        "grade": random.choice(("good", "mend", "scrap")),
        "urgent": "true",
        "finding": _sentences(random, 320),
        "reason": _sentences(random, 320),
        "advice": _sentences(random, 300),
    }
    return {f"{name}{suffix}": value for name, value in entered.items()}


def raw_bytes(entered: Mapping[str, Any]) -> int:
    """Return the bytes of the answers as UTF-8 text, without their names."""
    return sum(len(str(value).encode()) for value in entered.values())


def _sentences(random: Random, size: int) -> str:
    text = ""
    while len(text.encode()) < size:
        text += f"{random.choice(_WORDS)}({random.randint(1, 999)});"
    return text
