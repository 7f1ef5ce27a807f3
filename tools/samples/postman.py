"""What can become of a message once the provider has it: each method adds one ending to its events."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from samples.clock import after
from samples.ids import ProviderIds
from samples.model import Event, Message
from samples.people import receiver_of
from samples.refusals import refusal
from samples.replies import DEFERRALS, Pen, outbound_ip

RETRY_WINDOW = timedelta(hours=72)
_GAPS_MINUTES = (3, 6, 13, 28, 55, 110, 175)
_LATER_GAP_MINUTES = 240
READERS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36",
)
IMAGE_PROXY = "Mozilla/5.0"


def ids_of(message: Message) -> ProviderIds:
    """The provider's ids of a message that is known to have reached it."""
    if message.ids is None:
        raise ValueError(f"{message.story}: the provider never saw this message")
    return message.ids


class Postman:
    """Carries messages to their end; all chance comes from the generator it is given."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.pen = Pen(rng)

    def process(self, message: Message) -> datetime:
        """The provider takes the message: a second or so after the application wrote its row."""
        moment = after(message.sent, self.rng, 0.2, 1.9)
        message.events.append(Event(moment, "processed"))
        return moment

    def deliver(self, message: Message, moment: datetime, attempt: int = 0) -> datetime:
        """The receiving server says 250."""
        ids, style = ids_of(message), receiver_of(message.recipient).style
        text = self.pen.accepted(style, message.recipient, moment, ids)
        message.events.append(Event(moment, "delivered", text, attempt, ip=outbound_ip(ids)))
        return moment

    def accept(self, message: Message) -> datetime:
        """The plain good case."""
        return self.deliver(message, after(self.process(message), self.rng, 0.6, 4.5))

    def bounce(self, message: Message, moment: datetime, why: str, attempt: int = 0, kind: str = "") -> None:
        """The receiving server refuses; `kind` overrides the type that the provider gives to the refusal."""
        ids, style = ids_of(message), receiver_of(message.recipient).style
        told = refusal(why, style)
        text = self.pen.write(told.text, message.recipient, moment, ids)
        address = "" if why == "domain" else outbound_ip(ids)
        event = Event(moment, "bounce", text, attempt, kind or told.type, told.status, told.classification, ip=address)
        message.events.append(event)

    def refuse(self, message: Message, why: str) -> None:
        """Processed, tried once, refused."""
        self.bounce(message, after(self.process(message), self.rng, 0.7, 9), why)

    def drop(self, message: Message, reason: str) -> None:
        """Not even tried. Half of the time there is no processed event either, as real exports show."""
        moment = after(message.sent, self.rng, 0.3, 1.5)
        if self.rng.random() < 0.5:
            moment = after(self.process(message), self.rng, 0, 0.4)
        message.events.append(Event(moment, "dropped", reason))

    def defer(self, message: Message, first: datetime, until: datetime, what: str) -> list[datetime]:
        """Temporary refusals from `first` until `until`, ever further apart; returns when each happened."""
        moments: list[datetime] = []
        moment = first
        while moment < until:
            text = self.pen.write(DEFERRALS[what], message.recipient, moment, ids_of(message))
            tried = what not in {"throttled", "dial"}
            address = outbound_ip(ids_of(message)) if tried else ""
            message.events.append(Event(moment, "deferred", text, len(moments), ip=address))
            moments.append(moment)
            moment = self._next_try(moment, len(moments))
        return moments

    def _next_try(self, moment: datetime, tries: int) -> datetime:
        gap = _GAPS_MINUTES[tries - 1] if tries <= len(_GAPS_MINUTES) else _LATER_GAP_MINUTES
        return after(moment, self.rng, gap * 54, gap * 66)

    def defer_then_accept(self, message: Message, until: datetime, what: str) -> datetime:
        """Deferred until the trouble is over, accepted at the first try after it."""
        tries = self.defer(message, after(self.process(message), self.rng, 0.8, 6), until, what)
        return self.deliver(message, self._next_try(tries[-1], len(tries)), len(tries))

    def expire(self, message: Message, what: str, kind: str = "expired") -> None:
        """Given up 72 hours after the first deferral; the last temporary reply is all the reason there is."""
        first = after(self.process(message), self.rng, 0.8, 6)
        tries = self.defer(message, first, first + RETRY_WINDOW, what)
        last = message.events[-1]
        gave_up = after(first + RETRY_WINDOW, self.rng, 1, 400)
        end = replace(last, time=gave_up, kind="bounce", attempt=len(tries), type=kind, status=last.text[4:9])
        message.events.append(replace(end, status="", ip="") if what in {"throttled", "dial"} else end)

    def open(self, message: Message, moment: datetime) -> None:
        """A reader opens it; Apple's proxy opens everything by itself, at once."""
        machine = message.recipient.endswith("@icloud.example")
        agent = IMAGE_PROXY if machine else self.rng.choice(READERS)
        message.events.append(Event(moment, "open", agent=agent, ip=self._reader_ip(), machine=machine))

    def click(self, message: Message, moment: datetime) -> None:
        """A reader follows a link."""
        url = f"https://aozora-store.example/{message.occasion.name}?from=mail"
        message.events.append(Event(moment, "click", url=url, agent=self.rng.choice(READERS), ip=self._reader_ip()))

    def read(self, message: Message, delivered: datetime, share: float) -> None:
        """Some readers open, fewer click."""
        if message.recipient.endswith("@icloud.example"):
            self.open(message, after(delivered, self.rng, 4, 90))
        elif self.rng.random() < share:
            opened = after(delivered, self.rng, 40, 30_000)
            self.open(message, opened)
            if self.rng.random() < 0.22:
                self.click(message, after(opened, self.rng, 3, 240))

    def say(self, message: Message, moment: datetime, kind: str) -> None:
        """A complaint or an unsubscription."""
        message.events.append(Event(moment, kind, agent=self.rng.choice(READERS), ip=self._reader_ip()))

    def _reader_ip(self) -> str:
        return f"198.51.100.{self.rng.randrange(1, 255)}"
