"""Applications for the living allowance: what kind each is, and by when it has to be decided."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import Key
from workflows.registers.tables.shape import metadata, moment, one_of, reference, text

dibao_case = sa.Table(
    "dibao_case", metadata,
    sa.Column("region", sa.Text, primary_key=True), sa.Column("case", Key, primary_key=True), text("number"),
    text("variant"), reference("holder", nullable=True), reference("household", nullable=True),
    sa.Column("accepted_on", sa.Date, nullable=False), text("ground"), sa.Column("total_wd", sa.Integer, nullable=False),
    sa.Column("deadline", sa.Date, nullable=False), moment("deadline_at", False), text("green"), moment("green_at"),
    one_of("variant", "family", "single"), one_of("ground", "delegated", "county", "special", "green"),
    one_of("green", "none", "asked", "approved", "declined"),
    sa.Index("ix_dibao_case_green", "green", "region", "green_at"),
    sqlite_with_rowid=False,
)  # fmt: skip
