"""Event kinds: one closed list, and the one table that turns each system's own words into it.

SendGrid names the same event differently in its CSV (``drop``), its webhook (``dropped``) and its API
(``bounced``, ``spam_report``); Kuroco's screen shows ``Spam report``. The raw word is kept beside ours.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What one system says about one recipient's copy of one message at one instant."""

    # the sending application
    HANDED_OVER = "handed_over"  # the provider answered the application's request with 2xx
    REFUSED = "refused"  # the provider answered 4xx or 5xx: the message never reached it
    LOGGED = "logged"  # an application row whose answer could not be understood
    # the provider
    RECEIVED = "received"
    PROCESSED = "processed"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    BOUNCE_HARD = "bounce_hard"
    BOUNCE_BLOCKED = "bounce_blocked"
    BOUNCE_EXPIRED = "bounce_expired"
    BOUNCE_UNTYPED = "bounce_untyped"  # "bounce" from a source that has no type column
    DROPPED = "dropped"
    OPEN = "open"
    CLICK = "click"
    SPAM_REPORT = "spam_report"
    UNSUBSCRIBE = "unsubscribe"
    GROUP_UNSUBSCRIBE = "group_unsubscribe"
    GROUP_RESUBSCRIBE = "group_resubscribe"
    LISTED = "listed"  # the address stands on a stop list
    ACCOUNT_STATUS_CHANGE = "account_status_change"  # about the account, not about a message
    OTHER = "other"  # a word we do not know; see the raw word
    # the original message
    HOP = "hop"  # a server stamped into its header that it took the message over: no attempt, and no outcome


# Lower-cased, runs of space and hyphen as one underscore. A bounce is told apart by its type, below.
SYNONYMS: dict[str, Kind] = {
    "received": Kind.RECEIVED,
    "processed": Kind.PROCESSED,
    "processing": Kind.PROCESSED,
    "deferred": Kind.DEFERRED,
    "deferral": Kind.DEFERRED,
    "delivered": Kind.DELIVERED,
    "bounce": Kind.BOUNCE_UNTYPED,
    "bounced": Kind.BOUNCE_UNTYPED,
    "blocked": Kind.BOUNCE_BLOCKED,
    "block": Kind.BOUNCE_BLOCKED,
    "expired": Kind.BOUNCE_EXPIRED,
    "drop": Kind.DROPPED,
    "dropped": Kind.DROPPED,
    "cancel_drop": Kind.DROPPED,
    "open": Kind.OPEN,
    "opened": Kind.OPEN,
    "click": Kind.CLICK,
    "clicked": Kind.CLICK,
    "spamreport": Kind.SPAM_REPORT,
    "spam_report": Kind.SPAM_REPORT,
    "unsubscribe": Kind.UNSUBSCRIBE,
    "unsubscribed": Kind.UNSUBSCRIBE,
    "group_unsubscribe": Kind.GROUP_UNSUBSCRIBE,
    "group_resubscribe": Kind.GROUP_RESUBSCRIBE,
    "account_status_change": Kind.ACCOUNT_STATUS_CHANGE,
}

BOUNCE_TYPES: dict[str, Kind] = {
    "bounce": Kind.BOUNCE_HARD,
    "hard": Kind.BOUNCE_HARD,
    "blocked": Kind.BOUNCE_BLOCKED,
    "block": Kind.BOUNCE_BLOCKED,
    "soft": Kind.BOUNCE_BLOCKED,
    "expired": Kind.BOUNCE_EXPIRED,
}

ACCEPTANCE = (Kind.DELIVERED, Kind.OPEN, Kind.CLICK, Kind.UNSUBSCRIBE, Kind.GROUP_UNSUBSCRIBE, Kind.GROUP_RESUBSCRIBE)
"""Kinds that prove that the receiving server took the message: nobody opens what was not accepted."""

BOUNCES = (Kind.BOUNCE_HARD, Kind.BOUNCE_BLOCKED, Kind.BOUNCE_EXPIRED, Kind.BOUNCE_UNTYPED)

ATTEMPTS = (Kind.DEFERRED, Kind.DELIVERED, *BOUNCES)
"""Kinds that report one try of handing the message to the receiving server."""

STOP_LISTS = ("bounces", "blocks", "invalid_emails", "spam_reports", "unsubscribes", "group_unsubscribes")
"""SendGrid's suppression lists, under the names of its API."""
