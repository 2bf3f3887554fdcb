"""Lists of open work read by index, however many cases there are and have been."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0016"
down_revision = "engine_0015"
branch_labels = None
depends_on = None

OPEN = sa.text("status = 'open'")
CLAIMED = sa.text("status = 'open' AND assignee IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_case_instance_open", "case_instance", ["process", "region", "restricted"],
        sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip
    op.create_index("ix_user_task_due", "user_task", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_index("ix_user_task_open", "user_task")
    op.create_index(
        "ix_user_task_open", "user_task", ["role", "region", "due_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.drop_index("ix_user_task_assignee", "user_task")
    op.create_index(
        "ix_user_task_assignee", "user_task", ["assignee", "due_at"], sqlite_where=CLAIMED, postgresql_where=CLAIMED
    )
