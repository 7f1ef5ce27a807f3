"""index.html: safe to open, true to the dossiers, and marks where the time says."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasthop.explain import Dossier
from lasthop.explain.dossier import dossiers
from lasthop.measure.rate import Rate
from lasthop.model.colours import COLOURS, badge
from lasthop.model.marks import MARKS
from lasthop.model.outcomes import FAILED, Outcome
from lasthop.pack.case import Case, Check
from lasthop.pack.cohorts import COUNTS, Cohort, Kind
from lasthop.pack.gaps import Lists
from lasthop.pack.letters import NotMade
from lasthop.pack.markdown import code_span
from lasthop.pack.page import IN_FULL, PageWriter
from lasthop.pack.page.axis import axis, lasting, offsets, silences
from lasthop.pack.page.cohorts import bars, cut
from lasthop.pack.page.environment import spans
from lasthop.pack.page.timeline import picture
from lasthop.pack.readme import Cover
from lasthop.pack.redact import Level, Redaction, Redactor
from lasthop.pack.scope import MEMBERS as SCOPE_MEMBERS
from lasthop.pack.scope import Scope, write_scope
from lasthop.pack.visible import one_line
from lasthop.store import Snapshot, Workspace
from lasthop.store.sources import sources
from tests.pack.exports import case_of

HOSTILE = (
    "\"'><script>alert(1)</script><img src=//evil.example onerror=alert(1)>{{ 7 * 7 }}&lt;</style>\x00\x1b[31m\u202e"
)
SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000
_VOID = {"meta", "br", "img", "link", "input"}


class Page(HTMLParser):
    """Tags with their attributes, and text; fails on a tag that is closed wrongly or not at all."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[list[str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(content)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside.append([*self._open, tag])
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside.append([*self._open, tag])

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data


Write = Callable[..., str]


def cover_of(snapshot: Snapshot, workspace: Workspace, case: Case, folder: Path, **changed: Any) -> Cover:
    cover = Cover(
        case=case,
        redaction=Redaction(),
        messages=len(case.messages),
        first_ms=1_793_620_800_000,
        last_ms=1_793_620_892_000,
        shown=(),
        zone="Asia/Tokyo",
        as_of_ms=1_793_620_892_000,
        assumed=frozenset(),
        lists=Lists(("bounces",), ("blocks",)),
        sources=sources(workspace),
        gaps=[f"The lines of {code_span('a`b<i>')} are not there."],
        addresses=4,
        masked=0,
        scope=write_scope(folder, snapshot, case.messages),
        originals=(),
        not_made=(NotMade("receiver", "nobody is known there", 2),),
    )
    return replace(cover, **changed)


@pytest.fixture
def known(snapshot: Snapshot) -> list[Dossier]:
    return list(dossiers(snapshot, case_of(snapshot).messages, "Asia/Tokyo"))


@pytest.fixture
def write(snapshot: Snapshot, loaded: Workspace, tmp_path: Path) -> Write:
    def written(told: Sequence[Dossier], case: Case | None = None, members: Sequence[str] = (), **changed: Any) -> str:
        path = tmp_path / "index.html"
        with PageWriter(path, "Asia/Tokyo", sources(loaded)) as page:
            for number, one in enumerate(told, 1):
                page.take(number, one)
        page.finish(cover_of(snapshot, loaded, case or case_of(snapshot), tmp_path, **changed), members)
        assert sorted(each.name for each in tmp_path.iterdir()) == sorted(["index.html", *SCOPE_MEMBERS])
        return path.read_bytes().decode()

    return written


def hostile(one: Dossier) -> Dossier:
    events = [
        {**event, "reply": HOSTILE, "reply_code": HOSTILE, "kind_raw": HOSTILE, "kind": "other"}
        for event in one.timeline
    ]
    message = replace(one.message, subject=HOSTILE, recipient=HOSTILE, sender=HOSTILE, message=HOSTILE)
    said = replace(one.verdict, sentence=HOSTILE, cause=HOSTILE, who=HOSTILE, limits=(HOSTILE,), reason=HOSTILE)
    return replace(one, message=message, timeline=events, verdict=said)


def test_the_page_tells_each_message_with_what_it_rests_on(write: Write, known: list[Dossier]) -> None:
    page = Page(write(known, replace(case_of_known(known), title="注文確認", question="Where?", asks="A asks B")))
    for words in (
        "注文確認", "Where?", "A asks B", "full: Nothing is masked.", "4 addresses of senders and recipients",
        "550 5.1.1 No such user\nsee https://mx.example/help, thank you", "2026-11-02 21:00:04.000+09:00",
        "2026-11-02 12:00:04.000Z", "activity.csv, line 3", "Asked", "bounces", "Not asked", "blocks",
        "No letter to a receiver's administrator about 2 messages: nobody is known there.",
        "The lines of a`b<i> are not there.",
    ):  # fmt: skip
        assert words in page.text
    for one in known:
        assert one.verdict.sentence in page.text
        assert one.verdict.confidence in page.text


def case_of_known(known: Sequence[Dossier]) -> Case:
    return Case("case-001", messages=tuple(one.message.message for one in known))


def test_the_page_runs_nothing_and_asks_nobody(write: Write, known: list[Dossier]) -> None:
    page = Page(write(known, members=["letters/sendgrid.txt", 'attached/01-a b".eml']))
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert any((attributes.get("content") or "").startswith(policy) for tag, attributes in page.tags if tag == "meta")
    assert {tag for tag, _ in page.tags}.isdisjoint(
        {"script", "link", "iframe", "object", "embed", "img", "base", "form"}
    )
    links = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a"]
    assert links.count("letters/sendgrid.txt") == 2
    here = {attributes.get("id") for _, attributes in page.tags}
    assert {link[1:] for link in links if link.startswith("#")} <= here
    assert "attached/01-a%20b%22.eml" in links
    assert all(re.fullmatch(r"#[a-z0-9-]+|[\w./%-]+", link) for link in links)
    for _, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert {"src", "xlink:href", "srcset", "action", "data"}.isdisjoint(attributes)


def test_style_and_pictures_name_no_address(write: Write, known: list[Dossier]) -> None:
    content = write(known)
    (style,) = re.findall(r"<style>(.*?)</style>", content, re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    assert set(re.findall(r"url\((.)", content)) <= {"#"}


def test_what_strangers_wrote_stays_text(write: Write, known: list[Dossier]) -> None:
    case = replace(
        case_of_known(known), title=HOSTILE, question=HOSTILE, notes=HOSTILE, checks=(Check(HOSTILE, HOSTILE),)
    )
    clean, content = (
        Page(write(known, replace(case, title="a", checks=(Check("a", "b"),)))),
        write(map(hostile, known), case),
    )
    page = Page(content)
    assert page.text.count(one_line(HOSTILE)) >= 10 * len(known) + 5
    assert {tag for tag, _ in page.tags} == {tag for tag, _ in clean.tags}
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", content)
    assert {name for _, some in page.tags for name in some} <= {name for _, some in clean.tags for name in some} | {
        "opacity"
    }


def test_every_picture_is_described_and_every_table_titled(write: Write, known: list[Dossier]) -> None:
    page = Page(write(known))
    names = [tag for tag, _ in page.tags]
    assert names.count("svg") >= 2 * len(known)
    for place, tag in enumerate(names):
        if tag == "svg":
            assert names[place + 1 : place + 3] == ["title", "desc"]
        if tag == "table":
            assert names[place + 1] == "caption"
    assert page.tags[0] == ("html", {"lang": "en"})
    assert next(tag for tag in names if re.fullmatch("h[12]", tag)) == "h1"
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_an_outcome_has_the_colour_that_it_has_everywhere(write: Write, known: list[Dossier]) -> None:
    content = write(known)
    for outcome in Outcome:
        assert f".o-{outcome} {{ --ink: {COLOURS[outcome].colour}; --badge: {badge(outcome)}; }}" in content
    for one in known:
        assert f'class="message o-{one.message.outcome}"' in content


def test_the_same_input_gives_the_same_bytes(write: Write, known: list[Dossier]) -> None:
    assert write(known) == write(known)


def test_a_masked_dossier_shows_what_is_left(write: Write, known: list[Dossier]) -> None:
    redaction = Redaction(Level.METADATA)
    redactor = Redactor(redaction, b"x" * 32)
    content = write([redactor.dossier(one) for one in known], redaction=redaction, masked=7, scope=None)
    assert "user1@mail.example" not in content
    assert "Order 1" not in content
    page = Page(content)
    assert "7 addresses and names masked" in page.text
    assert "One address, or more?" not in page.text


def test_only_the_first_messages_are_told_and_the_rest_counted(write: Write, known: list[Dossier]) -> None:
    many = [known[place % len(known)] for place in range(IN_FULL + 3)]
    page = Page(write(many, messages=len(many)))
    assert sum(tag == "article" for tag, _ in page.tags) == IN_FULL
    assert page.text.count("3 more messages: see messages.csv.") == 2
    assert f"the first {IN_FULL} of {IN_FULL + 3} messages" in page.text
    counted = sum(int(number) for number in re.findall(r": (\d+) messages?\. ", page.text))
    assert counted == IN_FULL + 3


def test_of_a_message_without_an_event_nothing_is_concluded(write: Write, known: list[Dossier]) -> None:
    page = Page(write([replace(known[0], timeline=[])]))
    assert "No event of this message is there" in page.text
    assert known[0].verdict.sentence not in page.text


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def event(kind: str, time_ms: int | None, **more: object) -> dict[str, Any]:
    return {"kind": kind, "kind_raw": kind, "time_ms": time_ms, "tie": "own", "reply": None} | more


def test_marks_stand_where_their_time_says() -> None:
    along = axis([60 * SECOND, 0, 15 * SECOND], 0, 628)
    assert [along.x(time) for time in (0, 15 * SECOND, 60 * SECOND)] == [14.0, 164.0, 614.0]
    assert axis([5, 5], 100, 300).x(5) == 200.0


def test_a_long_silence_is_cut_out() -> None:
    along = axis([0, SECOND, 3 * DAY], 0, 724)
    assert [(piece.left, piece.right) for piece in along.pieces] == [(0.0, 560.0), (664.0, 724.0)]
    assert [along.x(time) for time in (0, SECOND, 3 * DAY)] == [14.0, 546.0, 694.0]


@pytest.mark.parametrize(
    ("times", "cuts"),
    [
        ([0], set()),
        ([0, 3 * DAY], set()),
        ([0, SECOND, 3_599_000], set()),
        ([0, HOUR, 2 * HOUR, 3 * HOUR], set()),
        ([0, SECOND, 3 * DAY], {(SECOND, 3 * DAY)}),
        ([0, SECOND, DAY, 3 * DAY], {(SECOND, DAY), (DAY, 3 * DAY)}),
    ],
)
def test_only_what_dwarfs_all_other_pauses_is_cut(times: list[int], cuts: set[tuple[int, int]]) -> None:
    assert silences(times) == cuts


@given(st.lists(st.integers(0, 30 * DAY), min_size=1, max_size=30))
def test_later_events_never_stand_further_left(times: list[int]) -> None:
    along = axis(times, 128, 712)
    places = [along.x(time) for time in sorted(times)]
    assert places == sorted(places)
    assert 128 <= places[0] <= places[-1] <= 712
    ticks = along.ticks("America/New_York")
    assert all(128 <= tick.x <= 712 for tick in ticks)
    assert ticks[0].date


def test_ticks_are_round_times_of_the_zone() -> None:
    ticks = axis([at("2026-11-02T14:59:30"), at("2026-11-02T15:00:30")], 0, 628).ticks("Asia/Tokyo")
    assert [(tick.time, tick.date) for tick in ticks][:4] == [
        ("23:59:30", "2026-11-02"), ("23:59:40", ""), ("23:59:50", ""), ("00:00:00", "2026-11-03"),
    ]  # fmt: skip
    assert [tick.x for tick in ticks[:4]] == [14.0, 114.0, 214.0, 314.0]


def test_an_hour_that_the_clock_skips_is_not_named() -> None:
    first, last = at("2026-03-29T00:30:00"), at("2026-03-29T02:30:00")
    ticks = axis([first, last], 0, 628).ticks("Europe/Berlin")
    after = ["03:00", "03:15", "03:30", "03:45", "04:00", "04:15", "04:30"]
    assert [tick.time for tick in ticks] == ["01:30", "01:45", *after]
    assert offsets(first, last, "Europe/Berlin") == "Europe/Berlin, UTC+01:00 then UTC+02:00"


@pytest.mark.parametrize(
    ("span", "words"), [(0, "0 s"), (61_000, "1 min 1 s"), (3 * DAY, "3 d"), (2 * DAY + 23 * HOUR + 5_000, "2 d 23 h")]
)
def test_a_silence_in_words(span: int, words: str) -> None:
    assert lasting(span) == words


def test_a_picture_has_a_mark_for_each_kind_and_place() -> None:
    first = at("2026-11-02T12:00:00")
    timed = [
        event("processed", first),
        event("deferred", first + SECOND),
        event("deferred", first + SECOND),
        event("bounce_blocked", first + 9 * SECOND, tie="ambiguous"),
        event("open", None),
    ]
    drawn = picture(timed, "Asia/Tokyo")
    assert drawn is not None
    assert [lane.words for lane in drawn.lanes] == ["no event", "processed", "deferred 1 ×, blocked"]
    assert [(dot.symbol, dot.colour, dot.unsure) for dot in drawn.dots] == [
        (MARKS[kind].symbol, MARKS[kind].colour, unsure)
        for kind, unsure in (("processed", False), ("deferred", False), ("bounce_blocked", True))
    ]
    assert "2 events" in drawn.dots[1].says
    assert "may belong to another message" in drawn.dots[2].says
    assert drawn.path == ((142.0, 82), (203.8, 130))
    assert drawn.zone == "Asia/Tokyo, UTC+09:00"


def test_without_a_time_there_is_no_picture() -> None:
    assert picture([event("open", None)], "UTC") is None


def cohort(name: str, accepted: int, low: float = 0.0, **failed: int) -> Cohort:
    count = sum(failed.values())
    counts = dict.fromkeys(COUNTS, 0) | {f"failed_{outcome}": failed.get(outcome, 0) for outcome in FAILED}
    counts |= {"messages": accepted + count, "accepted": accepted, "failed": count}
    return Cohort("domain", name, counts, Rate(count, accepted + count, low, 1.0))


def test_bars_are_as_long_as_their_share() -> None:
    kind = Kind()
    for one in [cohort("a.example", 75, 0.1, bounced=20, blocked=5), cohort("b.example", 4, bounced=3)]:
        kind.take(one)
    for n in range(4):
        kind.take(cohort(f"{n}.example", 1, bounced=1))
    drawn = bars(Scope(0, 1, {"domain": kind}, pd.DataFrame(), ""))
    first, few = drawn.bars[:2]
    assert [(part.outcome, part.x, part.width) for part in first.parts] == [
        (Outcome.BLOCKED, 12.0, 34.8),
        (Outcome.BOUNCED, 46.8, 139.2),
    ]
    assert (first.low, first.high, first.share, first.interval) == (81.6, 708.0, "25 %", "10 to 100 %")
    assert (few.parts, few.low, few.share, few.settled) == ((), None, "", 7)
    assert drawn.left_out == 2
    assert not first.faint


def test_a_name_is_cut_by_its_width() -> None:
    assert cut("abcd", 4) == "abcd"
    assert cut("abcde", 4) == "abcd…"
    assert cut("注文確認", 4) == "注文…"


@given(st.text(min_size=1))
def test_a_code_span_comes_back_as_it_was(text: str) -> None:
    shown = one_line(text)
    parts = spans(f"Said {code_span(text)}, `x`.")
    assert parts == [(False, "Said "), (True, shown), (False, ", "), (True, "x"), (False, ".")]
