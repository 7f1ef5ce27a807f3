"""The lines of one message in a letter."""

from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo

from lasthop.explain import Dossier
from lasthop.explain.receipt import receipt
from lasthop.model.kinds import ACCEPTANCE, ATTEMPTS, BOUNCES, Kind
from lasthop.model.outcomes import FAILED, Outcome
from lasthop.pack.identifiers import with_brackets
from lasthop.pack.letters.quoting import flat, quoted, stamp, without_addresses
from lasthop.pack.letters.variant import own_events
from lasthop.pack.letters.wording import say
from lasthop.pack.letters.zones import both
from lasthop.pack.ticket import per_message
from lasthop.trace import Event

EVENTS = 10
"""So many events of one message stand in a letter: the newest ones."""
_UNKNOWN = "not known"
_DECIDING: dict[Outcome, tuple[Kind, ...]] = {
    Outcome.ACCEPTED: ACCEPTANCE,
    Outcome.WAITING: (Kind.DEFERRED,),
    Outcome.SUPPRESSED: (Kind.DROPPED,),
    Outcome.NOT_HANDED_OVER: (Kind.REFUSED,),
    Outcome.COMPLAINED: (Kind.SPAM_REPORT,),
}
_BASIS = {
    "app": "sent, by the application's log",
    "processed": "processed by SendGrid",
    "first_event": "first event; the sending itself is not on record",
}


def for_sendgrid(known: Dossier) -> list[str]:
    """Ids first, then who and when, then every event with its reply."""
    message = known.message
    own = own_events(known)
    newest = own[-EVENTS:]
    left = len(own) - len(newest)
    return [
        f"X-Message-Id: {_id(message.x_message_id)}",
        f"sg_message_id: {_id(message.provider_message_id)}",
        f"smtp-id: {_header_id(known)}",
        f"Recipient: {_id(message.recipient)}",
        f"From: {_id(message.sender)}",
        f"Subject: {quoted(message.subject, _UNKNOWN)}",
        f"Time ({_BASIS.get(message.sent_basis, message.sent_basis)}): {stamp(message.sent_ms, UTC)}",
        "Events (UTC):",
        *([f"  {left} earlier events: see timeline.csv in the evidence pack"] if left else []),
        *(_event(event) for event in newest),
        *notes(known, "en"),
    ]


def _event(event: Event) -> str:
    reply = f": {quoted(event['reply'], '', 1000)}" if event["reply"] else ""
    return f"  {stamp(event['time_ms'], UTC)} {event['vantage']} {event['kind']}{reply}"


def for_receiver(known: Dossier, zone: tzinfo) -> list[str]:
    """What their administrator can search by; the reply is the one of the newest attempt of this message."""
    message = known.message
    last = newest_attempt(known)
    # An event of Kuroco's application log names the application's host and the client's IP: never taken here.
    host, ip, reply, at = [last[name] if last else None for name in ("host", "ip", "reply", "time_ms")]
    delivered = next((e for e in own_events(known) if e["kind"] == Kind.DELIVERED), None)
    queue_id = receipt(delivered["reply"]) if delivered else None
    return [
        f"Time of the newest attempt on record: {both(at, zone)}",
        f"Time ({_BASIS.get(message.sent_basis, message.sent_basis)}): {both(message.sent_ms, zone)}",
        f"Your host: {_id(host)}",
        "Your IP: not known (SendGrid's records do not give it)",
        f"Sending IP: {_id(ip)}",
        f"Your queue id: {_id(queue_id)}" + (" (read from the reply)" if queue_id else ""),
        f"Recorded reply: {quoted(reply, _UNKNOWN, 2000)}",
        *(
            [f"Reply at acceptance: {quoted(delivered['reply'], _UNKNOWN, 2000)}"]
            if delivered and _other(delivered, last)
            else []
        ),
        f"Message-ID: {_header_id(known)}",
        f"Sender (From): {_id(message.sender)}",
        f"Recipient: {_id(message.recipient)}",
        f"Subject: {quoted(without_addresses(message.subject), _UNKNOWN)}",
        *notes(known, "en"),
    ]


def _other(delivered: Event, last: Event | None) -> bool:
    return last is not None and delivered["event_id"] != last["event_id"]


def for_kuroco(known: Dossier, zone: tzinfo, language: str, ticket: Mapping[str, str]) -> list[str]:
    """What the help page wants of each mail."""
    message = known.message
    unknown = say("label", "not_known", language)
    told = {name: ticket.get(per_message(name, message.message), "").strip() for name in ("number", "sender", "time")}
    sender = message.sender or told["sender"]
    by_event = "" if message.sent_basis == "app" else f" ({say('label', 'by_event', language)})"
    when = flat(told["time"]) if told["time"] else f"{stamp(message.sent_ms, zone)}{by_event}"
    reply = _deciding_reply(known)
    return [
        f"{say('label', 'no', language)}: {flat(told['number']) or say('label', 'not_supplied', language)}",
        f"{say('label', 'from', language)}: {flat(sender) if sender else unknown}",
        f"{say('label', 'to', language)}: {flat(message.recipient) if message.recipient else unknown}",
        f"{say('label', 'time', language)}: {when}",
        f"{say('label', 'subject', language)}: {quoted(message.subject, unknown)}",
        f"X-Message-Id: {flat(message.x_message_id) if message.x_message_id else unknown}",
        f"{say('label', 'reply', language)}: {quoted(reply, unknown, 1000)}",
        *_listed(known, language),
        *notes(known, language),
    ]


def _listed(known: Dossier, language: str) -> Iterator[str]:
    named = sorted({event["stop_list"] for event in known.stop_lists if event["stop_list"]})
    if named:
        yield say("kuroco", "listed", language, lists=", ".join(named))


def for_person(known: Dossier, zone: tzinfo, language: str) -> list[str]:
    """Which mail is meant, without an id and without anybody else's address."""
    message = known.message
    unknown = say("label", "not_known", language)
    subject = quoted(without_addresses(message.subject), unknown, 120)
    when, sender = stamp(message.sent_ms, zone), flat(message.sender) if message.sender else unknown
    return [
        say("person", "message", language, time=when, sender=sender, subject=subject),
        *notes(known, language, "person"),
    ]


def notes(known: Dossier, language: str, section: str = "label") -> Iterator[str]:
    """What weakens the evidence of this message."""
    if any(event["tie"] == "ambiguous" for event in known.timeline):
        yield say(section, "ambiguous", language)
    deciding = [event for event in own_events(known) if event["kind"] in _deciding_kinds(known)]
    if deciding and not any(event["tie"] in ("own", "exact", "high") for event in deciding):
        yield say(section, "tied", language)


def _deciding_kinds(known: Dossier) -> tuple[Kind, ...]:
    return _DECIDING.get(known.message.outcome, BOUNCES if known.message.outcome in FAILED else ())


def newest_attempt(known: Dossier) -> Event | None:
    """The newest event of this message that reports a try at the receiving server; of an accepted one the delivery."""
    kinds = (Kind.DELIVERED,) if known.message.outcome is Outcome.ACCEPTED else ATTEMPTS
    return next((e for e in reversed(own_events(known)) if e["kind"] in kinds and e["vantage"] == "provider"), None)


def _deciding_reply(known: Dossier) -> str | None:
    kinds = {
        Outcome.NOT_HANDED_OVER: (Kind.REFUSED,),
        Outcome.SUPPRESSED: (Kind.DROPPED,),
        Outcome.UNKNOWN: (*ATTEMPTS, Kind.LOGGED, Kind.HANDED_OVER),
        Outcome.ACCEPTED: (Kind.DELIVERED,),
    }.get(known.message.outcome, ATTEMPTS)
    return next((e["reply"] for e in reversed(own_events(known)) if e["kind"] in kinds and e["reply"]), None)


def _header_id(known: Dossier) -> str:
    named = known.message.message_id_header
    return f"{with_brackets(flat(named, 998))} (as SendGrid records it; the header may differ)" if named else _UNKNOWN


def _id(text: str | None) -> str:
    return flat(text, 320) if text else _UNKNOWN
