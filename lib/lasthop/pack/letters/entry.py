"""The lines of one message in a letter."""

from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from lasthop.explain import Dossier
from lasthop.explain.entries import decisive_of
from lasthop.explain.receipt import receipt
from lasthop.model.kinds import ATTEMPTS, BOUNCES, Kind
from lasthop.model.outcomes import Outcome
from lasthop.pack.gaps import Lists
from lasthop.pack.identifiers import with_brackets
from lasthop.pack.letters.quoting import (
    flat,
    plain_stamp,
    quoted,
    sender_address,
    stamp,
    visible_sender,
    without_addresses,
)
from lasthop.pack.letters.remote import remote_ip
from lasthop.pack.letters.sightings import deliveries, line, newest_attempt, own_stages, words
from lasthop.pack.letters.variant import is_redacted, own_events
from lasthop.pack.letters.wording import say
from lasthop.pack.letters.zones import both
from lasthop.pack.ticket import per_message

EVENTS = 10
"""So many events of one message stand in a letter: the newest ones."""
AMBIGUOUS = 5
_UNKNOWN = "not known"
_BASIS = {
    "app": "by the application's log",
    "processed": "processed by SendGrid",
    "first_event": "first event; the sending itself is not on record",
}
_OF_THE_APPLICATION = (Kind.HANDED_OVER, Kind.LOGGED, Kind.REFUSED)


def for_sendgrid(known: Dossier) -> list[str]:
    """Ids first, then who and when, then every event with its reply."""
    message, own = known.message, own_stages(known)
    left = len(own) - len(own[-EVENTS:])
    return [
        f"X-Message-Id: {_id(message.x_message_id)}",
        f"sg_message_id: {_id(message.provider_message_id)}",
        f"smtp-id: {_header_id(known)}",
        *([f"Message-ID: {_received_id(known)}"] if _in_header(known) else []),
        f"Recipient: {_id(message.recipient)}",
        f"From: {_id(message.sender)}",
        f"Subject: {quoted(message.subject, _absent(known))}",
        f"Time ({_BASIS.get(message.sent_basis, message.sent_basis)}): {stamp(message.sent_ms, UTC)}",
        *(["Events (UTC):"] if own else []),
        *([f"  {left} earlier events: see timeline.csv in the evidence pack"] if left else []),
        *(line(stage) for stage in own[-EVENTS:]),
        *notes(known, "en"),
    ]


def for_receiver(known: Dossier, zone: tzinfo) -> list[str]:
    """What their administrator can search by; the reply is the one of the newest attempt of this message."""
    message = known.message
    last = newest_attempt(known)
    host, ip, reply, at = (last.host, last.ip, last.reply, last.time_ms) if last else (None, None, None, None)
    delivered = next(iter(deliveries(known)), None)
    queue_id = receipt(delivered.reply) if delivered else None
    far = remote_ip(reply, ip)
    accepted = delivered if delivered != last else None
    return [
        f"Time of the newest attempt on record: {both(at, zone)}",
        f"Time ({_BASIS.get(message.sent_basis, message.sent_basis)}): {both(message.sent_ms, zone)}",
        f"Your host: {_id(host)}",
        f"Your IP: {_id(far)}" + (" (read from the recorded text)" if far else ""),
        f"Sending IP: {_id(ip)}",
        f"Your queue id: {_id(queue_id)}" + (" (read from the reply)" if queue_id else ""),
        f"Recorded reply or note: {quoted(reply, _UNKNOWN, 2000)}",
        *([f"Reply at acceptance: {quoted(accepted.reply, _UNKNOWN, 2000)}"] if accepted else []),
        f"Message-ID: {_received_id(known)}",
        f"Sender (From): {visible_sender(message.sender, _mark('en')) or _UNKNOWN}",
        f"Recipient: {_id(message.recipient)}",
        f"Subject: {quoted(without_addresses(message.subject, _mark('en')), _UNKNOWN)}",
        *notes(known, "en"),
    ]


def for_kuroco(known: Dossier, zone: tzinfo, language: str, ticket: Mapping[str, str], lists: Lists) -> list[str]:
    """What the help page wants of each mail. Their Slack is read by many: texts name nobody who is no part of it."""
    message = known.message
    told = {name: ticket.get(per_message(name, message.message), "").strip() for name in ("number", "sender", "time")}
    values = {
        "no": flat(told["number"]) or say("label", "not_supplied", language),
        "from": flat(message.sender or told["sender"] or _absent(known, language), 320),
        "to": flat(message.recipient or _absent(known, language), 320),
        "time": flat(told["time"]) or _time_on_record(known, zone, language),
        "subject": _text(known, message.subject, language),
        "reply": _text(known, _deciding_reply(known), language, 1000),
    }
    colon = say("label", "colon", language)
    lines = [f"{say('label', name, language)}{colon}{value}" for name, value in values.items()]
    lines.insert(-1, f"X-Message-Id{colon}{_id(message.x_message_id, say('label', 'not_known', language))}")
    return [*lines, *_listed(known, lists, zone, language), *notes(known, language)]


def _time_on_record(known: Dossier, zone: tzinfo, language: str) -> str:
    said = "time_by_app" if known.message.sent_basis == "app" else "time_by_sendgrid"
    return say("label", said, language, time=stamp(known.message.sent_ms, zone))


def _text(known: Dossier, text: str | None, language: str, limit: int = 200) -> str:
    """A text with the addresses of the message itself, and no other."""
    own = [each for each in (known.message.recipient, sender_address(known.message.sender)) if each]
    return quoted(without_addresses(text, _mark(language), own), _absent(known, language), limit)


def _listed(known: Dossier, lists: Lists, zone: tzinfo, language: str) -> Iterator[str]:
    # Newest first: of two entries in one list the newest stands.
    since = {event["stop_list"]: event["time_ms"] for event in reversed(known.stop_lists) if event["stop_list"]}
    if since:
        said = [_since(name, at, zone, language) for name, at in sorted(since.items())]
        yield say("kuroco", "listed", language, lists=say("label", "comma", language).join(said))
    elif lists.loaded:
        yield say("kuroco", "not_listed", language)


def _since(stop_list: str, time_ms: int | None, zone: tzinfo, language: str) -> str:
    if time_ms is None:
        return say("kuroco", "undated", language, stop_list=stop_list)
    return say("kuroco", "since", language, stop_list=stop_list, time=stamp(time_ms, zone))


def for_person(known: Dossier, zone: ZoneInfo, language: str) -> list[str]:
    """Which mail is meant, then what weakens the evidence; without an id and without anybody else's address."""
    message, mark = known.message, _mark(language)
    basis = "message_first" if message.sent_basis == "first_event" else "message"
    subject = quoted(without_addresses(message.subject, mark), "", 120, "「」" if language == "ja" else '""')
    sender = visible_sender(message.sender, mark)
    said = [
        say("person", basis, language, time=plain_stamp(message.sent_ms, zone, language)),
        *([say("person", "sender", language, text=sender)] if sender else []),
        *([say("person", "subject", language, text=subject)] if subject else []),
    ]
    lines = [say("person", "joint", language).join(said)]
    kinds = {event["kind"] for event in known.timeline if event["tie"] == "ambiguous"} - set(_OF_THE_APPLICATION)
    if kinds:
        lines.append(say("person", "ambiguous_bounce" if kinds & set(BOUNCES) else "ambiguous", language))
    return [*lines, *_tied(known, "person", language)]


def notes(known: Dossier, language: str) -> Iterator[str]:
    """What weakens the evidence of this message."""
    doubtful = [event for event in known.timeline if event["tie"] == "ambiguous"][-AMBIGUOUS:]
    if doubtful:
        events = ", ".join(f"{stamp(event['time_ms'], UTC)} {words([event])}" for event in doubtful)
        yield say("label", "ambiguous", language, events=events)
    yield from _tied(known, "label", language)


def _tied(known: Dossier, section: str, language: str) -> Iterator[str]:
    deciding = decisive_of(known.message, known.timeline)
    if deciding and not any(event["tie"] in ("own", "exact", "high") for event in deciding):
        yield say(section, "tied", language)


def is_answered(known: Dossier, desk: str) -> bool:
    """Whether the lines for the desk hold what was answered at the event that decides."""
    if desk == "receiver":
        last = newest_attempt(known)
        return last is not None and bool(last.reply)
    return any(event["reply"] for event in decisive_of(known.message, known.timeline))


def _deciding_reply(known: Dossier) -> str | None:
    kinds = {
        Outcome.NOT_HANDED_OVER: (Kind.REFUSED,),
        Outcome.SUPPRESSED: (Kind.DROPPED,),
        Outcome.UNKNOWN: (*ATTEMPTS, Kind.LOGGED, Kind.HANDED_OVER),
        Outcome.ACCEPTED: (Kind.DELIVERED,),
    }.get(known.message.outcome, ATTEMPTS)
    return next((e["reply"] for e in reversed(own_events(known)) if e["kind"] in kinds and e["reply"]), None)


def _in_header(known: Dossier) -> str | None:
    """The Message-ID of the mail itself, where an original or a bounce mail that holds its header was loaded."""
    told = (e["message_id_header"] for e in known.timeline if e["vantage"] != "provider" and e["tie"] != "ambiguous")
    return next(filter(None, told), None)


def _received_id(known: Dossier) -> str:
    """The Message-ID by which the receiver finds the mail."""
    seen = _in_header(known)
    return f"{with_brackets(flat(seen, 998))} (from the header of the mail)" if seen else _header_id(known)


def _header_id(known: Dossier) -> str:
    named = known.message.message_id_header
    return f"{with_brackets(flat(named, 998))} (as SendGrid records it; the header may differ)" if named else _UNKNOWN


def _absent(known: Dossier, language: str = "en") -> str:
    """What stands for a text that is not there: what was left out of a masked copy may well be known."""
    return say("label", "withheld" if is_redacted(known) else "not_known", language)


def _mark(language: str) -> str:
    return say("label", "address", language)


def _id(text: str | None, unknown: str = _UNKNOWN) -> str:
    return flat(text, 320) if text else unknown
