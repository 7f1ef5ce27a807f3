"""Everything that is known of one address: how its mail fared, the stop lists, a mistyped address, its neighbours."""

from dataclasses import dataclass
from typing import Any

from lasthop.explain.neighbours import Neighbours, neighbours, reason_title
from lasthop.explain.observed import in_words
from lasthop.explain.stop_lists import VERIFIED, Listing, stop_lists
from lasthop.explain.typo import Typo, find_typo
from lasthop.explain.typo.mistyped import Mistyped, mistyped_as
from lasthop.model.outcomes import FAILED, MEANINGS, Outcome
from lasthop.store import Snapshot, named_sql, sql_list


@dataclass(frozen=True)
class Last:
    """The newest message of an address that was accepted, or that failed. ``sent_ms`` is epoch ms UTC."""

    message: str
    sent_ms: int
    outcome: Outcome
    reason: str | None
    reply: str | None


@dataclass(frozen=True)
class RecipientDossier:
    """What is known of ``address``. Instants are epoch ms UTC, None where no message was loaded.

    ``counts``: messages by outcome, 0 where there are none. ``headline`` says in one sentence how it stands, with times
    in the zone that was asked for. ``mistyped``: failed addresses by which this one may have been meant. ``neighbours``
    is None for an address without a domain.
    """

    address: str
    counts: dict[Outcome, int]
    first_ms: int | None
    last_ms: int | None
    last_success: Last | None
    last_failure: Last | None
    stop_lists: tuple[Listing, ...]
    typo: Typo | None
    mistyped: tuple[Mistyped, ...]
    neighbours: Neighbours | None
    headline: str

    @property
    def messages(self) -> int:
        """Messages to the address in all."""
        return sum(self.counts.values())

    @property
    def in_trouble(self) -> bool:
        """Whether mail to it fails now: a stop list holds it back, or its newest settled message failed."""
        return _holding(self.stop_lists) is not None or _failed_last(self.last_success, self.last_failure)


def recipient_dossier(snapshot: Snapshot, address: str, zone: str = "UTC") -> RecipientDossier:
    """The dossier of ``address``, whatever its case. An address that nothing is known of has empty counts."""
    recipient = address.strip().lower()
    rows = snapshot.rows(named_sql("explain", "recipient_outcomes"), [recipient])
    newest = {
        row["standing"]: _last(row)
        for row in snapshot.rows(named_sql("explain", "recipient_newest").format(failed=sql_list(FAILED)), [recipient])
    }
    found = stop_lists(snapshot, recipient)
    success, failure = newest.get("accepted"), newest.get("failed")
    counts = {**dict.fromkeys(Outcome, 0), **{Outcome(row["outcome"]): row["n"] for row in rows}}
    last_ms = max((row["last_ms"] for row in rows), default=None)
    return RecipientDossier(
        address=recipient,
        counts=counts,
        first_ms=min((row["first_ms"] for row in rows), default=None),
        last_ms=last_ms,
        last_success=success,
        last_failure=failure,
        stop_lists=found,
        typo=find_typo(snapshot, recipient),
        mistyped=mistyped_as(snapshot, recipient),
        neighbours=neighbours(snapshot, recipient, last_ms),
        headline=_headline(found, success, failure, sum(counts.values()), zone),
    )


def _last(row: dict[str, Any]) -> Last:
    return Last(row["message"], row["sent_ms"], Outcome(row["outcome"]), row["reason"], row["last_reply"])


def _holding(found: tuple[Listing, ...]) -> Listing | None:
    """The entry because of which SendGrid drops mail to the address; one that is verified before one that is not."""
    holding = [listing for listing in found if listing.meaning.stops_mail and not listing.probably_gone]
    return min(holding, key=lambda listing: listing.basis != VERIFIED, default=None)


def _failed_last(success: Last | None, failure: Last | None) -> bool:
    return failure is not None and (success is None or failure.sent_ms > success.sent_ms)


def _headline(found: tuple[Listing, ...], success: Last | None, failure: Last | None, messages: int, zone: str) -> str:
    if holding := _holding(found):
        return _held_back(holding, zone)
    if failure and _failed_last(success, failure):
        why = f": {reason_title(failure.reason).lower()}" if failure.reason else ""
        title = MEANINGS[failure.outcome].title.lower()
        if failure.outcome is Outcome.COMPLAINED:
            return f"The message sent {in_words(failure.sent_ms, zone)} arrived, and its recipient reported it as spam."
        sent = in_words(failure.sent_ms, zone)
        return f"The newest settled message to this address, sent {sent}, failed ({title}{why})."
    if success:
        taken = f"The newest settled message to this address, sent {in_words(success.sent_ms, zone)}, was accepted"
        before = f"; the last one that failed was sent {in_words(failure.sent_ms, zone)}" if failure else ""
        return f"{taken} by the receiving server{before}."
    if messages:
        return "No message to this address is settled: none was accepted, and none failed."
    return "No message to this address was loaded." if found else "Nothing that was loaded names this address."


def _held_back(listing: Listing, zone: str) -> str:
    title = listing.meaning.title.lower()
    if listing.basis != VERIFIED and listing.last_drop_ms is not None:
        return (
            f"SendGrid dropped mail to this address at {in_words(listing.last_drop_ms, zone)} because of its list "
            f"“{title}”; no loaded list names the address (inferred from the drop)."
        )
    since = f" since {in_words(listing.since_ms, zone)}" if listing.since_ms is not None else ""
    dropped = f"; {listing.drops:,} message{'s' * (listing.drops != 1)} dropped since" if listing.drops else ""
    return f"SendGrid drops mail to this address: it is on the stop list “{title}”{since}{dropped}."
