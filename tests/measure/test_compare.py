import numpy as np
import pytest

from lasthop.measure import compare
from lasthop.measure.compare import Line
from lasthop.measure.rate import Proof, difference, held_together, rate
from lasthop.store import Workspace
from lasthop.trace import Query, look
from tests.measure.made import DAY, HOUR, NOON, snapshot_of, times

A, B = Query(template="a"), Query(template="b")


def lines(*messages: dict[str, object], first: Query = A, second: Query = B) -> dict[str, Line]:
    with snapshot_of(messages) as snapshot:
        found = compare(snapshot, first, second)
    assert len({line.name for line in found}) == len(found)
    return {line.name: line for line in found}


def counts(line: Line) -> tuple[int, int, int, int]:
    first, second = line.difference.first, line.difference.second
    return first.part, first.whole, second.part, second.whole


def sent(n: int, template: str, **given: object) -> list[dict[str, object]]:
    """Of four days ago; accepted after a minute unless something else became of them."""
    when = NOON - 4 * DAY
    took = {} if "outcome" in given else {"accepted_ms": when + 60_000}
    return times(n, **{"template": template, "sent_ms": when, **took, **given})


TWO = [
    *sent(550, "a"), *sent(30, "a", outcome="bounced", refused_ms=NOON - DAY), *sent(20, "a", outcome="waiting"),
    *sent(590, "b"), *sent(10, "b", outcome="bounced", refused_ms=NOON - DAY),
]  # fmt: skip


def test_every_share_of_both_sides_with_its_difference() -> None:
    found = lines(*TWO)
    assert {name: counts(line) for name, line in found.items()} == {
        "Handed over": (0, 0, 0, 0),
        "Attempted": (600, 600, 600, 600),
        "Accepted": (550, 580, 590, 600),
        "Accepted and kept": (550, 580, 590, 600),
        "Accepted within 1 h": (550, 600, 590, 600),
        "Accepted within 24 h": (550, 600, 590, 600),
        "Bounced": (30, 600, 10, 600),
    }
    bounced = found["Bounced"].difference
    assert bounced.points == pytest.approx(1 / 30)
    assert [round((value or 0) * 100, 1) for value in (bounced.low, bounced.high)] == [1.3, 5.5]
    assert bounced.proof is Proof.CLEAR
    assert found["Handed over"].difference.proof is Proof.TOO_FEW
    assert found["Attempted"].difference.proof is Proof.WEAK


def test_sides_change_places() -> None:
    there, back = lines(*TWO), lines(*TWO, first=B, second=A)
    for name, line in there.items():
        if line.difference.points is not None:
            assert back[name].difference.points == pytest.approx(-line.difference.points)
            assert back[name].difference.low == pytest.approx(-(line.difference.high or 0))


def test_a_young_side_is_compared_at_the_same_age() -> None:
    """Of the young side, what took a second is accepted and the rest still waits: it is no better for that."""
    young = [*times(60, template="b", sent_ms=NOON - HOUR // 2, accepted_ms=NOON - HOUR // 2 + 1000),
             *times(40, template="b", sent_ms=NOON - HOUR // 2, outcome="waiting")]  # fmt: skip
    old = [*sent(60, "a"), *sent(40, "a", outcome="bounced", refused_ms=NOON - DAY)]
    found = lines(*old, *young)
    for name in ("Accepted", "Accepted and kept", "Accepted within 1 h", "Accepted within 24 h"):
        assert counts(found[name]) == (60, 100, 0, 0), name
        assert found[name].difference.proof is Proof.TOO_FEW
    assert counts(found["Bounced"]) == (40, 100, 0, 0)
    assert counts(found["Attempted"]) == (100, 100, 100, 100), "what is known at once is told of the young too"


def test_how_messages_ended_is_told_from_the_end_of_retrying_on() -> None:
    """Sent exactly 72 hours before the edge, and a millisecond later."""
    ripe, young = NOON - 72 * HOUR, NOON - 72 * HOUR + 1
    both = [*times(30, template="a", sent_ms=ripe, accepted_ms=ripe + 1000),
            *times(7, template="a", sent_ms=young, accepted_ms=young + 1000),
            *times(5, template="a", sent_ms=young, outcome="blocked", refused_ms=young + 1000),
            *times(3, template="a", sent_ms=young, outcome="suppressed")]  # fmt: skip
    found = lines(*both, *sent(30, "b"), *sent(10, "b", outcome="blocked", refused_ms=NOON - DAY))
    assert counts(found["Accepted"]) == (30, 30, 30, 40)
    assert counts(found["Blocked"]) == (0, 30, 10, 40)
    assert counts(found["Accepted within 24 h"]) == (37, 42, 30, 40)
    assert counts(found["Suppressed"]) == (3, 45, 0, 40)
    assert "of messages at least 72 hours old" in found["Blocked"].formula
    assert "72 hours" not in found["Suppressed"].formula


def test_messages_whose_start_is_not_known_are_in_no_share() -> None:
    """At the left edge of the data the late ends of old messages pile up, and most of them are bad."""
    ends = sent(300, "a", outcome="expired", truncated=True, sent_basis="first_event")
    assert {name: counts(line) for name, line in lines(*TWO, *ends).items()} == {
        name: counts(line) for name, line in lines(*TWO).items()
    }


def test_outcomes_that_neither_side_has_are_left_out() -> None:
    found = lines(*TWO, *sent(1, "b", outcome="suppressed"))
    assert "Suppressed" in found
    assert not {"Blocked", "Expired", "Not handed over"} & set(found)
    assert not {"Waiting", "Unknown"} & set(lines(*TWO, *sent(9, "a", outcome="unknown"))), "these only tell of age"


def test_every_line_tells_its_formula() -> None:
    assert all(" / " in line.formula for line in lines(*TWO).values())


def test_an_empty_workspace_compares_to_nothing(workspace: Workspace) -> None:
    with look(workspace) as snapshot:
        found = compare(snapshot, A, B)
    assert {line.difference.proof for line in found} == {Proof.TOO_FEW}
    assert {line.difference.points for line in found} == {None}


def test_of_many_lines_few_are_clear_by_chance() -> None:
    """Two sides that are alike in truth, compared over and over: about one page in twenty may tell of a difference."""
    chances = np.random.default_rng(7)
    alone, together, pages, lines_each = 0, 0, 300, 10
    for _ in range(pages):
        parts = chances.binomial(400, 0.3, size=(lines_each, 2))
        found = [difference(rate(int(a), 400), rate(int(b), 400)) for a, b in parts]
        alone += any(each.proof is Proof.CLEAR for each in found)
        together += any(each.proof is Proof.CLEAR for each in held_together(found))
    assert alone / pages > 0.25, "without control it would be about one in three"
    assert together / pages < 0.08


def test_what_is_clear_by_itself_may_be_chance_among_many() -> None:
    odd, large = difference(rate(20, 200), rate(9, 200)), difference(rate(90, 200), rate(20, 200))
    assert odd.proof is Proof.CLEAR
    alike = [difference(rate(10, 200), rate(10, 200))] * 8
    few = difference(rate(0, 5), rate(5, 5))
    held = held_together([odd, large, *alike, few])
    assert [each.proof for each in held] == [Proof.WEAK, Proof.CLEAR, *[Proof.WEAK] * 8, Proof.TOO_FEW]
    assert [(each.low, each.high) for each in held] == [(each.low, each.high) for each in [odd, large, *alike, few]]
    assert held_together([]) == []
    assert held_together([large])[0].proof is Proof.CLEAR


def test_the_lines_of_a_comparison_are_looked_at_together() -> None:
    found = lines(
        *sent(291, "a"), *sent(9, "a", outcome="suppressed"), *sent(299, "b"), *sent(1, "b", outcome="suppressed")
    )
    suppressed = found["Suppressed"].difference
    assert suppressed.low is not None
    assert suppressed.low > 0, "clear, if it were the only line"
    assert suppressed.proof is Proof.WEAK
    assert {line.difference.proof for line in found.values()} == {Proof.WEAK, Proof.TOO_FEW}
    apart = lines(*sent(200, "a"), *sent(100, "a", outcome="suppressed"), *sent(300, "b"))
    assert apart["Suppressed"].difference.proof is Proof.CLEAR
