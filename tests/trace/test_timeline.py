"""A timeline folds what says the same, whichever source tells it."""

from typing import Any

from lasthop.trace import stages


def event(kind: str, second: int, reply: str | None = None, tie: str = "own") -> dict[str, Any]:
    return {"event_id": f"{kind}{second}{reply}", "kind": kind, "time_ms": second * 1000, "reply": reply, "tie": tie}


def told(events: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(stage.kind, stage.attempts, len(stage.events)) for stage in stages(events)]


def test_deferrals_in_a_row_are_one_line() -> None:
    assert told([event("deferred", 60 * n, "451 4.7.1 later") for n in range(5)]) == [("deferred", 5, 5)]


def test_another_answer_begins_another_line() -> None:
    rows = [event("deferred", 0, "451 4.7.1 later"), event("deferred", 60, "452 4.2.2 full")]
    assert told(rows) == [("deferred", 1, 1), ("deferred", 1, 1)]


def test_two_sources_that_report_one_event_are_one_line_and_one_attempt() -> None:
    assert told([event("delivered", 5, "250 ok"), event("delivered", 5)]) == [("delivered", 1, 2)]


def test_a_source_without_replies_does_not_break_the_fold() -> None:
    rows = [row for n in range(4) for row in (event("deferred", 60 * n, "451 4.7.1 later"), event("deferred", 60 * n))]
    assert told(rows) == [("deferred", 4, 8)]


def test_which_copy_of_an_attempt_comes_first_does_not_matter() -> None:
    """The second attempt is told by two sources; the one without a reply must not carry it into the first line."""
    first = event("deferred", 0, "451 4.7.1 later")
    with_reply, without = event("deferred", 60, "452 4.2.2 full"), event("deferred", 60)
    ways = [[first, with_reply, without], [first, without, with_reply]]
    for way in ways:
        found = [(stage.reply, stage.attempts, len(stage.events)) for stage in stages(way)]
        assert found == [("451 4.7.1 later", 1, 1), ("452 4.2.2 full", 1, 2)]


def test_copies_that_another_event_stands_between_are_one_line() -> None:
    rows = [event("bounce_hard", 5, "550 no"), event("dropped", 5), event("bounce_untyped", 5)]
    assert told(rows) == [("bounce_hard", 1, 2), ("dropped", 0, 1)]


def test_what_is_ambiguous_stays_apart() -> None:
    assert told([event("bounce_hard", 5), event("bounce_hard", 5, tie="ambiguous")]) == [("bounce_hard", 1, 1)] * 2


def test_a_bounce_without_a_type_folds_into_the_one_that_has_it() -> None:
    rows = [event("bounce_untyped", 5), event("bounce_blocked", 5, "550 5.7.1 listed")]
    assert told(rows) == told(rows[::-1]) == [("bounce_blocked", 1, 2)]


def test_the_span_of_a_stage_is_that_of_its_events() -> None:
    late, early = event("delivered", 5), event("delivered", 5)
    late["time_ms"] = 5324
    (stage,) = stages([late, early])
    assert (stage.first_ms, stage.last_ms) == (5000, 5324)
