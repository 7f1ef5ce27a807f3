"""Is it this address or its domain? How mail to the other addresses at the domain fared in the same days."""

from dataclasses import dataclass

from lasthop.reply import reasons
from lasthop.store import Snapshot, named_sql
from lasthop.store.table import DAY_MS

DAYS = 30
ENOUGH = 20
"""With fewer settled messages than this a share says nothing, so none is given."""


@dataclass(frozen=True)
class Neighbours:
    """Messages to other addresses at ``domain``, sent in the ``DAYS`` days before ``until_ms`` (epoch ms UTC).

    ``accepted`` (to ``accepted_addresses``), ``failed`` at the domain, ``waiting``, ``stopped`` before it: dropped, not
    handed over or unknown. ``messages`` and ``addresses`` count them all. ``reasons``: label -> messages that failed
    for it, most first. ``own_reason``: why the address itself last failed at its domain, None when it never did or
    nothing tells. ``at_edge``: whether the days end with the newest data, not with the newest message to the address.
    """

    domain: str
    until_ms: int
    at_edge: bool
    messages: int
    addresses: int
    accepted: int
    accepted_addresses: int
    failed: int
    waiting: int
    stopped: int
    reasons: dict[str, int]
    own_reason: str | None

    def sentence(self, in_trouble: bool, *, share: bool = True) -> str:
        """The answer in words; ``in_trouble`` tells that mail to the address itself fails.

        Without ``share`` it counts and gives no percentage: the data may lack days.
        """
        where = f"at {self.domain}"
        if not self.messages:
            return f"Nobody else {where} was written to in {self.span}: whether the domain takes mail cannot be told."
        if not self.accepted and not self.failed:
            return f"Of {_messages(self.messages)} to {_others(self.addresses)} {where} none is settled in {self.span}."
        if not self.failed:
            took = f"{_messages(self.accepted)} to {_others(self.accepted_addresses)} {where}"
            said = f"{took} {_was(self.accepted)} accepted in {self.span}, and none failed"
            return f"{said}: {self._culprit() if in_trouble else 'the domain takes mail.'}"
        counted = (
            f"Of {_messages(self.accepted + self.failed)} to other addresses {where} that were settled in {self.span}"
        )
        percent = self._share() if share else ""
        said = f"{counted}, {self.accepted:,} {_was(self.accepted)} accepted{percent} and {self.failed:,} failed"
        return f"{said}: {self._judged(in_trouble)}"

    @property
    def span(self) -> str:
        """The days in words."""
        return f"the {DAYS} days before the newest {'data' if self.at_edge else 'message to this address'}"

    def _share(self) -> str:
        settled = self.accepted + self.failed
        return f" ({100 * self.accepted / settled:.0f} %)" if settled >= ENOUGH else ""

    def _judged(self, in_trouble: bool) -> str:
        if not self.accepted:
            return "nothing got through to the domain, so look at the domain and at the sender first."
        if not in_trouble or self.own_reason in (None, "unclassified"):
            return f"most often {reason_title(next(iter(self.reasons))).lower()}."
        same = self.reasons.get(self.own_reason or "", 0)
        reason = f"with the reason of this address ({reason_title(self.own_reason).lower()})"
        if not same:
            return f"none {reason}, so {self._culprit()}"
        if self._is_personal():
            return f"{same:,} {reason}, which is each address's own: {self._culprit()}"
        return f"{same:,} {reason}: others fail too with the same reason, so look at the domain and at the sender."

    def _is_personal(self) -> bool:
        """Whether the reason of this address speaks of one mailbox, not of a domain, a sender or a message."""
        known = reasons().get(self.own_reason or "")
        return known is not None and known.who in ("recipient address", "recipient mailbox")

    def _culprit(self) -> str:
        if self._is_personal():
            return "the trouble is this address, not the domain."
        return "the trouble is this address or what was sent to it, not the domain as a whole."


def neighbours(snapshot: Snapshot, address: str, newest_ms: int | None) -> Neighbours | None:
    """The neighbours of ``address``; None when it has no domain.

    The days end with the newest data, or with ``newest_ms``, the newest message to the address, when that is older than
    the ``DAYS`` days before the newest data.
    """
    domain = address.rpartition("@")[2] if "@" in address else ""
    edge_ms = snapshot.value("SELECT as_of_ms FROM edge")
    if not domain or edge_ms is None:
        return None
    at_edge = newest_ms is None or newest_ms > edge_ms - DAYS * DAY_MS
    until_ms = edge_ms if at_edge or newest_ms is None else newest_ms
    rows = snapshot.rows(
        named_sql("explain", "recipient_domain"),
        {"domain": domain, "recipient": address, "from_ms": until_ms - DAYS * DAY_MS, "until_ms": until_ms},
    )
    by = {row["standing"]: row for row in rows if row["standing"] != "failed"}
    failed = {row["reason"]: row["n"] for row in rows if row["standing"] == "failed"}

    def count(standing: str, what: str = "n") -> int:
        return int(by[standing][what]) if standing in by else 0

    return Neighbours(
        domain=domain,
        until_ms=until_ms,
        at_edge=at_edge,
        messages=count("all"),
        addresses=count("all", "addresses"),
        accepted=count("accepted"),
        accepted_addresses=count("accepted", "addresses"),
        failed=sum(failed.values()),
        waiting=count("waiting"),
        stopped=count("stopped"),
        reasons=failed,
        own_reason=snapshot.value(named_sql("explain", "recipient_reason"), [address]),
    )


def reason_title(label: str | None) -> str:
    """A reason as people read it; a label that the catalogue does not know stays as it is."""
    known = reasons().get(label or "")
    return known.title if known else (label or "no reason told").replace("_", " ")


def _messages(number: int) -> str:
    return f"{number:,} message{'s' * (number != 1)}"


def _others(number: int) -> str:
    return f"{number:,} other address{'es' * (number != 1)}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
