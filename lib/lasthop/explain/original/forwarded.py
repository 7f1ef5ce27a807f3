"""A message inside the one that was read: what of it is there, and what to ask for where that is too little."""

from lasthop.explain.original.said import Said, quoted
from lasthop.original.forwarded import Forwarded

ASK = (
    "Ask the person who got it for the original: Show original in Gmail, View message source in Outlook, Raw Source in "
    "Apple Mail; or for the message forwarded as an attachment."
)


def forwarded_said(found: Forwarded, *, outer: bool) -> Said:
    """One sentence or two. ``outer``: the mail that passes it on has a header of its own, with its own way."""
    named = f" ({quoted(found.subject)})" if found.subject else ""
    if found.attached:
        lines = f"{found.hops} Received lines" if found.hops > 1 else "one Received line" if found.hops else ""
        header = f"its own header and {lines}" if lines else "a header without any Received line"
        return Said(
            f"A message{named} is attached inside, with {header}. What is told here is about the mail that brings it; "
            "the attached one is to be read apart.",
            (),
            "stated",
        )
    where = f" in line {found.line}" if found.line else ""
    whose = " The header that is read here is that of the mail that passes it on." if outer else ""
    return Said(
        f"A forwarded message{named} stands{where} with the summary that mail programs write above it, and not with "
        f"its header: its way, its checks and its ids are not there.{whose} {ASK}",
        (),
        "stated",
    )
