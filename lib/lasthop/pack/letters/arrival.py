"""Whether a letter to the person would arrive at their address, as far as the loaded data tells."""

from collections.abc import Iterator
from enum import IntEnum

from lasthop.explain import Dossier


class Arrival(IntEnum):
    """What became of mail to an address; of two at one instant the higher one holds."""

    ARRIVES = 0
    FAILED = 1
    HELD = 2


Sign = tuple[float, Arrival]
"""From when (epoch ms UTC) mail to the address fared so; infinite where a stop list gives no date."""
_HOLDING = ("bounces", "invalid_emails", "spam_reports", "unsubscribes")
"""The stop lists for which SendGrid drops mail. Blocks stop nothing, group unsubscribes only the mail of a group."""
_BY_VARIANT = {
    "accepted": Arrival.ARRIVES,
    "accepted_from_engagement": Arrival.ARRIVES,
    "accepted_then_bounced": Arrival.FAILED,
    **dict.fromkeys((f"suppressed_{name}" for name in _HOLDING), Arrival.HELD),
}


def signs(known: Dossier, variant: str) -> Iterator[Sign]:
    """What the message and the loaded stop lists tell; nothing where the end of the message tells nothing of it.

    ``variant`` is the one for the person.
    """
    found = Arrival.FAILED if variant.startswith("failed") else _BY_VARIANT.get(variant)
    if found is not None:
        yield known.message.sent_ms, found
    for entry in known.stop_lists:
        if entry["stop_list"] in _HOLDING:
            yield float("inf") if entry["time_ms"] is None else entry["time_ms"], Arrival.HELD
