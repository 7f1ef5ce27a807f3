"""One message as the page tells it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from lasthop.explain import Dossier
from lasthop.model.marks import MARKS
from lasthop.pack.page.environment import templates
from lasthop.pack.page.timeline import picture
from lasthop.pack.rows import NO_EVENT, SENT_BASIS, STOP_LISTS, TIMELINE, Sources, stop_list_rows, timeline_rows

EVENTS = 100
"""So many events of one message stand in its table; timeline.csv has all."""
_SYSTEMS = {"app": "Application", "provider": "SendGrid", "receiver": "Receiving server"}


@dataclass(frozen=True)
class Told:
    """A message in the list at the top of the page. ``outcome`` is empty when no event is there."""

    number: int
    recipient: str | None
    subject: str | None
    sent_ms: int
    outcome: str


def told(number: int, known: Dossier) -> Told:
    """The message in one line."""
    message = known.message
    return Told(
        number, message.recipient, message.subject, message.sent_ms, str(message.outcome) if known.timeline else ""
    )


def section(number: int, known: Dossier, sources: Sources, zone: str) -> str:
    """The message in full, HTML."""
    events = list(_events(known, sources, ZoneInfo(zone)))
    return templates().get_template("section.html").render(
        number=number,
        message=known.message,
        said=known.verdict,
        basis=SENT_BASIS.get(known.message.sent_basis, known.message.sent_basis),
        zone=zone,
        no_event=NO_EVENT,
        picture=picture(known.timeline, zone),
        timeless=sum(event["time_ms"] is None for event in known.timeline),
        events=events[:EVENTS],
        more=len(events) - EVENTS,
        listed=[dict(zip(STOP_LISTS, row, strict=True)) for row in stop_list_rows(known, sources, ZoneInfo(zone))],
    )  # fmt: skip


def _events(known: Dossier, sources: Sources, clock: ZoneInfo) -> Iterator[Mapping[str, Any]]:
    """The rows of timeline.csv, with the words for system and event, and whether the verdict cites them."""
    cited = frozenset(known.verdict.evidence)
    for row in timeline_rows(known, sources, clock):
        event: dict[str, Any] = dict(zip(TIMELINE, row, strict=True))
        mark = MARKS.get(event["kind"])
        yield event | {
            "system": _SYSTEMS.get(event["system"], event["system"]),
            "words": mark.words if mark else event["kind_raw"] or event["kind"],
            "colour": mark.colour if mark else None,
            "cited": event["event_id"] in cited,
        }
