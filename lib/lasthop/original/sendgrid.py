"""What SendGrid leaves in a message: the ids of its two servers, the account, the recipient of the envelope.

The server that takes a message in (``by … (SG) with HTTP id X``) and the one that sends it on (``by recvd-… id Y``)
note one id each; ``X.Y`` is what ``sg_message_id`` of the Event Webhook and ``msg_id`` of Email Activity begin with.
That X is also the ``X-Message-Id`` of the API's answer agrees with all that is published; it is no documented promise.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime

from lasthop.original.addresses import Verp, read_verp
from lasthop.original.field import Header
from lasthop.original.received import Hop
from lasthop.original.stamps import read_epoch

_SENDS_ON = re.compile(r"filter|recvd", re.IGNORECASE)
_HEX_TIME = re.compile(r"[-.](?P<hex>[0-9A-F]{8})-?[0-9A-F]{1,6}$", re.IGNORECASE | re.ASCII)
_DEFAULT_ID = re.compile(r"<(?P<id>[\w-]{16,40})@(?:geopod-)?ismtpd[\w.-]*>", re.ASCII)
_FEEDBACK = re.compile(r"(?P<user>\d{1,12}):SG\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class SendGrid:
    """The traces of SendGrid in one message; each None where it does not stand there."""

    x_message_id: str | None
    """The id that SendGrid gave the message when it took it in."""
    x_message_id_from: str | None
    """Where it stands: ``received``, or ``message_id``, inferred from the form of SendGrid's own Message-IDs."""
    message_id_prefix: str | None
    """What ``sg_message_id`` begins with; the part after it numbers the recipients of one call."""
    user_id: str | None
    """The number of the account."""
    user_id_from: str | None
    """Where that number stands: ``received``, ``return_path`` or ``feedback_id``."""
    recipient: str | None
    """The address that the message was sent to first, by its return path: it stays so when the mail is forwarded."""
    taken_in: Hop | None
    sent_on: Hop | None
    sent_on_time: datetime | None
    """UTC, by the Unix time in the second id: SendGrid's own clock beside the hop's stamp."""


def read_sendgrid(header: Header, hops: tuple[Hop, ...]) -> SendGrid | None:
    """What SendGrid left in a header; None where nothing is SendGrid's."""
    taken_in = next((hop for hop in reversed(hops) if takes_in(hop)), None)
    above = tuple(hop for hop in hops if taken_in is None or hop.line < taken_in.line)
    sent_on = next((hop for hop in reversed(above) if sends_on(hop)), None)
    verp = _verp(header)
    default_id = _default_id(header)
    marked = header.first("x-sg-eid") or header.first("x-sg-id")
    if not (taken_in or sent_on or verp or default_id or marked):
        return None
    first = (taken_in.id if taken_in else None) or default_id
    where = "received" if taken_in and taken_in.id else "message_id" if default_id else None
    second = sent_on.id if sent_on else None
    user, source = _user(header, taken_in, verp)
    return SendGrid(
        x_message_id=first,
        x_message_id_from=where,
        message_id_prefix=f"{first}.{second}" if first and second else None,
        user_id=user,
        user_id_from=source,
        recipient=verp.recipient if verp else None,
        taken_in=taken_in,
        sent_on=sent_on,
        sent_on_time=hex_time(second) if second else None,
    )


def takes_in(hop: Hop) -> bool:
    """Whether this is the hop where SendGrid took the message in: it alone is marked ``(SG)``."""
    return bool(hop.by and "(SG)" in hop.raw[:4000] and hop.id)


def sends_on(hop: Hop) -> bool:
    """Whether this is SendGrid's second server: ``filter…`` or ``recvd…``, and so begins its id."""
    return bool(hop.by and hop.id and _SENDS_ON.match(hop.by) and _SENDS_ON.match(hop.id))


def hex_time(second_id: str) -> datetime | None:
    """The Unix time in the second id (``recvd-…-1-67174A90-28``), UTC; None where none stands there."""
    match = _HEX_TIME.search(second_id)
    return read_epoch(str(int(match["hex"], 16))) if match else None


def _verp(header: Header) -> Verp | None:
    """The return path as SendGrid writes it; after a forward it may stand in an older one."""
    return next((verp for field in header.all("return-path") if (verp := read_verp(field.value))), None)


def _default_id(header: Header) -> str | None:
    """The Message-ID that SendGrid makes where the sender gave none: its left part is the first id."""
    field = header.first("message-id")
    match = _DEFAULT_ID.search(field.value[:1000]) if field else None
    return match["id"] if match else None


def _user(header: Header, taken_in: Hop | None, verp: Verp | None) -> tuple[str | None, str | None]:
    told = _decoded_user(taken_in.from_) if taken_in and taken_in.from_ else None
    if told:
        return told, "received"
    if verp:
        return verp.user_id, "return_path"
    for name in ("feedback-id", "x-feedback-id"):
        for field in header.all(name):
            if match := _FEEDBACK.search(field.value[:200]):
                return match["user"], "feedback_id"
    return None, None


def _decoded_user(name: str) -> str | None:
    """The account in ``from MTIzNDU2Nw (unknown)``: its number, in base64 without the padding."""
    if not (4 <= len(name) <= 24) or not name.isascii():
        return None
    try:
        user = base64.b64decode(name + "=" * (-len(name) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return user.decode("ascii") if user.isdigit() else None
