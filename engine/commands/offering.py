"""To whom a user task is offered: roles where they work, people by login, one of whom may have it already."""

from __future__ import annotations

from engine.access import Subject, cut_to_level, may
from engine.errors import ModelError, Text
from engine.model import Grant, OpenedTask
from engine.runtime import Published
from engine.store import people
from engine.store.cases import CaseRow
from engine.store.people import PersonRow
from engine.store.transaction import Transaction
from engine.store.user_tasks import Offer


def offer_of(transaction: Transaction, published: Published, case: CaseRow, task: OpenedTask) -> Offer:
    """Return to whom the task is offered.

    A diagram gives nobody what the roles do not: people who are unknown, have left or may not see the case are passed
    over, and so are roles that do not exist. Raises ModelError, naming the task, when nobody is left.
    """
    roles = [Grant(name, cut_to_level(case.region, published.roles.get(name))) for name in task.roles]
    known = [grant for grant in roles if grant.role in published.roles]
    named = [row for login in task.people if (row := _able(transaction, published, case, login))]
    holder = _able(transaction, published, case, task.assignee) if task.assignee else None
    if not (known or named or holder):
        raise ModelError(_nobody(task), task.element)
    return Offer(
        region=known[0].region if known else case.region,
        role=known[0].role if known else None,
        others=tuple(known[1:]),
        people=tuple(row.key for row in named),
        assignee=holder.key if holder else None,
        assignee_name=holder.name if holder else None,
    )


def _able(transaction: Transaction, published: Published, case: CaseRow, login: str) -> PersonRow | None:
    row = people.find_by_login(transaction, login)
    if row is None or not row.active:
        return None
    return row if may(published.roles, people.actor(row), "see_case", Subject(case.region)) else None


def _nobody(task: OpenedTask) -> Text:
    wanted = [*task.roles, *task.people, *([task.assignee] if task.assignee else [])]
    return Text(
        f"「{task.name}」应有能办理的岗位或人员,但“{'、'.join(wanted)}”中没有在岗且能看到本案的;"
        "请更正图上的候选组、候选人员或办理人,或为人员配置岗位后重试。",
        f"Expected a role or person to do “{task.name}”, but none of “{', '.join(wanted)}” exists and may see the case, "
        "so correct the candidates in the diagram or give the person a role, and retry.",
    )
