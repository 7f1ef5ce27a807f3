"""All addresses on stop lists, for the table without an address: found, filtered and counted in the engine."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lasthop.explain.stop_lists import keep_drop_reasons
from lasthop.explain.stop_lists.meanings import stop_list_meanings
from lasthop.model.kinds import STOP_LISTS
from lasthop.store import Snapshot, named_sql
from lasthop.trace import listed
from lasthop.trace.find import SCREENFUL


@dataclass(frozen=True)
class ListQuery:
    """Which entries: those of ``lists`` (empty: all), at ``domain``, with ``text`` in the address or the reason."""

    lists: tuple[str, ...] = ()
    domain: str = ""
    text: str = ""


def find_listed(snapshot: Snapshot, query: ListQuery, limit: int = SCREENFUL) -> pd.DataFrame:
    """The newest entries that fit, at most ``limit``.

    ``recipient``, ``stop_list``, ``basis`` (verified or inferred), ``since_ms`` (epoch ms UTC, null where not known),
    ``why`` (the list's own text), ``drops`` since, ``last_drop_ms``.
    """
    where, values = _where(query)
    return snapshot.frame(
        f"SELECT * FROM {_gathered(snapshot)} WHERE {where} "
        f"ORDER BY coalesce(since_ms, last_drop_ms, 0) DESC, recipient, stop_list LIMIT {int(limit)}",
        values,
    )


def count_listed(snapshot: Snapshot, query: ListQuery) -> dict[str, int]:
    """List -> addresses on it that fit the rest of the query, in the order of ``STOP_LISTS``; 0 without any."""
    where, values = _where(ListQuery((), query.domain, query.text))
    rows = snapshot.rows(
        f"SELECT stop_list, count(*) AS n FROM {_gathered(snapshot)} WHERE {where} GROUP BY stop_list", values
    )
    return {**dict.fromkeys(STOP_LISTS, 0), **{row["stop_list"]: row["n"] for row in rows}}


def bulk_delete(stop_list: str, addresses: Iterable[str]) -> bytes | None:
    """The JSON body with which SendGrid's API takes addresses off a list at once; None where it has no such call."""
    if stop_list_meanings()[stop_list].bulk is None:
        return None
    body = {"emails": list(dict.fromkeys(addresses))}
    return json.dumps(body, ensure_ascii=False, indent=2).encode()


def _gathered(snapshot: Snapshot) -> str:
    listed(snapshot)
    keep_drop_reasons(snapshot)
    return snapshot.kept("stopped_address", named_sql("explain", "stop_list_addresses"))


def _where(query: ListQuery) -> tuple[str, list[Any]]:
    parts, values = ["true"], list[Any]()
    if query.lists:
        parts.append("stop_list IN (SELECT unnest(?))")
        values.append(list(query.lists))
    if domain := query.domain.strip().lower():
        parts.append("ends_with(recipient, ?)")
        values.append(f"@{domain}")
    if text := query.text.strip().lower():
        parts.append("(contains(recipient, ?) OR contains(lower(why), ?))")
        values += [text, text]
    return " AND ".join(parts), values
