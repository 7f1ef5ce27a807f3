import datetime as dt
import itertools
import json
import math

import pandas as pd
import pytest

from lasthop.draw import COLOURS, draw_outcomes_by_day, draw_rhythm, draw_timeline, outcome_colours
from lasthop.draw.colours import label
from lasthop.model.colours import NEUTRAL
from lasthop.model.kinds import Kind
from lasthop.model.outcomes import Outcome

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
SEEN_AS = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
PAGES = ("#FFFFFF", "#11151B")


def linear(colour: str) -> list[float]:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def luminance(colour: str) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def oklab(rgb: list[float]) -> tuple[float, ...]:
    to_lms = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    to_lab = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    lms = [sum(a * b for a, b in zip(row, rgb, strict=True)) ** (1 / 3) for row in to_lms]
    return tuple(sum(a * b for a, b in zip(row, lms, strict=True)) for row in to_lab)


def seen(colour: str, eye: str) -> tuple[float, ...]:
    rgb = linear(colour)
    return oklab([min(1.0, max(0.0, sum(a * b for a, b in zip(row, rgb, strict=True)))) for row in SEEN_AS[eye]])


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("page", PAGES)
def test_each_colour_can_be_seen_on_the_page(outcome: Outcome, page: str) -> None:
    light, dark = sorted((luminance(COLOURS[outcome].colour), luminance(page)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 2.9


@pytest.mark.parametrize("colour", outcome_colours())
def test_white_words_can_be_read_on_each_badge(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


@pytest.mark.parametrize("eye", SEEN_AS)
def test_plain_fills_stay_apart_for_every_eye(eye: str) -> None:
    fills = [ink.colour for ink in COLOURS.values() if not ink.hatch and not ink.outline]
    assert min(math.dist(seen(a, eye), seen(b, eye)) for a, b in itertools.combinations(fills, 2)) >= 0.08


def test_what_is_not_settled_is_never_a_plain_fill() -> None:
    assert COLOURS[Outcome.WAITING].hatch
    assert COLOURS[Outcome.UNKNOWN].outline
    assert len(outcome_colours()) == len(Outcome)


def cohorts(**columns: list[object]) -> pd.DataFrame:
    """A frame as ``outcomes_by`` gives it, with zeros for what is not told."""
    frame = pd.DataFrame(columns)
    for outcome in Outcome:
        if outcome not in frame:
            frame[str(outcome)] = 0
    for name in ("rate", "low", "high", "floor", "ceiling"):
        frame[name] = pd.array(columns.get(name, [None] * len(frame)), dtype="Float64")
    return frame


def test_bars_stack_the_outcomes_that_occur_and_say_what_they_are() -> None:
    days = ["2026-11-01", "2026-11-02"]
    figure = draw_outcomes_by_day(cohorts(key=days, accepted=[3, 3], attempted=[3, 3], mature=[True, True]))
    assert [trace.name for trace in figure.data] == ["Accepted"]
    assert list(figure.data[0].y) == [3, 3]
    assert [list(point) for point in figure.data[0].customdata] == [[day, "accepted"] for day in days]
    assert figure.layout.barmode == "stack"


def test_a_settled_day_has_its_share_and_a_young_one_the_range_that_is_possible() -> None:
    frame = cohorts(
        key=["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05"],
        accepted=[190, 45, 30, 10, 9],
        attempted=[200, 50, 40, 10, 10],
        mature=[True, True, False, False, False],
        rate=[0.95, 0.9, 0.75, None, None],
        low=[0.91, 0.79, 0.6, None, None],
        high=[0.97, 0.96, 0.86, None, None],
        floor=[0.95, 0.9, 0.6, 0.5, None],
        ceiling=[0.95, 0.9, 0.8, 1.0, None],
    )
    few, many, young, outage = draw_outcomes_by_day(frame, shown=()).data
    assert (list(few.x), list(few.y), few.marker.color) == (["2026-11-02"], [0.9], NEUTRAL), "grey below 100"
    assert (list(many.x), list(many.y)) == (["2026-11-01"], [0.95])
    assert many.marker.color == COLOURS[Outcome.ACCEPTED].colour
    assert many.error_y.array[0] == pytest.approx(0.02)
    assert many.error_y.arrayminus[0] == pytest.approx(0.04)
    assert (list(young.x), list(young.y)) == (["2026-11-03"] * 2, [0.6, 0.8])
    assert list(outage.y) == [0.5, 1.0], "few ended and many wait: the day that matters most has its range too"


def test_the_end_of_the_data_is_a_line_behind_its_day() -> None:
    frame = cohorts(key=["2026-11-01", "2026-11-02"], accepted=[3, 3], attempted=[3, 3], mature=[True, True])
    assert not draw_outcomes_by_day(frame).layout.annotations
    layout = draw_outcomes_by_day(frame, edge=dt.datetime(2026, 11, 2, 17, 5)).layout
    assert [note.text for note in layout.annotations] == ["data ends 2 Nov 17:05"]
    assert {shape.x0 for shape in layout.shapes} == {dt.datetime(2026, 11, 2, 12)}


def test_a_mark_is_text_and_never_markup() -> None:
    frame = cohorts(key=["2026-11-01"], accepted=[1], attempted=[1], mature=[True])
    (note,) = draw_outcomes_by_day(frame, marks={dt.date(2026, 11, 1): "<b>DNS</b> changed"}).layout.annotations
    assert "<b>" not in note.text
    assert "DNS" in note.text


def test_marks_stand_above_the_bars_and_near_ones_not_over_each_other() -> None:
    days = [f"2026-11-{day:02d}" for day in range(1, 21)]
    n = len(days)
    frame = cohorts(key=days, accepted=[3] * n, attempted=[3] * n, mature=[True] * n)
    marks = {
        dt.date(2026, 11, 3): "New sending address at the shop",
        dt.date(2026, 11, 4): "DNS changed",
        dt.date(2026, 11, 19): "Deploy",
        dt.date(2026, 9, 1): "Long before these days",
    }
    bare = draw_outcomes_by_day(frame)
    layout = draw_outcomes_by_day(frame, marks=marks, edge=dt.datetime(2026, 11, 20, 17, 5)).layout
    by_words = {note.text: note for note in layout.annotations}
    assert set(by_words) == {"data ends 20 Nov 17:05", "New sending address at t…", "DNS changed", "Deploy"}
    assert all((note.y, note.yref, note.yanchor) == (1, "y domain", "bottom") for note in by_words.values())
    assert by_words["DNS changed"].ay != by_words["New sending address at t…"].ay, "near ones have rows of their own"
    assert by_words["Deploy"].ay != by_words["data ends 20 Nov 17:05"].ay
    assert by_words["Deploy"].xanchor == "right", "no room at the right edge"
    assert by_words["New sending address at t…"].hovertext == "New sending address at the shop"
    assert layout.height > bare.layout.height
    assert layout.legend.y > bare.layout.legend.y


def test_no_days_no_bars() -> None:
    assert not draw_outcomes_by_day(cohorts(key=[], attempted=[], mature=[])).data


def test_hours_with_few_messages_have_no_share() -> None:
    cells = pd.DataFrame(
        {"weekday": [0, 1, 6], "hour": [9, 9, 23], "n": [100, 50, 5], "attempted": [100, 50, 5], "taken": [90, 40, 1]}
    )
    sent, marks = draw_rhythm(cells).data
    assert sent.z[0][9] == 2.0
    assert math.isnan(sent.z[0][10])
    few, refused, marks = draw_rhythm(cells, "refused").data
    assert refused.z[0][9] == pytest.approx(0.1)
    assert few.z[1][9] == pytest.approx(0.2)
    assert few.colorscale[1][1] == NEUTRAL, "grey below 100"
    assert (few.zmin, few.zmax) == (refused.zmin, refused.zmax) == (0, pytest.approx(0.2))
    assert all(math.isnan(z) for z in (refused.z[6][23], few.z[6][23], refused.z[1][9], few.z[0][9]))
    place = [list(cell) for cell in marks.customdata].index([6, 23])
    assert (marks.x[place], marks.y[place]) == ("23", "Sunday")
    assert marks.text[place] == "Sunday 23:00<br>5 sent, too few for a share"


def event(kind: str, second: int, reply: str | None = None, tie: str = "own") -> dict[str, object]:
    return {"kind": kind, "kind_raw": kind, "time_ms": 1_793_000_000_000 + second * 1000, "reply": reply, "tie": tie}


def test_timeline_of_nothing_and_of_one() -> None:
    assert draw_timeline([], "UTC").layout.xaxis.range is None
    first, last = draw_timeline([event(Kind.DELIVERED, 0)], "UTC").layout.xaxis.range
    assert (last - first).total_seconds() >= 10


def test_timeline_puts_each_event_on_the_lane_of_its_system() -> None:
    events = [event(Kind.HANDED_OVER, 0), event(Kind.PROCESSED, 1), event(Kind.DELIVERED, 3), event(Kind.OPEN, 90)]
    marks = {trace.name: set(trace.y) for trace in draw_timeline(events, "Asia/Tokyo").data if trace.mode == "markers"}
    assert marks == {
        "handed over": {"Application"},
        "processed": {"SendGrid"},
        "accepted": {"Receiving server"},
        "opened": {"Recipient"},
    }  # fmt: skip


def test_fifty_deferrals_are_fifty_marks_and_one_label() -> None:
    events = [event(Kind.PROCESSED, 0), *(event(Kind.DEFERRED, 2880 * n, "451 later") for n in range(1, 51))]
    figure = draw_timeline(events, "Asia/Tokyo")
    assert len(next(trace for trace in figure.data if trace.name == "deferred").x) == 50
    assert [note.text for note in figure.layout.annotations] == ["processed", "deferred 50 ×"]


def test_ambiguous_events_are_faint_and_off_the_path() -> None:
    figure = draw_timeline([event(Kind.PROCESSED, 0), event(Kind.BOUNCE_HARD, 9, tie="ambiguous")], "UTC")
    assert len(figure.data[0].x) == 1
    assert next(trace for trace in figure.data if trace.name == "bounced").marker.opacity == (0.35,)


@pytest.mark.parametrize("text", ["<b>x</b>", '<a href="http://x.example">x</a>', "<img src=x onerror=alert(1)>"])
def test_labels_hold_no_tags(text: str) -> None:
    assert "<" not in label(text)
    kind = f"other {text}"
    figure = draw_timeline([{**event(kind, 0, text), "kind_raw": text}], "UTC")
    assert text not in json.dumps(figure.to_dict(), default=str)


def test_long_labels_are_cut() -> None:
    assert label("x" * 5000).endswith("…")
    assert label("x" * 5000).count("<br>") == 3


def test_days_stay_days_in_the_zone() -> None:
    late = [event(Kind.DELIVERED, 0)]
    utc, tokyo = (draw_timeline(late, zone).data[1].x[0] for zone in ("UTC", "Asia/Tokyo"))
    assert (tokyo - utc).total_seconds() == 9 * 3600
