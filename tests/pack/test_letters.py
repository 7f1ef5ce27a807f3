import re
import time
import tracemalloc
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasthop.explain import Dossier, dossier
from lasthop.pack import Case
from lasthop.pack.gaps import Lists
from lasthop.pack.letters import Collector, Letter, letters
from lasthop.pack.letters.quoting import visible_sender, without_addresses
from lasthop.pack.letters.wording import why_not, wordings
from lasthop.pack.redact import Level, Redaction, Redactor
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.exports import ACTIVITY, activity, every_message, load, table, x_id
from tests.scenarios.test_stories import STORIES, files_of, fill

LISTS = Lists(("bounces",), ("blocks",))
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")
TOLD = ("many_recipients_in_one_request", "refused_then_resent", "two_mails_at_once_and_no_subject_to_tell_them_apart")
Make = Callable[..., list[Dossier]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Dossier]:
    """The dossiers of stories with several recipients, requests and open questions."""
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
    assert 'Recorded reply or note: "250 2.0.0 Ok: queued as 4dQabc"' in text
    assert "Asia/Tokyo (inferred from the domain)" in text
    assert "2026-11-02 21:00:01 UTC+09:00 (2026-11-02 12:00:01 UTC)" in text
    ticket = {"receiver_zones": "mail.example.jp Europe/Berlin\nelsewhere.example: Mars/Olympus"}
    chosen = written(*known, case=Case("c", ticket=ticket))["letters/receiver-01.txt"].text
    assert "13:00:01 UTC+01:00" in chosen
    assert "inferred from the domain" not in chosen


@pytest.mark.parametrize("keep_domains", [True, False])
@pytest.mark.parametrize("level", [Level.MASKED, Level.METADATA])
def test_a_masked_copy_goes_to_the_desks_that_find_it_by_id(make: Make, level: Level, keep_domains: bool) -> None:
    """The local part is a word of ours: it is masked in the address, and the letter still finds its sentence."""
    (known,) = make(activity(1, "bounce", 1, type="blocked", reason="554 no", email="blocked@mail.example"))
    redactor = Redactor(Redaction(level, keep_domains), b"s" * 32)
    collector = Collector(Case("c"), zone="UTC", as_of_ms=known.as_of_ms, lists=LISTS)
    collector.take(redactor.dossier(known))
    made = {letter.name: letter.text for letter in collector.letters()}
    assert set(made) == {"letters/sendgrid.txt", "letters/kuroco.en.txt", "letters/kuroco.ja.txt"}
    assert {each.desk: each.why for each in collector.not_made} == {
        "receiver": "the addresses are masked: the receiver could not find the message",
        "person": "the addresses are masked",
    }
    for text in made.values():
        assert "masked-" in text and "blocked@" not in text
        assert f"X-Message-Id: {x_id(1)}" in text or f"X-Message-Id：{x_id(1)}" in text
    assert "A block is on record for the mail below" in made["letters/sendgrid.txt"]
    assert "was masked, such as addresses." in made["letters/kuroco.en.txt"]
    subject = "left out here, or not known" if level is Level.METADATA else '"Order 1"'
    assert f"Subject: {subject}" in made["letters/sendgrid.txt"]
    assert ("件名：記載を省略、または不明" in made["letters/kuroco.ja.txt"]) == (level is Level.METADATA)


def test_an_address_that_only_looks_masked_is_written_to(make: Make) -> None:
    known = make(activity(1, "delivered", 1, reason="250 ok", email="masked-ball@mail.example"))
    assert {letter.desk for letter in written(*known).values()} == {"sendgrid", "receiver", "kuroco", "person"}


def test_one_letter_holds_twenty_messages_and_counts_the_rest(make: Make) -> None:
    known = make(activity(1, "delivered", 1, reason="250 ok"), activity(2, "deferred", 1, email="user1@mail.example"))
    first, second = sorted(known, key=lambda each: each.message.outcome)
    many = written(*[first] * 50, *[second] * 3)
    assert "(30 more of this kind, not listed here: see messages.csv" in many["letters/sendgrid.txt"].text
    assert many["letters/sendgrid.txt"].text.count("X-Message-Id:") == 20
    assert "messages.csv" not in many["letters/receiver-01.txt"].text + many["letters/person-01.en.txt"].text
    assert "(3 more of the same kind, not listed here)" in many["letters/receiver-01.txt"].text
    assert "（同様のメールがほかに3件ありますが" in many["letters/person-01.ja.txt"].text
    assert many["letters/person-01.ja.txt"].text.count("・") == 20


def test_twenty_receivers_and_persons_get_a_letter_and_the_others_are_counted(make: Make) -> None:
    (known,) = make(activity(1, "delivered", 1, reason="250 ok"))
    collector = Collector(Case("c"), zone="UTC", as_of_ms=known.as_of_ms, lists=LISTS)
    for number in [*range(25), 3, 24]:
        told = replace(known.message, recipient=f"u@d{number}.example", domain=f"d{number}.example")
        collector.take(replace(known, message=told))
    desks = Counter(letter.desk for letter in collector.letters())
    assert desks == {"sendgrid": 1, "receiver": 20, "kuroco": 2, "person": 40}
    assert {(each.desk, each.messages) for each in collector.not_made} == {("receiver", 6), ("person", 6)}
    assert {each.why for each in collector.not_made} == {"only the first 20 receivers and persons get a letter"}
    named = {letter.name: letter for letter in collector.letters()}
    assert named["letters/receiver-04.txt"].to_domain == "d3.example"
    assert named["letters/receiver-04.txt"].text.count("Message ") == 2


def test_the_zone_of_the_receivers_own_stamps_holds_for_all_of_its_letter(make: Make) -> None:
    known = make(activity(1, "delivered", 1, reason="250 ok"), activity(2, "delivered", 1, reason="250 ok"))
    text = written(*known, stamped={"mail.example": timedelta(hours=5, minutes=30)})["letters/receiver-01.txt"].text
    assert "Times are in UTC and in UTC+05:30, the offset of your server's stamps." in text
    assert text.count("2026-11-02 17:30:01 UTC+05:30 (2026-11-02 12:00:01 UTC)") == 4
    in_utc = written(*known, stamped={"mail.example": timedelta(0)})["letters/receiver-01.txt"].text
    assert "Times are in UTC, the offset of your server's stamps." in in_utc
    assert "UTC+" not in in_utc
    unknown = written(*known, stamped={"other.example": timedelta(hours=5)})["letters/receiver-01.txt"].text
    assert "Times are in UTC: your time zone is not known to us." in unknown
    assert "UTC+" not in unknown


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("host mx.mail.example[192.0.2.1] said: 550 5.1.1 no", "192.0.2.1 (read from the recorded text)"),
        ("connect to mx.mail.example[2001:db8::1]:25: refused", "2001:db8::1 (read from the recorded text)"),
        ("error dialing: dial tcp 10.0.0.1:0->192.0.2.1:25: i/o timeout", "192.0.2.1 (read from the recorded text)"),
        ("554 5.7.1 Client host [192.0.2.1] blocked", "not known"),
        ("554 Client host out.shop.example[192.0.2.1] said: no", "not known"),
        ("421-4.7.28 [192.0.2.1] Our system has detected", "not known"),
        ("host mx.mail.example[999.1.1.1] said: no", "not known"),
    ],
)
def test_the_receivers_ip_is_told_only_where_the_reply_states_it(make: Make, reply: str, said: str) -> None:
    text = written(*make(activity(1, "bounce", 1, type="blocked", reason=reply)))["letters/receiver-01.txt"].text
    assert f"Your IP: {said}\n" in text


def test_a_forwarding_address_in_a_reply_goes_back_to_its_server_and_to_nobody_else(make: Make) -> None:
    reply = "550 5.1.1 <user1@mail.example> moved, try boss.private@home.example"
    made = written(*make(activity(1, "bounce", 1, type="bounce", reason=reply)))
    assert reply in made["letters/receiver-01.txt"].text
    assert '"550 5.1.1 <user1@mail.example> moved, try [address]"' in made["letters/kuroco.en.txt"].text
    assert "try ［アドレス］" in made["letters/kuroco.ja.txt"].text
    for name in (
        "letters/kuroco.en.txt",
        "letters/kuroco.ja.txt",
        "letters/person-01.en.txt",
        "letters/person-01.ja.txt",
    ):
        assert "boss.private" not in made[name].text


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("Shop <no-reply@shop.example>", "Shop <no-reply@shop.example>"),
        ('"Shop, Ltd." <no-reply@shop.example>', "Shop, Ltd. <no-reply@shop.example>"),
        ("no-reply@shop.example", "no-reply@shop.example"),
        ("<no-reply@shop.example>", "no-reply@shop.example"),
        ('"a\rother@stranger.example" <no-reply@shop.example>', "a␍[x] <no-reply@shop.example>"),
        ("<other@stranger.example> <no-reply@shop.example>", "<[x]> <no-reply@shop.example>"),
        ("other@stranger.example, Shop <no-reply@shop.example>", "[x], Shop <no-reply@shop.example>"),
        ("Shop", None),
        ("", None),
        (None, None),
    ],
)
def test_a_sender_is_shown_with_its_own_address_only(sender: str | None, shown: str | None) -> None:
    assert visible_sender(sender, "[x]") == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('for "o t"@stranger.example now', "for [x] now"),
        ("for other＠stranger.example, please", "for [x], please"),
        ("<o@[192.0.2.9]>", "<[x]>"),
        ("own@mail.example and OWN@mail.example", "own@mail.example and OWN@mail.example"),
        ("meet @ noon", "meet @ noon"),
        ("x" * 5_000 + "@stranger.example", "x" * 5_000 + "@stranger.example"),
    ],
)
def test_addresses_in_a_text_are_left_out(text: str, shown: str) -> None:
    """What stands behind the part that is looked at is cut off with it, never shown."""
    found = without_addresses(text, "[x]", ["own@mail.example"])
    assert found == (shown if len(text) < 4_000 else "x" * 4_000 + "…")


def test_the_case_may_be_told_again_when_the_letters_are_asked_for(accepted: Dossier) -> None:
    collector = Collector(Case("c", title="Mr Smith"), zone="UTC", as_of_ms=None, lists=LISTS)
    collector.take(accepted)
    texts = [letter.text for letter in collector.letters(Case("c", title="masked-0"))]
    assert not [text for text in texts if "Mr Smith" in text]


ODD = st.text(st.characters(codec="utf-8"), max_size=60)
STRANGER = st.sampled_from([
    "other@stranger.example", '"o t"@stranger.example', "other＠stranger.example", "other@[192.0.2.9]", "o+t@stranger.example",
])  # fmt: skip
TEXT = st.lists(st.one_of(ODD, STRANGER, st.sampled_from(["\n", "\u2028", "\u202e", "\x85", " ", '"']))).map("".join)


@settings(max_examples=150, deadline=None)
@given(subject=TEXT, name=TEXT)
def test_no_text_names_a_stranger_or_forges_a_line(accepted: Dossier, subject: str, name: str) -> None:
    """Whatever a subject or the name of a sender holds."""
    shop = f'"{name.replace(chr(92), "").replace(chr(34), "")}" <no-reply@shop.example>'
    message = replace(accepted.message, subject=subject, sender=shop)
    plain = written(replace(accepted, message=replace(accepted.message, subject="x", sender="no-reply@shop.example")))
    for each, letter in written(replace(accepted, message=message)).items():
        assert len(letter.text.splitlines()) == len(plain[each].text.splitlines()), each
        assert not {mark for mark in letter.text if unicodedata.category(mark) in ("Zl", "Zp", "Cc")} - {"\n"}
        if letter.desk in ("person", "receiver"):
            assert set(NEAR.findall(letter.text)) <= {"user1@mail.example", "no-reply@shop.example"}, letter.text


NEAR = re.compile(r"[^\s<>\"'「」：　,(]+[@＠﹫](?:\[[^\]\s]*\]|\w(?:[^\s<>\"'「」　,)]*[^\s<>\"'「」　,.)])?)")
"""What may be an address: something in front of the sign, a letter or a digit behind it."""


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    folder = tmp_path_factory.mktemp("accepted")
    workspace = Workspace(folder / "workspace")
    rows = [activity(1, "delivered", 1, reason="250 ok")]
    load(workspace, folder / "files", [("activity.csv", table(ACTIVITY, rows).encode())])
    with look(workspace) as snapshot:
        return dossier(snapshot, every_message(snapshot)[0], hints=False)


def test_a_hundred_thousand_messages_stay_cheap_and_small(accepted: Dossier) -> None:
    """Every message of another person and receiver: far below the 5 ms that its dossier takes."""
    collector = Collector(Case("c"), zone="UTC", as_of_ms=accepted.as_of_ms, lists=LISTS)
    taken = 20_000
    many = [
        replace(accepted, message=replace(accepted.message, recipient=f"u{n}@d{n}.example", domain=f"d{n}.example"))
        for n in range(taken)
    ]
    for known in many[:1000]:
        collector.take(known)
    tracemalloc.start()
    start = time.perf_counter()
    for known in many[1000:]:
        collector.take(known)
    spent, (_, peak) = time.perf_counter() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent / (taken - 1000) < 0.001
    assert peak < 200_000
    assert sum(each.messages for each in collector.not_made) == 2 * (taken - 20)


def test_kuroco_gets_the_header_or_is_told_that_there_is_none(make: Make) -> None:
    known = make(activity(1, "delivered", 1, reason="250 ok"))
    assert "not supplied. We know that you always ask for it" in written(*known)["letters/kuroco.en.txt"].text
    given = written(*known, case=Case("c", ticket={"header": "Received: x\nHello"}))["letters/kuroco.ja.txt"].text
    assert "> Received: x\n> Hello" in given
    assert "未提供です" not in given


def test_kuroco_gets_what_was_filled_in(make: Make) -> None:
    known = make(activity(1, "delivered", 1, reason="250 ok"))
    message = known[0].message.message
    empty = written(*known)["letters/kuroco.ja.txt"].text
    assert "お問い合わせ番号：未提供\n" in empty
    assert (
        "受信日時（フォーム）または送信日時（配信）：未提供（SendGridの記録上の日時：2026-11-02 12:00:01 UTC）\n"
        in empty
    )
    ticket = {"reference": "12", f"number:{message}": "345\n346", f"time:{message}": "2026/11/2 21:00"}
    case = Case("c", title="届かない", question="なぜ\n前", ticket=ticket)
    text = written(*known, case=case)["letters/kuroco.ja.txt"].text
    for line in ("案件名：\"届かない\"", "お問い合わせ内容：\"なぜ␊前\"", "  お問い合わせ番号：345␊346",
                 "フォームまたは配信（IDまたは管理画面URL）：12", "  受信日時（フォーム）または送信日時（配信）：2026/11/2 21:00"):  # fmt: skip
        assert line in text.splitlines(), line


def test_both_languages_have_the_same_entries_and_placeholders() -> None:
    for section in ("state", "label", "kuroco", "person", "ask_kuroco", "answer"):
        for name, entry in wordings()[section].items():
            assert set(entry) == {"en", "ja"}, name
            fields = [{field for _, field, _, _ in Formatter().parse(text) if field} for text in entry.values()]
            assert fields[0] == fields[1], name


def test_every_question_is_worded_and_asked() -> None:
    for section, asked in wordings()["asked"].items():
        assert set(asked) <= set(wordings()["state"]), section
        # Where a loaded stop list answers the question, Kuroco gets another one.
        still = {"still"} if section == "ask_kuroco" else set()
        assert set(asked.values()) | still == set(wordings()[section]), section
        desk = section.removeprefix("ask_")
        for name in wordings()["state"]:
            assert (name in asked) != (why_not(desk, name) is not None), (section, name)


def test_the_application_is_told_in_plain_words(told: list[Dossier]) -> None:
    text = written(*told)["letters/sendgrid.txt"].text
    assert "UTC our application: SendGrid took the request: " in text
    assert "handed_over" not in text
