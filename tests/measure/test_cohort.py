"""Counts and rates by the time of sending, against tables that were worked out by hand."""

import datetime as dt
from typing import Any, get_args

import pandas as pd
import pytest

from lasthop.measure import FORMULAS, By, outcomes_by
from lasthop.model.outcomes import Outcome
from lasthop.store import Workspace
from lasthop.trace import Query, look
from tests.measure.conftest import Loader, app, provider
from tests.measure.made import DAY, HOUR, NOON, snapshot_of, times

BYS: tuple[By, ...] = get_args(By)
COLUMNS = [
    "key", "n", *(str(outcome) for outcome in Outcome), "truncated", "finished", "attempted", "taken", "rate", "low",
    "high", "floor", "ceiling", "mature",
]  # fmt: skip
NO_USER = "550 5.1.1 no such user"


def found_in(
    *messages: dict[str, Any], by: By = "day", zone: str = "UTC", as_of_ms: int = NOON
) -> list[dict[str, Any]]:
    """A row a group, as dictionaries."""
    with snapshot_of(messages, as_of_ms) as snapshot:
        return outcomes_by(snapshot, by, None, zone).to_dict("records")


def loaded(workspace: Workspace, by: By = "day", query: Query | None = None, zone: str = "UTC") -> dict[Any, Any]:
    with look(workspace) as snapshot:
        return {row["key"]: row for row in outcomes_by(snapshot, by, query, zone).to_dict("records")}


@pytest.mark.parametrize("by", BYS)
def test_nothing_loaded_is_a_table_without_rows(workspace: Workspace, by: By) -> None:
    with look(workspace) as snapshot:
        found = outcomes_by(snapshot, by)
    assert list(found.columns) == COLUMNS
    assert len(found) == 0
    assert found["key"].dtype == object
    assert str(found["rate"].dtype) == "Float64"


def test_one_group_by_hand() -> None:
    (row,) = found_in(
        *times(60), *times(5, outcome="accepted_then_bounced"), *times(3, outcome="complained"),
        *times(10, outcome="bounced"), *times(6, outcome="blocked"), *times(4, outcome="expired"),
        *times(7, outcome="waiting"), *times(5, outcome="unknown"),
        *times(8, outcome="suppressed"), *times(2, outcome="not_handed_over"),
        *times(4, truncated=True), *times(3, truncated=True, outcome="bounced"),
        *times(1, truncated=True, outcome="waiting"),
    )  # fmt: skip
    counts = {name: row[name] for name in COLUMNS[1:16]}
    assert counts == {
        "n": 118, "accepted": 64, "waiting": 8, "unknown": 5, "not_handed_over": 2, "suppressed": 8, "blocked": 6,
        "bounced": 13, "expired": 4, "accepted_then_bounced": 5, "complained": 3, "truncated": 8,
        "finished": 105,  # 118 - 8 - 5
        "attempted": 88,  # 68 + 10 + 6 + 4
        "taken": 68,  # 60 + 5 + 3
    }  # fmt: skip
    assert row["rate"] == pytest.approx(68 / 88)
    assert [round(row[name] * 100, 1) for name in ("low", "high")] == [67.5, 84.8]  # Wilson, 68 of 88
    assert row["floor"] == pytest.approx(68 / 100)  # the twelve that are open all end as refused
    assert row["ceiling"] == pytest.approx(80 / 100)  # … as accepted


def test_formulas_tell_of_every_share() -> None:
    assert set(FORMULAS) == {"n", "finished", "rate", "floor, ceiling", "mature"}


@pytest.mark.parametrize(("refused", "shown"), [(3, False), (4, True)])
def test_a_rate_needs_20_attempted_whatever_else_was_sent(refused: int, shown: bool) -> None:
    (row,) = found_in(
        *times(16), *times(refused, outcome="blocked"), *times(50, outcome="suppressed"),
        *times(50, outcome="waiting"), *times(50, truncated=True),
    )  # fmt: skip
    assert [pd.isna(row[name]) for name in ("rate", "low", "high")] == [not shown] * 3
    assert row["floor"] == pytest.approx(16 / (16 + refused + 50)), "the bounds are counts, not estimates"
    if shown:
        assert row["low"] < row["rate"] == 0.8 < row["high"]


def test_where_nothing_finished_all_is_open() -> None:
    (row,) = found_in(*times(5, outcome="waiting"), *times(25, outcome="unknown"))
    assert (row["finished"], row["attempted"], row["floor"], row["ceiling"]) == (0, 0, 0, 1)
    assert pd.isna(row["rate"])


def test_bounds_are_percentages_too_and_need_20() -> None:
    (row,) = found_in(*times(10), *times(9, outcome="waiting"))
    assert all(pd.isna(row[name]) for name in ("rate", "floor", "ceiling"))


@pytest.mark.parametrize("outcome", ["suppressed", "not_handed_over"])
def test_where_nothing_was_attempted_there_are_no_bounds(outcome: str) -> None:
    (row,) = found_in(*times(30, outcome=outcome))
    assert (row["n"], row["finished"], row["attempted"]) == (30, 30, 0)
    assert all(pd.isna(row[name]) for name in ("rate", "low", "high", "floor", "ceiling"))


def test_messages_whose_start_is_not_known_are_in_n_and_in_no_rate() -> None:
    (row,) = found_in(*times(30, truncated=True), *times(10, truncated=True, outcome="expired"))
    assert (row["n"], row["accepted"], row["expired"], row["truncated"]) == (40, 30, 10, 40)
    assert (row["attempted"], row["taken"], row["finished"]) == (0, 0, 40)
    assert all(pd.isna(row[name]) for name in ("rate", "low", "high", "floor", "ceiling"))


def test_an_export_that_begins_in_the_middle_of_messages(workspace: Workspace, load: Loader) -> None:
    """Of old messages the export holds only the late ends, and those are mostly bad: they would spoil the first day."""
    whole = [
        row
        for n in range(25)
        for row in (
            provider(f"2026-11-02 10:00:{n:02d}", "processed", f"w{n}", f"w{n}@x.example"),
            provider(f"2026-11-02 10:01:{n:02d}", "delivered", f"w{n}", f"w{n}@x.example"),
        )
    ]
    ends = [
        provider(f"2026-11-02 09:00:{n:02d}", "bounce", f"e{n}", f"e{n}@x.example", NO_USER, "bounce")
        for n in range(15)
    ]
    load(activity=[*whole, *ends])
    row = loaded(workspace)["2026-11-02"]
    assert (row["n"], row["truncated"], row["bounced"], row["attempted"], row["taken"]) == (40, 15, 15, 25, 25)
    assert (row["rate"], row["floor"], row["ceiling"]) == (1, 1, 1)


def test_a_message_counts_on_its_day_of_sending_and_once(workspace: Workspace, load: Loader) -> None:
    load(
        mail_log=[app("2026-11-02 08:59:30", 1, "a@x.example")],  # 23:59:30 of the day before, UTC
        activity=[
            provider("2026-11-02 00:00:10", "processed", 1, "a@x.example"),
            provider("2026-11-02 00:01:00", "deferred", 1, "a@x.example", "451 later"),
            provider("2026-11-03 00:01:00", "delivered", 1, "a@x.example"),
            provider("2026-11-04 00:01:00", "open", 1, "a@x.example"),
        ],
    )
    assert {key: row["n"] for key, row in loaded(workspace).items()} == {"2026-11-01": 1}
    assert list(loaded(workspace, by="hour")) == ["2026-11-01T23"]
    assert list(loaded(workspace, by="hour", zone="Asia/Tokyo")) == ["2026-11-02T08"]


@pytest.mark.parametrize(("short_ms", "mature"), [(0, True), (1, False)])
def test_a_group_is_mature_when_its_newest_message_is_72_hours_old(short_ms: int, mature: bool) -> None:
    earlier = [{"sent_ms": NOON - 10 * HOUR, "outcome": outcome} for outcome in ("accepted", "bounced", "waiting")]
    rows = found_in(*earlier, {"sent_ms": NOON}, as_of_ms=NOON + 72 * HOUR - short_ms)
    assert [row["mature"] for row in rows] == [mature]


def test_age_is_counted_to_the_edge_of_the_data() -> None:
    days = [{"sent_ms": NOON - day * DAY} for day in range(6)]
    rows = found_in(*days, as_of_ms=NOON + 6 * HOUR)
    assert [(row["key"][-2:], row["mature"]) for row in rows] == [
        ("28", True), ("29", True), ("30", True), ("31", False), ("01", False), ("02", False),
    ]  # fmt: skip


def test_a_log_without_an_edge_is_as_of_its_last_message() -> None:
    with snapshot_of([{"sent_ms": NOON - 4 * DAY}, {"sent_ms": NOON}], as_of_ms=None) as snapshot:
        assert outcomes_by(snapshot, "day")["mature"].tolist() == [True, False]


def hourly(first: str, hours: int) -> list[dict[str, int]]:
    start = round(dt.datetime.fromisoformat(f"{first}+00:00").timestamp() * 1000)
    return [{"sent_ms": start + hour * HOUR} for hour in range(hours)]


def test_days_of_25_and_of_23_hours_are_days() -> None:
    autumn = found_in(*hourly("2026-10-23T22:00", 73), zone="Europe/Berlin")
    assert [(row["key"], row["n"]) for row in autumn] == [("2026-10-24", 24), ("2026-10-25", 25), ("2026-10-26", 24)]
    spring = found_in(*hourly("2027-03-26T23:00", 71), zone="Europe/Berlin")
    assert [(row["key"], row["n"]) for row in spring] == [("2027-03-27", 24), ("2027-03-28", 23), ("2027-03-29", 24)]


def test_hours_are_those_on_the_clock() -> None:
    # Berlin, 25 October 2026: 02:00 to 03:00 comes twice. 28 March 2027: it does not come.
    autumn = found_in(*hourly("2026-10-24T23:00", 4), by="hour", zone="Europe/Berlin")
    assert [(row["key"], row["n"]) for row in autumn] == [
        ("2026-10-25T01", 1), ("2026-10-25T02", 2), ("2026-10-25T03", 1),
    ]  # fmt: skip
    spring = found_in(*hourly("2027-03-27T23:30", 3), by="hour", zone="Europe/Berlin")
    assert [row["key"] for row in spring] == ["2027-03-28T00", "2027-03-28T01", "2027-03-28T03"]
    assert [row["key"] for row in found_in({"sent_ms": NOON}, by="hour", zone="Asia/Kolkata")] == ["2026-11-02T17"]


def test_days_come_oldest_first_and_only_those_with_mail() -> None:
    rows = found_in({"sent_ms": NOON}, {"sent_ms": NOON - 9 * DAY}, {"sent_ms": NOON - 2 * DAY})
    assert [row["key"] for row in rows] == ["2026-10-24", "2026-10-31", "2026-11-02"]


@pytest.mark.parametrize(
    ("by", "column"),
    [
        ("domain", "domain"),
        ("provider", "receiver"),
        ("reason", "reason"),
        ("sender", "sender"),
        ("template", "template"),
    ],
)
def test_groups_are_named_by_their_value_most_messages_first(by: By, column: str) -> None:
    rows = found_in(
        *times(2, **{column: "b"}), *times(2, **{column: "a"}), *times(3, **{column: "c"}), *times(1, **{column: "d"}),
        by=by,
    )  # fmt: skip
    assert [(row["key"], row["n"]) for row in rows] == [("c", 3), ("a", 2), ("b", 2), ("d", 1)]


def test_what_no_source_tells_is_a_group_without_a_name() -> None:
    rows = found_in(
        *times(20, sender="shop@x.example"), *times(19), *times(2, outcome="waiting"), *times(1, outcome="blocked"),
        *times(3, truncated=True), by="sender",
    )  # fmt: skip
    assert [row["key"] for row in rows] == [None, "shop@x.example"]
    assert (rows[0]["n"], rows[0]["truncated"], rows[0]["attempted"], rows[0]["rate"]) == (25, 3, 20, 0.95)
    (nameless,) = found_in(*times(2), by="template")
    assert (nameless["key"], nameless["n"]) == (None, 2)


def test_an_address_without_a_domain_has_none() -> None:
    rows = found_in(*times(2, domain=""), *times(1, domain="x.example"), by="domain")
    assert [(row["key"], row["n"]) for row in rows] == [(None, 2), ("x.example", 1)]


def test_the_query_chooses(workspace: Workspace, load: Loader) -> None:
    rows = [(1, "a@x.example"), (2, "b@x.example"), (3, "c@y.example")]
    load(activity=[provider(f"2026-11-0{n} 10:00:00", "processed", n, to) for n, to in rows])
    second = round(dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC).timestamp() * 1000)
    for query, expected in (
        (Query(since_ms=second), ["2026-11-02", "2026-11-03"]), (Query(until_ms=second), ["2026-11-01"]),
        (Query(domain="x.example"), ["2026-11-01", "2026-11-02"]), (Query(domain="z.example"), []),
    ):  # fmt: skip
        assert list(loaded(workspace, query=query)) == expected


def test_every_view_of_the_samples_counts_the_same_messages(samples_workspace: Workspace) -> None:
    with look(samples_workspace) as snapshot:
        told = snapshot.rows("SELECT outcome, count(*) AS n FROM messages GROUP BY outcome")
        frames = {by: outcomes_by(snapshot, by, None, "Asia/Tokyo") for by in BYS}
    expected = {row["outcome"]: row["n"] for row in told}
    for by, frame in frames.items():
        assert frame["key"].is_unique, by
        assert {name: n for name, n in frame[list(Outcome)].sum().items() if n} == expected, by
        assert (frame[list(Outcome)].sum(axis=1) == frame["n"]).all()
        assert (frame["finished"] == frame["n"] - frame["waiting"] - frame["unknown"]).all()
        shown = frame.dropna(subset="rate")
        assert (frame["rate"].notna() == (frame["attempted"] >= 20)).all()
        assert ((shown["low"] <= shown["rate"]) & (shown["rate"] <= shown["high"])).all()
        bounded = frame.dropna(subset="floor")
        assert ((bounded["floor"] <= bounded["ceiling"]) & (bounded["ceiling"] <= 1)).all()
