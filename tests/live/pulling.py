"""Pulls from the stand-in in tests: one call for a whole pull, and what is then in the table."""

from typing import Any

from lasthop.live.progress import Progress, Wants
from lasthop.live.sendgrid import start
from lasthop.pull import SendGrid
from lasthop.standin import Account, Sent
from lasthop.store import Workspace

ALL = Wants(("logs",), details="all")


def pulled(workspace: Workspace, client: SendGrid, wants: Wants = ALL) -> Progress:
    """Pull to the end and return the last step."""
    *_, last = start(workspace, client, wants)
    return last


def in_table(workspace: Workspace, where: str = "time_basis = 'explicit'") -> list[tuple[Any, ...]]:
    """Message, word of the event and time (epoch seconds) of every event, in order; twice what is there twice."""
    with workspace.snapshot() as snapshot:
        rows = snapshot.rows(
            "SELECT provider_message_id, split_part(kind_raw, '/', 1) AS word, time_ms // 1000 AS time "
            f"FROM events WHERE {where}"
        )
    return sorted((row["provider_message_id"], row["word"], row["time"]) for row in rows)


def in_store(account: Account) -> list[tuple[Any, ...]]:
    """The same, as the stand-in knows it now."""
    return sorted(
        (message.message_id, one.event, one.time) for message in account.mail for one in message.known(account.second())
    )


def sent(number: int, created: int, *events: tuple[Any, ...], recipient: str | None = None) -> Sent:
    """A message with events ``(word, seconds after, known after or None, {entries})``."""
    message_id = f"{number:022d}.recvd-5bd4c9fb6-p2x8q-1-{created:08X}-1F.0"
    message = Sent(
        message_id, "shop@shop.example", recipient or f"user{number}@mail.example", f"Order {number}", created
    )
    for word, after, *rest in events:
        known = created + rest[0] if rest and rest[0] is not None else None
        message.add(word, created + after, known, **(rest[1] if len(rest) > 1 else {}))
    return message
