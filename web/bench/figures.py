"""Figures with their spread, and the machine they were taken on."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Sequence
from importlib.metadata import version
from os import cpu_count
from typing import Any

Figure = dict[str, float]


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
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as facts:
            names = [line.partition(":")[2].strip() for line in facts if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor()
