from datetime import UTC, datetime

import pytest

from lasthop.pack import candidates, find_in
from lasthop.store import Snapshot
from tests.pack.exports import every_message, x_id

REFERENCE = int(datetime(2026, 11, 20, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "since", "seconds"),
    [
        ("2026年11月12日 10時15分", "2026-11-12T01:15Z", 60),
        ("１１月１２日", "2026-11-11T15:00Z", 86_400),
        ("11/12 09:00 JST", "2026-11-12T00:00Z", 60),
        ("on the 12th", "2026-11-11T15:00Z", 86_400),
        ("of the 12th", "2026-11-11T15:00Z", 86_400),
        ("12月1日", "2025-11-30T15:00Z", 86_400),
        ("2026-11-12T10:15:00Z", "2026-11-12T10:15Z", 1),
        ("Nov 12, 2026 5pm", "2026-11-12T08:00Z", 3600),
    ],
)
def test_a_written_time_is_a_span(text: str, since: str, seconds: int) -> None:
    (one,) = find_in(f"It was {text}.", REFERENCE).found
    assert one.from_ms == int(datetime.fromisoformat(since).timestamp() * 1000)
    assert one.until_ms == one.from_ms + seconds * 1000


def test_each_finding_keeps_its_text_and_place() -> None:
    text = "お問い合わせ番号：１２３、124 taro＠mail.example <k2ynMg3XS1qDPmHIqsFJFA@geopod-ismtpd-1>"
    pasted = find_in(text, REFERENCE)
    assert pasted.of("number") == ("123", "124")
    assert pasted.of("address") == ("taro@mail.example",)
    assert pasted.of("message_id") == ("k2ynMg3XS1qDPmHIqsFJFA@geopod-ismtpd-1",)
    assert all(text[each.start : each.end] == each.text for each in pasted.found)


def test_too_many_findings_are_cut_and_told() -> None:
    pasted = find_in("No. 1, x\n" * 1_000, REFERENCE)
    assert len(pasted.found) == 200
    assert "only the first 200" in pasted.notes[0]


def test_candidates_are_ranked_with_why(snapshot: Snapshot) -> None:
    ids = every_message(snapshot)
    found = candidates(snapshot, find_in(f"user2@mail.example 2026-11-02, {x_id(1)}, nobody@mail.example", REFERENCE))
    assert [(each.message, each.exact) for each in found.found] == [(ids[0], True), (ids[1], False)]
    assert "sent in the time of “2026-11-02”" in found.found[1].why[0]
    assert found.notes == ("No message to nobody@mail.example is in this workspace.",)
