"""What is known of a refusal, and what it is held to mean."""

from dataclasses import dataclass, field
from enum import StrEnum


class Confidence(StrEnum):
    """How much the deciding evidence is worth."""

    HIGH = "high"  # a phrase of the provider, or one that says the cause outright
    MEDIUM = "medium"  # a code with one meaning, or a phrase that leaves room
    LOW = "low"  # a code that many causes share, or witnesses that disagree
    NONE = "none"  # nothing that was given tells


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said, as far as it was kept; None is "not known".

    ``reply`` is the text, folded or not, with or without its codes and the words a relay wrapped around it. Codes
    given apart from the text (a DSN's ``Status``, an event's ``status``) count beside those in the text.
    """

    reply: str
    reply_code: str | None = None
    enhanced_code: str | None = None
    remote_host: str | None = None
    recipient_domain: str | None = None
    smtp_command: str | None = None


@dataclass(slots=True)  # not frozen: that would take a tenth of the time of naming a reason
class Reason:
    """Why a reply refused.

    ``permanence`` is hard, soft, temporary or none; ``matched`` is the phrase or code that decided and ``rule`` the id
    of the rule it belongs to, both None when nothing did; ``conflict`` says in words where text and code disagree,
    else it is None; the codes are those that were given or found, None without any. ``attributes`` holds strings only.
    """

    label: str
    permanence: str
    who: str
    next_step: str
    matched: str | None
    rule: str | None
    confidence: Confidence
    conflict: str | None
    enhanced_code: str | None
    reply_code: str | None
    attributes: dict[str, str] = field(default_factory=dict)
