"""The tables as they are now; how a database gets there is written in `migrations/`, what is done with them beside it.

Conditions of partial indexes are literal text and shared with the queries: both databases only use such an index
when the query repeats its condition word for word.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint, text

from storage.columns import CommaList, Instant, SchoolDay

metadata = MetaData()

CASE_IS_OPEN = text("cases.status NOT IN ('closed', 'erased')")
EVENT_OF_CASE = text("journal.case_version IS NOT NULL")
NO_CASE = text("messages.case_id IS NULL")
DELIVERY_IS_OPEN = text("outbox.state IN ('pending', 'claimed')")
TASK_IS_AWAITED = text("tasks.next_at IS NOT NULL")
IN_A_DIGEST = text("tasks.digest IS NOT NULL")
READING_IS_AWAITED = text("readings.next_at IS NOT NULL")

TO_BE_SWEPT = text("outbox.sweep_at IS NOT NULL")


def _unqualified(condition: str) -> str:
    return condition.split(".", 1)[1]


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    condition = text(_unqualified(where))
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


school_files = Table(
    "school_files",
    metadata,
    Column("school_id", Text, primary_key=True),
    Column("school_year", Text, primary_key=True),
    Column("edition", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("imported_at", Instant, nullable=False),
)

plans = Table(  # without a school: several schools have the same plan
    "plans",
    metadata,
    Column("plan_id", Text, primary_key=True),
    Column("plan_version", Text, primary_key=True),
    Column("document", Text, nullable=False),
    Column("imported_at", Instant, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("school_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("linked_at", Instant, nullable=False),
    Column("found_by", Text, nullable=False, server_default=""),
    Column("refused_at", Instant),
    Index("accounts_of_person", "school_id", "person_id"),
)

chats = Table(  # without a school, too: whose an account is may not be known yet
    "chats",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("chat", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("member", Text, nullable=False),
    Column("met_at", Instant, nullable=False),
    Index("chats_by_id", "platform", "chat"),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Text, primary_key=True),
    Column("school_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant, nullable=False),
    Index("absences_of_school", "school_id", "until_at"),
)

choices = Table(
    "choices",
    metadata,
    Column("school_id", Text, primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("language", Text, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("school_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("inbox_by_age", "at"),
)

cases = Table(
    "cases",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("school_id", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("departments", CommaList, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("owner", Text),
    Column("plan_id", Text, nullable=False),
    Column("plan_version", Text, nullable=False),
    Column("reported_at", Instant, nullable=False),
    UniqueConstraint("school_id", "number"),
    _partial("cases_open_of_reporter", "school_id", "reporter", "reported_at", where=CASE_IS_OPEN.text),
    _partial("cases_open", "school_id", "reported_at", where=CASE_IS_OPEN.text),
)

sealed_keys = Table(
    "sealed_keys",
    metadata,
    Column("owner_id", Text, primary_key=True),
    Column("school_id", Text, nullable=False),
    Column("kek", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("sealed_keys_under", "kek"),
)

journal = Table(
    "journal",
    metadata,
    Column("school_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("case_id", Text),
    Column("case_version", Integer),
    Column("action", Text),
    Column("allowed", Boolean),
    Column("sealed", LargeBinary),
    Column("mac", LargeBinary, nullable=False),
    _partial("journal_of_case", "case_id", "case_version", where=EVENT_OF_CASE.text, unique=True),
)

chain_heads = Table(
    "chain_heads",
    metadata,
    Column("school_id", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dedupe_key", Text, nullable=False, unique=True),
    Column("school_id", Text, nullable=False),
    Column("case_id", Text),
    Column("person_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("message_id", Text),
    Column("priority", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("not_before_at", Instant, nullable=False),
    Column("lease_until_at", Instant),
    Column("lease_token", Text),
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("last_error", Text),
    Column("mailed_at", Instant),
    Column("sweep_at", Instant),
    _partial("outbox_open", "priority", "created_at", "id", where=DELIVERY_IS_OPEN.text),
    _partial("outbox_open_of_person", "school_id", "person_id", where=DELIVERY_IS_OPEN.text),
    _partial("outbox_to_sweep", "sweep_at", where=TO_BE_SWEPT.text),
    Index("outbox_of_case", "case_id"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("school_id", Text, nullable=False),
    Column("case_id", Text),
    Column("person_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("shown_version", Integer, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Index("messages_of_case", "case_id"),
    _partial("messages_of_no_case", "school_id", "person_id", where=NO_CASE.text),
    Index("messages_by_place", "platform", "conversation", "message"),
)

timers = Table(
    "timers",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("school_id", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("data", Text, nullable=False),
    Column("first_due_at", Instant),
    Index("timers_by_time", "due_at"),
)

pings = Table(
    "pings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("school_id", Text, nullable=False),
    Column("school_year", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("time", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("standing", Text, nullable=False),
    Column("moved_from", SchoolDay),
    Column("moved_to", SchoolDay),
    Column("owner", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("reminded_on", SchoolDay),
    Column("meant_for", SchoolDay),
    Column("planned_for", SchoolDay),
    Column("put_off_to", SchoolDay),
    Column("done_on", SchoolDay),
    Column("done_by", Text, nullable=False),
    Column("count", Integer),
    Column("sealed", LargeBinary),
    Column("next_at", Instant),
    Column("digest", Text),
    Column("first_due_at", Instant),
    UniqueConstraint("school_id", "school_year", "measure", "time", "audience"),
    _partial("tasks_by_time", "next_at", where=TASK_IS_AWAITED.text),
    _partial("tasks_of_digest", "digest", where=IN_A_DIGEST.text),
)

task_answers = Table(
    "task_answers",
    metadata,
    Column("task_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("school_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("answer", Text, nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("school_id", Text, primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("plan_id", Text, primary_key=True),
    Column("plan_version", Text, primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("next_at", Instant),
    Column("read_at", Instant),
    Column("first_due_at", Instant),
    _partial("readings_by_time", "next_at", where=READING_IS_AWAITED.text),
)
