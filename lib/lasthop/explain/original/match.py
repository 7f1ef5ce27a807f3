"""Which message of the workspace an original is: candidates, with what speaks for and against each.

The keys are those by which loaded originals are tied to their messages (``trace``), the surest first. A weaker key is
looked at only where no surer one finds a message, and an id that is another one rules a message out.
"""

from collections.abc import Iterator
from dataclasses import replace

from lasthop.explain.original.candidate import PREFIX, SUBJECT, Candidate, first_ms, judged
from lasthop.original.reading import Original
from lasthop.original.submission import Submission, submission
from lasthop.store import Snapshot
from lasthop.trace.derive import AFTER_MS, BY_HEADER, BY_ID, BY_SUBJECT, SENT_BEFORE_MS, other_domain

MOST = 50
"""Candidates that are returned: with more, the key tells nothing."""

_COLUMNS = "message, recipient, sender, subject, sent_ms, x_message_id, provider_message_id, message_id_header"


def find_message(snapshot: Snapshot, original: Original) -> list[Candidate]:
    """The messages that the original may be, the likeliest first; empty where none fits.

    A message that an id names is the only one in the list. Takes at most three looks through the table of messages.
    """
    sent = submission(original)
    for key, rows in _looks(snapshot, sent):
        found = [judged(sent, key, row) for row in rows]
        if not found:
            continue
        return _decided(key, found)
    return []


def _decided(key: str, found: list[Candidate]) -> list[Candidate]:
    """The one that an id names, else all of them: another subject does not undo an id, another recipient does."""
    firm = [one for one in found if one.confidence != "ambiguous"]
    same = [one for one in firm if SUBJECT not in one.speaks_against] or firm
    if key != BY_SUBJECT and len(same) == 1:
        return same
    return [_unsure(one, len(found)) for one in sorted(found, key=lambda one: len(one.speaks_against))]


def _looks(snapshot: Snapshot, sent: Submission) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Each key that the original has, and the messages that fit it."""
    if sent.id_prefix:
        yield PREFIX, _rows(snapshot, "starts_with(provider_message_id, ?)", [f"{sent.id_prefix}."])
    if sent.x_message_id:
        yield BY_ID, _rows(snapshot, "x_message_id = ?", [sent.x_message_id])
        return
    if sent.message_id:
        yield BY_HEADER, _rows(snapshot, "message_id_header = ?", [sent.message_id])
    first = first_ms(sent)
    if sent.recipient and sent.subject and first is not None:
        where = (
            "recipient = $1 AND lower(trim(regexp_replace(subject, '\\s+', ' ', 'g'))) = lower($2) "
            "AND sent_ms BETWEEN $3 AND $4 AND (message_id_header IS NULL OR $5 IS NULL) "
            f"AND NOT {other_domain('sender', '$6::VARCHAR')}"
        )
        values = [sent.recipient.lower(), sent.subject, first - SENT_BEFORE_MS, first + AFTER_MS, sent.message_id]
        values.append(sent.sender)
        yield BY_SUBJECT, _rows(snapshot, where, values)


def _rows(snapshot: Snapshot, where: str, values: list[object]) -> list[dict[str, object]]:
    return snapshot.rows(
        f"SELECT {_COLUMNS} FROM messages WHERE {where} ORDER BY sent_ms, message LIMIT {MOST}", values
    )


def _unsure(one: Candidate, number: int) -> Candidate:
    """A candidate beside others is not decided."""
    if number == 1:
        return one
    among = f"{number} messages fit by this key"
    return replace(one, confidence="ambiguous", speaks_against=(*one.speaks_against, among))
