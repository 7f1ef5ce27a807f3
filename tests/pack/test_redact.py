import dataclasses
import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasthop.errors import InputError
from lasthop.explain import dossier
from lasthop.pack import Case
from lasthop.pack.redact import Level, Redaction, Redactor, known_of, workspace_secret
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


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = workspace_secret(tmp_path)
    assert len(first) == 32
    assert workspace_secret(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]
    (tmp_path / "secret").write_bytes(b"short")
    with pytest.raises(InputError):
        workspace_secret(tmp_path)
