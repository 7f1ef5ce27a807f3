import pytest

from lasthop.measure import funnel
from lasthop.store import Workspace
from lasthop.trace import Query, look
from tests.measure.conftest import Loader, app, provider
from tests.measure.made import snapshot_of, times

NO_EVENT = {"provider_last_ms": None, "sent_basis": "app"}
EVERY = [
    *times(4, outcome="not_handed_over", **NO_EVENT), *times(6, outcome="unknown", **NO_EVENT),
    *times(50, sent_basis="app"), *times(20, sent_basis="app", outcome="bounced"),
    *times(9, sent_basis="app", outcome="suppressed"), *times(11, sent_basis="app", outcome="waiting"),
    *times(10), *times(3, outcome="accepted_then_bounced"), *times(2, outcome="complained"),
    *times(5, outcome="blocked"), *times(4, outcome="expired"), *times(1, outcome="suppressed"),
    *times(7, outcome="unknown"),
    *times(30, sent_basis="first_event", truncated=True),
    *times(40, sent_basis="first_event", truncated=True, outcome="bounced"),
]  # fmt: skip


def shares(*messages: dict[str, object], query: Query | None = None) -> dict[str, tuple[int, int]]:
    with snapshot_of(messages) as snapshot:
        return {step.name: (step.rate.part, step.rate.whole) for step in funnel(snapshot, query)}


def test_each_share_has_its_own_denominator() -> None:
    assert shares(*EVERY) == {
        "Handed over": (96, 100),  # rows of the application: 4 + 6 + 50 + 20 + 9 + 11, without the 4 refused
        "Attempted": (112, 122),  # what the provider knows: 90 of the application's and 32 more, without 9 + 1 dropped
        "Accepted": (65, 94),  # 50 + 10 + 3 + 2 of those and 20 + 5 + 4 refused
        "Accepted and kept": (62, 94),  # without the three that came back
    }


def test_steps_tell_their_formula_and_interval() -> None:
    with snapshot_of(EVERY) as snapshot:
        steps = funnel(snapshot)
    assert all(" / " in step.formula for step in steps)
    accepted = steps[2].rate
    assert accepted.low < 65 / 94 < accepted.high
    assert accepted.share == pytest.approx(65 / 94)


def test_a_share_that_is_not_settled_has_a_range() -> None:
    with snapshot_of(EVERY) as snapshot:
        handed_over, _, accepted, kept = funnel(snapshot)
    assert (handed_over.open, accepted.open) == (None, 24)  # 6 + 11 + 7 that wait or are unknown
    assert accepted.possible == pytest.approx((65 / 118, 89 / 118))
    assert kept.possible == pytest.approx((62 / 118, 86 / 118))
    assert handed_over.possible == pytest.approx((0.96, 0.96))
    with snapshot_of([*times(10), *times(9, outcome="waiting")]) as snapshot:
        assert funnel(snapshot)[2].possible is None, "19 make no percentage"


def test_of_nothing_no_share() -> None:
    assert shares() == dict.fromkeys(["Handed over", "Attempted", "Accepted", "Accepted and kept"], (0, 0))


def test_the_query_chooses() -> None:
    assert shares(*EVERY, *times(3, domain="y.example"), query=Query(domain="y.example"))["Accepted"] == (3, 3)


def test_a_message_with_a_row_and_events_is_one_message(workspace: Workspace, load: Loader) -> None:
    load(
        mail_log=[
            app("2026-11-02 19:00:00", 1, "a@x.example"), app("2026-11-02 19:10:00", 2, "b@x.example"),
            app("2026-11-02 19:20:00", 3, "c@x.example", "400", "400 Bad Request"),
        ],
        activity=[
            provider("2026-11-02 10:00:05", "processed", 1, "a@x.example"),
            provider("2026-11-02 10:00:09", "delivered", 1, "a@x.example"),
            provider("2026-11-02 10:10:05", "dropped", 2, "b@x.example", "Bounced Address"),
            provider("2026-11-02 11:00:00", "processed", 4, "d@x.example"),
        ],
    )  # fmt: skip
    with look(workspace) as snapshot:
        found = {step.name: (step.rate.part, step.rate.whole) for step in funnel(snapshot)}
    assert found == {"Handed over": (2, 3), "Attempted": (2, 3), "Accepted": (1, 1), "Accepted and kept": (1, 1)}
