import base64
import dataclasses
import json
import time
from email.header import Header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasthop.explain import Dossier, dossier
from lasthop.pack import Case
from lasthop.pack.case import Check
from lasthop.pack.redact import Leaving, Level, Redaction, Redactor, known_of, preview
from lasthop.pack.redact.preview import Counting
from lasthop.pack.ticket import reference_in_words
from lasthop.store import Snapshot
from tests.pack.exports import case_of
from tests.pack.leaking import forms, leaks

ALICE = "alice.liddell@example.com"
KNOWN = frozenset((f"Alice Example <{ALICE}>",))
MASKED = Redaction(Level.MASKED)
HOSTILE = (
    f"<{ALICE}>: user unknown", "user unknown: alice.liddell", f'"Alice Example" <{ALICE.upper()}>',
    "bounces+123-abcd-alice.liddell=example.com@em123.example.net", "SRS0=HHH=TT=example.com=alice.liddell@fwd.example",
    "prvs=1234567890=alice.liddell@example.com", "alice.liddell+news@example.com", "mailto:alice.liddell@example.com",
    "https://x.example/?e=alice.liddell%40example.com&x=1", "alice.liddell=40example.com",
    "alice.liddell＠example．com", "=?utf-8?B?YWxpY2UubGlkZGVsbEBleGFtcGxlLmNvbQ==?=",
    "=?iso-8859-1?Q?alice.liddell=40example.com?=", "id YWxpY2UubGlkZGVsbEBleGFtcGxlLmNvbQ== end",
    r"alice.liddell\u0040example.com", "%3Calice.liddell%40example.com%3E", "log_alice.liddell@example.com.csv",
)  # fmt: skip


def redactor(redaction: Redaction = MASKED, key: bytes = b"k") -> Redactor:
    return Redactor(redaction, key * 32)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_known_address_survives_and_a_mask_stays(text: str) -> None:
    safe = redactor().text(text, KNOWN)
    assert leaks({"before": text.encode()}, [ALICE]) or "＠" in text or "?B?" in text
    assert safe != text
    assert leaks({"after": safe.encode()}, [ALICE]) == []
    assert "Alice Example" not in safe
    assert redactor().text(safe, KNOWN) == safe


@pytest.mark.parametrize("form", sorted(forms(ALICE)))
def test_the_leak_test_finds_every_form(form: str) -> None:
    assert (("m", ALICE, form)) in leaks({"m": b"\xff " + forms(ALICE)[form] + b" \xff"}, [ALICE])


def test_an_address_has_one_mask_however_it_is_written_and_another_in_another_workspace() -> None:
    one = redactor().address("bob@例え.example")
    assert redactor().address("BOB＠xn--r8jz45g．example".replace("．", ".")) == one
    assert redactor(key=b"z").address("bob@例え.example") != one


@given(st.emails())
def test_masks_are_stable_idempotent_and_keep_just_the_domain(address: str) -> None:
    keeping = redactor(Redaction(Level.MASKED, keep_domains=True))
    mask = keeping.address(address)
    assert mask.rpartition("@")[2] == address.rpartition("@")[2].lower()
    assert keeping.address(mask) == mask == redactor(Redaction(Level.MASKED, keep_domains=True)).address(address)


def test_a_json_line_stays_json_and_bytes_that_are_no_text_stay() -> None:
    line = redactor().record(b'{"email":"\\u0061lice.liddell\\u0040example.com","n":1}\n', KNOWN)
    assert json.loads(line)["n"] == 1
    assert leaks({"line": line}, [ALICE]) == []
    assert redactor().record(b"\xff\xfe alice.liddell@example.com\r\n", KNOWN).startswith(b"\xff\xfe masked-")


@pytest.mark.parametrize("level", [Level.MASKED, Level.METADATA])
def test_a_dossier_leaves_without_its_addresses_and_keeps_its_ids(snapshot: Snapshot, level: Level) -> None:
    for message in case_of(snapshot).messages:
        known = dossier(snapshot, message)
        safe = redactor(Redaction(level)).dossier(known)
        assert known.message.recipient
        assert leaks({"d": repr(safe).encode()}, [known.message.recipient]) == []
        assert [e["event_id"] for e in safe.timeline] == [e["event_id"] for e in known.timeline]
        assert safe.message.x_message_id == known.message.x_message_id
        if level is Level.METADATA:
            assert {e["subject"] for e in safe.timeline} | {e["reply"] for e in safe.timeline} == {None}
            assert safe.message.subject is None


def test_full_is_the_identity(snapshot: Snapshot) -> None:
    known, full = dossier(snapshot, case_of(snapshot).messages[0]), redactor(Redaction())
    assert full.dossier(known) is known
    assert full.text(ALICE) == ALICE
    assert full.record(b"x@example.com") == b"x@example.com"
    assert known.message.recipient in known_of(known)


def test_a_case_is_masked_and_what_was_masked_is_told() -> None:
    mine = redactor()
    case = mine.case(dataclasses.replace(Case("case-001"), notes=f"call {ALICE}", ticket={"sender:1": ALICE}))
    assert leaks({"case": repr(case).encode()}, [ALICE]) == []
    assert list(mine.masked) == [ALICE]


MASK = redactor().address(ALICE)
LOCAL_MASK = MASK.partition("@")[0]
LOCALS = st.from_regex(r"[a-z][a-z0-9]{4,8}[._+][a-z0-9]{2,6}", fullmatch=True)
PEOPLE = st.builds("{}@{}.example".format, LOCALS, st.from_regex(r"[a-z]{3,8}", fullmatch=True))
AROUND = st.sampled_from(
    ["", " ", "<", ">", '"', "\n", " for ", "550 5.1.1 ", "; ", ", ", "宛先：", "（", "）", "=?", "%", "="]
)
RECORDS = (
    ("utf-8", '{{"email":"{0}","reason":"550 <{0}> unknown","n":1}}\n'), ("cp932", '"2026","{0}","宛先不明"\r\n'),
    ("utf-16-le", '"{0}","{0} さん"\r\n'), ("iso2022_jp", "To: {0}\r\nSubject: 宛先 {0}\r\n"),
)  # fmt: skip


@settings(deadline=None)
@given(PEOPLE, st.data(), AROUND, AROUND)
def test_no_form_of_a_known_address_survives_in_a_text(
    address: str, data: st.DataObject, left: str, right: str
) -> None:
    told = (each for each in forms(address) if each not in ("utf-16-le", "utf-16-be") and "full-width " not in each)
    form = data.draw(st.sampled_from(sorted(told)))
    text = left + " " + forms(address)[form].decode("utf-8", "replace") + " " + right
    safe = redactor().text(text, frozenset((address,)))
    assert leaks({form: safe.encode("utf-8", "replace")}, [address]) == []
    assert redactor().text(safe, frozenset((address,))) == safe


@settings(deadline=None)
@given(PEOPLE, st.sampled_from(RECORDS), AROUND)
def test_no_address_survives_in_a_record_whoever_it_is_of(address: str, record: tuple[str, str], left: str) -> None:
    encoding, line = record
    text = line.format(address) + (left + address if encoding == "iso2022_jp" and left.isascii() else "")
    for known in (frozenset((address,)), frozenset[str]()):
        safe = redactor().record(text.encode(encoding), known, encoding)
        assert leaks({encoding: safe.decode(encoding).encode()}, [address]) == []
        assert leaks({encoding: safe}, [address]) == []
    if text.startswith("{"):
        assert json.loads(safe)["n"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932", "iso2022_jp", "no-such"])
def test_a_record_that_names_nobody_keeps_its_bytes_in_every_encoding(encoding: str) -> None:
    record = "宛先不明 550\r\n".encode("utf-8" if encoding == "no-such" else encoding)
    damaged = (record[1:], b"\xff\xfe\x81 \x00" + record)  # what is no ISO-2022-JP may look like an address
    for one in (record, record[:-1], *(() if encoding == "iso2022_jp" else damaged)):
        assert redactor().record(one, KNOWN, encoding) == one
    assert b"liddell" not in redactor().record(b"\x1b$B\xff \x81 " + ALICE.encode(), KNOWN, encoding)


@pytest.mark.parametrize("carrier", [
    "bounces+123-abcd-alice.liddell=example.com@em123.example.net", "SRS0=HHH=TT=example.com=alice.liddell@fwd.example",
    "SRS1=HHH=fwd.example==HHH=TT=example.com=alice.liddell@next.example", "prvs=1234567890=alice.liddell@example.com",
    "list-bounces+alice.liddell=example.com@lists.example", "alice.liddell＠example．com", "ALICE.LIDDELL%40example.com",
    "alice.lid=\r\ndell@example.com", "&#97;lice.liddell&#64;example.com", "=?utf-8?Q?=3Calice=2Eliddell=40example=2Ecom=3E?=",
])  # fmt: skip
@pytest.mark.parametrize("known", [KNOWN, frozenset[str]()])
def test_an_address_has_the_same_mask_whatever_carries_it(carrier: str, known: frozenset[str]) -> None:
    assert (
        redactor().text(f"for {carrier} now", known).strip("<>").replace("<", "").replace(">", "") == f"for {MASK} now"
    )
    keeping = redactor(Redaction(Level.MASKED, keep_domains=True)).text(carrier, known)
    assert keeping.strip("<>") == f"{LOCAL_MASK}@example.com"


@pytest.mark.parametrize(("before", "after"), [
    ("log_alice.liddell@example.com.csv", f"log_{MASK}.csv"), ("rcpt=alice.liddell@example.com,", f"rcpt={MASK},"),
    ("https://x.example/?e=alice.liddell%40example.com&x=1", f"https://x.example/?e={MASK}&x=1"),
    ("宛先はalice.liddell@example.comです。", f"宛先は{MASK}です。"), ("user alice.liddell unknown", f"user {LOCAL_MASK} unknown"),
    ("%61lice.liddell", LOCAL_MASK), ("ａｌｉｃｅ.liddell", LOCAL_MASK), (r"\u0061lice.liddell", LOCAL_MASK),
    ('"{""email"":""\\u0061lice.liddell\\u0040example.com""}"', f'"{{""email"":""{MASK}""}}"'),
    (r'{"a":"x\nalice.liddell@example.com"', rf'{{"a":"x\n{MASK}"'), ("delay=40s, a=40", "delay=40s, a=40"),
    ("mx.example.net [192.0.2.1] 4.7.1", "mx.example.net [192.0.2.1] 4.7.1"),
    ("XqbNSpDhikTGA2kMmwsILg.recvd-86b77d8cc7-8d6gn-1-6A6D376D-5.0",) * 2, ("=?utf-8?Q?H=C3=A4?= stays",) * 2,
])  # fmt: skip
def test_what_stands_around_an_address_stays(before: str, after: str) -> None:
    assert redactor().text(before, KNOWN) == after


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("said", ["alice.liddell", ALICE.upper(), f"To: {ALICE}"])
def test_base64_of_a_known_person_is_hidden_in_every_alignment(charset: str, said: str) -> None:
    for shift in range(3):
        coded = base64.b64encode(b"-" * shift + said.encode(charset)).decode()
        assert redactor().text(f"id/{coded}.", KNOWN).startswith("id/masked-") or coded not in redactor().text(
            coded, KNOWN
        )
        assert coded not in redactor().text(f"id/{coded}.", KNOWN)


def test_names_of_senders_are_masked_whole_and_in_part_and_encoded() -> None:
    name = Header("田中 太郎", "utf-8").encode()
    known = frozenset(("Alice Example Smith <news@example.org>", f"{name} <tanaka@example.jp>"))
    safe = redactor().text("Alice wrote, Smith too; Alice\r\n Example Smith; 田中様と太郎さん", known)
    assert not any(word in safe for word in ("Alice", "Smith", "田中", "太郎"))
    assert "Example" not in redactor().text("by Alice Example Smith.", known)
    assert redactor().text("Malice and Smithson, 中田", known) == "Malice and Smithson, 中田"


def test_an_ordinary_or_short_local_part_is_masked_beside_mail_syntax_and_stays_alone() -> None:
    known = frozenset(("info@example.com", "ab@example.com"))
    safe = redactor().text("<info> user: info, for info@ (<ab>): more info on ab", known)
    assert safe.endswith("more info on ab")
    assert safe.count("masked-") == 4


def dossier_of(snapshot: Snapshot, **changes: str) -> Dossier:
    """The bounced message of the snapshot with other values in it and in its events."""
    known = dossier(snapshot, case_of(snapshot).messages[0])
    message = dataclasses.replace(known.message, **{k: v for k, v in changes.items() if hasattr(known.message, k)})
    return dataclasses.replace(known, message=message, timeline=[{**event, **changes} for event in known.timeline])


@pytest.mark.parametrize("level", [Level.MASKED, Level.METADATA])
@pytest.mark.parametrize(
    "column", ["request_id", "host", "x_message_id", "provider_event_id", "ip", "template", "time_raw"]
)
def test_an_address_in_a_column_that_is_kept_is_masked(snapshot: Snapshot, level: Level, column: str) -> None:
    safe = redactor(Redaction(level)).dossier(dossier_of(snapshot, **{column: f"x-{ALICE}"}))
    assert leaks({"d": repr(safe).encode()}, [ALICE]) == []
    plain = redactor(Redaction(level)).dossier(dossier_of(snapshot, **{column: "req-123.user", "vantage": "provider"}))
    assert plain.timeline[0][column] == "req-123.user"


def test_the_host_of_the_application_goes_with_the_domains_and_others_stay(snapshot: Snapshot) -> None:
    ours, theirs = (dossier_of(snapshot, host="web1.shop.example", vantage=each) for each in ("app", "receiver"))
    masked, keeping = redactor(), redactor(Redaction(Level.MASKED, keep_domains=True))
    assert masked.dossier(ours).timeline[0]["host"] == masked.domain("web1.shop.example") != "web1.shop.example"
    assert keeping.dossier(ours).timeline[0]["host"] == "web1.shop.example"
    for keep in (True, False):
        metadata = redactor(Redaction(Level.METADATA, keep_domains=keep))
        assert metadata.dossier(ours).timeline[0]["host"] is None
        assert metadata.dossier(theirs).timeline[0]["host"] == "web1.shop.example"
    assert masked.dossier(theirs).timeline[0]["host"] == "web1.shop.example"


@pytest.mark.parametrize("field", ["From", "Sender", "Reply-To", "To", "cc", "Bcc", "Return-Path", "Delivered-To"])
@pytest.mark.parametrize("who", [
    "Hanako Yamada <h@x.example>", '"Yamada, Hanako" <h@x.example>', "Kenji <k@x.example>,\r\n Hanako Yamada <h@x.example>",
    "h@x.example (Hanako Yamada)", "Kenji Ito; Hanako Yamada", "=?utf-8?B?SGFuYWtvIFlhbWFkYQ==?= <h@x.example>",
    "=?utf-8?Q?Yamada=2C_Hanako?= <h@x.example>",
])  # fmt: skip
def test_names_in_a_pasted_header_are_masked_everywhere(field: str, who: str) -> None:
    mine = redactor()
    case = dataclasses.replace(Case("case-001"), notes="Hanako called", ticket={"header": f"Date: now\n{field}: {who}"})
    safe = repr(mine.case(case)) + mine.text("Ms Yamada, Hanako") + mine.record(b"YAMADA\n").decode()
    assert not [name for name in ("hanako", "yamada", "SGFuYWtv") if name.lower() in safe.lower()]
    rows = preview(redactor(), [], case)
    assert "hanako" in {row.what for row in rows}


def test_metadata_has_no_words_of_the_case_and_keeps_its_ids_numbers_and_times() -> None:
    page = "https://aozora.g.kuroco-mng.app/management/inquiry/inquiry_edit/?inquiry_id=12&name=Hanako"
    ticket = {
        "reference": f"{page}\n34\nask Hanako", "number:m1": "no. 56 Hanako", "time:m1": "2026-11-12 11:37 JST",
        "time:m2": "when Hanako called", "recipient:m1": f"Hanako {ALICE}", "header": "To: Hanako", "sender:m1": "Hanako",
    }  # fmt: skip
    case = Case(
        "case-001", "Hanako", "Where is Hanako", "Hanako", ("m1",), "Hanako", ticket, (Check("Hanako", "Hanako"),)
    )
    safe = redactor(Redaction(Level.METADATA)).case(case)
    assert not [word for word in ("Hanako", "aozora") if word in repr(safe)]
    assert (safe.title, safe.question, safe.asks, safe.notes, safe.messages) == ("", "", "", "", ("m1",))
    assert reference_in_words(safe.ticket["reference"]) == "form 12; id 34"
    assert safe.ticket["number:m1"] == "56"
    assert safe.ticket["time:m1"] == "2026-11-12 11:37 JST"
    assert safe.ticket["recipient:m1"] == MASK
    assert {safe.ticket[each] for each in ("time:m2", "header", "sender:m1")} == {"(left out at this level)"}
    assert safe.checks == (Check("(left out at this level)", "(left out at this level)"),)


def test_the_full_width_hyphen_of_iso_2022_jp_is_one_of_an_address() -> None:
    wide = "".join(chr(ord(each) + 0xFEE0) for each in "hina-i@my-shop.example").replace("－", "−")
    assert redactor().text(f"宛先 {wide} 5−3") == f"宛先 {redactor().address('hina-i@my-shop.example')} 5−3"


def test_an_address_that_is_broken_beside_its_sign_is_masked() -> None:
    for text in (
        "<secret.person\n @private.example>",
        "secret.person@\r\n\tprivate.example",
        "secret.person\n@private.example",
    ):
        assert leaks({"t": redactor().text(text).encode()}, ["secret.person@private.example"]) == []


def test_the_domain_of_a_message_goes_with_those_of_its_addresses(snapshot: Snapshot) -> None:
    known = dossier_of(snapshot)
    safe = redactor().dossier(known).message
    assert safe.recipient is not None
    assert safe.domain == safe.recipient.rpartition("@")[2] != known.message.domain
    keeping = redactor(Redaction(Level.MASKED, keep_domains=True)).dossier(known).message
    assert keeping.domain == known.message.domain


def test_metadata_has_no_words_of_a_reply(snapshot: Snapshot) -> None:
    reply = "550 the mailbox of Mr Jones was closed in May"
    known = dossier_of(snapshot, reply=reply)
    said = dataclasses.replace(
        known.verdict, cause=f"it said: {reply}", limits=("Whether it holds.", "mailbox of Mr Jones was closed")
    )
    safe = redactor(Redaction(Level.METADATA)).dossier(dataclasses.replace(known, verdict=said))
    assert "Jones" not in repr(safe)
    assert safe.verdict.limits == ("Whether it holds.",)
    assert safe.verdict.sentence == safe.verdict.cause == str(safe.verdict.outcome)


def test_a_ticket_holds_texts_alone_and_no_header_at_the_level_metadata() -> None:
    case = dataclasses.replace(Case("case-001"), notes=ALICE, ticket={"header": f"To: {ALICE}", "sender:m1": ALICE})
    left = "(left out at this level)"
    assert redactor(Redaction(Level.METADATA)).case(case).ticket == {"header": left, "sender:m1": left}
    assert redactor().case(case).ticket == {"header": f"To: {MASK}", "sender:m1": MASK}


def test_the_preview_tells_what_leaves_how_often_and_where(snapshot: Snapshot) -> None:
    known = dossier_of(snapshot, recipient=ALICE, subject=f"For {ALICE}", reply="550 alice.liddell is not known here")
    case = dataclasses.replace(Case("case-001"), notes=f"{ALICE} called", ticket={"header": f"To: {ALICE}"})

    def lines(counting: Counting, known: frozenset[str]) -> None:
        counting.place = "raw lines"
        counting.record(f"{ALICE} {ALICE}\r\n".encode("utf-16-le"), known, "utf-16-le")

    for level, shown in ((Level.MASKED, MASK), (Level.FULL, ALICE)):
        rows = {row.what: row for row in preview(redactor(Redaction(level)), [known], case, lines)}
        row = rows[ALICE]
        assert isinstance(row, Leaving)
        assert row.leaves_as == shown
        events = len(known.timeline)
        assert {place: row.where[place] for place in ("raw lines", "ticket", "notes")} == {
            "raw lines": 2,
            "ticket": 1,
            "notes": 1,
        }
        assert row.where["reply"] == events
        assert row.where["subject"] == events + 1
        assert row.times == sum(row.where.values())
        assert "no-reply@shop.example" in rows
    left = {row.what: row for row in preview(redactor(Redaction(Level.METADATA)), [known], case)}
    assert not {"subject", "reply", "notes", "ticket"} & set(left[ALICE].where)


def test_a_hundred_thousand_addresses_have_as_many_masks() -> None:
    mine = redactor()
    assert len({mine.address(f"user{number}@example.com") for number in range(100_000)}) == 100_000


@pytest.mark.parametrize("piece", ["a@", '"@a', " @a", "a=", "%40", "=\n", "=?utf-8?Q?", "a.b@c.example ", "QUJD"])
def test_hostile_text_takes_time_in_proportion_to_its_length(piece: str) -> None:
    def looked_at(size: int) -> float:
        before = time.process_time()
        redactor().text(piece * (size // len(piece)), KNOWN)
        return time.process_time() - before

    looked_at(1_000)
    assert looked_at(200_000) < 40 * max(looked_at(20_000), 0.01)


@pytest.mark.parametrize("address", ["田中太郎@example.jp", "たろう.tanaka@例え.example"])
def test_the_leak_test_finds_japanese_local_parts_and_they_are_masked(address: str) -> None:
    for form, coded in forms(address).items():
        assert ("m", address, form) in leaks({"m": b" " + coded + b" "}, [address])
    for encoding in ("utf-8", "utf-16-le", "cp932", "iso2022_jp"):
        record = f"550 <{address}> 宛先不明 {address.partition('@')[0]}\r\n".encode(encoding)
        safe = redactor().record(record, frozenset((address,)), encoding).decode(encoding)
        assert leaks({encoding: safe.encode()}, [address]) == []
    assert (
        leaks({"b": redactor().text(forms(address)["base64-0"].decode(), frozenset((address,))).encode()}, [address])
        == []
    )
    assert (
        leaks(
            {"q": redactor().text(forms(address)["encoded word"].decode(), frozenset((address,))).encode()}, [address]
        )
        == []
    )
