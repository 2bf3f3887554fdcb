"""Applications for the living allowance with their deadlines, and the county's sample of what was decided."""

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

# The county's monthly sample of what townships decided; ``case`` is the case that sampled.
dibao_sample = sa.Table(
    "dibao_sample", metadata,
    sa.Column("decision", Key, primary_key=True, autoincrement=False), text("region"), reference("case"),
    text("standing"), text("judged_by", nullable=True), moment("judged_at"),
    one_of("standing", "drawn", "right", "wrong"), sa.Index("ix_dibao_sample_case", "case"),
    sqlite_with_rowid=False,
)  # fmt: skip
