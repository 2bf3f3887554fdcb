"""The engine's tables. Times are instants; what was entered into forms never stands in a column unsealed."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.columns import Instant as Instant
from engine.store.columns import Key as Key
from engine.store.columns import at as _at
from engine.store.columns import key as _key
from engine.store.columns import metadata as metadata
from engine.store.columns import ref as _ref
from engine.store.columns import text as _text

definition = sa.Table(
    "definition", metadata,
    _key(), _text("process"), sa.Column("version", sa.Integer, nullable=False), _text("name"), _text("checksum"),
    _at("deployed_at", False), _text("deployed_by"), _text("note"),
    sa.UniqueConstraint("process", "version"),
)  # fmt: skip

resource = sa.Table(
    "resource", metadata,
    sa.Column("definition", Key, sa.ForeignKey("definition.key"), primary_key=True, autoincrement=False),
    sa.Column("path", sa.Text, primary_key=True), sa.Column("data", sa.LargeBinary, nullable=False),
)  # fmt: skip

binding = sa.Table(
    "binding", metadata,
    sa.Column("definition", Key, sa.ForeignKey("definition.key"), primary_key=True, autoincrement=False),
    sa.Column("process", sa.Text, primary_key=True), _ref("bound"),
)  # fmt: skip

publication = sa.Table(
    "publication", metadata,
    _key(), _text("kind"), _text("subject"), sa.Column("content", sa.LargeBinary, nullable=False),
    _at("published_at", False), _text("published_by"),
    sa.Index("ix_publication_kind_subject", "kind", "subject", "key"),
)  # fmt: skip

case = sa.Table(
    "case_instance", metadata,
    _key(), _text("region"), _text("number"), _ref("definition", index=True), _text("process"),
    sa.Column("title", sa.LargeBinary, nullable=False), _text("status"), _at("started_at", False),
    _text("started_by"), _ref("starter", True), _text("channel"), sa.Column("policy_date", sa.Date, nullable=False),
    _at("ended_at"), _text("end_event", True), _text("end_name", True), _ref("parent", True),
    # 1: the case itself is suspended, 2: its process is, 3: both.
    sa.Column("suspended", sa.Integer, nullable=False, server_default=sa.text("0")),
    # 1: only those named in ``case_reader`` know that the case exists.
    sa.Column("restricted", sa.Integer, nullable=False, server_default=sa.text("0")),
    # How many cases in a row set each other off before they reached this one, and when the last one did.
    sa.Column("hops", sa.Integer, nullable=False, server_default=sa.text("0")), _at("hopped_at"),
    # Since when a cancelled case undoes what it has completed; it is open until that is done.
    _at("undoing_at"),
    sa.UniqueConstraint("number"),
    sa.Index("ix_case_instance_region_status", "region", "status", "started_at"),
)  # fmt: skip
sa.Index(
    "ix_case_instance_open", case.c.process, case.c.region, case.c.restricted,
    sqlite_where=case.c.status == "open", postgresql_where=case.c.status == "open",
)  # fmt: skip
sa.Index(
    "ix_case_instance_restricted", case.c.key,
    sqlite_where=case.c.restricted == 1, postgresql_where=case.c.restricted == 1,
)  # fmt: skip

# Who may know of a restricted case: a person, or whoever holds a role there; until when, and on whose word.
case_reader = sa.Table(
    "case_reader", metadata,
    _key(), _ref("case"), _ref("person", True), _text("role", True), _text("region"), _at("since", False),
    _at("until"), _text("granted_by"), _text("reason"),
    sa.Index("ix_case_reader_case", "case"), sa.Index("ix_case_reader_person", "person"),
    sa.Index("ix_case_reader_role", "role", "region"),
)  # fmt: skip

case_state = sa.Table(
    "case_state", metadata,
    _key("case"), sa.Column("version", sa.Integer, nullable=False), sa.Column("state", sa.LargeBinary, nullable=False),
    sa.Column("audit_sequence", sa.Integer, nullable=False), sa.Column("audit_head", sa.LargeBinary, nullable=False),
)  # fmt: skip

case_index = sa.Table(
    "case_index", metadata,
    sa.Column("blind", sa.LargeBinary, primary_key=True), _key("case"), sa.Column("kind", sa.Text, primary_key=True),
)  # fmt: skip

variable = sa.Table(
    "variable", metadata,
    _key("case"), _key("scope"), sa.Column("name", sa.Text, primary_key=True),
    # Without a value it is what was entered in the activity with the token ``source``, which keeps that anyway.
    # With a row id on purpose: a kilobyte inside a key tree of SQLite takes an overflow page of its own.
    sa.Column("value", sa.LargeBinary), _ref("source", True),
)  # fmt: skip

iteration = sa.Table(
    "iteration", metadata,
    # Of a finished iteration only the result is left, until its body ends.
    _key("case"), _key("token"), _ref("body"), _ref("around"), sa.Column("position", sa.Integer, nullable=False),
    sa.Column("state", sa.LargeBinary), sa.Column("result", sa.LargeBinary),
)  # fmt: skip

iteration_token = sa.Table(
    "iteration_token", metadata, _key("case"), _key("token"), _ref("iteration"), sqlite_with_rowid=False,
)  # fmt: skip

migration = sa.Table(
    "migration", metadata,
    _key(), _text("process"), _ref("source"), _ref("target"), _text("elements"),
    sa.Column("replan", sa.Boolean, nullable=False), _text("reason"), _text("regions"), _text("status"),
    _ref("person", True), _text("person_name"), _at("created_at", False),
    sa.Index("ix_migration_process", "process", "key"),
)  # fmt: skip
sa.Index(
    "ix_migration_under_way", migration.c.key,
    sqlite_where=migration.c.status.in_(("examining", "moving", "undoing")),
    postgresql_where=migration.c.status.in_(("examining", "moving", "undoing")),
)  # fmt: skip

migration_case = sa.Table(
    "migration_case", metadata,
    _key("migration"), _key("case"), _text("status"), _text("obstacles"), _text("fault_zh"), _text("fault_en"),
    sa.Column("version", sa.Integer), sa.Column("snapshot", sa.LargeBinary),
    sa.Index("ix_migration_case_status", "migration", "status", "case"),
)  # fmt: skip

# Tokens of one case to be moved by hand: what was proposed, what it would do, and who decided.
modification = sa.Table(
    "modification", metadata,
    _key(), _ref("case"), _text("region"), _text("plan"), _text("outcome"), sa.Column("variables", sa.LargeBinary),
    _text("reason"), _text("status"), _ref("person", True), _text("person_name"), _at("proposed_at", False),
    _ref("decider", True), _text("decider_name", True), _at("decided_at"), _text("note", True),
    sa.Index("ix_modification_case", "case", "key"),
)  # fmt: skip
_proposed = modification.c.status == "proposed"
sa.Index(
    "ix_modification_proposed", modification.c.region, modification.c.key,
    sqlite_where=_proposed, postgresql_where=_proposed,
)  # fmt: skip

# Many incidents mended in one go, and what has become of each.
repair = sa.Table(
    "repair", metadata,
    _key(), _text("action"), _text("filter"), sa.Column("variables", sa.LargeBinary),
    sa.Column("undo", sa.Boolean, nullable=False), _text("reason"), _text("regions"), _text("status"), _ref("person"),
    _text("person_name"), _at("created_at", False), _at("finished_at"),
)  # fmt: skip
_working = repair.c.status == "working"
sa.Index("ix_repair_working", repair.c.key, sqlite_where=_working, postgresql_where=_working)

repair_item = sa.Table(
    "repair_item", metadata,
    _key("repair"), _key("incident"), _ref("case", True), _text("status"), _text("message_zh"), _text("message_en"),
    sa.Index("ix_repair_item_status", "repair", "status", "incident"),
)  # fmt: skip

user_task = sa.Table(
    "user_task", metadata,
    _key(), _text("region"), _ref("case"), _ref("token"), _text("process"), _text("element"), _text("name"),
    _text("form", True), _text("role", True), _text("people"), _ref("assignee", True), _text("assignee_name", True),
    _text("status"), _at("created_at", False), _at("claimed_at"), _at("due_at"),
    sa.Column("provisional", sa.Boolean, nullable=False), _at("follow_up_at"),
    sa.Column("priority", sa.Integer, nullable=False), sa.Column("revision", sa.Integer, nullable=False),
    _at("closed_at"), _ref("closed_by", True), _text("closed_name", True), _text("request", True), _text("item", True),
    sa.Column("others", sa.Text, nullable=False, server_default=""),
    sa.Column("properties", sa.LargeBinary, nullable=False), sa.Column("draft", sa.LargeBinary), _at("draft_at"),
    sa.Index("ix_user_task_case_token", "case", "token"),
)  # fmt: skip
sa.Index(
    "ix_user_task_open", user_task.c.role, user_task.c.region, user_task.c.due_at,
    sqlite_where=user_task.c.status == "open", postgresql_where=user_task.c.status == "open",
)  # fmt: skip
sa.Index(
    "ix_user_task_due", user_task.c.due_at,
    sqlite_where=user_task.c.status == "open", postgresql_where=user_task.c.status == "open",
)  # fmt: skip
# Without those nobody has claimed: who looks for them is to look by region.
_claimed = sa.and_(user_task.c.status == "open", user_task.c.assignee.is_not(None))
sa.Index(
    "ix_user_task_assignee", user_task.c.assignee, user_task.c.due_at,
    sqlite_where=_claimed, postgresql_where=_claimed,
)  # fmt: skip
sa.Index("ix_user_task_closed_by", user_task.c.closed_by, user_task.c.closed_at)

# To whom a task is offered beside its first role; most tasks have none.
task_offer = sa.Table(
    "task_offer", metadata,
    _key(), _ref("task"), _ref("person", True), _text("role", True), _text("region"),
    sa.Index("ix_task_offer_person", "person"), sa.Index("ix_task_offer_role", "region", "role"),
    sa.Index("ix_task_offer_task", "task"),
)  # fmt: skip

job = sa.Table(
    "job", metadata,
    _key(), _text("region"), _ref("case"), _ref("token"), _text("process"), _text("element"), _text("kind"),
    _text("type"), _at("due_at", False), _at("anchor", False), sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("retries", sa.Integer, nullable=False), _text("status"), _text("error", True),
    sa.Column("provisional", sa.Boolean, nullable=False), sa.Column("payload", sa.LargeBinary),
    # While a worker holds the job, ``due_at`` is when the lock ends; ``lease`` counts how often it was handed out.
    _text("worker", True), _ref("holder", True),
    sa.Column("lease", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Index("ix_job_case_token", "case", "token"),
)  # fmt: skip
sa.Index("ix_job_due", job.c.due_at, sqlite_where=job.c.status == "waiting", postgresql_where=job.c.status == "waiting")
sa.Index(
    "ix_job_offered", job.c.type, job.c.due_at,
    sqlite_where=job.c.status == "offered", postgresql_where=job.c.status == "offered",
)  # fmt: skip
sa.Index("ix_job_queued", job.c.key, sqlite_where=job.c.status == "queued", postgresql_where=job.c.status == "queued")
_pending_timer = sa.and_(job.c.kind == "timer", job.c.status == "waiting")
_pending_service = sa.and_(job.c.kind == "service", job.c.status == "waiting")
sa.Index("ix_job_service", job.c.due_at, sqlite_where=_pending_service, postgresql_where=_pending_service)
sa.Index("ix_job_timer", job.c.due_at, job.c.key, sqlite_where=_pending_timer, postgresql_where=_pending_timer)

subscription = sa.Table(
    "subscription", metadata,
    _key(), _text("region"), _ref("case"), _ref("token"), _text("process"), _text("element"), _text("message"),
    sa.Column("correlation", sa.LargeBinary, nullable=False),
    sa.Column("kind", sa.Text, nullable=False, server_default="message"), _at("since"),
    sa.Column("shown_key", sa.LargeBinary),
    sa.Index("ix_subscription_message_correlation", "message", "correlation"),
    sa.Index("ix_subscription_case_token", "case", "token"),
)  # fmt: skip

# A message nobody waited for yet, or one that must not be taken twice; a signal while it is being spread.
message = sa.Table(
    "message", metadata,
    _key(), _text("region"), _text("kind"), _text("name"), sa.Column("correlation", sa.LargeBinary, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False), sa.Column("message_id", sa.LargeBinary),
    _at("published_at", False), _at("expires_at", False), _text("published_by"), _ref("case", True),
    _text("process", True), _text("element", True), _text("status"), _ref("received_by", True),
    sa.Column("hops", sa.Integer, nullable=False, server_default=sa.text("0")), _text("reach", True),
)  # fmt: skip
_buffered, _alive = message.c.status == "buffered", message.c.status.in_(("buffered", "received"))
sa.Index(
    "ix_message_buffered", message.c.name, message.c.correlation, message.c.key,
    sqlite_where=_buffered, postgresql_where=_buffered,
)  # fmt: skip
sa.Index("ix_message_alive", message.c.expires_at, sqlite_where=_alive, postgresql_where=_alive)
_known = sa.and_(message.c.message_id.is_not(None), _alive)
sa.Index(
    "ix_message_once", message.c.name, message.c.correlation, message.c.message_id,
    unique=True, sqlite_where=_known, postgresql_where=_known,
)  # fmt: skip
sa.Index("ix_message_region_status", message.c.region, message.c.status, message.c.key)

# What is to be received in a transaction of its own: by one token, by a start event, or by whoever waits first.
delivery = sa.Table(
    "delivery", metadata,
    _key(), _ref("message", True, index=True), _ref("subscription", True), _ref("start", True),
    sa.Column("status", sa.Text, nullable=False, server_default="waiting"),
)  # fmt: skip
_pending_delivery = delivery.c.status == "waiting"
sa.Index(
    "ix_delivery_waiting", delivery.c.key, sqlite_where=_pending_delivery, postgresql_where=_pending_delivery,
)  # fmt: skip

# The start events of the newest versions that a message or a signal reaches.
start_event = sa.Table(
    "start_event", metadata,
    _key(), _ref("definition"), _text("process"), _text("element"), _text("kind"), _text("name"),
    sa.Index("ix_start_event_name_kind", "name", "kind"), sa.Index("ix_start_event_process", "process"),
)  # fmt: skip

# At most one running case for each process and correlation key of the message that started it.
started_by_message = sa.Table(
    "started_by_message", metadata,
    sa.Column("process", sa.Text, primary_key=True), sa.Column("name", sa.Text, primary_key=True),
    sa.Column("correlation", sa.LargeBinary, primary_key=True), _ref("case", index=True),
)  # fmt: skip

# A timer start event with its schedule (no region), or one of its firings for one region.
start_timer = sa.Table(
    "start_timer", metadata,
    _key(), _ref("definition"), _text("process"), _text("element"), _text("region", True), _text("expression"),
    _at("due_at", False), _text("schedule", True), _text("status"),
    sa.Index("ix_start_timer_process", "process"),
)  # fmt: skip
_pending_start = start_timer.c.status == "waiting"
sa.Index(
    "ix_start_timer_due", start_timer.c.due_at, start_timer.c.key,
    sqlite_where=_pending_start, postgresql_where=_pending_start,
)  # fmt: skip

activity = sa.Table(
    "activity", metadata,
    _key(), _text("region"), _ref("case"), _ref("token"), _text("process"), _text("element"), _text("name"),
    _text("kind"), _text("item", True), _at("entered_at", False), _at("claimed_at"), _at("left_at"),
    _text("outcome", True), _ref("person", True), _text("person_name", True), _at("due_at"),
    _text("form", True), sa.Column("values", sa.LargeBinary), _text("note", True),
    sa.Index("ix_activity_case_token", "case", "token"),
)  # fmt: skip
sa.Index(
    "ix_activity_here", activity.c.process, activity.c.region, activity.c.element,
    sqlite_where=activity.c.left_at.is_(None), postgresql_where=activity.c.left_at.is_(None),
)  # fmt: skip

incident = sa.Table(
    "incident", metadata,
    _key(), _text("region"), _ref("case", True), _ref("job", True), _text("process"), _text("element", True),
    _text("element_name", True), _text("kind"), _text("message_zh"), _text("message_en"), _at("opened_at", False),
    sa.Column("tries", sa.Integer, nullable=False), _at("resolved_at"), _text("resolved_by", True), _text("note", True),
    sa.Index("ix_incident_case", "case"),
)  # fmt: skip
sa.Index(
    "ix_incident_open", incident.c.region, incident.c.opened_at,
    sqlite_where=incident.c.resolved_at.is_(None), postgresql_where=incident.c.resolved_at.is_(None),
)  # fmt: skip

# ``subject`` is ``case:<key>`` or ``process:<id>``; in force until it is lifted.
suspension = sa.Table(
    "suspension", metadata,
    _key(), _text("subject"), _text("region"), _text("reason"), _ref("person", True), _text("name"),
    _at("since", False), _at("lifted_at"), _text("lifted_by", True), _text("note", True),
    sa.Index("ix_suspension_subject", "subject"),
)  # fmt: skip

audit = sa.Table(
    "audit", metadata,
    sa.Column("chain", sa.Text, primary_key=True), sa.Column("sequence", sa.Integer, primary_key=True),
    _text("region"), _at("at", False), _at("business_at", False), _ref("person", True), _text("name"),
    _text("address"), _text("action"), _text("subject"), _text("result"),
    sa.Column("details", sa.LargeBinary, nullable=False), sa.Column("digest", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

document = sa.Table(
    "document", metadata,
    _key(), _text("region"), _ref("case", index=True), _text("template"), _text("title"), _text("number"),
    _at("issued_at", False), _text("element"), sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
)  # fmt: skip

file = sa.Table(
    "file", metadata,
    sa.Column("key", sa.Text, primary_key=True), _text("owner"), _ref("case", True, index=True), _text("region"),
    _text("field"), sa.Column("name", sa.LargeBinary, nullable=False), _text("type"),
    sa.Column("size", sa.Integer, nullable=False), sa.Column("data", sa.LargeBinary, nullable=False),
    _at("uploaded_at", False), _text("uploaded_by"), sa.Index("ix_file_owner", "owner"),
)  # fmt: skip

series = sa.Table(
    "series", metadata,
    sa.Column("name", sa.Text, primary_key=True), sa.Column("last", sa.Integer, nullable=False),
)  # fmt: skip

person = sa.Table(
    "person", metadata,
    _key(), _text("login"), _text("name"), _text("password"), _text("grants"),
    sa.Column("phone", sa.LargeBinary), _text("language", True), sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False), _at("locked_until"), _at("created_at", False),
    sa.UniqueConstraint("login"),
)  # fmt: skip

session = sa.Table(
    "session", metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True), _ref("person", index=True), _at("created_at", False),
    _at("expires_at", False), _text("address"),
)  # fmt: skip

api_token = sa.Table(
    "api_token", metadata,
    _key(), sa.Column("digest", sa.LargeBinary, nullable=False), _text("name"), _ref("person", True), _text("grants"),
    _at("created_at", False), _text("created_by"), _at("expires_at", False), _at("used_at"), _at("revoked_at"),
    _text("revoked_by", True), sa.UniqueConstraint("digest"),
)  # fmt: skip

attempt = sa.Table(
    "attempt", metadata,
    sa.Column("bucket", sa.LargeBinary, primary_key=True), _at("since", False),
    sa.Column("count", sa.Integer, nullable=False),
)  # fmt: skip

request = sa.Table(
    "request", metadata,
    sa.Column("key", sa.Text, primary_key=True), _text("actor"), sa.Column("result", sa.LargeBinary, nullable=False),
    _at("at", False),
)  # fmt: skip

node = sa.Table(
    "node", metadata,
    sa.Column("id", sa.Text, primary_key=True), _at("started_at", False), _at("seen_at", False), _text("version"),
    _text("role", True),
)  # fmt: skip

# One row: the key in force, and the one that is taking its place while everything is sealed anew.
master_key = sa.Table(
    "master_key", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False), sa.Column("next", sa.LargeBinary),
)  # fmt: skip

business_clock = sa.Table(
    "business_clock", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("offset_us", Key, nullable=False),
)  # fmt: skip
