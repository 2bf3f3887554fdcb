"""Figures with their spread, and the machine they were taken on."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Sequence
from importlib.metadata import version
from os import cpu_count
from typing import Any

Figure = dict[str, float]
_LOOPS = 15


def figure(samples: Sequence[float]) -> Figure:
    """Return median, quartiles and extremes of the samples, in their unit."""
    low, middle, high = statistics.quantiles(samples, n=4) if len(samples) > 1 else [samples[0]] * 3
    spread = {"median": middle, "p25": low, "p75": high, "min": min(samples), "max": max(samples)}
    return {name: round(value, 3) for name, value in spread.items()} | {"samples": len(samples)}


def report(name: str, figures: dict[str, Any]) -> dict[str, Any]:
    """Return ``{name, figures, machine}``."""
    return {"name": name, "figures": figures, "machine": machine()}


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": cpu_count(),
        "python": platform.python_version(),
        "sqlalchemy": version("sqlalchemy"),
        "python_loop_ms": figure([_loop() for _ in range(_LOOPS)]),
    }


def _loop() -> float:
    """Return the CPU time in ms of a fixed piece of work: figures of a busy machine are to be read against it."""
    began = time.thread_time_ns()
    sums: dict[int, int] = {}
    for number in range(200_000):
        sums[number % 100] = sums.get(number % 100, 0) + number
    return (time.thread_time_ns() - began) / 1e6


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as facts:
            names = [line.partition(":")[2].strip() for line in facts if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor()
