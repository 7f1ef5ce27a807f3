"""SMTP reply -> reason: what refused the message, for how long, who can fix it, and the words that say so."""

from lasthop.reply.classify import classify, classify_many
from lasthop.reply.providers import names as provider_names
from lasthop.reply.providers import provider
from lasthop.reply.reasons import LABELS, Meaning, Reasons, reasons
from lasthop.reply.reply import Confidence, Reason, Reply
from lasthop.reply.rules import Rules, builtin, load_rules, parse_rules
from lasthop.reply.text import normalised

__all__ = [
    "LABELS",
    "Confidence",
    "Meaning",
    "Reason",
    "Reasons",
    "Reply",
    "Rules",
    "builtin",
    "classify",
    "classify_many",
    "load_rules",
    "normalised",
    "parse_rules",
    "provider",
    "provider_names",
    "reasons",
]
