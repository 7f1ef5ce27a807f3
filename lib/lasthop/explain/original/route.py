"""The way in words: how long it took, which leg took longest, SendGrid against what came after, whose clock is off."""

from collections.abc import Iterator

from lasthop.explain.durations import in_time
from lasthop.explain.original.delay import after
from lasthop.explain.original.said import Citation, Said, cite, quoted
from lasthop.original.clocks import Reading
from lasthop.original.field import Field
from lasthop.original.reading import Original
from lasthop.original.received import Hop
from lasthop.original.route import Leg, Route, Skew

_MOST = 6
_MOST_TIME = 0.5
"""A leg with this share of the way, or more, is where the time went."""


def route_said(original: Original, route: Route) -> tuple[Said, ...]:
    """The whole way, the leg that took longest, the three parts of a way through SendGrid, the clocks, undated hops."""
    return (
        way_said(original, route),
        *_slowest(original, route),
        *_phases(original, route),
        *_clocks(original, route),
        *_undated(original),
        *_page(original),
    )


def way_said(original: Original, route: Route) -> Said:
    """How many servers noted the message, and in what time."""
    hops = original.hops
    if not hops:
        return Said("No server left a note of it in this text: its way cannot be told.", (), "not_found_out")
    servers = f"{len(hops)} server{'s' if len(hops) > 1 else ''} noted taking it"
    ends = _cited(original, hops[0], hops[-1])
    if route.total is None:
        return Said(f"{servers}; how long it was on the way cannot be told.", ends, "not_found_out")
    return Said(f"{servers}; it was on the way for {in_time(route.total)}, by the clocks that agree.", ends, "stated")


def slowest_in_words(original: Original, route: Route) -> Said | None:
    """Where the time went; None where no leg stands out."""
    leg = route.slowest
    before = _before(original, leg) if leg else None
    if leg is None or before is None:
        return None
    share = f", {leg.share:.0%} of the way" if leg.share is not None else ""
    most = "Most of the time" if (leg.share or 0) >= _MOST_TIME else "The longest part"
    text = f"{most} went between {place(before)} and {place(leg.hop)}: {after(leg)}{share}."
    return Said(text, _cited(original, leg.hop, before), "stated" if leg.low == leg.high else "inferred")


def place(hop: Hop) -> str:
    """What to call a server: the name that it gives itself, else its step inside a machine."""
    return quoted(hop.by or hop.local, 80) or "a server that gives no name"


def _slowest(original: Original, route: Route) -> Iterator[Said]:
    said = slowest_in_words(original, route)
    if said and route.slowest:
        yield said
        text = (
            "A stamp says when a server took the message, not why so late: it lay with the one before, which waited or "
            "tried again, or the next one was slow to take it."
        )
        yield Said(text, _cited(original, route.slowest.hop), "inferred", "RFC 5321 §4.4")


def _phases(original: Original, route: Route) -> Iterator[Said]:
    phases, sendgrid = route.phases, original.sendgrid
    if phases is None or sendgrid is None:
        return
    parts = [
        f"{words} {in_time(seconds) if seconds >= 0 else 'a time that the clocks contradict'}"
        for words, seconds in (
            ("inside SendGrid", phases.inside),
            ("from SendGrid to the receiver's first server", phases.hand_over),
            ("from there to the last server", phases.after),
        )
        if seconds is not None
    ]
    if parts:
        text = ", ".join(parts)
        yield Said(
            f"By the stamps as they stand: {text}.", _cited(original, sendgrid.sent_on, sendgrid.taken_in), "stated"
        )


def _clocks(original: Original, route: Route) -> Iterator[Said]:
    lines = _by_line(original)
    for skew in route.skews[:_MOST]:
        fields = cite(lines.get(skew.reading.line))
        if skew.certain:
            yield Said(
                f"{_whose(skew)} is off{_by_how_much(skew)}: it contradicts most of the others.", fields, "inferred"
            )
        else:
            text = f"{_whose(skew)} and another one contradict each other; the header does not tell which is off."
            yield Said(text, fields, "inferred")
    if len(route.skews) > _MOST:
        yield Said(f"{len(route.skews) - _MOST} more clocks contradict the others.", (), "inferred")
    if any(skew.reading.source == "received" for skew in route.skews):
        told = _third_clocks(route)
        more = f" Beside the servers' stamps these clocks were asked: {told}." if told else ""
        asked = [reading.line for reading in route.clocks if reading.source in _SOURCES]
        rests_on = asked or [skew.reading.line for skew in route.skews]
        fields = cite(*(lines.get(line) for line in rests_on[:_MOST]))
        yield Said(f"Delays that rest on such a clock are given as ranges.{more}", fields, "inferred")


_SOURCES = {
    "date": "the clock of the sender (Date)",
    "dkim": "the clock that signed (t= of DKIM)",
    "arc": "the clock that sealed (t= of ARC)",
    "exchange": "Exchange's note of the arrival",
    "sendgrid_id": "the time in SendGrid's id",
    "x_received": "the clock of a step inside the receiver (X-Received)",
}


def _whose(skew: Skew) -> str:
    reading = skew.reading
    if reading.source == "received":
        return f"The clock of {quoted(reading.host, 80) or 'a server that gives no name'}"
    words = _SOURCES[reading.source]
    of = f" of {quoted(reading.host, 80)}" if reading.source in ("dkim", "arc") and reading.host else ""
    return f"{words[:1].upper()}{words[1:]}{of}"


def _by_how_much(skew: Skew) -> str:
    """Ahead where even the least is, behind where even the most is; else nothing is certain about the direction."""
    if skew.low is not None and skew.low > 0:
        return f" by {in_time(skew.low)} or more, ahead"
    if skew.high is not None and skew.high < 0:
        return f" by {in_time(-skew.high)} or more, behind"
    return ""


def _third_clocks(route: Route) -> str:
    found = dict.fromkeys(_name_of(reading) for reading in route.clocks if reading.source in _SOURCES)
    return ", ".join(found)


def _name_of(reading: Reading) -> str:
    return _SOURCES[reading.source].removeprefix("the clock of ")


def _undated(original: Original) -> Iterator[Said]:
    undated = [hop for hop in original.hops if hop.stamp is None]
    if undated:
        n = len(undated)
        text = f"{n} server{'s' if n > 1 else ''} left no date that can be read for certain: no time is made up for it."
        yield Said(text, _cited(original, *undated[:_MOST]), "stated")


def _page(original: Original) -> Iterator[Said]:
    summary = original.summary
    if summary and summary.delivered_after is not None:
        text = f"Gmail's page above the header says that it was delivered after {in_time(summary.delivered_after)}."
        yield Said(text, (), "stated", "the summary of Gmail's page, as it was pasted")


def _before(original: Original, leg: Leg) -> Hop | None:
    """The nearest older hop with a stamp: headers stand with the newest on top."""
    return next((hop for hop in original.hops if hop.line > leg.hop.line and hop.stamp), None)


def _by_line(original: Original) -> dict[int, Field]:
    return {found.line: found for found in original.header.fields}


def _cited(original: Original, *hops: Hop | None) -> tuple[Citation, ...]:
    lines = _by_line(original)
    return cite(*(lines.get(hop.line) for hop in hops if hop))
