"""Replies that refused or put off -> reasons, once for each distinct reply; hosts and domains -> who runs them."""

import re
from collections.abc import Iterator

import duckdb
import pyarrow as pa

from lasthop.reply import Reply, Rules, classify_many, normalised, provider
from lasthop.reply.rules import Tier
from lasthop.store import named_sql
from lasthop.store.table import quoted

OTHER = "other"
"""Receiver of a domain that no provider of the catalogue runs, as far as its name and its host tell."""

BATCH = 20_000
# What stands for an address or an id in a reply that is asked about: read as what it replaces, and never decides.
_ADDRESS, _NUMBER = "someone@example.com", "192.0.2.1"
_BLANKED = re.compile(r"@|[0-9][0-9a-z]{7,}|[0-9a-f]{16,}|[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_ASKED = {
    "reply": pa.string(), "reply_code": pa.string(), "enhanced_code": pa.string(), "by_host": pa.string(),
    "by_domain": pa.string(), "vantage": pa.string(),
}  # fmt: skip
_ANSWER = pa.schema({**_ASKED, "reason": pa.string(), "form": pa.string()})


def tell_reasons(con: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Make the tables ``receiver_of`` (name, receiver) and ``telling`` (event_id, reason, form).

    They come from ``scope`` and ``provider_message``. An application's row has a form but no reason: what refused there
    is an API, not a mail server.
    """
    words = {"address": _ADDRESS, "number": _NUMBER, "protected": _protected(rules)}
    con.execute(f"CREATE TABLE asked AS {named_sql('trace', 'asked').format(**words)}")
    _name_receivers(con)
    distinct = con.sql(named_sql("trace", "distinct_asked"))
    con.execute("CREATE TABLE answer (" + ", ".join(f"{name} VARCHAR" for name in _ANSWER.names) + ")")
    for batch in _answers(distinct.to_arrow_table(), rules):
        con.register("answers", batch)
        con.execute("INSERT INTO answer SELECT * FROM answers")
        con.unregister("answers")
    con.execute(f"CREATE TABLE telling AS {named_sql('trace', 'telling')}")


def _name_receivers(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``receiver_of``: every host and recipient domain that a known provider runs."""
    names = con.sql(named_sql("trace", "names")).to_arrow_table()["name"]
    known = [(name, found) for name in names.to_pylist() if (found := provider(name))]
    table = pa.table(
        {"name": pa.array([n for n, _ in known], pa.string()), "receiver": pa.array([p for _, p in known], pa.string())}
    )
    con.register("known_receivers", table)
    con.execute("CREATE TABLE receiver_of AS SELECT * FROM known_receivers")
    con.unregister("known_receivers")


def _protected(rules: Rules) -> str:
    """SQL: whether a reply holds the words of a rule that has an address, an IP or what looks like an id in it.

    A user's own pattern may look for such, too.
    """
    anchors = {
        matcher.anchor
        for rule in rules.rules
        for matcher in (*rule.matchers, *rule.near, *rule.unless)
        if _BLANKED.search(" ".join((matcher.anchor, *matcher.parts))) or (rule.tier is Tier.USER and matcher.pattern)
    }
    tests = [f"contains(lower(reply), {quoted(anchor)})" for anchor in sorted(anchors)]
    return " OR ".join(tests) or "false"


def _answers(distinct: pa.Table, rules: Rules) -> Iterator[pa.Table]:
    """The distinct replies with their reasons, some thousands at a time."""
    for batch in distinct.to_batches(BATCH):
        rows = batch.to_pylist()
        asked = [
            Reply(row["reply"], row["reply_code"], row["enhanced_code"], row["host"], row["domain"]) for row in rows
        ]
        labels = [reason.label for reason in classify_many(asked, rules)]
        told = [None if row["vantage"] == "app" else label for row, label in zip(rows, labels, strict=True)]
        columns = [batch.column(name) for name in _ASKED]
        forms = [normalised(row["reply"]) for row in rows]
        yield pa.table([*columns, pa.array(told, pa.string()), pa.array(forms, pa.string())], schema=_ANSWER)
