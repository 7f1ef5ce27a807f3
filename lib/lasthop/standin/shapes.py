"""Records of the stand-in's mail in the shapes of each endpoint."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from lasthop.standin.mail import Happened, Sent, status_of

_ACTIVITY_WORDS = {"bounce": "bounced", "open": "opened", "click": "clicked", "spamreport": "spam_report"}
_SHARED = ("sg_message_id", "email")


def iso(seconds: int) -> str:
    """UTC with a Z, whole seconds."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def logs_row(message: Sent, events: list[Happened]) -> dict[str, Any]:
    """A row of ``POST /v3/logs``; its time is epoch seconds until it is sent."""
    newest = events[-1].entries
    reason = newest.get("reason") or newest.get("response") or ""
    return {
        "from_email": message.sender,
        "sg_message_id": message.message_id,
        "subject": message.subject,
        "to_email": message.recipient,
        "reason": reason,
        "status": status_of(events),
        "sg_message_id_created_at": message.created,
    }


def logs_detail(message: Sent, events: list[Happened]) -> dict[str, Any]:
    """``GET /v3/logs/{id}``: at most the hundred newest events."""
    shared = dict(zip(_SHARED, (message.message_id, message.recipient), strict=True))
    return {
        "from_email": message.sender,
        "sg_message_id": message.message_id,
        "subject": message.subject,
        "to_email": message.recipient,
        "status": status_of(events),
        "template_id": "d-0123456789abcdef",
        "teammate": "",
        "api_key_id": "abcdefghijklmnopqrstuv",
        "client_ip": "203.0.113.5",
        "category": ["orders"],
        "custom_args": {"order": message.subject.rpartition(" ")[2]},
        "outbound_ip": "192.0.2.10",
        "outbound_ip_type": "dedicated",
        "events": [{"event": one.event, "timestamp": one.time, **shared, **one.entries} for one in events[-100:]],
    }


def activity_row(message: Sent, events: list[Happened]) -> dict[str, Any]:
    """A row of ``GET /v3/messages``; its time is epoch seconds until it is sent."""
    words = Counter(one.event for one in events)
    return {
        "from_email": message.sender,
        "msg_id": message.message_id,
        "subject": message.subject,
        "to_email": message.recipient,
        "status": _activity_status(events),
        "opens_count": words["open"],
        "clicks_count": words["click"],
        "last_event_time": events[-1].time,
    }


def activity_detail(message: Sent, events: list[Happened]) -> dict[str, Any]:
    """``GET /v3/messages/{msg_id}``."""
    return {
        "from_email": message.sender,
        "msg_id": message.message_id,
        "subject": message.subject,
        "to_email": message.recipient,
        "status": _activity_status(events),
        "template_id": "",
        "asm_group_id": 1,
        "teammate": "",
        "api_key_id": "abcdefghijklmnopqrstuv",
        "originating_ip": "203.0.113.5",
        "categories": ["orders"],
        "unique_args": json.dumps({"order": message.subject.rpartition(" ")[2]}),
        "outbound_ip": "192.0.2.10",
        "outbound_ip_type": "dedicated",
        "events": [_activity_event(message, one) for one in events],
    }


def _activity_status(events: list[Happened]) -> str:
    status = status_of(events)
    return {"delivered": "delivered", "processed": "processed", "deferred": "processed"}.get(status, "not_delivered")


def _activity_event(message: Sent, one: Happened) -> dict[str, Any]:
    attempt = one.entries.get("attempt")
    reason = one.entries.get("reason") or one.entries.get("response")
    return {
        "event_name": _ACTIVITY_WORDS.get(one.event, one.event),
        "processed": iso(one.time),
        # The specification wants a type, a reader and a host of every event, whatever it is.
        "bounce_type": "soft" if one.entries.get("type") == "blocked" else "hard",
        "http_user_agent": one.entries.get("useragent", ""),
        "mx_server": "" if one.event in ("processed", "dropped") else f"mx.{message.recipient.rpartition('@')[2]}",
        **({"reason": reason} if reason else {}),
        **({"attempt_num": int(attempt) + 1} if attempt is not None else {}),
    }


def stats_days(mail: Iterable[Sent], now: int, first_day: str, last_day: str) -> list[dict[str, Any]]:
    """``GET /v3/stats`` by day, in UTC."""
    names = {"processed": "processed", "delivered": "delivered", "deferred": "deferred", "open": "opens"}
    days: dict[str, Counter[str]] = {}
    for message in mail:
        for one in message.known(now):
            name = names.get(one.event)
            if one.event == "bounce":
                name = "blocks" if one.entries.get("type") == "blocked" else "bounces"
            elif one.event == "dropped":
                name = "bounce_drops"
            day = iso(one.time)[:10]
            if name and first_day <= day <= last_day:
                days.setdefault(day, Counter())[name] += 1
    return [{"date": day, "stats": [{"metrics": _metrics(days[day])}]} for day in sorted(days)]


def _metrics(counted: Counter[str]) -> dict[str, int]:
    names = (
        "blocks bounce_drops bounces clicks deferred delivered invalid_emails opens processed requests "
        "spam_report_drops spam_reports unique_clicks unique_opens unsubscribe_drops unsubscribes"
    )
    metrics = {name: counted[name] for name in names.split()}
    return {**metrics, "requests": metrics["processed"] + metrics["bounce_drops"], "unique_opens": metrics["opens"]}
