"""A message of the workspace beside an original: what speaks for it and against it, and how sure that makes it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from lasthop.explain.observed import in_words
from lasthop.original.addresses import angle_address
from lasthop.original.submission import Submission
from lasthop.trace.derive import BY_HEADER, BY_ID, BY_SUBJECT, PATIENCE_MS
from lasthop.trace.timeline import CLAIM, SENDER_UNKNOWN

PREFIX = "sg_message_id"
SUBJECT = "another subject: a forwarder or a filter may have changed it"


@dataclass(frozen=True)
class Candidate:
    """A message that the original may be.

    ``confidence`` is exact (an id and the recipient), high (an id, and no recipient to compare or another subject),
    medium (one message fits by subject and time, or only the Message-ID names it), low (the same, and two of subject,
    sender and time are others) or ambiguous (several fit as well, or it was sent to another address).
    """

    message: str
    key: str
    """``x_message_id``, ``sg_message_id``, ``message_id_header`` or ``recipient+subject+time``."""
    confidence: str
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]


def judged(sent: Submission, key: str, row: dict[str, object]) -> Candidate:
    """One message set beside the original: what is the same, and what is not."""
    claimed = _is_claim(sent, key)
    speaks_for, against = [_CLAIMED if claimed and key == BY_ID else _SAME[key]], [CLAIM] if claimed else []
    told, doubts = (sent.recipient or "").lower(), list[str]()
    elsewhere = bool(told and row["recipient"] and told != row["recipient"])
    if elsewhere:
        against.append(f"sent to another address than the header names ({sent.recipient_from})")
    elif told and row["recipient"]:
        speaks_for.append(f"same recipient, by {sent.recipient_from}")
    if sent.subject and row["subject"]:
        same = _folded(sent.subject) == _folded(str(row["subject"]))
        (speaks_for if same else doubts).append("same subject" if same else SUBJECT)
    first, at = first_ms(sent), row["sent_ms"]
    if first is not None and isinstance(at, int):
        speaks_for.append(f"sent {in_words(at, 'UTC')}, first stamp of the header {in_words(first, 'UTC')}")
    if claimed:
        doubts += _other_sender(sent, row) + _other_time(first, at)
    if (claimed or key == BY_SUBJECT) and row["sender"] is None:
        against.append(SENDER_UNKNOWN)
    sure = "ambiguous" if elsewhere else _sure(key, claimed, told == row["recipient"], len(doubts))
    return Candidate(str(row["message"]), key, sure, tuple(dict.fromkeys(speaks_for)), (*against, *doubts))


def _is_claim(sent: Submission, key: str) -> bool:
    """Whether nothing but the Message-ID names the message: no server of SendGrid noted its id."""
    sendgrid = sent.original.sendgrid
    return key == BY_HEADER or (key == BY_ID and sendgrid is not None and sendgrid.x_message_id_from == "message_id")


def _other_sender(sent: Submission, row: dict[str, object]) -> list[str]:
    known = angle_address(str(row["sender"])) if row["sender"] else None
    if not known or not sent.sender or known.lower() == sent.sender.lower():
        return []
    return [f"From is {sent.sender}, the sender of the message is {known}"]


def _other_time(first: int | None, at: object) -> list[str]:
    """Longer than any retrying lasts."""
    if first is None or not isinstance(at, int) or abs(first - at) <= PATIENCE_MS:
        return []
    return [f"more than {PATIENCE_MS // 3_600_000} hours lie between its sending and the first stamp of the header"]


def _sure(key: str, claimed: bool, same_recipient: bool, doubts: int) -> str:
    if claimed:
        return "low" if doubts > 1 else "medium"
    if key == BY_SUBJECT:
        return "medium"
    if same_recipient:
        return "high" if doubts else "exact"
    return "ambiguous" if doubts else "high"


_CLAIMED = "the X-Message-Id of the message stands in the Message-ID"
_SAME = {
    PREFIX: "sg_message_id begins with the two ids of SendGrid's servers",
    BY_ID: "same X-Message-Id, stamped by SendGrid's first server",
    BY_HEADER: "same Message-ID header",
    BY_SUBJECT: "same recipient",
}


def first_ms(sent: Submission) -> int | None:
    """The oldest stamp with a zone in the header, else the sender's Date; epoch ms UTC."""
    stamps = [hop.stamp for hop in sent.hops if hop.stamp and not hop.stamp.assumed]
    dated = stamps or [each for each in (sent.original.date,) if each and not each.assumed]
    return min((_ms(each.time) for each in dated), default=None)


def _ms(time: datetime) -> int:
    return round(time.astimezone(UTC).timestamp() * 1000)


def _folded(text: str) -> str:
    return " ".join(text.split()).lower()
