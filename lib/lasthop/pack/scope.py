"""Is it one address, one domain, one template, or everything? How mail beside that of a case fared in its days."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lasthop.explain import iso
from lasthop.measure.rate import FEW, Rate, intervals
from lasthop.model.outcomes import FAILED
from lasthop.pack.csv import CsvWriter
from lasthop.pack.redact import Level, Redaction, Redactor
from lasthop.store import Snapshot, named_sql, sql_list
from lasthop.store.table import DAY_MS
from lasthop.trace.message import parts_of

DAYS_BEFORE = 7
COHORTS = ("recipient", "domain", "receiver", "template", "sender", "everything")
COLUMNS = (
    "cohort", "name", "messages", "accepted", "failed", *(f"failed_{outcome}" for outcome in FAILED), "waiting",
    "unknown", "failed_share", "failed_low", "failed_high",
)  # fmt: skip
ALIKE = ("reason", "reply_form", "n", "recipients", "first_ms", "last_ms")
ALIKE_COLUMNS = ("reason", "reply_form", "other_messages", "other_recipients", "first_sent_utc", "last_sent_utc")
MEMBERS = ("scope.csv", "same-reason.csv")
OPEN = Redactor(Redaction(), b"")
MOST = 0.5
"""From this share of failures on a cohort is said to fail: most of what was settled in it."""


@dataclass(frozen=True)
class Scope:
    """The cohorts of a case, sent from ``from_ms`` to ``until_ms`` (epoch ms UTC, both inclusive).

    ``cohorts``: `COLUMNS`; ``failed`` counts complaints too, shares are of accepted and failed, 0 to 1, None below 20.
    ``alike``: `ALIKE`, other messages with a reason and reply form of the case, at any time of the loaded data.
    """

    from_ms: int
    until_ms: int
    cohorts: pd.DataFrame
    alike: pd.DataFrame
    sentence: str


def scope(snapshot: Snapshot, messages: Sequence[str], redactor: Redactor = OPEN) -> Scope | None:
    """How wide the trouble of these messages is; None when none of them is in the workspace.

    ``redactor`` masks the names of the cohorts, and the replies of ``alike``.

    The days: whole UTC days, from seven days before the first message of the case was sent to the day of the last.
    """
    chosen = "SELECT message, recipient, domain, receiver, template, sender, reason, reply_form, sent_ms FROM messages"
    snapshot.cursor.execute(f"CREATE OR REPLACE TEMP TABLE scope_case AS {chosen} WHERE false")
    for some in parts_of(messages):
        snapshot.cursor.execute(
            f"INSERT INTO scope_case {chosen} WHERE message IN (SELECT unnest(?::VARCHAR[]))", [some]
        )
    (span,) = snapshot.rows("SELECT min(sent_ms) AS first_ms, max(sent_ms) AS last_ms FROM scope_case")
    if span["first_ms"] is None:
        return None
    from_ms = (span["first_ms"] // DAY_MS - DAYS_BEFORE) * DAY_MS
    until_ms = (span["last_ms"] // DAY_MS + 1) * DAY_MS - 1
    cohorts = _cohorts(snapshot, {"from_ms": from_ms, "until_ms": until_ms}, redactor)
    return Scope(
        from_ms,
        until_ms,
        cohorts,
        _alike(snapshot.frame(named_sql("pack", "scope_alike")), redactor),
        _sentence(cohorts),
    )


def _cohorts(snapshot: Snapshot, span: Mapping[str, int], redactor: Redactor) -> pd.DataFrame:
    """`COLUMNS`; a large case has a hundred thousand rows, so counts are held as numbers, not as objects."""
    found = snapshot.frame(named_sql("pack", "scope").format(counts=_COUNTS), span)
    kinds = found["cohort"]
    found["name"] = [_named(kind, name, redactor) for kind, name in zip(kinds, found["name"], strict=True)]
    keys = list(zip(map(COHORTS.index, kinds), -found["messages"], found["name"], strict=True))
    found = found.iloc[sorted(range(len(keys)), key=keys.__getitem__)]
    del keys
    settled = found["failed"] + found["accepted"]
    enough = list(settled >= FEW)
    # All at once: a case may have many addresses.
    bounds = intervals(list(found["failed"]), list(settled))
    shares = {
        "failed_share": found["failed"] / settled,
        "failed_low": (low for low, _ in bounds),
        "failed_high": (high for _, high in bounds),
    }
    for name, values in shares.items():
        column = [value if told else None for value, told in zip(values, enough, strict=True)]
        found[name] = pd.Series(column, index=found.index, dtype=object)
    return found[list(COLUMNS)].reset_index(drop=True)


_FATES = {
    "accepted": "'accepted'",
    "failed": sql_list(FAILED),
    **{f"failed_{outcome}": f"'{outcome}'" for outcome in FAILED},
    "waiting": "'waiting'",
    "unknown": "'unknown'",
}
_COUNTS = ", ".join(
    [
        "count(*) AS messages",
        *(f"count(CASE WHEN outcome IN ({which}) THEN 1 END) AS {n}" for n, which in _FATES.items()),
    ]
)


def _named(cohort: str, name: str, redactor: Redactor) -> str:
    """The name of a cohort as it may leave."""
    return redactor.domain(name) if cohort == "domain" else redactor.text(name)


def _alike(found: pd.DataFrame, redactor: Redactor) -> pd.DataFrame:
    if redactor.redaction.level is Level.METADATA:
        return found.assign(reply_form=None)
    forms = [redactor.text(form) if isinstance(form, str) else None for form in found["reply_form"]]
    return found.assign(reply_form=pd.Series(forms, index=found.index, dtype=object))


def write_scope(folder: Path, wide: Scope | None) -> None:
    """Write `MEMBERS` into ``folder``; without a scope they have no rows."""
    tables = {"scope.csv": COLUMNS, "same-reason.csv": ALIKE_COLUMNS}
    frames = (None, None) if wide is None else (_rounded(wide.cohorts), _in_utc(wide.alike))
    for (name, columns), frame in zip(tables.items(), frames, strict=True):
        with (folder / name).open("wb") as out:
            table = CsvWriter(out, columns)
            table.add(() if frame is None else frame.itertuples(index=False, name=None))
            table.close()


def _rounded(cohorts: pd.DataFrame) -> pd.DataFrame:
    """Shares as they are written: more digits than four would look surer than they are."""
    rounded = cohorts.copy()
    for name in ("failed_share", "failed_low", "failed_high"):
        shares = [None if pd.isna(share) else round(float(share), 4) for share in cohorts[name]]
        rounded[name] = pd.Series(shares, index=cohorts.index, dtype=object)
    return rounded


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


def _sentence(cohorts: pd.DataFrame) -> str:
    """The widest cohort of which most fails for sure; "only this address" needs others that are seen to get through."""
    own = cohorts[cohorts["cohort"] == "recipient"]
    wide = list(_rates(cohorts[cohorts["cohort"] != "recipient"]))
    everything = next(one for cohort, _, one in wide if cohort == "everything")
    if everything.share is None:
        few = f"{everything.whole:,} in these days ({everything.part:,} failed)"
        return f"Cannot be told: too few were settled. Only {few}; {FEW} are needed."
    for cohort, words in _WORDS.items():
        if failing := [(name, one) for kind, name, one in wide if kind == cohort and _fails(one)]:
            return f"{words}: {'; '.join(_listed(failing))}."
    own_failed, own_settled = int(own["failed"].sum()), int((own["failed"] + own["accepted"]).sum())
    if not own_failed:
        return f"Nothing failed to the addresses of the case. In these days {_counted(everything)}."
    domains = [(name, one) for cohort, name, one in wide if cohort == "domain"]
    failed, settled = sum(one.part for _, one in domains), sum(one.whole for _, one in domains)
    others, at = settled - own_settled, domains[0][0] if len(domains) == 1 else "the same domains"
    if others >= FEW and failed == own_failed:
        which = "Only this address" if len(own) == 1 else "Only these addresses"
        return f"{which}: {own_failed:,} failed; of the {others:,} to others at {at} that were settled, none failed."
    if others < FEW:
        few = f"{others:,} to others at {at}"
        return f"Cannot be told: too few were settled. Only {few}; {FEW} are needed."
    more = f"{failed - own_failed:,} of the {others:,} that were settled ({100 * (failed - own_failed) / others:.1f} %)"
    return f"Others at {at} failed too: {more}; to the addresses of the case {own_failed:,} of {own_settled:,}."


def _rates(cohorts: pd.DataFrame) -> Iterator[tuple[str, str, Rate]]:
    """Cohort, name and how much of what is settled failed; without bounds below 20, where none are told."""
    told = ["cohort", "name", "failed", "accepted", "failed_low", "failed_high"]
    for cohort, name, failed, accepted, low, high in cohorts[told].itertuples(index=False, name=None):
        yield cohort, name, Rate(failed, failed + accepted, 0.0 if low is None else low, 1.0 if high is None else high)


def _fails(one: Rate) -> bool:
    return one.share is not None and one.low > MOST


def _listed(failing: list[tuple[str, Rate]]) -> Iterator[str]:
    for name, one in failing[:3]:
        yield f"{name + ': ' if name else ''}{_counted(one)} ({100 * one.part / one.whole:.0f} %)"
    if len(failing) > 3:
        yield f"and {len(failing) - 3:,} more"


def _counted(one: Rate) -> str:
    return f"{one.part:,} of the {one.whole:,} that were settled failed"
