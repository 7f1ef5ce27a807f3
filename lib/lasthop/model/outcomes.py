"""Where a message stands: the closed list of outcomes, in the order that pages and tables use."""

from dataclasses import dataclass
from enum import StrEnum

RETRY_WINDOW_H = 72
"""SendGrid retries a deferred message for up to 72 hours from the first deferral (its glossary, "deferrals")."""

GRACE_H = 24
"""Added before a silent message is called unknown: events may arrive a day late (seen by webhook users)."""


class Outcome(StrEnum):
    """The state of one message to one recipient."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    NOT_HANDED_OVER = "not_handed_over"
    SUPPRESSED = "suppressed"
    BLOCKED = "blocked"
    BOUNCED = "bounced"
    EXPIRED = "expired"
    ACCEPTED_THEN_BOUNCED = "accepted_then_bounced"
    COMPLAINED = "complained"


@dataclass(frozen=True)
class Meaning:
    """How an outcome is called and what it says; ``final`` tells whether it can still change by itself."""

    title: str
    says: str
    final: bool
    failed: bool


MEANINGS: dict[Outcome, Meaning] = {
    Outcome.ACCEPTED: Meaning(
        "Accepted", "The receiving server took the message. That is not proof of the inbox.", True, False
    ),
    Outcome.WAITING: Meaning(
        "Waiting", "SendGrid has it and is still inside the 72 hours in which it retries.", False, False
    ),
    Outcome.UNKNOWN: Meaning("Unknown", "Nothing that was loaded says how it ended.", False, False),
    Outcome.NOT_HANDED_OVER: Meaning(
        "Not handed over", "SendGrid refused the request of the application: it never had the message.", True, True
    ),
    Outcome.SUPPRESSED: Meaning(
        "Suppressed",
        "SendGrid did not try: the address is on a stop list or the request was not acceptable.",
        True,
        True,
    ),
    Outcome.BLOCKED: Meaning(
        "Blocked", "The receiving server refused this message; the address itself stays good.", True, True
    ),
    Outcome.BOUNCED: Meaning("Bounced", "The receiving server refused the address for good.", True, True),
    Outcome.EXPIRED: Meaning("Expired", "SendGrid gave up after retrying for 72 hours.", True, True),
    Outcome.ACCEPTED_THEN_BOUNCED: Meaning(
        "Accepted, then bounced", "The receiving server took the message and returned it later.", True, True
    ),
    Outcome.COMPLAINED: Meaning("Complained", "The message arrived and the recipient reported it as spam.", True, True),
}

FAILED: tuple[Outcome, ...] = tuple(outcome for outcome, meaning in MEANINGS.items() if meaning.failed)
"""The outcomes of messages that did not get through, or came back, or were reported."""
