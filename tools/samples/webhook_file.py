"""What an endpoint behind the provider's Event Webhook kept: late, doubled, out of order, some wrapped."""

import gzip
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from samples.clock import END, after
from samples.ids import event_id, opaque_id
from samples.model import Event, Message, Orphan
from samples.postman import ids_of

BEGIN = END - timedelta(days=10)
Payload = dict[str, object]
_DELIVERY = {"processed", "deferred", "delivered", "bounce", "dropped"}


def _told_of_delivery(event: Event) -> Payload:
    """What the events on the way have; all of their texts come from the receiving server."""
    if event.kind == "processed":
        return {"send_at": 0}
    if event.kind == "dropped":
        return {"reason": event.text}
    told: Payload = {"tls": int(bool(event.ip))} | ({"ip": event.ip} if event.ip else {})
    if event.kind == "delivered":
        return told | {"response": event.text}
    if event.kind == "deferred":
        return told | {"response": event.text, "attempt": str(event.attempt)}
    told |= {"reason": event.text, "type": event.type} | ({"status": event.status} if event.status else {})
    return told | {"bounce_classification": event.classification or "Unclassified"}


def _told_of_reader(event: Event) -> Payload:
    """What the reader's program gives away; a complaint comes from the provider and says nothing."""
    if event.kind in {"spamreport", "unsubscribe"}:
        return {}
    told: Payload = {"ip": event.ip, "useragent": event.agent}
    if event.kind == "open":
        return told | {"sg_machine_open": event.machine, "sg_content_type": "html"}
    if event.kind == "click":
        return told | {"url": event.url, "url_offset": {"index": 0, "type": "html"}}
    return told | {"url": "https://aozora-store.example/mail/stop"}


def payload(message: Message, event: Event) -> Payload:
    """One event as posted: custom arguments lie flat among the rest; there is neither subject nor sender."""
    ids = ids_of(message)
    categories = message.occasion.categories
    told: Payload = dict(message.arguments)
    told |= {
        "email": message.recipient,
        "timestamp": int(event.time.timestamp()),
        "event": event.kind,
        "category": list(categories) if len(categories) > 1 else categories[0],
        "sg_event_id": event_id(event.kind, event.attempt, ids, event.time),
        "sg_message_id": ids.message_id,
    }
    if event.kind in _DELIVERY:
        told["smtp-id"] = ids.smtp_id
    if message.occasion.template:
        told["sg_template_id"] = message.occasion.template
    if message.occasion.group:
        told["asm_group_id"] = int(message.occasion.group)
    return told | (_told_of_delivery(event) if event.kind in _DELIVERY else _told_of_reader(event))


def _async_bounce(orphan: Orphan) -> Payload:
    event = orphan.event
    return {
        "email": orphan.recipient,
        "timestamp": int(event.time.timestamp()),
        "status": event.status,
        "reason": event.text,
        "sg_message_id": "",
        "sg_event_id": opaque_id(orphan.recipient),
        "type": event.type,
        "event": event.kind,
    }


class Endpoint:
    """Notes what is posted to it with the time it came, twice when the provider was not sure."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.received: list[tuple[datetime, int, Payload]] = []

    def take(self, moment: datetime, told: Payload) -> None:
        """Mostly within a minute, sometimes hours late; one in thirty again, mostly under another id."""
        late = self.rng.random() < 0.02 and moment < END - timedelta(hours=15)
        self._note(after(moment, self.rng, 3600, 50_000) if late else after(moment, self.rng, 1, 45), told)
        if self.rng.random() < 0.03 and moment < END - timedelta(hours=2):
            known = str(told["sg_event_id"])
            again = opaque_id(f"again {known}") if self.rng.random() < 0.7 else known
            self._note(after(moment, self.rng, 60, 7200), told | {"sg_event_id": again})

    def _note(self, moment: datetime, told: Payload) -> None:
        if self.rng.random() < 0.015:
            told = told | {"timestamp": int(str(told["timestamp"])) * 1000}
        self.received.append((moment, len(self.received), told))

    def lines(self) -> list[str]:
        """In the order of arrival; most lines wrapped by the collector, some as they were posted."""
        kept = []
        for moment, _, told in sorted(self.received, key=lambda item: item[:2]):
            stamp = f"{moment:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
            wrapped: Payload = {"received_at": stamp, "source": "sendgrid", "raw_event": told}
            kept.append(json.dumps(wrapped if self.rng.random() < 0.6 else told, ensure_ascii=False))
        return kept


def write(folder: Path, messages: list[Message], orphans: list[Orphan], rng: Random) -> None:
    """The last ten days; one open in twenty-five never reached the endpoint."""
    told = [(e.time, payload(m, e)) for m in messages for e in m.events if e.time >= BEGIN]
    told += [(orphan.event.time, _async_bounce(orphan)) for orphan in orphans]
    endpoint = Endpoint(rng)
    for moment, body in sorted(told, key=lambda item: (item[0], str(item[1]["sg_event_id"]))):
        if body["event"] != "open" or moment == END or rng.random() > 0.04:
            endpoint.take(moment, body)
    raw = "".join(line + "\n" for line in endpoint.lines()).encode("utf-8")
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as file:
        file.write(raw)
    (folder / "sendgrid_webhook_2026-11.ndjson.gz").write_bytes(packed.getvalue())
