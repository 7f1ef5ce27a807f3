"""The mail that the stand-in knows: invented messages with their events, and when each of them comes to be known."""

import base64
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

DAY = 86_400
DOMAINS = ("mail.example", "post.example.jp", "inbox.example.net", "example.org")
_USER = "12345678"


@dataclass
class Happened:
    """One event in the words of the Email Logs, without what it shares with its message.

    ``known`` (epoch seconds) is when the service begins to tell it: at once, or later.
    """

    event: str
    time: int
    entries: dict[str, Any]
    known: int


@dataclass
class Sent:
    """One message to one recipient; ``created`` in epoch seconds."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    created: int
    events: list[Happened] = field(default_factory=list)

    @property
    def x_message_id(self) -> str:
        """What the sending application was given."""
        return self.message_id.partition(".recvd-")[0]

    def known(self, now: int) -> list[Happened]:
        """The events that are told at ``now``, oldest first; a message without any is not told of at all."""
        return sorted((one for one in self.events if one.known <= now), key=lambda one: one.time)

    def add(self, event: str, time: int, known: int | None = None, /, **entries: Any) -> None:
        """Let something happen; it is known at once unless ``known`` says when."""
        own = f"{event}-{self.x_message_id}-{len(self.events)}-{time}"
        identity = base64.urlsafe_b64encode(own.encode()).decode().rstrip("=")
        self.events.append(
            Happened(event, time, {"sg_event_id": identity, **entries}, time if known is None else known)
        )


def status_of(events: Iterable[Happened]) -> str:
    """The status of the Email Logs, by the table of its specification."""
    seen = {(one.event, one.entries.get("type")) for one in events}
    words = {event for event, _ in seen}
    if ("bounce", "blocked") in seen:
        return "blocked"
    for word, status in (("bounce", "bounced"), ("dropped", "dropped")):
        if word in words:
            return status
    if words & {"delivered", "open", "click", "spamreport"}:
        return "delivered"
    return "deferred" if "deferred" in words else "processed"


def new_message(chance: random.Random, number: int, created: int) -> Sent:
    """An invented message without events."""
    x_id = base64.urlsafe_b64encode(chance.randbytes(16)).decode().rstrip("=")
    recipient = f"user{number}@{chance.choice(DOMAINS)}"
    message_id = f"{x_id}.recvd-5bd4c9fb6-p2x8q-1-{created:08X}-{chance.randrange(16, 256):X}.0"
    return Sent(message_id, "shop@shop.example", recipient, f"Order {number}", created)


def invented(chance: random.Random, count: int, start: int, end: int) -> Iterator[Sent]:
    """``count`` messages of every fate, created between two instants, oldest first."""
    for number, created in enumerate(sorted(chance.randrange(start, end) for _ in range(count))):
        message = new_message(chance, number, created)
        let_happen(chance, message)
        yield message


def let_happen(chance: random.Random, message: Sent) -> None:
    """Give a message one of the fates that mail has, most often a good one."""
    created, fate = message.created, chance.random()
    smtp_id = f"<{message.x_message_id}@geopod-ismtpd-1>"
    ip = f"192.0.2.{chance.randrange(1, 250)}"
    if fate < 0.03:
        reason = chance.choice(("Bounced Address", "Invalid"))
        message.add("dropped", created, reason=reason, message=reason, **{"smtp-id": smtp_id})
        return
    message.add("processed", created, send_at=0, **{"smtp-id": smtp_id})
    at = created + chance.randrange(1, 5)
    if fate < 0.08:
        refused = "550 5.1.1 The email account that you tried to reach does not exist."
        message.add("bounce", at, type="bounce", reason=refused, status="5.1.1", ip=ip, **{"smtp-id": smtp_id})
    elif fate < 0.12:
        for attempt in range(chance.randrange(1, 6)):
            later = "451 4.7.1 Greylisted, please try again later"
            message.add("deferred", at, response=later, attempt=str(attempt), ip=ip, **{"smtp-id": smtp_id})
            at += 600 * 2**attempt
        if chance.random() < 0.6:
            message.add("delivered", at, response="250 2.0.0 OK", ip=ip, tls=1, **{"smtp-id": smtp_id})
        else:
            blocked = "550 5.7.1 Message refused because of its content"
            message.add("bounce", at, type="blocked", reason=blocked, status="5.7.1", ip=ip)
    else:
        message.add("delivered", at, response="250 2.0.0 OK", ip=ip, tls=1, **{"smtp-id": smtp_id})
        if chance.random() < 0.2:
            _let_read(chance, message, at + chance.randrange(60, DAY))


def _let_read(chance: random.Random, message: Sent, at: int) -> None:
    """Let the recipient open it, and perhaps click, leave a group or all mail, or complain."""
    reader = {"useragent": "Mozilla/5.0", "ip": "198.51.100.7"}
    message.add("open", at, **reader)
    done = chance.random()
    if done < 0.3:
        message.add("click", at + 5, url="https://shop.example/orders", **reader)
    elif done < 0.36:
        message.add("group_unsubscribe", at + 9, asm_group_id=7, url="https://shop.example/leave", **reader)
    elif done < 0.42:
        message.add("unsubscribe", at + 9)
    elif done < 0.48:
        message.add("spamreport", at + 20)
