"""An invented workshop: three processes, a clerk and a reviewer, and forms of about one kilobyte."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from engine.bundle import read_library
from engine.clock import FixedClock, SystemClock
from engine.commands.add_person import add_person
from engine.model import SYSTEM, Actor, Grant
from engine.runtime import Runtime
from engine.settings import Settings
from engine.store import people
from workflows.bootstrap import build_runtime
from workflows.library import put_in_force

FOLDER = Path(__file__).parent / "city"
REGION = "410721101"
PASSWORD = "measure-twice-cut-once"  # noqa: S105 - of a database that lives as long as the measurement
LOGINS = ("clerk", "reviewer")
TASKS = 10

# Written at random from these the answers deflate no better than what people write.
_CHARACTERS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所"
    "民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日"
    "那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想"
    "已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指"
)


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


class Workshop:
    """The workshop in a database of its own: a new SQLite file, or the empty database at an address."""

    def __init__(self, address: str | None = None) -> None:
        self._address = address
        self._folder = TemporaryDirectory()

    def __enter__(self) -> Runtime:
        data = Path(self._folder.name)
        address = self._address or f"sqlite:///{data / 'workshop.db'}"
        # The clock stands, so that no pause of the machine changes what is stored.
        settings = Settings(address, os.urandom(32), data=data, worker=False)
        self._runtime = build_runtime(settings, FixedClock(SystemClock().now()))
        self.staff = open_workshop(self._runtime)
        return self._runtime

    def __exit__(self, *_problem: object) -> None:
        self._runtime.database.dispose()
        self._folder.cleanup()


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
    return "".join(random.choices(_CHARACTERS, k=size // len("字".encode())))
