"""Under which ids and to whom a received message was sent: what finds it among the messages of its sender."""

from collections.abc import Iterator
from dataclasses import dataclass

from lasthop.original.addresses import angle_address, read_addresses
from lasthop.original.encoded import unencoded
from lasthop.original.field import Header
from lasthop.original.reading import Original, read_original
from lasthop.original.received import Hop


@dataclass(frozen=True, slots=True)
class Submission:
    """None where the header does not say."""

    original: Original
    recipient: str | None
    """The address that the sender sent it to, as far as the header knows it after forwarding; as written."""
    recipient_from: str | None
    """Where that stands: ``return path``, ``Received … for``, ``X-Original-To``, ``Delivered-To`` or ``To``."""
    sender: str | None
    """The first address of From."""
    subject: str | None
    """Decoded."""

    @property
    def x_message_id(self) -> str | None:
        """SendGrid's X-Message-Id: the id that its first server stamped."""
        return self.original.sendgrid.x_message_id if self.original.sendgrid else None

    @property
    def id_prefix(self) -> str | None:
        """``sg_message_id`` up to the recipient's number."""
        return self.original.sendgrid.message_id_prefix if self.original.sendgrid else None

    @property
    def message_id(self) -> str | None:
        """The Message-ID header with its angle brackets."""
        return self.original.message_id

    @property
    def hops(self) -> tuple[Hop, ...]:
        """Newest first, as in the message."""
        return self.original.hops


def submission(original: Original) -> Submission:
    """What an original says of its own sending."""
    header = original.header
    recipient, source = next(_recipients(original), (None, None))
    sender, subject = header.first("from"), header.first("subject")
    text = " ".join(unencoded(subject.value[:4000]).text.split()) if subject else ""
    return Submission(original, recipient, source, angle_address(sender.value) if sender else None, text or None)


def read_submission(data: bytes) -> Submission:
    """The same from the bytes of a message, or of its header. Never raises for bad content."""
    return submission(read_original(data))


def _recipients(original: Original) -> Iterator[tuple[str, str]]:
    """Addresses that it may have been sent to, the surest first: a forwarder leaves the oldest notes as they are."""
    if original.sendgrid and original.sendgrid.recipient:
        yield original.sendgrid.recipient, "return path"
    for hop in reversed(original.hops):
        if hop.for_ and "@" in hop.for_:
            yield hop.for_.strip("<> "), "Received … for"
    for name in ("X-Original-To", "Delivered-To"):
        for held in _addresses(original.header, name)[::-1]:
            yield held, name
    to = _addresses(original.header, "To")
    if len(to) == 1:
        yield to[0], "To"


def _addresses(header: Header, name: str) -> list[str]:
    return [address for found in header.all(name) for _, address in read_addresses(found.value)]
