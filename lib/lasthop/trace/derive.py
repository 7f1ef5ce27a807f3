"""Events -> one row per message and recipient, with links and their confidence.

Strongest tie first: the same id (X-Message-Id, or the request id as a custom argument), then recipient, subject and
time, then recipient and time where the provider's record
has no subject. Where two candidates fit as well, nothing is decided: the row is shown with each of them.

The stamps of a received mail go onto the timeline of their message and change nothing else. A bounce mail that brings
back an id which SendGrid's servers noted has a say in the outcome; one that is held to be of it by its Message-ID,
which anybody can write, or by subject and time is shown, no more.
"""

import duckdb

from lasthop.model.kinds import ACCEPTANCE, ATTEMPTS, BOUNCES
from lasthop.model.outcomes import GRACE_H, RETRY_WINDOW_H
from lasthop.reply import Rules
from lasthop.store import named_sql, sql_list
from lasthop.store.table import DAY_MS
from lasthop.trace.reasons import OTHER, tell_reasons

BEFORE_MS = 2 * 60_000
"""A provider may stamp a message this much before the application writes its log row."""
AFTER_MS = 10 * 60_000
"""…and take it up at most this much later."""
MARGIN_MS = 5_000
"""The second-best candidate must be further off by at least this much (logs have whole seconds)."""
NEAR_MS = 60_000
"""Within this gap, and alone in its burst, a fit of recipient, subject and time is held to be of high confidence."""

SKEW_MS = 2_000
"""A provider's stamp before the application's row is that much of rounding and clock error, no more."""

PATIENCE_MS = (RETRY_WINDOW_H + GRACE_H) * 3_600_000
"""After so long nothing is retried any more."""

SENT_BEFORE_MS = 60 * 60_000
"""A received mail without ids was sent so long before its first stamp at most: the first stamps may be cut off."""

BY_ID, BY_REQUEST = "x_message_id", "request_id"
BY_HEADER = "message_id_header"
BY_SUBJECT, BY_TIME = "recipient+subject+time", "recipient+time"

# Among events of one millisecond the later stage of a delivery has the last word.
_STAGE = (
    "CASE WHEN kind IN ('processed', 'received') THEN 1 WHEN kind = 'deferred' THEN 2 WHEN kind = 'dropped' THEN 3 "
    "WHEN kind = 'delivered' THEN 4 WHEN starts_with(kind, 'bounce') THEN 5 ELSE 6 END"
)
# Later first, then the longer reply; as text of fixed width, with the event's id after it.
_ORDER = (
    f"lpad((time_ms * 8 + {_STAGE})::VARCHAR, 15, '0') || lpad((length(coalesce(reply, '')) % 100000)::VARCHAR, 5, '0')"
)
# As in the outcome: what says more about the refusal weighs more.
_WEIGHT = (
    "CASE kind WHEN 'bounce_hard' THEN '5' WHEN 'bounce_blocked' THEN '4' WHEN 'bounce_expired' THEN '3' "
    "WHEN 'bounce_untyped' THEN '2' ELSE '1' END"
)
_CONFIDENCE_RANK = "CASE l.confidence WHEN 'exact' THEN '0' WHEN 'high' THEN '1' WHEN 'medium' THEN '2' ELSE '3' END"
_ROWS = {"row": "s", "message": "p"}
_OF_PROVIDER = ("sender", "subject", "template", "category", "provider_message_id", "message_id_header", "host")
_MAILS = {"mail": "m", "message": "k"}
# What a mail says of itself is believed only where its id is sure.
_TELLING = "l.confidence = 'exact' OR (a.vantage = 'app' AND l.confidence <> 'ambiguous')"
_SUBJECT = "lower(trim(regexp_replace(subject, '\\s+', ' ', 'g')))"


def derive_messages(con: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Make the table ``derived`` (MESSAGE_COLUMNS) from the view or table ``scope`` (EVENT_COLUMNS) of a workbench.

    ``scope`` must hold every event of each recipient that it holds at all.
    """
    _link_mails(con)
    _adopt_orphans(con)
    kinds = {"acceptance": sql_list(ACCEPTANCE), "bounces": sql_list(BOUNCES), "attempts": sql_list(ATTEMPTS)}
    _create(con, "provider_message", "provider_messages", stage=_STAGE, order=_ORDER, weight=_WEIGHT, **kinds)
    tell_reasons(con, rules)
    _create(con, "why", "why")
    _link_rows(con)
    con.execute(
        "CREATE VIEW tied_event AS SELECT event_id, vantage, time_ms, request_id, subject, sender FROM scope "
        "WHERE event_id IN (SELECT event_id FROM link)"
    )
    _create(con, "derived", "messages", confidence_rank=_CONFIDENCE_RANK, other=OTHER, telling=_TELLING)


def other_domain(one: str, other: str) -> str:
    """SQL: whether two senders are of different domains, none of them below the other; false where one is not known."""
    first, second = (f"regexp_extract(lower({each}), '@([^@<>\\s]+)>?\\s*$', 1)" for each in (one, other))
    below = f"ends_with({first}, '.' || {second}) OR ends_with({second}, '.' || {first})"
    return f"coalesce({first} <> '' AND {second} <> '' AND {first} <> {second} AND NOT ({below}), false)"


def _other_address(one: str, other: str) -> str:
    """SQL: whether two senders are different addresses; false where one is not known."""
    first, second = (f"regexp_extract(lower({each}), '([^@<>\\s]+@[^@<>\\s]+)>?\\s*$', 1)" for each in (one, other))
    return f"coalesce({first} <> '' AND {second} <> '' AND {first} <> {second}, false)"


def _link_mails(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``mail_link``: events of received mails and bounce mails, and the messages they are of."""
    subjects = {f"subject_of_{what}": _SUBJECT.replace("subject", f"{row}.subject") for what, row in _MAILS.items()}
    words = {"by_id": BY_ID, "by_header": BY_HEADER, "by_subject": BY_SUBJECT, **subjects}
    words["other_sender"] = other_domain("m.sender", "k.sender")
    words["other_address"] = _other_address("m.sender", "k.sender")
    spans = {"before_ms": AFTER_MS, "near_ms": SENT_BEFORE_MS, "patience_ms": PATIENCE_MS}
    _create(con, "mail_link", "link_mail", **{name: str(span) for name, span in spans.items()}, **words)


def _adopt_orphans(con: duckdb.DuckDBPyConnection) -> None:
    """Provider events without an id go to the one message they can belong to, else stand for themselves."""
    con.execute(
        "CREATE TABLE orphan AS SELECT event_id, recipient, subject, kind, time_ms FROM scope "
        "WHERE vantage = 'provider' AND x_message_id IS NULL AND kind NOT IN ('listed', 'account_status_change')"
    )
    _create(con, "orphan_candidate", "orphans", bounces=sql_list(BOUNCES))
    _create(con, "orphan_group", "idless")
    con.execute(
        "CREATE VIEW provider_event AS "
        "SELECT *, false AS late FROM scope WHERE vantage = 'provider' AND x_message_id IS NOT NULL "
        "UNION ALL BY NAME SELECT s.* REPLACE (coalesce(c.x_message_id, g.x_message_id) AS x_message_id), "
        "c.x_message_id IS NOT NULL AS late FROM scope s "
        "LEFT JOIN orphan_candidate c ON c.event_id = s.event_id AND c.candidates = 1 "
        "LEFT JOIN orphan_group g ON g.event_id = s.event_id "
        "WHERE s.event_id IN (SELECT event_id FROM orphan) AND coalesce(c.x_message_id, g.x_message_id) IS NOT NULL "
        # A bounce mail says what became of the message, not what SendGrid knows of it.
        "UNION ALL BY NAME SELECT s.* REPLACE (l.x_message_id AS x_message_id, "
        + ", ".join(f"NULL AS {name}" for name in _OF_PROVIDER)
        + "), true AS late FROM scope s JOIN mail_link l ON l.event_id = s.event_id "
        "WHERE s.vantage = 'receiver' AND l.confidence = 'exact'"
    )


def _link_rows(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``link``: event, message, key, confidence, and the facts that speak for and against it."""
    _create(con, "tagged", "tagged")
    subjects = {f"subject_of_{what}": _SUBJECT.replace("subject", f"{row}.subject") for what, row in _ROWS.items()}
    keys = {"by_id": BY_ID, "by_request": BY_REQUEST}
    _create(con, "link", "link_exact", before_ms=str(BEFORE_MS), day_ms=str(DAY_MS), **keys, **subjects)
    con.execute(
        f"INSERT INTO link SELECT event_id, x_message_id, recipient, '{BY_TIME}', "
        "CASE WHEN candidates = 1 THEN 'medium' ELSE 'ambiguous' END, gap_ms, 1, candidates, false "
        "FROM orphan_candidate"
    )
    con.execute("INSERT INTO link SELECT * EXCLUDE (vantage) FROM mail_link")
    if not con.execute("SELECT 1 FROM scope WHERE vantage = 'app' LIMIT 1").fetchone():
        return
    _link_pass(con, BY_SUBJECT, f"recipient || chr(31) || {_SUBJECT}", "subject IS NOT NULL")
    _link_pass(con, BY_TIME, "recipient", "subject IS NULL")


def _link_pass(con: duckdb.DuckDBPyConnection, key: str, expression: str, which: str) -> None:
    """Tie application rows that are still free to provider messages that are still free and satisfy ``which``."""
    con.execute(
        f"CREATE OR REPLACE TABLE app_open AS SELECT event_id, {expression} AS key, time_ms FROM scope "
        "WHERE vantage = 'app' AND kind <> 'refused' AND event_id NOT IN (SELECT event_id FROM link) "
        f"AND {expression} IS NOT NULL"
    )
    con.execute(
        "CREATE OR REPLACE TABLE provider_open AS "
        f"SELECT x_message_id, recipient, {expression} AS key, coalesce(processed_ms, first_ms) AS sent_ms "
        f"FROM provider_message p WHERE {which} AND NOT EXISTS (SELECT 1 FROM link l JOIN scope s USING (event_id) "
        "WHERE s.vantage = 'app' AND l.confidence <> 'ambiguous' AND l.x_message_id = p.x_message_id "
        "AND l.recipient = p.recipient)"
    )
    judged = named_sql("trace", "link_pass").format(
        before_ms=BEFORE_MS, after_ms=AFTER_MS, margin_ms=MARGIN_MS, bucket_ms=BEFORE_MS + AFTER_MS
    )
    sure = "high" if key == BY_SUBJECT else "medium"
    con.execute(
        f"INSERT INTO link SELECT event_id, x_message_id, recipient, '{key}', "
        f"CASE WHEN NOT decided THEN 'ambiguous' WHEN gap_ms BETWEEN -{SKEW_MS} AND {NEAR_MS} "
        f"AND rows_in_burst = messages_in_burst "
        f"THEN '{sure}' ELSE 'medium' END, gap_ms, rows_in_burst, messages_in_burst, surplus FROM ({judged})"
    )


def _create(con: duckdb.DuckDBPyConnection, table: str, query: str, **words: str) -> None:
    con.execute(f"CREATE TABLE {table} AS {named_sql('trace', query).format(**words)}")
