"""Find messages: by address, by part of a subject, by any id that any system gave them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from lasthop.model.outcomes import Outcome
from lasthop.store import Snapshot
from lasthop.trace.wall_clock import ANY_TIME, hour_of_week

SCREENFUL = 2_000
"""More rows than this are not sent to a screen: nobody reads them and the browser gets slow."""

_ID_COLUMNS = ("message", "x_message_id", "provider_message_id", "request_id", "message_id_header")
_OF_SENDGRID = re.compile(r"([A-Za-z0-9_-]{22})@(?:geopod-)?ismtpd[\w.-]*")
_TABLE = (
    "message, sent_ms, recipient, sender, subject, outcome, reason, receiver, last_reply, attempts, first_ms, last_ms, "
    "provider_message_id, x_message_id, request_id, link_key, link_confidence"
)


@dataclass(frozen=True)
class Query:
    """What to look for. Empty parts do not restrict; instants are epoch ms UTC, ``until_ms`` is exclusive.

    ``reason``: one or several, with commas between them; the two groups without a reason can be among them.
    ``waiting_hours``: only messages that wait, sent more than so many hours before the edge of the data.
    ``no_provider``: only rows of the application that SendGrid took and of which none of its events tells.
    ``new_reasons``: only messages sent since ``since_ms`` whose reason none sent in the four weeks before has, while
    mail was sent then; without ``since_ms`` nothing is new. ``week_hours``: only messages sent in these hours of the
    week on the clock of ``zone``; Monday's first is 0.
    """

    text: str = ""
    outcomes: tuple[Outcome, ...] = ()
    since_ms: int | None = None
    until_ms: int | None = None
    domain: str = ""
    recipient: str = ""
    reason: str = ""
    receiver: str = ""
    reply_form: str = ""
    sender: str = ""
    template: str = ""
    category: str = ""
    waiting_hours: int | None = None
    no_provider: bool = False
    new_reasons: bool = False
    week_hours: tuple[int, ...] = ()
    zone: str = "UTC"


REQUEST_REFUSED, NO_REPLY = "request-refused", "no-reply"
"""What has no reason, each a group of its own; no label of ``lasthop.reply`` has a hyphen."""

_WITHOUT_REASON = {
    REQUEST_REFUSED: "(reason IS NULL AND outcome = 'not_handed_over')",
    NO_REPLY: "(reason IS NULL AND outcome <> 'not_handed_over')",
}

NEW_AFTER_MS = 4 * 7 * 24 * 3_600_000
"""A reason that was not there for four weeks is new."""


def condition(query: Query) -> tuple[str, list[Any]]:
    """The query as an SQL condition on ``messages``, with the values that its question marks stand for."""
    parts, values = ["true"], list[Any]()
    if text := query.text.strip():
        bare = text.strip("<>")
        parts.append(
            "(contains(lower(recipient), lower(?)) OR contains(lower(subject), lower(?))"
            + "".join(f" OR {column} IN (?, ?, ?)" for column in _ID_COLUMNS)
            + " OR starts_with(provider_message_id, ?) OR contains(links, ?))"
        )
        values += [text, text, *([text, bare, f"<{bare}>"] * len(_ID_COLUMNS)), bare + ".", f'"{bare}"']
    if query.outcomes:
        parts.append("outcome IN (SELECT unnest(?))")
        values.append([str(outcome) for outcome in query.outcomes])
    for clause, value in (
        ("sent_ms >= ?", query.since_ms),
        ("sent_ms < ?", query.until_ms),
        ("domain = ?", query.domain or None),
        ("recipient = ?", query.recipient.lower() or None),
        ("receiver = ?", query.receiver or None),
        ("reply_form = ?", query.reply_form or None),
        ("sender = ?", query.sender or None),
        ("template = ?", query.template or None),
        ("category = ?", query.category or None),
    ):
        if value is not None:
            parts.append(clause)
            values.append(value)
    for clause, bound in _further(query):
        parts.append(clause)
        values += bound
    return " AND ".join(parts), values


def _further(query: Query) -> Iterator[tuple[str, list[Any]]]:
    """The conditions that look beyond one column, each with its values."""
    if query.waiting_hours is not None:
        clause = "(outcome = 'waiting' AND sent_ms < (SELECT as_of_ms FROM edge) - ?)"
        yield clause, [query.waiting_hours * 3_600_000]
    if query.week_hours:
        first, last = ANY_TIME
        ends = (max(query.since_ms or first, first), min(query.until_ms or last, last))
        yield f"{hour_of_week('sent_ms', query.zone, *ends)} IN (SELECT unnest(?))", [list(query.week_hours)]
    if query.no_provider:
        yield "(provider_last_ms IS NULL AND outcome <> 'not_handed_over')", []
    if query.reason:
        yield _of_reasons(query.reason.split(","))
    if query.new_reasons and query.since_ms is None:
        yield "false", []
    elif query.new_reasons and query.since_ms is not None:
        before = "FROM messages WHERE sent_ms >= ? AND sent_ms < ?"
        held = f"SELECT reason {before} AND reason IS NOT NULL"
        clause = f"(reason IS NOT NULL AND reason NOT IN ({held}) AND EXISTS (SELECT 1 {before}))"
        yield clause, [query.since_ms - NEW_AFTER_MS, query.since_ms] * 2


def _of_reasons(told: list[str]) -> tuple[str, list[Any]]:
    labels = [reason for reason in told if reason not in _WITHOUT_REASON]
    clauses = [_WITHOUT_REASON[reason] for reason in told if reason in _WITHOUT_REASON]
    if labels:
        clauses.append(f"reason IN ({', '.join('?' * len(labels))})")
    return f"({' OR '.join(clauses)})", labels


def find_messages(snapshot: Snapshot, query: Query, limit: int = SCREENFUL) -> pd.DataFrame:
    """The newest messages first, at most ``limit``; ``sent``, ``first``, ``last`` are UTC times beside the ``_ms``."""
    where, values = condition(query)
    frame = snapshot.frame(
        f"SELECT {_TABLE} FROM messages WHERE {where} ORDER BY sent_ms DESC, message LIMIT {int(limit)}", values
    )
    for name in ("sent", "first", "last"):
        frame[name] = pd.to_datetime(frame[f"{name}_ms"], unit="ms", utc=True)
    return frame


def each_message(snapshot: Snapshot, query: Query) -> Iterator[dict[str, Any]]:
    """Every message that fits, oldest first, without holding them all in memory."""
    where, values = condition(query)
    return snapshot.batches(f"SELECT {_TABLE} FROM messages WHERE {where} ORDER BY sent_ms, message", values)


def count_by_outcome(snapshot: Snapshot, query: Query) -> dict[Outcome, int]:
    """How many messages of each outcome fit the rest of the query; outcomes without any are 0."""
    where, values = condition(replace(query, outcomes=()))
    rows = snapshot.rows(f"SELECT outcome, count(*) AS n FROM messages WHERE {where} GROUP BY outcome", values)
    return {**dict.fromkeys(Outcome, 0), **{Outcome(row["outcome"]): row["n"] for row in rows}}


def resolve(snapshot: Snapshot, text: str, limit: int = 200) -> list[str]:
    """Our ids of the messages that answer to ``text``: any system's id, in angle brackets or not, or an address.

    Newest first. An event id, ours or SendGrid's, finds the message that the event belongs to, and so does the
    Message-ID of a loaded original. In a Message-ID that SendGrid made stands the X-Message-Id.
    """
    bare = text.strip().strip("<>")
    if not bare:
        return []
    forms = [bare, f"<{bare}>"]
    same = " OR ".join(f"{column} IN (?, ?)" for column in _ID_COLUMNS)
    found = snapshot.rows(
        f"SELECT message FROM messages WHERE {same} OR recipient = ? OR starts_with(provider_message_id, ?) "
        f"OR contains(links, ?) ORDER BY sent_ms DESC, message LIMIT {int(limit)}",
        [*forms * len(_ID_COLUMNS), bare.lower(), bare + ".", f'"{bare}"'],
    )
    own = _OF_SENDGRID.fullmatch(bare)
    return [row["message"] for row in found] or _by_event(snapshot, bare) or (resolve(snapshot, own[1]) if own else [])


def _by_event(snapshot: Snapshot, text: str) -> list[str]:
    """Messages of an event named by its own id; app rows are their own message or tied to one by ``links``."""
    if not re.fullmatch(r"[\w\-+/=.@]{10,}", text):
        return []
    rows = snapshot.rows(
        "SELECT m.message FROM messages m JOIN events e ON e.recipient IS NOT DISTINCT FROM m.recipient "
        "AND (e.x_message_id = m.x_message_id OR contains(m.links, e.event_id) "
        "OR m.message = 'a' || substr(e.event_id, 1, 16)) "
        "WHERE e.event_id = ? OR e.provider_event_id = ? OR e.message_id_header IN (?, ?) ORDER BY m.sent_ms DESC",
        [text, text, text, f"<{text}>"],
    )
    return list(dict.fromkeys(row["message"] for row in rows))
