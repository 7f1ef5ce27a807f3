"""Clicks and boxes in the pictures of Reasons, Compare and Recipient: the messages behind them open."""

from pathlib import Path

import pytest

from lasthop.app.reason_pictures import grouped
from lasthop.measure import Line, compare
from lasthop.measure.compare import at_least_old
from lasthop.model.outcomes import Outcome
from lasthop.store import Workspace
from lasthop.trace import Query, find_messages, look
from tests.pages.opening import Opener, fine, marks_of, pick, texts_of
from tests.pages.test_reasons import PAGE as REASONS
from tests.pages.test_reasons import expected

COMPARE = "pages/compare.py"
TWO_DOMAINS = {"compare": "domain", "domain": "gmail.example", "with": "docomo.example", "days": "all"}


def listed(at: object) -> int:
    assert at.title[0].value == "Messages"  # type: ignore[attr-defined]
    return len(at.dataframe[0].value) if at.dataframe else 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("title", ["Mailbox full", "3 other reasons", "Request refused"])
def test_a_cell_opens_its_messages(opened: Opener, samples: Path, title: str) -> None:
    found = expected(samples)
    rows = grouped(found.by_domain)
    row, column = list(rows).index(title), list(found.by_domain.columns).index("gmail.example")
    n = int(found.by_domain.loc[rows[title], "gmail.example"].sum())
    assert n > 0
    at = opened(samples, REASONS)
    assert [row, column] in marks_of(at, "reason_map")
    assert listed(pick(at, "reason_map", (row, column))) == n


def test_a_box_opens_the_messages_of_whole_rows(opened: Opener, samples: Path) -> None:
    found = expected(samples)
    rows = list(grouped(found.by_domain))
    chosen = [rows.index("Mailbox full"), rows.index("Request refused")]
    at = opened(samples, REASONS)
    boxed = [(row, column) for row, column in marks_of(at, "reason_map") if row in chosen]
    counts = found.rows.set_index("reason")["n"]
    at = pick(at, "reason_map", *boxed)
    assert listed(at) == counts["mailbox_full"] + counts["request-refused"]
    assert at.query_params["reason"] in ("mailbox_full,request-refused", ["mailbox_full,request-refused"])
    told = next(button.label for button in at.button if button.key == "unlink_reason")
    assert told == "Reason: Mailbox full, Request refused by SendGrid"
    again = opened(samples, "pages/messages.py", **{name: at.query_params[name] for name in at.query_params})
    assert listed(again) == listed(at)


def test_all_the_other_domains_cannot_be_opened_and_that_is_said(opened: Opener, samples: Path) -> None:
    at = opened(samples, REASONS)
    column = list(expected(samples).by_domain.columns).index("more domains")
    row = next(row for row, place in marks_of(at, "reason_map") if place == column)
    at = pick(at, "reason_map", (row, column))
    assert at.title[0].value == "Reasons"
    assert "more domains cannot be opened" in texts_of(at)


def test_a_box_over_time_opens_the_messages_of_its_days_and_reasons(opened: Opener, samples: Path) -> None:
    found = expected(samples)
    rows = list(grouped(found.by_time))
    chosen = {rows.index("Suppressed"), rows.index("Mailbox full")}
    at = opened(samples, REASONS)
    boxed = [(row, place) for row, place in marks_of(at, "reason_days") if row in chosen and 5 <= place <= 12]
    first, last = min(place for _, place in boxed), max(place for _, place in boxed)
    n = int(found.by_time.loc[["suppressed", "mailbox_full"]].iloc[:, first : last + 1].sum().sum())
    assert n > 2
    assert listed(pick(at, "reason_days", *boxed)) == n


def test_the_first_day_of_a_reason_is_no_more_than_its_part_of_the_period(opened: Opener, samples: Path) -> None:
    """Thirty days back from 17:00 begin in the middle of a day."""
    found = expected(samples)
    reason = next(r for r in found.by_time.index if found.by_time.loc[r].iloc[1] and "-" not in r)
    at = opened(samples, REASONS, reason=reason)
    assert listed(pick(at, f"reason_trend_{reason}", (0, 0), (0, 1))) == found.by_time.loc[reason].iloc[:2].sum()


def lines_of(samples: Path) -> tuple[Line, ...]:
    with look(Workspace(samples)) as snapshot:
        return compare(snapshot, Query(domain="gmail.example"), Query(domain="docomo.example"))


@pytest.mark.parametrize("name", ["Accepted", "Accepted and kept", "Attempted"])
@pytest.mark.parametrize("side", [0, 1])
def test_a_good_share_opens_what_it_lost(opened: Opener, samples: Path, name: str, side: int) -> None:
    lines = lines_of(samples)
    place = [line.name for line in lines].index(name)
    difference = lines[place].difference
    rate = difference.second if side else difference.first
    at = opened(samples, COMPARE, **TWO_DOMAINS)
    assert [place, side] in marks_of(at, "comparison")
    at = pick(at, "comparison", (place, side))
    assert rate.whole > rate.part
    assert listed(at) == rate.whole - rate.part
    assert at.dataframe[0].value["recipient"].str.endswith("docomo.example" if side else "gmail.example").all()


def test_a_bad_share_opens_what_it_counts_and_a_share_in_time_all_that_were_tried(
    opened: Opener, samples: Path
) -> None:
    lines = lines_of(samples)
    names = [line.name for line in lines]
    at = pick(opened(samples, COMPARE, **TWO_DOMAINS), "comparison", (names.index("Bounced"), 0))
    assert listed(at) == lines[names.index("Bounced")].difference.first.part
    at = pick(opened(samples, COMPARE, **TWO_DOMAINS), "comparison", (names.index("Accepted within 1 h"), 1))
    with look(Workspace(samples)) as snapshot:
        found = find_messages(snapshot, at_least_old(snapshot, 1, Query(domain="docomo.example")))
    untried = found["outcome"].isin([Outcome.SUPPRESSED, Outcome.NOT_HANDED_OVER])
    assert listed(at) == len(found) - untried.sum()


def test_no_message_behind_a_mark_is_said_and_so_are_several_marks(opened: Opener, samples: Path) -> None:
    at = opened(samples, COMPARE)
    table = next(each.value for each in at.dataframe if "First is" in each.value.columns)
    handed = table[table["Share"] == "Handed over"].iloc[0]
    assert handed["First"] == "100.0%"
    at = pick(at, "comparison", (0, 0))
    assert "Handed over, first: there is no such message." in texts_of(at)
    at = pick(at, "comparison", (0, 0), (1, 0))
    assert "The box holds several marks" in texts_of(at)


def test_a_mark_of_an_address_opens_its_message_and_a_box_lists_them(opened: Opener, samples: Path) -> None:
    with look(Workspace(samples)) as snapshot:
        address = snapshot.value("SELECT recipient FROM messages GROUP BY 1 HAVING count(*) > 4 ORDER BY count(*) DESC")
        found = find_messages(snapshot, Query(recipient=address))
    at = opened(samples, "pages/recipient.py", recipient=address)
    marks = [tuple(pair) for pair in marks_of(at, "messages_to_the_address")]
    assert sorted(message for message, _ in marks) == sorted(found["message"])
    at = pick(at, "messages_to_the_address", marks[0])
    assert at.title[0].value == "Message"
    assert at.query_params["message"] in (marks[0][0], [marks[0][0]])
    at = opened(samples, "pages/recipient.py", recipient=address)
    boxed = [(row.message, row.outcome) for row in found.iloc[1:4].itertuples()]
    at = fine(pick(at, "messages_to_the_address", *boxed))
    between = found.iloc[1:4]["outcome"].unique()
    assert listed(at) == found.iloc[1:4]["outcome"].isin(between).sum() == 3
