"""Messages written straight into the engine as the view ``messages`` has them: where a test needs thousands of them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from lasthop.store import Snapshot
from lasthop.trace.columns import MESSAGE_COLUMNS

HOUR = 3_600_000
DAY = 24 * HOUR
NOON = 1_793_577_600_000 + 12 * HOUR
"""2026-11-02, a Monday, 12:00 UTC."""

USUAL: dict[str, Any] = {
    "domain": "x.example", "receiver": "other", "sent_ms": NOON, "sent_basis": "processed", "outcome": "accepted",
    "truncated": False,
}  # fmt: skip


def times(n: int, **given: Any) -> list[dict[str, Any]]:
    """So many messages that are alike."""
    return [given] * n


@contextmanager
def snapshot_of(
    messages: Sequence[Mapping[str, Any]] | pd.DataFrame, as_of_ms: int | None = NOON
) -> Iterator[Snapshot]:
    """A snapshot whose table ``messages`` holds these; what is not given is as in ``USUAL``, else NULL.

    ``provider_last_ms`` is the time of sending unless given: a provider knows the message.
    """
    frame = (
        messages
        if isinstance(messages, pd.DataFrame)
        else pd.DataFrame([_whole(row) for row in messages], dtype=object)
    )
    for name, value in {**USUAL, "provider_last_ms": frame.get("sent_ms", USUAL["sent_ms"])}.items():
        frame = frame if name in frame else frame.assign(**{name: value})
    kinds = {name: kind for name, (kind, _) in MESSAGE_COLUMNS.items()} | {"outcome": "VARCHAR", "truncated": "BOOLEAN"}
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE messages ({', '.join(f'{name} {kind}' for name, kind in kinds.items())})")
        con.execute("CREATE TABLE edge AS SELECT ?::BIGINT AS as_of_ms", [as_of_ms])
        con.register("made", pa.Table.from_pandas(frame, preserve_index=False))
        con.execute("INSERT INTO messages BY NAME SELECT * FROM made")
        yield Snapshot(con)


def _whole(row: Mapping[str, Any]) -> dict[str, Any]:
    filled = {**USUAL, **row}
    return {"provider_last_ms": filled["sent_ms"], **filled}
