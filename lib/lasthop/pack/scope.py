"""Is it one address, one domain, one template, or everything? How mail beside that of a case fared in its days."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lasthop.explain import iso
from lasthop.measure.rate import FEW, Rate
from lasthop.pack.cohorts import COUNTS, Cohort, Kind, cohorts
from lasthop.pack.csv import CsvWriter
from lasthop.pack.redact import Level, Redaction, Redactor
from lasthop.store import Snapshot, named_sql
from lasthop.store.table import DAY_MS
from lasthop.trace.message import parts_of

DAYS_BEFORE = 7
COLUMNS = ("cohort", "name", *COUNTS, "failed_share", "failed_low", "failed_high")
ALIKE = ("reason", "reply_form", "n", "recipients", "first_ms", "last_ms")
ALIKE_COLUMNS = ("reason", "reply_form", "other_messages", "other_recipients", "first_sent_utc", "last_sent_utc")
MEMBERS = ("scope.csv", "same-reason.csv")
COUNTED = (
    f"Counted are whole days (UTC), from {DAYS_BEFORE} days before the first message of the case was sent to the day "
    "of its last. Settled: accepted or failed; what was dropped, not handed over or reported as spam counts as failed. "
    "The page of a recipient counts otherwise: 30 days, only mail to others, of that what their domain took or refused."
)
"""Which messages the numbers are of, so that nobody takes them for those of a page."""
OPEN = Redactor(Redaction(), b"")


@dataclass(frozen=True)
class Scope:
    """The cohorts of a case by their kind, sent from ``from_ms`` to ``until_ms`` (epoch ms UTC, both inclusive).

    A kind that no message of the case has is not there. ``alike``: `ALIKE`, other messages with a reason and reply form
    of the case, at any time of the loaded data.
    """

    from_ms: int
    until_ms: int
    kinds: Mapping[str, Kind]
    alike: pd.DataFrame
    sentence: str


def write_scope(
    folder: Path,
    snapshot: Snapshot,
    messages: Sequence[str],
    redactor: Redactor = OPEN,
    known: frozenset[str] = frozenset(),
) -> Scope | None:
    """Write `MEMBERS` into ``folder`` and say how wide the trouble of these messages is.

    None when none of them is in the workspace: the tables have no rows then. ``redactor`` masks the names of the
    cohorts, and the replies of ``alike``; ``known`` as for `Redactor.text`, of the people of the case.

    The days: whole UTC days, from seven days before the first message of the case was sent to the day of the last.
    """
    _keep(snapshot, messages)
    (span,) = snapshot.rows("SELECT min(sent_ms) AS first_ms, max(sent_ms) AS last_ms FROM scope_case")
    if span["first_ms"] is None:
        for name, columns in zip(MEMBERS, (COLUMNS, ALIKE_COLUMNS), strict=True):
            _write(folder / name, columns, ())
        return None
    from_ms = (span["first_ms"] // DAY_MS - DAYS_BEFORE) * DAY_MS
    until_ms = (span["last_ms"] // DAY_MS + 1) * DAY_MS - 1
    kinds: dict[str, Kind] = {}
    _write(folder / "scope.csv", COLUMNS, _rows(cohorts(snapshot, from_ms, until_ms, redactor, known), kinds))
    alike = _alike(snapshot.frame(named_sql("pack", "scope_alike")), redactor, known)
    _write(folder / "same-reason.csv", ALIKE_COLUMNS, _in_utc(alike).itertuples(index=False, name=None))
    first, last = (str(iso(ms))[:10] for ms in (from_ms, until_ms))
    days = f"Mail sent {first} to {last} UTC"
    return Scope(from_ms, until_ms, kinds, alike, f"{_sentence(kinds)} ({days}, that of the case too.)")


def _keep(snapshot: Snapshot, messages: Sequence[str]) -> None:
    """Hold what the cohorts are found by as the table ``scope_case``."""
    chosen = "SELECT message, recipient, domain, receiver, template, sender, reason, reply_form, sent_ms FROM messages"
    snapshot.cursor.execute(f"CREATE OR REPLACE TEMP TABLE scope_case AS {chosen} WHERE false")
    for some in parts_of(messages):
        snapshot.cursor.execute(
            f"INSERT INTO scope_case {chosen} WHERE message IN (SELECT unnest(?::VARCHAR[]))", [some]
        )


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("wb") as out:
        table = CsvWriter(out, columns)
        table.add(rows)
        table.close()


def _rows(found: Iterable[Cohort], kinds: dict[str, Kind]) -> Iterator[tuple[object, ...]]:
    """The rows of scope.csv; ``kinds`` takes each cohort on its way."""
    for one in found:
        kinds.setdefault(one.kind, Kind()).take(one)
        failed = one.rate
        told = (None, None, None) if failed.share is None else (failed.share, failed.low, failed.high)
        # More digits than four would look surer than they are.
        shares = (None if share is None else round(share, 4) for share in told)
        yield (one.kind, one.name, *one.counts.values(), *shares)


def _alike(found: pd.DataFrame, redactor: Redactor, known: frozenset[str]) -> pd.DataFrame:
    if redactor.redaction.level is Level.METADATA:
        return found.assign(reply_form=None)
    forms = [redactor.text(form, known) if isinstance(form, str) else None for form in found["reply_form"]]
    return found.assign(reply_form=pd.Series(forms, index=found.index, dtype=object))


def _in_utc(alike: pd.DataFrame) -> pd.DataFrame:
    in_utc = alike.copy()
    for name in ("first_ms", "last_ms"):
        in_utc[name] = [None if pd.isna(ms) else iso(int(ms)) for ms in alike[name]]
    return in_utc


_WORDS = {
    "everything": "Everything fails",
    "domain": "The whole domain fails",
    "receiver": "The whole receiving provider fails",
    "template": "Everything with this template fails",
    "sender": "Everything from this sender fails",
}


def _sentence(kinds: Mapping[str, Kind]) -> str:
    """The widest cohort of which most fails for sure; "only this address" needs others that are seen to get through."""
    everything = kinds["everything"].first[0].rate
    if everything.share is None:
        few = f"{everything.whole:,} in these days ({everything.part:,} failed)"
        return f"Cannot be told: too few were settled. Only {few}; {FEW} are needed."
    for name, words in _WORDS.items():
        if name in kinds and kinds[name].failing:
            return f"{words}: {'; '.join(_listed(kinds[name]))}."
    own, domains = kinds.get("recipient", Kind()), kinds.get("domain", Kind())
    if not own.failed:
        return f"Nothing failed to the addresses of the case. In these days {_counted(everything)}."
    others, more = domains.settled - own.settled, domains.failed - own.failed
    at = domains.first[0].name if domains.n == 1 else "the same domains"
    if others < FEW:
        return f"Cannot be told: too few were settled. Only {others:,} to others at {at}; {FEW} are needed."
    if not more:
        which = "Only this address" if own.n == 1 else "Only these addresses"
        return f"{which}: {own.failed:,} failed; of the {others:,} to others at {at} that were settled, none failed."
    share = f"{more:,} of the {others:,} that were settled ({100 * more / others:.1f} %)"
    return f"Others at {at} failed too: {share}; to the addresses of the case {own.failed:,} of {own.settled:,}."


def _listed(kind: Kind) -> Iterator[str]:
    for one in kind.first_failing:
        share = 100 * one.rate.part / one.rate.whole
        yield f"{one.name + ': ' if one.name else ''}{_counted(one.rate)} ({share:.0f} %)"
    if more := kind.failing - len(kind.first_failing):
        yield f"and {more:,} more"


def _counted(one: Rate) -> str:
    return f"{one.part:,} of the {one.whole:,} that were settled failed"
