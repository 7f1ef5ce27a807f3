"""Bounce mails: for each recipient what became of the message, as the server that gave up or waits reports it.

The fields of a delivery status (RFC 3464) come first, wherever they stand; the words of the notice fill what they leave
out, and speak alone where there are none.
"""

import re
from dataclasses import dataclass, replace

from lasthop.original.dsn_free import Told, action_of, cut_returned, is_notice, read_notice, reporting_host
from lasthop.original.dsn_parts import Parts, take_apart
from lasthop.original.encoded import unencoded
from lasthop.original.stamps import Stamp, read_date, read_stamp
from lasthop.original.status_fields import Fields, status_blocks, typed
from lasthop.original.submission import Submission, read_submission
from lasthop.original.undone import readable

ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
"""RFC 3464 §2.3.3."""

MOST = 1_000
"""Recipients of one report that are read."""
_SEARCHED, _NAMED = 4 << 20, 3_000
_RECIPIENT = re.compile(r"[ \t>]*(?:final|original)-recipient:[ \t]*(?:[\w-]+[ \t]*;)?[ \t]*<?([^\s<>]+@[^\s<>]+)")

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_DAEMON = re.compile(r"mailer-?daemon|post_?master|mail delivery|no-?reply@\S*(?:dion|auone)|amazonses", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reported:
    """What one report says of one recipient. Everything is as written, without folds; None where it is not there."""

    recipient: str | None
    """Final-Recipient: the address that the reporting server tried."""
    original_recipient: str | None
    """Original-Recipient: the address as the sender gave it (RFC 3461 ORCPT)."""
    action: str | None
    """One of ``ACTIONS``; of a notice in free words, what they state."""
    status: str | None
    """The status code of RFC 3463."""
    diagnostic: str | None
    """Diagnostic-Code without its type, else what the notice says."""
    remote_mta: str | None
    reporting_mta: str | None
    arrival: Stamp | None
    """When the reporting server took the message."""
    last_attempt: Stamp | None
    line: int
    """The line (1-based) of the mail where its fields or its words stand; 1 where that cannot be told."""
    form: str
    """``rfc3464`` or ``words``."""


@dataclass(frozen=True, slots=True)
class Dsn:
    """A bounce mail. ``date`` is when it was written; None without a date that can be read."""

    recipients: tuple[Reported, ...]
    subject: str | None
    date: Stamp | None
    date_raw: str | None
    envelope_id: str | None
    """Original-Envelope-Id (RFC 3461 ENVID)."""
    returned: Submission | None
    """The message that it is about, by the header that it brings back; None where it brings none."""


def read_dsn(data: bytes) -> Dsn | None:
    """The report, or None where the mail is none. Never raises for bad content; about linear in the size."""
    data, _ = readable(data)
    parts = take_apart(data)
    notice, below = cut_returned(parts.notice)
    about, blocks = status_blocks(parts.status or parts.notice)
    if not blocks and parts.status:
        about, blocks = status_blocks(parts.notice)
    if not blocks and not _speaks(parts, notice):
        return None
    subject = _subject(parts)
    told = read_notice(notice, _failed(parts)) if _speaks(parts, notice) or blocks else []
    found = [_of_fields(block, about, told) for block in blocks[:MOST]] or _of_words(told, parts, subject, notice)
    if not found:
        return None
    stamp, raw = _written(parts)
    return Dsn(
        _with_lines(found, data),
        subject or None,
        stamp,
        raw,
        about.get("original-envelope-id"),
        read_submission(parts.returned or below.encode("utf-8", "replace")) if parts.returned or below else None,
    )


def _speaks(parts: Parts, notice: str) -> bool:
    """Whether the mail is a notice by its sender and its words: neither alone makes one."""
    header = parts.header
    sender = f"{header.get('From', '')} {header.get('Return-Path', '')}"
    empty = str(header.get("Return-Path", "")).strip() == "<>" or str(header.get("From", "")).strip() in ("", "<>")
    by_machine = bool(_DAEMON.search(sender)) or empty or "X-Failed-Recipients" in header or parts.report
    return by_machine and is_notice(f"{_subject(parts)}\n{notice}")


def _subject(parts: Parts) -> str:
    return unencoded(" ".join(str(parts.header.get("Subject", ""))[:4000].split())).text


def _failed(parts: Parts) -> list[str]:
    named = ",".join(str(value) for value in parts.header.get_all("X-Failed-Recipients", []))
    return [each.strip("<> \t\r\n") for each in named.split(",") if "@" in each][:500]


def _of_fields(block: Fields, about: Fields, told: list[Told]) -> Reported:
    recipient = _address(block.get("final-recipient"))
    original = _address(block.get("original-recipient"))
    words = next((each for each in told if each.recipient.lower() in ((recipient or "").lower(), original)), None)
    if words is None and len(told) == 1:
        words = told[0]
    given = block.get("action", "").split()
    status = _STATUS.search(block.get("status", ""))
    return Reported(
        recipient=recipient,
        original_recipient=original,
        action=given[0].lower().rstrip(";,") if given else None,
        status=status[0] if status else None,
        diagnostic=typed(block.get("diagnostic-code")) or (words.said if words else None),
        remote_mta=_host(block.get("remote-mta")) or (words.host if words else None),
        reporting_mta=_host(about.get("reporting-mta")),
        arrival=_stamp(block.get("arrival-date") or about.get("arrival-date")),
        last_attempt=_stamp(block.get("last-attempt-date") or about.get("last-attempt-date")),
        line=1,
        form="rfc3464",
    )


def _of_words(told: list[Told], parts: Parts, subject: str, notice: str) -> list[Reported]:
    action, reporting = action_of(subject, notice), reporting_host(notice)
    return [
        Reported(each.recipient, None, action, each.status, each.said, each.host, reporting, None, None, 1, "words")
        for each in told
    ]


def _address(value: str | None) -> str | None:
    plain = (typed(value) or "").strip("<>\"' \t").strip()
    return plain or None


def _host(value: str | None) -> str | None:
    """``dns; mx.example.com (192.0.2.1)`` -> ``mx.example.com``."""
    plain = (typed(value) or "").split("(")[0].strip(" \t<>")
    return plain.rstrip(".") or None


def _stamp(value: str | None) -> Stamp | None:
    return read_date(value) if value else None


def _written(parts: Parts) -> tuple[Stamp | None, str | None]:
    """When the report was written: its Date, else the oldest server that took it over."""
    date = parts.header.get("Date")
    if date and (stamp := read_date(str(date))):
        return stamp, " ".join(str(date).split())
    for received in reversed(parts.header.get_all("Received", [])):
        tail = str(received).rpartition(";")[2]
        if stamp := read_stamp(tail):
            return stamp, " ".join(tail.split())
    return None, None


def _with_lines(found: list[Reported], data: bytes) -> tuple[Reported, ...]:
    """Each with the line of its fields, else the first one that names the address."""
    lines = data[:_SEARCHED].decode("utf-8", "replace").lower().split("\n")
    fields: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if field := _RECIPIENT.match(line):
            fields.setdefault(field[1], number)
    return tuple(replace(one, line=_line(one, fields, lines)) for one in found)


def _line(one: Reported, fields: dict[str, int], lines: list[str]) -> int:
    address = (one.recipient or one.original_recipient or "").lower()
    if address in fields or not address or one.form == "rfc3464":
        return fields.get(address, 1)
    return next((number for number, line in enumerate(lines[:_NAMED], 1) if address in line), 1)
