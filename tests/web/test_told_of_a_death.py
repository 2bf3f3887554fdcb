"""A death reported at any desk reaches the file of a child in care, which that desk does not know of."""

from __future__ import annotations

import sqlalchemy as sa

from engine.commands.start_case import start_case
from engine.model import Actor, Grant
from engine.runtime import Runtime
from engine.store import tables as t
from tests.web.conftest import HERE
from workflows.registers.givens import apply_givens
from workflows.registers.tables import roster

CHILD = "410721201506120016"
CARE = {
    "child_name": "李小雨", "child_id_no": CHILD, "child_kind": "unattended", "guardian_name": "李秀英",
    "phone": "13800373001", "place": "小冀镇东街三号",
}  # fmt: skip


def test_a_death_told_to_the_township_holds_what_the_child_is_paid_and_opens_no_incident(runtime: Runtime) -> None:
    entry = {"benefit": "unattended", "name": "李小雨", "id_no": CHILD, "region": HERE, "amount": 1174}
    keeper = Actor(1, "keeper", (Grant("child_county_operator", HERE[:6]),))
    clerk = Actor(2, "operator", (Grant("township_operator", HERE),))
    with runtime.write() as transaction:
        apply_givens(transaction, {"roster": [entry]}, runtime.keyring)
        start_case(runtime, transaction, keeper, process="child_care", region=HERE, values=CARE)
    for dead in (CHILD, "410721196503124413"):
        told = {"id_no": dead, "stop_reason": "death", "happened_on": "2026-09-20", "source": "village", "detail": "村里报告已办丧事"}
        with runtime.write() as transaction:
            start_case(runtime, transaction, clerk, process="stop", region=HERE, values=told)
    with runtime.read() as transaction:
        assert transaction.execute(sa.select(roster.c.state)).scalars().all() == ["suspended"]
        tasks = transaction.execute(sa.select(t.user_task.c.process, t.user_task.c.element)).all()
        assert [tuple(row) for row in tasks] == [("child_care", "task_death")]
        ended = sa.select(t.case.c.end_name).where(t.case.c.process == "stop")
        assert transaction.execute(ended).scalars().all() == ["没有享受待遇"] * 2
