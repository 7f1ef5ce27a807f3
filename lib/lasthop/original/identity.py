"""Who sent a message, by each thing in its header that says so, and where these do not agree."""

from dataclasses import dataclass

from lasthop.original.domains import domain_of, registered_domain
from lasthop.original.field import Defect, Field, Header
from lasthop.original.mailboxes import Mailbox, read_mailboxes
from lasthop.original.signatures import Signature


@dataclass(frozen=True, slots=True)
class Identity:
    """Everybody who is named as the sender; None and empty where the header does not say."""

    from_: tuple[Mailbox, ...] = ()
    """What people see: the addresses of the topmost From."""
    sender: Mailbox | None = None
    reply_to: tuple[Mailbox, ...] = ()
    return_path: Mailbox | None = None
    """The envelope's sender, where bounces go (RFC 5321 §4.4); its address is "" for a bounce mail."""
    signed_by: tuple[str, ...] = ()
    """The domains of the DKIM signatures, the newest first, each once."""
    defects: tuple[Defect, ...] = ()

    @property
    def author(self) -> Mailbox | None:
        """The first address of From; None where there is none."""
        return next((each for each in self.from_ if each.address), None)

    @property
    def author_domain(self) -> str | None:
        """The domain that DMARC asks about (RFC 7489 §3.1); None where From has no address."""
        return domain_of(self.author.address) if self.author else None


def identity(header: Header, signatures: tuple[Signature, ...]) -> Identity:
    """Who sent the message; ``signatures`` are those of the same header."""
    authors = header.all("From")
    from_ = read_mailboxes(authors[0]) if authors else ()
    sender, reply_to, path = (header.first(name) for name in ("Sender", "Reply-To", "Return-Path"))
    envelope = path or header.first("X-Envelope-From") or header.first("Envelope-From")
    return Identity(
        from_=from_,
        sender=next(iter(read_mailboxes(sender)), None) if sender else None,
        reply_to=read_mailboxes(reply_to) if reply_to else (),
        return_path=next(iter(read_mailboxes(envelope)), None) if envelope else None,
        signed_by=tuple(dict.fromkeys(each.domain for each in signatures if each.domain)),
        defects=tuple(_defects(authors, from_)),
    )


def _defects(authors: tuple[Field, ...], from_: tuple[Mailbox, ...]) -> list[Defect]:
    found: list[Defect] = []
    if not authors:
        return [Defect("no_from", "The header has no From (RFC 5322 §3.6 wants one).")]
    line = authors[0].line
    if len(authors) > 1:
        says = f"From stands there {len(authors)} times; the topmost is read, other programs may show another."
        found.append(Defect("several_from_fields", says, authors[1].line))
    if not any(each.address for each in from_):
        found.append(Defect("no_from_address", "From has no address.", line))
    if sum(bool(each.address) for each in from_) > 1:
        found.append(
            Defect("several_authors", "From names several addresses; the first is taken for the author.", line)
        )
    if any(each.address.count("@") > 1 for each in from_):
        found.append(Defect("odd_address", "An address in From has more than one @.", line))
    return found


def same_organization(one: str | None, other: str | None) -> bool | None:
    """Whether two domains belong to one registered domain; None where one of them has none."""
    first, second = registered_domain(one), registered_domain(other)
    return None if first is None or second is None else first == second
