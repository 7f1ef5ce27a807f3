"""What is told as a change, and what is not: weekly batches, single failures, small groups."""

import datetime as dt
from typing import Any

import pytest

from lasthop.measure.changes import Change, Changes, What, changes
from lasthop.measure.rate import Pair
from lasthop.measure.usual import WEEKS
from lasthop.store import Workspace
from lasthop.trace import Query, look
from tests.measure.conftest import Loader, provider
from tests.measure.made import DAY, HOUR, NOON, snapshot_of, times

Rows = list[dict[str, Any]]


def week(n: int, failed: int, weeks_ago: int = 0, domain: str = "x.example", reason: str = "spam_content") -> Rows:
    """So many messages two days before the edge, or weeks before that; ``failed`` of them bounced for ``reason``."""
    common = {"sent_ms": NOON - 2 * DAY - weeks_ago * 7 * DAY, "domain": domain}
    return [*times(failed, outcome="bounced", reason=reason, **common), *times(n - failed, **common)]


def month(now: tuple[int, int], before: tuple[int, int], **given: str) -> Rows:
    """(messages, failed) of this week, and of each of the four weeks before."""
    return [*week(*now, **given), *(row for ago in range(1, WEEKS + 1) for row in week(*before, ago, **given))]


def found_in(*rows: dict[str, Any], what: What = "domain", days: int = 7, query: Query | None = None) -> Changes:
    with snapshot_of(rows) as snapshot:
        return changes(snapshot, what, days, query)


STEADY = [row for n in range(6) for row in month((100, 3), (100, 3), domain=f"steady{n}.example")]


def test_a_domain_whose_failures_doubled_clearly_is_found() -> None:
    found = found_in(*STEADY, *month((600, 60), (600, 30)))
    assert found.found == (Change("domain", "x.example", Pair(60, 600, 120, 2400), new=False, up=True),)
    assert found.looked_at == 7
    assert found.since_ms == NOON + 1 - 7 * DAY


def test_the_period_of_a_query_does_not_cut_the_weeks_before_off() -> None:
    rows = [*STEADY, *month((600, 60), (600, 30))]
    for since in (NOON - DAY, NOON - 7 * DAY, NOON - 30 * DAY):
        assert found_in(*rows, query=Query(since_ms=since, until_ms=NOON - HOUR)) == found_in(*rows)


def test_doubled_in_a_few_messages_is_no_change() -> None:
    assert found_in(*STEADY, *month((30, 2), (30, 1))).found == ()


def test_fewer_failures_are_no_change() -> None:
    assert found_in(*month((600, 30), (600, 60))).found == ()


def test_more_failures_of_more_mail_are_no_change() -> None:
    assert found_in(*month((3000, 90), (600, 18))).found == ()


def test_a_weekly_batch_is_no_change() -> None:
    """Mondays bring a newsletter to old addresses, every week alike; other days fail rarely."""
    mondays = [row for ago in range(WEEKS + 1) for row in times(400, sent_ms=NOON - HOUR - ago * 7 * DAY)]
    returned = [
        row
        for ago in range(WEEKS + 1)
        for row in times(40, sent_ms=NOON - HOUR - ago * 7 * DAY, outcome="bounced", reason="invalid_recipient")
    ]
    others = [{"sent_ms": NOON - HOUR - day * DAY} for day in range(1, 35) for _ in range(60) if day % 7]
    assert found_in(*mondays, *returned, *others, days=1).found == ()
    assert found_in(*mondays, *returned, *others).found == ()
    twice = times(44, sent_ms=NOON - HOUR, outcome="bounced", reason="invalid_recipient")
    (change,) = found_in(*mondays, *returned, *others, *twice, days=1).found
    assert change.pair == Pair(84, 484, 160, 1760)


def test_a_reason_that_was_not_there_before_is_new() -> None:
    rows = month((200, 4), (200, 4), reason="mailbox_full")
    (change,) = found_in(*rows, {"sent_ms": NOON, "outcome": "blocked", "reason": "blocklisted"}, what="reason").found
    assert change == Change("reason", "blocklisted", Pair(1, 201, 0, 800), new=True, up=False)


def test_reasons_are_shares_of_all_messages() -> None:
    rows = month((500, 40), (500, 10), reason="mailbox_full")
    (change,) = found_in(*rows, *month((500, 0), (500, 0), domain="y.example"), what="reason").found
    assert change.pair == Pair(40, 1000, 40, 4000)
    assert (change.new, change.up) == (False, True)


def test_only_failures_count() -> None:
    """A deferral has a reason too, and a waiting message is none that failed."""
    still = times(40, sent_ms=NOON, outcome="waiting", reason="greylisted")
    lost = times(40, sent_ms=NOON, outcome="unknown", reason="greylisted")
    assert found_in(*month((200, 0), (200, 0)), *still, *lost, what="reason").found == ()
    for outcome in (
        "not_handed_over",
        "suppressed",
        "blocked",
        "bounced",
        "expired",
        "accepted_then_bounced",
        "complained",
    ):
        (change,) = found_in(*month((200, 0), (200, 0)), *times(40, sent_ms=NOON, outcome=outcome)).found
        assert (change.pair.part, change.up, change.new) == (40, True, True)


def test_messages_whose_start_is_not_known_do_not_count() -> None:
    cut_off = times(60, sent_ms=NOON, outcome="bounced", truncated=True)
    assert found_in(*month((200, 2), (200, 2)), *cut_off).found == ()


@pytest.mark.parametrize(("now", "before"), [((19, 19), (400, 0)), ((400, 200), (4, 0))])
def test_groups_below_20_are_not_looked_at(now: tuple[int, int], before: tuple[int, int]) -> None:
    found = found_in(*STEADY, *month(now, before, domain="small.example"))
    assert (found.found, found.looked_at) == ((), 6)


@pytest.mark.parametrize(("now", "before"), [((20, 20), (400, 0)), ((400, 200), (5, 0))])
def test_groups_of_20_are(now: tuple[int, int], before: tuple[int, int]) -> None:
    found = found_in(*STEADY, *month(now, before, domain="small.example"))
    assert ([change.key for change in found.found], found.looked_at) == (["small.example"], 7)


def test_a_domain_that_got_no_mail_before_is_neither_new_nor_up() -> None:
    assert found_in(*STEADY, *week(300, 150, domain="first.example")).found == ()


def test_domains_that_stopped_failing_were_looked_at_too() -> None:
    """One chance of 3 % among forty is nothing, also when the other thirty-nine have no failure now."""
    one = [*week(100, 7, domain="x.example"), *week(100, 1, 1, domain="x.example")]
    assert found_in(*one).found[0].up
    quiet = [row for n in range(39) for row in (*week(50, 0, 0, f"q{n}.example"), *week(50, 2, 1, f"q{n}.example"))]
    found = found_in(*one, *quiet)
    assert (found.found, found.looked_at) == ((), 40)


def test_every_message_is_in_one_window_at_most() -> None:
    edges = [NOON, NOON - 7 * DAY + 1, NOON - 7 * DAY, NOON - 35 * DAY + 1]  # now, now, before, before
    outside = [NOON + 1, NOON - 35 * DAY]
    rows = [row for sent in (*edges, *outside) for row in times(20, sent_ms=sent, outcome="bounced")]
    rows += times(400, sent_ms=NOON - 10 * DAY)
    (change,) = found_in(*rows).found
    assert change.pair == Pair(40, 40, 40, 440)


def test_two_days_are_compared_with_the_same_two_weekdays() -> None:
    daily = [row for day in range(35) for row in times(50, sent_ms=NOON - HOUR - day * DAY)]
    failing = times(30, sent_ms=NOON - HOUR - DAY, outcome="blocked")
    (change,) = found_in(*daily, *failing, days=2).found
    assert change.pair == Pair(30, 130, 0, 400)


def test_most_failures_first() -> None:
    rows = [row for n in (1, 3, 2) for row in month((200, 20 * n), (200, 0), domain=f"d{n}.example")]
    assert [change.key for change in found_in(*rows).found] == ["d3.example", "d2.example", "d1.example"]


def test_mail_without_a_domain_or_reason_is_no_group() -> None:
    rows = [*month((200, 60), (200, 2), domain=""), *times(90, sent_ms=NOON, outcome="suppressed")]
    assert all(row.key for row in found_in(*rows).found)
    assert {row.key for row in found_in(*rows, what="reason").found} == {"spam_content"}


def test_the_query_chooses() -> None:
    rows = [*month((200, 60), (200, 2)), *month((200, 60), (200, 2), domain="y.example")]
    assert [change.key for change in found_in(*rows, query=Query(domain="y.example")).found] == ["y.example"]


@pytest.mark.parametrize("what", ["reason", "domain"])
def test_an_empty_workspace_has_no_changes(workspace: Workspace, what: What) -> None:
    with look(workspace) as snapshot:
        found = changes(snapshot, what)
    assert (found.found, found.looked_at) == ((), 0)


def test_from_files(workspace: Workspace, load: Loader) -> None:
    """Two domains, ten messages a week; one of them begins to refuse."""
    rows = []
    for ago in range(3):
        for n in range(20):
            time = f"{dt.datetime(2026, 11, 2, 10, n) - dt.timedelta(days=7 * ago)}"
            for to, bad in (("bad.example", n < 15), ("good.example", False)):
                address = f"r{n}@{to}"
                rows.append(provider(time, "processed", f"{to}{ago}-{n}", address))
                end = ("bounce", "550 5.7.1 blocked", "blocked") if bad and not ago else ("delivered", "250 ok", "")
                rows.append(provider(time.replace(":00", ":09"), end[0], f"{to}{ago}-{n}", address, *end[1:]))
    load(activity=rows)
    with look(workspace) as snapshot:
        (domain,) = changes(snapshot, "domain").found
        (reason,) = changes(snapshot, "reason").found
    assert (domain.key, domain.pair, domain.new, domain.up) == ("bad.example", Pair(15, 20, 0, 40), True, True)
    assert (reason.pair, reason.new, reason.up) == (Pair(15, 40, 0, 80), True, True)
