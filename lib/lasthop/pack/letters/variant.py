"""Which of the wordings fits a message: its outcome, told finer where the evidence is of another kind."""

from lasthop.explain import Dossier
from lasthop.model.kinds import BOUNCES, Kind
from lasthop.model.outcomes import Outcome
from lasthop.trace import Event

_LISTS = ("bounces", "spam_reports", "unsubscribes", "invalid_emails")
_DROPS = {"drop.invalid": "invalid_emails", **{f"drop.{name}": name for name in _LISTS}}
_FAILED = (Outcome.BLOCKED, Outcome.BOUNCED, Outcome.EXPIRED)


def own_events(known: Dossier) -> list[Event]:
    """The events that are known to be of this message."""
    return [event for event in known.timeline if event["tie"] != "ambiguous"]


def variant(known: Dossier) -> str:
    """The name under which the catalogue speaks of this message."""
    if not known.timeline:
        return "no_events"
    own = own_events(known)
    kinds = {event["kind"] for event in own}
    name = str(known.message.outcome)
    match known.message.outcome:
        case Outcome.ACCEPTED if Kind.DELIVERED not in kinds:
            name = "accepted_from_use"
        case Outcome.WAITING:
            past = "_past" if known.as_of_ms > known.message.gives_up_ms else ""
            name = f"waiting{past}{'_deferred' if Kind.DEFERRED in kinds else ''}"
        case Outcome.UNKNOWN if known.message.provider_last_ms is None:
            name = _without_provider(known)
        case Outcome.SUPPRESSED:
            name = f"suppressed_{_DROPS.get(known.verdict.cause_id or '', 'other')}"
        case Outcome.BOUNCED if kinds & set(BOUNCES) == {Kind.BOUNCE_UNTYPED}:
            name = "bounced_untyped"
        case outcome if outcome in _FAILED and _unanswered(own):
            name = "unanswered"
    return name


def _without_provider(known: Dossier) -> str:
    if known.verdict.cause_id:
        return "unknown_by_design"
    if known.message.last_kind == Kind.LOGGED:
        return "unknown_not_understood"
    return "unknown_ambiguous" if known.message.link_confidence == "ambiguous" else "unknown_no_provider"


def _unanswered(own: list[Event]) -> bool:
    told = [event for event in own if event["kind"] in BOUNCES and event["reply"]]
    return bool(told) and not any(event["reply_code"] or event["enhanced_code"] for event in told)
