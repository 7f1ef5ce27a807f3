"""Events -> messages: identity, links and their confidence, outcomes, timelines."""

from lasthop.trace.find import Query, condition, count_by_outcome, each_message, find_messages, resolve
from lasthop.trace.message import Message, get_message, messages_of
from lasthop.trace.table import look, refresh
from lasthop.trace.timeline import Event, Stage, Tie, listed, stages, stop_list_entries, ties, timeline

__all__ = [
    "Event",
    "Message",
    "Query",
    "Stage",
    "Tie",
    "condition",
    "count_by_outcome",
    "each_message",
    "find_messages",
    "get_message",
    "listed",
    "look",
    "messages_of",
    "refresh",
    "resolve",
    "stages",
    "stop_list_entries",
    "ties",
    "timeline",
]
