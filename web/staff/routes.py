"""The working pages of staff: lists, tasks, cases, and starting a case for a citizen."""

from __future__ import annotations

from web.staff import cases, payroll, roster, starting, sweep, tasks, telling, worklist
from web.staff.blueprint import staff

__all__ = ["cases", "payroll", "roster", "staff", "starting", "sweep", "tasks", "telling", "worklist"]
