"""Received mails and bounce mails, one in a file or many in an mbox: the records of their hops and reports."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from lasthop.model.kinds import Kind
from lasthop.original.dsn import Dsn, Reported, read_dsn
from lasthop.original.received import Hop
from lasthop.original.stamps import Stamp
from lasthop.original.submission import Submission, read_submission
from lasthop.read.lines import TEXT_LIMIT, readable
from lasthop.read.rejects import Record, Rejected

LARGEST = 32 << 20
"""Bytes of one mail that are read: the header is at its beginning, a report near it."""

_HEADER = re.compile(
    rb"(?:return-path|received|x-received|delivered-to|x-original-to|authentication-results|arc-seal|dkim-signature|"
    rb"arc-authentication-results|received-spf|message-id|from|to|subject|date|mime-version|content-type|x-\S{1,60}):",
    re.IGNORECASE,
)
_SURE = re.compile(rb"^(?:received|message-id|return-path|from):", re.IGNORECASE | re.MULTILINE)
_FROM_LINE = re.compile(
    rb"From \S{1,320} +[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d{1,2}:\d{2}|From \S{1,320} .{8,40}\d{4}"
)


def looks_like_mail(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a mail: header fields, after a ``From `` line at most."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if text.startswith(b"From ") and b"\n" in text:
        text = text[text.index(b"\n") + 1 :]
    return bool(_HEADER.match(text)) and len(set(map(bytes.lower, _SURE.findall(text)))) > 1


def read_mails(path: Path) -> Iterator[Record | Rejected]:
    """Yield the records of every mail in a file; ``line`` is where the header or the report begins."""
    for first, data in mails_in(path):
        yield from _records(data, first)


def mails_in(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each mail with the number of lines before it; more than one only where ``From `` lines part them (RFC 4155)."""
    held, size, begins, number, blank = list[bytes](), 0, 0, 0, True
    with path.open("rb") as file:
        many = file.read(5) == b"From "
        file.seek(0)
        while line := file.readline(LARGEST):
            if many and blank and number and _FROM_LINE.match(line):
                yield begins, b"".join(held)
                held, size, begins = [], 0, number
            if size < LARGEST:
                held.append(line)
                size += len(line)
            number += line.endswith(b"\n")
            blank = not line.strip()
    yield begins, b"".join(held)


def _records(data: bytes, before: int) -> Iterator[Record | Rejected]:
    if dsn := read_dsn(data):
        yield from (_report(dsn, one, before) for one in dsn.recipients)
        return
    sent = read_submission(data)
    hops = [_hop(sent, hop, place, before) for place, hop in enumerate(reversed(sent.hops), 1) if _stamped(hop.stamp)]
    if not hops:
        text = readable(data[:TEXT_LIMIT].decode("utf-8", "replace"))
        yield Rejected(before + 1, "a mail in whose header no server stamped when it took it", text)
    yield from hops


def _stamped(stamp: Stamp | None) -> bool:
    return stamp is not None and not stamp.assumed


def _hop(sent: Submission, hop: Hop, place: int, before: int) -> Record:
    """One server's note; ``place`` counts from the sender."""
    beside = {
        "Received": hop.raw, "hop": f"{place} of {len(sent.hops)}", "from": hop.from_, "with": hop.with_, "id": hop.id,
        "recipient is from": sent.recipient_from,
    }  # fmt: skip
    values = {
        "time": _ms(hop.stamp), "time_raw": hop.stamp.raw if hop.stamp else None, "vantage": "original",
        "kind": Kind.HOP, "kind_raw": "Received", "recipient": sent.recipient, "sender": sent.sender,
        "subject": sent.subject, "provider_message_id": sent.id_prefix, "x_message_id": sent.x_message_id,
        "message_id_header": sent.message_id, "host": hop.by, "ip": hop.peer.ip,
    }  # fmt: skip
    return _record(before + hop.line, hop.raw, values, beside)


def _report(dsn: Dsn, one: Reported, before: int) -> Record:
    """What a bounce mail says of one recipient: of the address that SendGrid sent to, wherever that is forwarded."""
    stamp = next((each for each in (one.last_attempt, dsn.date) if _stamped(each)), None)
    returned = dsn.returned
    by_return_path = returned and returned.recipient_from == "return path" and len(dsn.recipients) == 1
    sent_to = returned.recipient if returned and by_return_path else one.original_recipient or one.recipient
    beside = {
        "Final-Recipient": one.recipient, "Original-Recipient": one.original_recipient, "Action": one.action,
        "Status": one.status, "Remote-MTA": one.remote_mta, "Reporting-MTA": one.reporting_mta,
        "Arrival-Date": one.arrival.raw if one.arrival else None,
        "Last-Attempt-Date": one.last_attempt.raw if one.last_attempt else None,
        "Original-Envelope-Id": dsn.envelope_id, "read from": _FORMS[one.form], "Subject": dsn.subject,
    }  # fmt: skip
    values = {
        "time": _ms(stamp), "time_raw": stamp.raw if stamp else None, "vantage": "receiver",
        "kind": kind_of(one), "kind_raw": f"bounce mail/{one.action or 'no action'}",
        "recipient": sent_to, "status": one.status, "reply": one.diagnostic, "host": one.remote_mta,
        **(_of_returned(returned) if returned else {}),
    }  # fmt: skip
    return _record(before + one.line, one.diagnostic or one.recipient or "", values, beside)


def _of_returned(returned: Submission) -> dict[str, str | None]:
    return {
        "sender": returned.sender, "subject": returned.subject, "provider_message_id": returned.id_prefix,
        "x_message_id": returned.x_message_id, "message_id_header": returned.message_id,
    }  # fmt: skip


_FORMS = {"rfc3464": "its delivery status (RFC 3464)", "words": "the words of the mail"}


def kind_of(one: Reported) -> Kind | None:
    """What an action (RFC 3464 §2.3.3) and a status (RFC 3463) say happened; None without an action."""
    if one.action != "failed":
        return _ACTIONS.get(one.action or "")
    status = one.status or ""
    if status.endswith(".0.0") or not status:
        found = _ENHANCED.search(one.diagnostic or "")
        status = found[0] if found else status
    return next((kind for form, kind in _FAILED if form.fullmatch(status)), Kind.BOUNCE_UNTYPED)


_ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_ACTIONS = {
    "delayed": Kind.DEFERRED,
    "delivered": Kind.DELIVERED,
    # Handed on to a system that reports no further, or to the members of a list: taken over all the same.
    "relayed": Kind.DELIVERED,
    "expanded": Kind.DELIVERED,
}
# RFC 3463 §3: x.4.7 time expired; x.1.1-3, 1.6 and 1.10 and x.2.1 are of the address; the others of this message.
_FAILED = (
    (re.compile(r"[45]\.4\.7"), Kind.BOUNCE_EXPIRED),
    (re.compile(r"5\.(?:1\.(?:1|2|3|6|10)|2\.1)"), Kind.BOUNCE_HARD),
    (re.compile(r"[45]\.(?:2\.[23]|3\.4|5\.\d+|6\.\d+|7\.\d+)"), Kind.BOUNCE_BLOCKED),
)


def _ms(stamp: Stamp | None) -> str | None:
    return str(round(stamp.time.timestamp() * 1000)) if stamp else None


def _record(line: int, text: str, values: dict[str, str | None], beside: dict[str, str | None]) -> Record:
    held = {name: readable(value) for name, value in values.items() if value}
    entries = {name: readable(value) for name, value in beside.items() if value}
    held["extra"] = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))[1:-1]
    return Record(line, readable(text[:TEXT_LIMIT]), held)
