"""The table of messages: derived from the events, made again for the recipients that a load touched."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from lasthop.model.outcomes import GRACE_H, RETRY_WINDOW_H
from lasthop.store import Snapshot, Table, Workspace, named_sql
from lasthop.store.ingest import INGEST
from lasthop.store.table import Conflict, day_label, days_of, gather
from lasthop.trace.columns import MESSAGE_COLUMNS
from lasthop.trace.derive import derive_messages

SEEN = "messages"
"""Application transaction of the messages table: the last ingest batch that it knows."""

PATIENCE_MS = (RETRY_WINDOW_H + GRACE_H) * 3_600_000


def messages_table(workspace: Workspace) -> Table:
    """The derived table; it may be deleted at any time and is made again."""
    return Table(workspace.root / "tables" / "messages", {k: v[0] for k, v in MESSAGE_COLUMNS.items()}, clock="sent_ms")


def is_stale(workspace: Workspace) -> bool:
    """Whether events were committed that the messages do not know yet."""
    newest = workspace.events.open().transaction_version(INGEST) or 0
    return (messages_table(workspace).open().transaction_version(SEEN) or 0) < newest


def refresh(workspace: Workspace, *, everything: bool = False) -> None:
    """Bring the messages up to the newest events. ``everything`` derives all of them again (after a removal)."""
    while is_stale(workspace) or everything:
        try:
            _refresh(workspace, everything)
        except Conflict:
            continue
        return


def _refresh(workspace: Workspace, everything: bool) -> None:
    events, table = workspace.events.open(), messages_table(workspace)
    messages = table.open()
    batch = events.transaction_version(INGEST) or 0
    seen = messages.transaction_version(SEEN) or 0
    with workspace.workbench() as con:
        con.execute(f"CREATE VIEW events AS SELECT * FROM {workspace.events.relation(events)}")
        con.execute(f"CREATE VIEW old AS SELECT * FROM {table.relation(messages)}")
        whole = everything or seen == 0
        _scope(con, None if whole else seen)
        derive_messages(con)
        gather(con, "derived", "sent_ms")
        now, before = days_of(con, "derived", "sent_ms"), days_of(con, "old" if whole else _OUTDATED, "sent_ms")
        rows = "SELECT * FROM derived WHERE {which}" + ("" if whole else _KEPT)
        days = {*now, *before}
        files = table.write(con, rows, days)
        try:
            table.commit(messages, files, [day_label(day) for day in days], {SEEN: batch})
        except Conflict:
            table.discard(files)
            raise


_OUTDATED = "(SELECT sent_ms FROM old WHERE coalesce(recipient, '') IN (SELECT recipient FROM touched))"
_KEPT = (
    " UNION ALL BY NAME SELECT * FROM old "
    "WHERE {which} AND coalesce(recipient, '') NOT IN (SELECT recipient FROM touched)"
)


def _scope(con: duckdb.DuckDBPyConnection, seen: int | None) -> None:
    """The events to derive from: all, or those of every recipient that has an event after batch ``seen``."""
    mailed = "SELECT * FROM events WHERE kind NOT IN ('listed', 'account_status_change')"
    if seen is None:
        con.execute(f"CREATE VIEW scope AS {mailed}")
        return
    con.execute(
        f"CREATE TABLE touched AS SELECT DISTINCT coalesce(recipient, '') AS recipient FROM events WHERE batch > {seen}"
    )
    con.execute(f"CREATE TABLE scope AS {mailed} AND coalesce(recipient, '') IN (SELECT recipient FROM touched)")


@contextmanager
def look(workspace: Workspace) -> Iterator[Snapshot]:
    """A snapshot with the views ``events`` and ``messages`` (with ``outcome``), and the table ``edge`` (``as_of_ms``).

    The outcome is stated as of the newest provider event that was loaded, not as of today: what happened after the
    export was made is not known. ``as_of_ms`` is NULL in an empty workspace.
    """
    if is_stale(workspace):
        with workspace.lock():
            refresh(workspace)
    table = messages_table(workspace)
    with workspace.snapshot() as snapshot:
        con = snapshot.cursor
        con.execute(f"CREATE OR REPLACE TEMP VIEW message_rows AS SELECT * FROM {table.relation(table.open())}")
        con.execute(
            "CREATE OR REPLACE TEMP TABLE edge AS "
            "SELECT coalesce(max(provider_last_ms), max(last_ms)) AS as_of_ms FROM message_rows"
        )
        edge = snapshot.value("SELECT as_of_ms FROM edge") or 0
        view = named_sql("trace", "messages_view").format(as_of_ms=edge, patience_ms=PATIENCE_MS)
        con.execute(f"CREATE OR REPLACE TEMP VIEW messages AS {view}")
        yield snapshot
