"""One account at the stand-in: its mail, its key and rights, its limits, and what goes wrong with its answers."""

import math
import random
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lasthop.standin.mail import DAY, Happened, Sent, invented, status_of

DEMO_KEY = "SG.demo-key-of-the-stand-in"
SCOPES = (
    "messages.read",
    "email_activity.read",
    "stats.read",
    "stats.global.read",
    "suppression.read",
    "suppression.bounces.read",
    "suppression.blocks.read",
    "suppression.invalid_emails.read",
    "suppression.spam_reports.read",
    "suppression.unsubscribes.read",
    "suppression.bounces.delete",
    "suppression.blocks.delete",
    "suppression.invalid_emails.delete",
    "suppression.spam_reports.delete",
    "suppression.unsubscribes.delete",
    "asm.groups.suppressions.delete",
    "asm.groups.read",
    "asm.groups.suppressions.read",
    "subusers.read",
)
HOLDS_DAYS = 30
GROUP, GROUP_NAME = 7, "Weekly News"
"""The account's only unsubscribe group."""
_LIST_OF = {"spamreport": "spam_reports", "unsubscribe": "unsubscribes", "group_unsubscribe": "group_unsubscribes"}


@dataclass
class Limit:
    """So many requests in so many seconds, counted in windows that begin with the first request."""

    times: int
    seconds: int
    _left: int = 0
    _reset: float = 0.0

    def take(self, now: float) -> tuple[bool, dict[str, str]]:
        """Whether one more request is served, and the headers that tell how many are left."""
        if now >= self._reset:
            self._left, self._reset = self.times, int(now) + self.seconds
        served, self._left = self._left > 0, max(0, self._left - 1)
        told = {"Limit": self.times, "Remaining": self._left, "Reset": int(self._reset)}
        return served, {f"X-RateLimit-{name}": str(value) for name, value in told.items()}


@dataclass
class Entry:
    """One address on a stop list; ``listed`` in epoch seconds."""

    email: str
    listed: int
    rest: dict[str, Any]


def _created(message: Sent) -> float:
    return message.created


def _limits() -> dict[str, Limit]:
    return {"messages": Limit(6, 60), "logs": Limit(600, 60), "other": Limit(600, 60)}


@dataclass
class Account:
    """What the stand-in answers from. ``now`` is its clock, which may be another than the client's."""

    mail: list[Sent] = field(default_factory=list)
    """Its messages, oldest first."""
    now: Callable[[], float] = time.time
    key: str = DEMO_KEY
    scopes: tuple[str, ...] = SCOPES
    add_on: bool = True
    """Whether Email Activity was bought."""
    logs_allowed: bool = True
    """Whether the key may read the Email Logs: no scope of theirs is documented."""
    eu: bool = False
    """An EU account: Email Activity has no data of it."""
    order: str = "newest"
    """In which order a list comes, and so which part of one that is too long: ``newest``, ``oldest`` or ``any``."""
    limits: dict[str, Limit] = field(default_factory=_limits)
    trouble: Callable[[int, str], str | None] = lambda _number, _path: None
    """What goes wrong with the n-th request (see ``trouble.TROUBLES``); None when nothing does."""
    removed: set[tuple[str, str]] = field(default_factory=set)
    """Entries (list, address) that were taken off a stop list."""
    subusers: dict[str, "Account"] = field(default_factory=dict)
    """Name -> the account of a subuser; its id is the number of its place, from 1001."""
    requests: list[str] = field(default_factory=list)
    """Method and path of every request, as they came."""

    def second(self) -> int:
        """Its clock in whole seconds."""
        return int(self.now())

    def held(self, since: float = -math.inf, until: float = math.inf) -> Iterator[Sent]:
        """The messages created from ``since`` to ``until`` that are told of now: known, not older than thirty days."""
        now = self.second()
        first = bisect_left(self.mail, max(since, now - HOLDS_DAYS * DAY), key=_created)
        for message in islice(self.mail, first, bisect_right(self.mail, until, key=_created)):
            if message.known(now):
                yield message

    def entries(self, name: str) -> list[Entry]:
        """A stop list, or the addresses that left the one unsubscribe group, oldest first, as the events filled it."""
        found: dict[str, Entry] = {}
        now = self.second()
        for message in self.mail:
            for one in message.known(now):
                if list_of(one) == name and (name, message.recipient) not in self.removed:
                    found.setdefault(message.recipient, Entry(message.recipient, one.time, _told_of(name, one)))
        return sorted(found.values(), key=lambda entry: (entry.listed, entry.email))


def list_of(one: Happened) -> str | None:
    """The list that an event puts the address on; None when it puts it on none."""
    if one.event == "bounce":
        return "blocks" if one.entries.get("type") == "blocked" else "bounces"
    if one.event == "dropped" and one.entries.get("reason") == "Invalid":
        return "invalid_emails"
    return _LIST_OF.get(one.event)


def _told_of(name: str, one: Happened) -> dict[str, Any]:
    """What an entry of a list tells beside address and time."""
    if name == "spam_reports":
        return {"ip": one.entries.get("ip", "192.0.2.9")}
    if name == "invalid_emails":
        return {"reason": "Mail domain mentioned in email address is unknown"}
    return {key: text for key, text in one.entries.items() if key in ("reason", "status")}


def demo_account(seed: int = 1, count: int = 400, days: int = 10) -> Account:
    """An account with some invented mail of the last days."""
    end = int(time.time())
    return Account(list(invented(random.Random(seed), count, end - days * DAY, end)))  # noqa: S311  (invented mail)


def status_now(message: Sent, now: int) -> str:
    """The status of a message as the Email Logs tell it."""
    return status_of(message.known(now))
