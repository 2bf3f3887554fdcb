"""Cases, and tasks with their cases, beside the definition they run by.

Every case has its definition; joined from the outside, no database begins to look there and reads every case of it.
"""

from __future__ import annotations

from engine.store import tables as t

_DEFINITION = t.definition.c.key == t.case.c.definition
CASES = t.case.outerjoin(t.definition, _DEFINITION)
TASKS = t.user_task.join(t.case, t.case.c.key == t.user_task.c.case).outerjoin(t.definition, _DEFINITION)
