"""The forms of the replies behind one reason, an example of each, and a rule that would name a form's reason."""

import json
import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lasthop.measure.local import DAY_MS
from lasthop.store import Snapshot, named_sql
from lasthop.store.table import day_label

KEPT_FORMS = 500
_LONGEST_PHRASE = 80
# What `lasthop.reply.normalised` leaves of a reply that is not its wording: blanks and codes.
_NOT_WORDING = re.compile(
    r"⟨\w+⟩|(?<![\w.])[245][0-5][0-9](?![\w.])|(?<![\w.])#?[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![\w.])"
)
_EDGES = " \t-–:;,.()[]{}<>\"'|/\\=+*…"


@dataclass(frozen=True)
class Example:
    """One real reply, unaltered, with where it stands. ``reply`` is None when the event tells none."""

    message: str
    reply: str | None
    time_ms: int | None
    host: str | None


def forms_of(snapshot: Snapshot, reason: str) -> pd.DataFrame:
    """The forms of the replies of one reason, among the messages that ``failures`` counted last on this snapshot.

    ``reply_form`` (None: no reply), ``n`` = messages, ``domains`` = how many, ``first_ms`` and ``last_ms`` = when the
    first and last were sent, ``message`` = the newest of them, ``reason_event`` = the event with its reply. Most first,
    at most 500.
    """
    return snapshot.frame(named_sql("measure", "reason_forms").format(kept=KEPT_FORMS), {"reason": reason})


def example_of(snapshot: Snapshot, form: "pd.Series[Any]") -> Example:
    """The reply behind the newest message of a row of ``forms_of``."""
    message, event = str(form["message"]), form["reason_event"]
    if not isinstance(event, str):
        return Example(message, None, None, None)
    days = [day_label(int(form[edge]) // DAY_MS) for edge in ("events_from_ms", "events_until_ms")]
    found = snapshot.rows(
        named_sql("measure", "reason_example"), {"from_day": days[0], "until_day": days[1], "event": event}
    )
    if not found:
        return Example(message, None, None, None)
    return Example(message, found[0]["reply"], found[0]["time_ms"], found[0]["host"])


def phrase_of(form: str) -> str | None:
    """The longest wording of a form that holds neither blanks nor codes, as a rule's phrase; None when it has none."""
    pieces = [piece.strip(_EDGES).lower() for piece in _NOT_WORDING.split(form)]
    longest = max(pieces, key=len)
    if len(longest) > _LONGEST_PHRASE:
        longest = longest[:_LONGEST_PHRASE].rsplit(" ", 1)[0].strip(_EDGES)
    return longest if len(longest.encode()) >= 3 else None


def rule_for(form: str, label: str) -> str | None:
    """A rule in TOML that gives replies of this form the reason ``label``; None when the form has no wording."""
    phrase = phrase_of(form)
    if phrase is None:
        return None
    name = re.sub(r"[^a-z0-9]+", "_", phrase).strip("_")[:40].strip("_") or "reply"
    # A JSON string is a TOML basic string, but for U+007F, which TOML wants escaped.
    quoted = json.dumps(phrase, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f'[[rule]]\nid = "own_{name}"\nlabel = "{label}"\nphrases = [{quoted}]\n'
