"""The product's settings as one value; only the web and the command line fill it from the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

# Cases that answer each other within the hour longer than this go in a circle: far more than the items of a list
# that are asked for one by one, far less than what fills a database.
MOST_HOPS = 1000
# No message waits longer for its receiver.
LONGEST_LIFE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between two installations."""

    database_url: str
    master_key: bytes = field(repr=False)
    library: Path = Path("bpmn")
    data: Path = Path("var")
    demo: bool = False
    language: str = "zh"
    city: str = "4107"
    departments_url: str = ""
    node: str = "local"
    worker: bool = True
    threads: int = 8
    role: str = "server"
    secure_cookies: bool = False
    application_version: str = "1"
    # A thrown message nobody waits for is told as an incident after this: receivers that are merely a step behind, or
    # wait for a worker to come back, have begun to wait by then, and operations hear of a wrong name the same morning.
    message_life: timedelta = timedelta(hours=1)
    # Networks whose machines see /metrics without a token; where several processes share what they measured.
    metrics_from: tuple[str, ...] = ()
    metrics_folder: Path | None = None
    most_hops: int = MOST_HOPS
