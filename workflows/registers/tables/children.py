"""Children's files: what was found of each parent, and the care agreements; readable by the readers of the case alone."""

from __future__ import annotations

import sqlalchemy as sa

from workflows.registers.tables.shape import key, metadata, moment, one_of, reference, sealed, text

child_case = sa.Table(
    "child_case", metadata,
    key(), reference("case"), text("region"), reference("child"), text("kind"), sealed("guardian"),
    moment("entered_at", False), one_of("kind", "orphan", "unattended", "no"),
    sa.UniqueConstraint("case"), sa.Index("ix_child_case_child", "child"),
)  # fmt: skip

parent_status = sa.Table(
    "parent_status", metadata,
    key(), reference("case"), text("parent"), text("status"), sa.Column("months", sa.Integer, nullable=False),
    text("source"), moment("found_at", False), one_of("parent", "father", "mother"),
    sa.UniqueConstraint("case", "parent"),
)  # fmt: skip

care_agreement = sa.Table(
    "care_agreement", metadata,
    key(), reference("case"), sealed("facts"), sa.Column("signed_on", sa.Date, nullable=False),
    sa.UniqueConstraint("case", "signed_on"),
)  # fmt: skip
