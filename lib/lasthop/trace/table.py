"""The table of messages: derived from the events, made again for the recipients that a load touched."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from deltalake import DeltaTable

from lasthop.errors import Failure
from lasthop.store import Snapshot, Table, Workspace, named_sql
from lasthop.store.ingest import INGEST
from lasthop.store.remove import REMOVALS
from lasthop.store.table import Conflict, day_label, day_number, day_of_file, days_of, gather
from lasthop.trace.columns import MESSAGE_COLUMNS
from lasthop.trace.derive import PATIENCE_MS, derive_messages
from lasthop.trace.rules import RULES, rules_of

SEEN = "messages"
"""Application transaction of the messages table: the last ingest batch that it knows."""


def messages_table(workspace: Workspace) -> Table:
    """The derived table; it may be deleted at any time and is made again."""
    return Table(workspace.root / "tables" / "messages", {k: v[0] for k, v in MESSAGE_COLUMNS.items()}, clock="sent_ms")


def is_stale(workspace: Workspace) -> bool:
    """Whether events were committed or removed that the messages do not know of yet, or the rules are others."""
    events, messages = workspace.events.open(), messages_table(workspace).open()
    seen = messages.transaction_version(SEEN) or 0
    return seen < (events.transaction_version(INGEST) or 0) or bool(
        seen and messages.transaction_version(RULES) != rules_of(workspace).version
    )


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
    messages = _fitting(table)
    held = rules_of(workspace)
    batch = events.transaction_version(INGEST) or 0
    seen = messages.transaction_version(SEEN) or 0
    with workspace.workbench() as con:
        con.execute(f"CREATE VIEW events AS SELECT * FROM {workspace.events.relation(events)}")
        removals = events.transaction_version(REMOVALS) or 0
        whole = everything or seen == 0 or removals != (messages.transaction_version(REMOVALS) or 0)
        whole = whole or messages.transaction_version(RULES) != held.version
        if not whole:
            con.execute(f"CREATE VIEW old AS SELECT * FROM {table.relation(messages)}")
        _scope(con, None if whole else seen)
        derive_messages(con, held.rules)
        gather(con, "derived", "sent_ms")
        before = _days_held(table, messages) if whole else days_of(con, _OUTDATED, "sent_ms")
        rows = "SELECT * FROM derived WHERE {which}" + ("" if whole else _KEPT)
        days = {*days_of(con, "derived", "sent_ms"), *before}
        files = table.write(con, rows, days)
        marks = {SEEN: batch, RULES: held.version} | ({REMOVALS: removals} if removals else {})
        try:
            table.commit(messages, files, [day_label(day) for day in days], marks)
        except Conflict:
            table.discard(files)
            raise


def _fitting(table: Table) -> DeltaTable:
    """The newest version; a table that another version of lasthop made with other columns is begun anew."""
    held = table.open()
    if [field.name for field in held.schema().fields] == [*table.columns, "day"]:
        return held
    shutil.rmtree(table.path)
    return table.open()


def _days_held(table: Table, version: DeltaTable) -> list[int | None]:
    return [day_number(day) for day in {day_of_file(path) for path in table.paths(version)}]


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
    export was made is not known. ``as_of_ms`` is NULL in an empty workspace. ``behind`` of the snapshot tells that a
    load is going on and its messages are not in yet; ``rules`` are those that named the reasons, ``problem`` what
    is wrong with the user's own ones.
    """
    behind = _catch_up(workspace)
    with workspace.snapshot() as snapshot:
        snapshot.behind = behind
        held = rules_of(workspace)
        snapshot.rules, snapshot.problem = held.rules, held.problem
        con = snapshot.cursor
        try:
            shown = _view_rows(workspace, con)
        except duckdb.IOException:  # a file of the derived table is lost: derive it again
            with workspace.lock():
                refresh(workspace, everything=True)
            shown = _view_rows(workspace, con)
        # The table of messages changes with every import; its age tells one made anew from the one before it.
        snapshot.version = f"{shown}-{messages_table(workspace).made_ns()}"
        con.execute(f"CREATE OR REPLACE TEMP TABLE edge AS {named_sql('trace', 'edge')}")
        (edge,) = snapshot.rows("SELECT * FROM edge")
        view = named_sql("trace", "messages_view").format(
            as_of_ms=edge["as_of_ms"] or 0,
            left_ms=edge["left_ms"] or 0,
            has_starts=bool(edge["starts"]),
            patience_ms=PATIENCE_MS,
        )
        con.execute(f"CREATE OR REPLACE TEMP VIEW messages AS {view}")
        yield snapshot


def _view_rows(workspace: Workspace, con: duckdb.DuckDBPyConnection) -> int:
    """Make the view ``message_rows`` of the newest version of the table, and return that version."""
    table = messages_table(workspace)
    newest = table.open()
    con.execute(f"CREATE OR REPLACE TEMP VIEW message_rows AS SELECT * FROM {table.relation(newest)}")
    return newest.version()


def _catch_up(workspace: Workspace) -> bool:
    """Refresh what is stale; whether it still is: another process is writing, or the disk does not take it."""
    if not is_stale(workspace):
        return False
    try:
        with workspace.lock(seconds=0):
            refresh(workspace)
    except Failure:
        return True
    return False
