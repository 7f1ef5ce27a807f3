import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest

from lasthop.explain import Dossier, dossier
from lasthop.model.outcomes import Outcome
from lasthop.pack import Case
from lasthop.pack.gaps import Lists
from lasthop.pack.letters import Collector, Letter, letters
from lasthop.pack.letters import text as texts
from lasthop.pack.letters.variant import variant
from lasthop.pack.letters.wording import why_not, wordings
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.exports import ACTIVITY, activity, every_message, load, table
from tests.scenarios.test_stories import STORIES, files_of, fill

LISTS = Lists(("bounces",), ("blocks",))
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")
LEFT = {"not_handed_over", "suppressed", "unknown"}
TOLD = (
    "202_then_dropped_bounced_address", "accepted", "accepted_then_bounced_without_id", "blank_body",
    "blocked_by_reputation", "bounced", "complained", "expired_after_72_hours",
    "mail_log_alone", "many_recipients_in_one_request",
    "open_without_delivered", "silent_for_95_and_for_97_hours", "waiting_at_the_right_edge",
    "async_bounce_with_two_candidates",
    "three_rows_two_messages", "untyped_bounce_in_kuroco_log",
)  # fmt: skip
Make = Callable[..., list[Dossier]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Dossier]:
    """The dossiers of stories that end in every outcome."""
    found: list[Dossier] = []
    for story in (story for story in STORIES if story.name in TOLD):
        folder = tmp_path_factory.mktemp("story")
        workspace = Workspace(folder / "workspace")
        fill(workspace, files_of(story), folder)
        with look(workspace) as snapshot:
            found += [dossier(snapshot, each, hints=False) for each in every_message(snapshot)]
    return found


@pytest.fixture
def make(workspace: Workspace, tmp_path: Path) -> Iterator[Make]:
    """Dossiers of rows of the activity export."""

    def made(*rows: tuple[str, ...]) -> list[Dossier]:
        load(workspace, tmp_path / "files", [("activity.csv", table(ACTIVITY, rows).encode())])
        with look(workspace) as snapshot:
            return [dossier(snapshot, each, hints=False) for each in every_message(snapshot)]

    yield made


def written(*known: Dossier, **more: object) -> dict[str, Letter]:
    case = more.pop("case", Case("c"))
    made = letters(case, known, zone="UTC", as_of_ms=known[0].as_of_ms, lists=LISTS, **more)  # type: ignore[arg-type]
    return {letter.name: letter for letter in made}


def test_every_outcome_is_told(told: list[Dossier]) -> None:
    assert {known.message.outcome for known in told} == set(Outcome)


def test_no_letter_claims_the_inbox_and_each_desk_gets_what_it_can_look_up(told: list[Dossier]) -> None:
    for known in told:
        made = written(known)
        desks = {letter.desk for letter in made.values()}
        outcome = str(known.message.outcome)
        assert "kuroco" in desks, variant(known)
        assert ("receiver" in desks) <= (outcome not in LEFT), variant(known)
        assert ("sendgrid" in desks) <= (outcome not in ("not_handed_over", "complained"))
        for letter in made.values():
            assert letter.text.endswith("\n")
            assert "delivered to the inbox" not in letter.text
            assert "None" not in letter.text
            accepted = outcome in ("accepted", "accepted_then_bounced")
            for words in ("receiving server accepted", "mail system accepted", "mail system first accepted"):
                assert accepted or words not in letter.text, (variant(known), letter.name)


def test_a_person_reads_no_address_but_their_own_and_the_sender(told: list[Dossier]) -> None:
    recipients = {str(known.message.recipient) for known in told}
    senders = " ".join(known.message.sender or "" for known in told)
    for person in (letter for letter in written(*told).values() if letter.desk == "person"):
        named = {address for address in ADDRESS.findall(person.text) if address not in senders}
        assert len(named) == 1, person.name
        assert named <= recipients


def test_a_receiver_reads_of_its_own_domain_only(told: list[Dossier]) -> None:
    for letter in (letter for letter in written(*told).values() if letter.desk == "receiver"):
        for known in told:
            recipient = str(known.message.recipient)
            assert recipient not in ADDRESS.findall(letter.text) or recipient.endswith(f"@{letter.to_domain}")


def test_a_hostile_subject_stays_on_its_line(make: Make) -> None:
    subject = "a\nYour queue id: forged\u2028X\u202e\u200f other@stranger.example" + "x" * 10_000
    for letter in written(*make(activity(1, "delivered", 1, subject=subject, reason="250 ok"))).values():
        assert not re.search(r"^\s*Your queue id: forged", letter.text, re.MULTILINE)
        assert not set("\u2028\u202e\u200f") & set(letter.text)
        assert len(letter.text) < 4_000
        assert letter.desk in ("sendgrid", "kuroco") or "other@stranger.example" not in letter.text


def test_the_receiver_gets_its_own_id_and_a_zone_that_is_said(make: Make) -> None:
    known = make(activity(1, "delivered", 1, reason="250 2.0.0 Ok: queued as 4dQabc", email="u@mail.example.jp"))
    text = written(*known)["letters/receiver-01.txt"].text
    assert "Your queue id: 4dQabc" in text
    assert 'Recorded reply: "250 2.0.0 Ok: queued as 4dQabc"' in text
    assert "Asia/Tokyo (inferred from the domain)" in text
    assert "2026-11-02 21:00:01 UTC+09:00 (2026-11-02 12:00:01 UTC)" in text
    chosen = written(*known, receiver_zones={"mail.example.jp": "Europe/Berlin"})["letters/receiver-01.txt"].text
    assert "13:00:01 UTC+01:00" in chosen
    assert "inferred from the domain" not in chosen


def test_masked_and_many(make: Make) -> None:
    known = make(activity(1, "delivered", 1, reason="250 ok"))[0]
    masked = replace(known, message=replace(known.message, recipient="masked-ab12@example.com", subject=None))
    collector = Collector(Case("c"), zone="UTC", as_of_ms=known.as_of_ms, lists=LISTS)
    collector.take(masked)
    assert {letter.desk for letter in collector.letters()} == {"sendgrid", "kuroco"}
    assert {each.desk for each in collector.not_made} == {"receiver", "person"}
    many = written(*[known] * 50)
    assert "30 more of this kind: see messages.csv" in many["letters/sendgrid.txt"].text
    assert many["letters/sendgrid.txt"].text.count("X-Message-Id:") == 20
    assert "messages.csv" not in many["letters/receiver-01.txt"].text


def test_kuroco_gets_the_header_or_is_told_that_there_is_none(make: Make) -> None:
    known = make(activity(1, "delivered", 1, reason="250 ok"))
    assert "not supplied. It is always required." in written(*known)["letters/kuroco.en.txt"].text
    given = written(*known, case=Case("c", ticket={"header": "Received: x\nHello"}))["letters/kuroco.ja.txt"].text
    assert "> Received: x\n> Hello" in given
    assert "未提供です" not in given


def test_both_languages_have_the_same_entries_and_placeholders() -> None:
    for section in ("state", "label", "kuroco", "person"):
        for name, entry in wordings()[section].items():
            assert set(entry) == {"en", "ja"}, name
            fields = [{field for _, field, _, _ in Formatter().parse(text) if field} for text in entry.values()]
            assert fields[0] == fields[1], name


@pytest.mark.parametrize("name", sorted(wordings()["state"]))
def test_every_variant_has_its_words_or_a_reason_for_none(name: str) -> None:
    entries = {name: [["x"]]}
    groups = texts.Groups(entries, {name: 1}, "en")
    for desk in ("sendgrid", "receiver"):
        assert why_not(desk, name) or list(groups.told("more", f"ask_{desk}"))
    assert why_not("person", name) or texts.to_person(groups, "u@mail.example")
