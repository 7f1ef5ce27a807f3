"""Everything that is known of one message, gathered once for the page, the command line and the pack."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from lasthop.explain.stop_lists import Listing, stop_lists_of
from lasthop.explain.typo import Typo, find_typo
from lasthop.explain.verdict import Verdict, verdict
from lasthop.model.outcomes import Outcome
from lasthop.reply import Reason, Reply, Rules, classify
from lasthop.store import Snapshot
from lasthop.trace import Event, Message, Tie, ties
from lasthop.trace.message import batches_of
from lasthop.trace.timeline import stop_list_entries_of, timelines


@dataclass(frozen=True)
class Dossier:
    """A message, its events oldest first, its ties, the stop lists that hold its address, and the verdict.

    ``listings`` are those lists with what put the address there; ``typo`` is the address that was perhaps meant, None
    when nothing is convincing or the message did not fail. ``stop_lists`` empty means that the loaded lists do not name
    the address, not that SendGrid's do not. ``as_of_ms`` is the newest provider event of the workspace: the instant for
    which the verdict is stated.
    """

    message: Message
    timeline: list[Event]
    ties: list[Tie]
    stop_lists: list[Event]
    verdict: Verdict
    as_of_ms: int
    typo: Typo | None
    listings: tuple[Listing, ...]


def dossier(snapshot: Snapshot, message_id: str, zone: str = "UTC", *, hints: bool = True) -> Dossier:
    """The dossier of the message with our own id. Raises NotFound.

    ``hints`` False leaves out what takes a look at many messages of the workspace: the typo, and the listings where
    the verdict does not need them.
    """
    return next(dossiers(snapshot, [message_id], zone, hints=hints))


def dossiers(
    snapshot: Snapshot, message_ids: Sequence[str], zone: str = "UTC", *, hints: bool = False
) -> Iterator[Dossier]:
    """The dossiers of many messages in the order given, read some hundreds at a time: ids by time sent are fastest.

    Raises NotFound at the first that is not there. ``hints`` as for `dossier`.
    """
    as_of_ms = int(snapshot.value("SELECT as_of_ms FROM edge") or 0)
    for messages in batches_of(snapshot, message_ids):
        entries = stop_list_entries_of(snapshot, [message.recipient for message in messages])
        told = stop_lists_of(
            snapshot, (each.recipient for each in messages if hints or each.outcome is Outcome.SUPPRESSED)
        )
        for message, events in zip(messages, timelines(snapshot, messages), strict=True):
            needed = hints or message.outcome is Outcome.SUPPRESSED
            listings = told.get(message.recipient or "", ()) if needed else ()
            yield Dossier(
                message,
                events,
                ties(message),
                entries.get(message.recipient or "", []),
                verdict(message, events, as_of_ms, zone, _reason(message, events, snapshot.rules), listings),
                as_of_ms,
                find_typo(snapshot, message.recipient) if hints and message.outcome not in _ARRIVED else None,
                listings,
            )


_ARRIVED = (Outcome.ACCEPTED, Outcome.COMPLAINED)


def _reason(message: Message, events: list[Event], rules: Rules) -> Reason | None:
    """The reason of the message with all that its reply tells beside the label."""
    deciding = next((event for event in events if event["event_id"] == message.reason_event), None)
    if deciding is None or message.reason is None:
        return None
    reason = classify(
        Reply(deciding["reply"], deciding["reply_code"], deciding["enhanced_code"], deciding["host"], message.domain),
        rules,
    )
    # Rules that changed while another load holds the workspace: the stored label stands until it is derived again.
    return reason if reason.label == message.reason else None


def dossier_json(known: Dossier) -> dict[str, Any]:
    """The dossier as ``lasthop trace --json`` prints it."""
    said = asdict(known.verdict)
    return {
        "message": known.message.message,
        "verdict": said,
        "timeline": [event_json(event) for event in known.timeline],
        "links": [
            {
                "event": tie.event,
                "key": tie.key,
                "confidence": tie.confidence,
                "for": list(tie.speaks_for),
                "against": list(tie.speaks_against),
            }
            for tie in known.ties
        ],
        "suppressions": [event_json(event) for event in known.stop_lists],
        "typo": asdict(known.typo) if known.typo else None,
    }


def event_json(event: Event) -> dict[str, Any]:
    """An event with its instant as ISO 8601 UTC in ``time`` instead of ``time_ms``; None where there is no time."""
    rest = {name: value for name, value in event.items() if name not in ("time_ms", "batch")}
    return {"event_id": rest.pop("event_id"), "time": iso(event["time_ms"]), **rest}


def iso(time_ms: int | None) -> str | None:
    """Epoch milliseconds as ISO 8601 UTC with milliseconds and Z; None stays None."""
    if time_ms is None:
        return None
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
