"""Which of the wordings fits a message: the entry of its verdict, told finer where a letter has to."""

from dataclasses import dataclass

from lasthop.explain import Dossier, Entry
from lasthop.model.kinds import Kind
from lasthop.model.outcomes import FAILED, Outcome
from lasthop.pack.redact.masks import MASK
from lasthop.trace import Event

BY_DESIGN = "by_design"
NO_MAIL_SERVER = "no_mail_server"
_UNANSWERED = (Entry.BLOCKED_UNANSWERED, Entry.EXPIRED_UNANSWERED)
_SILENCE = "silence."
_DROPS = {
    "drop.bounces": "bounces",
    "drop.spam_reports": "spam_reports",
    "drop.unsubscribes": "unsubscribes",
    "drop.invalid": "invalid_emails",
}
_TO_THE_PERSON: dict[str, str] = {
    Entry.WAITING_PAST_WINDOW: "unknown",
    Entry.UNKNOWN_NO_PROVIDER: "unknown",
    Entry.UNKNOWN_AMBIGUOUS: "unknown",
    Entry.UNKNOWN_NOT_UNDERSTOOD: "unknown",
    Entry.BOUNCED: "failed",
    Entry.BOUNCED_UNTYPED: "failed",
    Entry.BOUNCED_NOT_THE_ADDRESS: "failed_not_the_address",
    Entry.BLOCKED: "failed_not_the_address",
    Entry.BLOCKED_BY_THE_ADDRESS: "failed_address",
    Entry.BLOCKED_AFTER_RETRIES: "failed_given_up",
    Entry.EXPIRED: "failed_given_up",
    Entry.BLOCKED_UNANSWERED: "failed_unanswered",
    Entry.EXPIRED_UNANSWERED: "failed_unanswered",
    NO_MAIL_SERVER: "failed_address",
}
_WHO = {"recipient address": "failed_address", "recipient mailbox": "failed_mailbox"}


@dataclass(frozen=True)
class Group:
    """Messages of which a letter speaks in one go, by what its sentences say of them.

    ``answered``: what was answered stands in their lines; ``listed``: the loaded stop list in question holds the
    address.
    """

    variant: str
    answered: bool = False
    listed: bool = False


def own_events(known: Dossier) -> list[Event]:
    """The events that are known to be of this message; stamps of the received mail are told by its header, not here."""
    return [event for event in known.timeline if event["tie"] != "ambiguous" and event["kind"] != Kind.HOP]


def variant(known: Dossier) -> str:
    """The name under which the wordings for desks speak of this message."""
    name = str(known.verdict.entry)
    if (known.verdict.cause_id or "").startswith(_SILENCE):
        return BY_DESIGN
    if known.message.outcome is Outcome.SUPPRESSED:
        return f"suppressed_{_DROPS.get(known.verdict.cause_id or '', 'other')}"
    if known.verdict.entry in _UNANSWERED and known.verdict.reason == "bad_domain":
        return NO_MAIL_SERVER
    if known.message.outcome is Outcome.WAITING and any(e["kind"] == Kind.DEFERRED for e in own_events(known)):
        return f"{name}_deferred"
    return name


def for_the_person(known: Dossier) -> str:
    """The name under which the wordings for the person speak of it: fewer, and by what the person can do."""
    name = variant(known)
    if known.message.outcome is Outcome.WAITING:
        name = str(known.verdict.entry)
    plain = _TO_THE_PERSON.get(name, name)
    told = known.message.outcome in FAILED and plain.startswith("failed")
    if told and known.verdict.reason == "recipient_refused":
        return "failed_refused"
    return _WHO.get(known.verdict.who, plain) if told and known.verdict.cause_id else plain


def is_masked(address: str | None) -> bool:
    """Whether the address is a mask: nobody can be written to at it, and nobody can look for it."""
    return MASK.fullmatch((address or "").rpartition("@")[0]) is not None


def is_redacted(known: Dossier) -> bool:
    """Whether something of the message may have been left out on purpose."""
    return is_masked(known.message.recipient) or is_masked(known.message.sender)
