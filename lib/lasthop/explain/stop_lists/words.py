"""A listing in sentences: what put the address there, what was dropped since, and whether the entry still holds."""

from lasthop.explain.observed import in_words
from lasthop.explain.stop_lists import VERIFIED, Listing
from lasthop.explain.stop_lists.origin import PutBy

_DID = {
    "bounce_hard": "a bounce",
    "bounce_blocked": "a block",
    "bounce_expired": "a message that expired",
    "bounce_untyped": "a bounce of unknown type",
    "dropped": "a drop for an invalid address",
    "spam_report": "a spam report",
    "unsubscribe": "an unsubscribe",
    "group_unsubscribe": "a group unsubscribe",
}


def basis_words(listing: Listing, zone: str) -> str:
    """Since when, and how it is known; times in ``zone``."""
    if listing.basis == VERIFIED:
        since = (
            in_words(listing.since_ms, zone) if listing.since_ms is not None else "a time that the list does not give"
        )
        return f"On the list since {since}: a loaded list says so."
    dropped = f"{_messages(listing.drops)} that SendGrid dropped with this list's words"
    told = f"Inferred from {dropped}; since when is not known."
    if not listing.exports:
        return f"{told} No list of this sort was loaded."
    if listing.newest_ms is None or listing.last_drop_ms is None:
        return f"{told} The loaded list does not name the address."
    if listing.newest_ms > listing.last_drop_ms:
        return f"{told} The loaded list has newer entries and does not name it: it may have been removed since."
    newest = in_words(listing.newest_ms, zone)
    return f"{told} The newest entry of the loaded list is of {newest}: that list may be older than this one."


def put_by_words(put_by: PutBy | None, zone: str) -> str:
    """Which event put the address there; times in ``zone``."""
    if put_by is None:
        return "What put it there is not in the loaded data."
    did = _DID.get(put_by.kind, put_by.kind)
    when = in_words(put_by.time_ms, zone)
    if put_by.fits_time:
        return f"Put there by {did} at {when} (inferred: the newest such event in the hour before the entry)."
    return f"Probably put there by {did} at {when} (inferred: the newest such event that can have been it)."


def since_words(listing: Listing, zone: str) -> str:
    """What became of mail since, and whether the entry still holds; times in ``zone``. Empty when nothing is known."""
    said = []
    if listing.drops and listing.first_drop_ms is not None and listing.last_drop_ms is not None:
        first, last = (in_words(ms, zone) for ms in (listing.first_drop_ms, listing.last_drop_ms))
        span = f"at {first}" if listing.drops == 1 else f"from {first} to {last}"
        said.append(f"{_messages(listing.drops)} dropped since, {span}.")
    if listing.accepted and listing.last_accepted_ms is not None:
        after = "since" if listing.basis == VERIFIED else "after the last drop"
        last = in_words(listing.last_accepted_ms, zone)
        said.append(f"{_messages(listing.accepted)} accepted {after}, the last sent {last}.")
        if listing.probably_gone:
            said.append(
                "So the entry is probably gone, and the loaded list older than that. Load a new one to be sure."
            )
        elif listing.meaning.stops_mail and listing.last_accepted_ms > (listing.last_drop_ms or 0):
            said.append("A loaded list is newer than that: the mail may have bypassed the stop lists (inferred).")
    return " ".join(said)


def _messages(number: int) -> str:
    return f"{number:,} message{'s' * (number != 1)}"
