"""`lasthop original`: what a received message says of itself, for scripts and for people."""

import io
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.conftest import SAMPLES
from tests.original.test_forwarded import GMAIL, with_attached
from tests.original.test_paste import MESSAGE
from tests.pack.exports import ACTIVITY, activity, table
from tests.trace.mails import received
from tools.damaged import FORMS, damaged

HOP = ["from", "by", "with", "id", "time", "helo", "ptr", "ip", "for", "via", "tls", "delay_s"]
KEYS = {"file", "hops", "auth", "sendgrid", "verdicts", "identity", "display", "defects", "summary"}


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "mail.eml"
    path.write_bytes(MESSAGE)
    return path


def test_one_object_a_file_in_the_order_of_the_files(lasthop: Command, mail: Path, tmp_path: Path) -> None:
    other = tmp_path / "pasted.txt"
    other.write_bytes(damaged(MESSAGE, "Gmail's page, copied whole"))

    said = lasthop("original", mail, other, "--jsonl")

    assert (said.code, said.err) == (0, "")
    whole, pasted = said.jsonl
    assert set(whole) >= KEYS
    assert [whole["file"], pasted["file"]] == [str(mail), str(other)]
    assert [{key: hop[key] for key in HOP} for hop in pasted["hops"]] == [
        {key: hop[key] for key in HOP} for hop in whole["hops"]
    ]
    assert (whole["summary"], pasted["summary"]["delivered_after_s"]) == (None, 5)


def test_hops_are_newest_first_with_times_in_utc(lasthop: Command, mail: Path) -> None:
    (found,) = lasthop("original", mail, "--jsonl").jsonl
    assert [hop["time"] for hop in found["hops"]] == [
        "2024-11-19T08:05:10Z",
        "2024-11-19T08:05:08Z",
        "2024-11-19T08:04:21.692891Z",
        "2024-11-19T08:04:21.522000Z",
    ]
    assert found["hops"][-1]["delay_s"] is None
    assert found["hops"][0]["delay_s"] == 2
    border = found["hops"][1]
    assert (border["helo"], border["ptr"], border["ip"]) == ("o1.em.example.com", "o1.em.example.com", "192.0.2.10")
    assert border["tls"] == "TLS1_3 TLS_AES_128_GCM_SHA256"


def test_what_sendgrid_left_and_who_checked(lasthop: Command, mail: Path) -> None:
    (found,) = lasthop("original", mail, "--jsonl").jsonl
    assert found["sendgrid"]["x_message_id"] == "1aBcDeFgHiJkLmNoPqRsTu"
    assert found["sendgrid"]["message_id_prefix"] == "1aBcDeFgHiJkLmNoPqRsTu.recvd-5f54b5d587-abcde-1-673C4685-E"
    assert (found["sendgrid"]["user_id"], found["sendgrid"]["recipient"]) == ("1234567", "taro@example.net")
    assert [(row["method"], row["result"], row["domain"]) for row in found["auth"]] == [
        ("dkim", "pass", "example.com"),
        ("spf", "pass", "em.example.com"),
    ]
    assert found["identity"]["from"] == [{"name": "Shop & Co.", "address": "info@example.com"}]


def test_standard_input_is_read(lasthop: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(MESSAGE)))
    (found,) = lasthop("original", "-", "--jsonl").jsonl
    assert (found["file"], len(found["hops"])) == ("-", 4)


@pytest.mark.parametrize("form", FORMS)
def test_people_get_the_way_and_the_ids_from_every_form(lasthop: Command, tmp_path: Path, form: str) -> None:
    path = tmp_path / "pasted"
    path.write_bytes(damaged(MESSAGE, form))
    said = lasthop("original", path)
    assert said.code == 0
    assert "geopod-ismtpd-9" in said.out
    assert "46 s ← longest" in said.out
    assert "SendGrid X-Message-Id: 1aBcDeFgHiJkLmNoPqRsTu" in said.out


def test_a_wrong_clock_is_named(lasthop: Command, tmp_path: Path) -> None:
    times = ("10:00:12", "10:00:10", "11:00:00", "10:00:05", "10:00:00")
    path = tmp_path / "skew.eml"
    path.write_text("".join(f"Received: by h{n}.example; Tue, 19 Nov 2024 {t} +0000\n" for n, t in enumerate(times)))
    said = lasthop("original", path)
    assert "The clock of h2.example is off by" in said.out
    assert "[Received in line 3]" in said.out
    assert "are given as ranges. (inferred) [Received in line 3]" in said.out
    assert "0 s to 5 s" in said.out
    assert "(by the stamps −59 min 50 s)" in said.out


def test_a_stamp_that_runs_back_by_a_second_is_told(lasthop: Command, tmp_path: Path) -> None:
    path = tmp_path / "back.eml"
    path.write_text("".join(f"Received: by h{t}.example; Tue, 19 Nov 2024 10:00:0{t} +0000\n" for t in (4, 5, 0)))
    assert "0 s (by the stamps −1 s)" in lasthop("original", path).out
    (found,) = lasthop("original", path, "--jsonl").jsonl
    assert [hop["delay_s"] for hop in found["hops"]] == [-1, 5, None]


@pytest.mark.parametrize(
    "data", [b"", bytes(range(256)) * 9, b"\x1b[31mReceived: from \x1b[2J by x\n\n", b"Hi support"]
)
@pytest.mark.parametrize("words", [[], ["--jsonl"]])
def test_anything_at_all_gives_a_result_and_no_escape_sequence(
    lasthop: Command, tmp_path: Path, data: bytes, words: list[str]
) -> None:
    path = tmp_path / "any"
    path.write_bytes(data)
    said = lasthop("original", path, *words)
    assert (said.code, said.err) == (0, "")
    assert "\x1b" not in said.out


def test_whether_a_domain_is_froms_is_true_false_or_null(lasthop: Command, tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_text(
        "Authentication-Results: mx.example.net; dkim=pass header.d=example.com; dkim=pass header.d=mail.example.com;\n"
        " dkim=pass header.d=sendgrid.info; spf=pass; dmarc=pass header.from=example.com\nFrom: a@example.com\n\n"
    )
    (found,) = lasthop("original", path, "--jsonl").jsonl
    assert [(row["method"], row["aligned"], row["alignment"]) for row in found["auth"]] == [
        ("dkim", True, "strict"),
        ("dkim", True, "relaxed"),
        ("dkim", False, "no"),
        ("spf", None, "unknown"),
        ("dmarc", None, None),
    ]


def test_a_file_that_cannot_be_read_does_not_stop_the_others(lasthop: Command, mail: Path, tmp_path: Path) -> None:
    said = lasthop("original", mail, tmp_path / "gone.eml", tmp_path, mail, "--jsonl")
    assert said.code == 2
    assert [row["file"] for row in said.jsonl] == [str(mail), str(mail)]
    assert [line.partition(" is no file")[0].rpartition("/")[2] for line in said.err.splitlines()] == [
        "gone.eml",
        tmp_path.name,
    ]


def test_a_named_workspace_is_asked_which_message_it_is(lasthop: Command, mail: Path, tmp_path: Path) -> None:
    (workspace, log, bounce) = (tmp_path / "own", tmp_path / "activity.csv", tmp_path / "bounce.eml")
    rows = [activity(1, "processed", 3), activity(2, "processed", 3)]
    log.write_text(table(ACTIVITY, rows), encoding="utf-8")
    assert lasthop("load", log, workspace=workspace).code == 0
    mine = tmp_path / "mine.eml"
    mine.write_bytes(received(1))
    bounce.write_bytes(
        b"From: MAILER-DAEMON@mx.example.net\r\nReturn-Path: <>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        b"Final-Recipient: rfc822; taro@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\n"
        b"Content-Type: message/rfc822\r\n\r\n" + received(1) + b"\r\n--b--\r\n"
    )

    own, other, returned = lasthop("original", mine, mail, bounce, "--jsonl", workspace=workspace).jsonl

    assert [(one["key"], one["confidence"]) for one in own["messages"]] == [("sg_message_id", "exact")]
    assert "same recipient, by Received … for" in own["messages"][0]["for"]
    assert other["messages"] == []
    assert [one["message"] for one in returned["messages"]] == [own["messages"][0]["message"]]
    assert "messages" not in lasthop("original", mine, "--jsonl").jsonl[0]
    told = lasthop("original", mine, mail, workspace=workspace).out
    assert f"{own['messages'][0]['message']} (sg_message_id, exact)" in told
    assert "No message fits." in told


def test_a_file_that_is_not_there_is_wrong_use(lasthop: Command, tmp_path: Path) -> None:
    said = lasthop("original", tmp_path / "gone.eml")
    assert said.code == 2
    assert "gone.eml is no file" in said.err
    assert lasthop("original").code == 2


def test_what_is_inferred_says_so_on_a_terminal_too(lasthop: Command) -> None:
    said = lasthop("original", SAMPLES / "original.eml")
    (account,) = [line for line in said.out.splitlines() if "SendGrid account 20906457" in line and "sent" in line]
    assert "(inferred)" in account


def test_an_attached_message_is_told_and_read_where_that_is_asked(lasthop: Command, tmp_path: Path) -> None:
    path = tmp_path / "forward.eml"
    path.write_bytes(with_attached(MESSAGE))
    (outer,) = lasthop("original", path, "--jsonl").jsonl
    assert (len(outer["hops"]), outer["forwarded"]["attached"], outer["forwarded"]["received"]) == (1, True, 4)
    assert "--attached" in lasthop("original", path).out
    (inner,) = lasthop("original", path, "--attached", "--jsonl").jsonl
    assert (len(inner["hops"]), inner["forwarded"]) == (4, None)
    assert inner["sendgrid"]["x_message_id"] == "1aBcDeFgHiJkLmNoPqRsTu"


def test_a_summary_of_a_forward_is_told_as_no_header(lasthop: Command, tmp_path: Path) -> None:
    path = tmp_path / "forward.txt"
    path.write_text(GMAIL, encoding="utf-8")
    assert "not with its header" in " ".join(lasthop("original", path).out.split())
    (found,) = lasthop("original", path, "--jsonl").jsonl
    assert (found["forwarded"]["attached"], found["forwarded"]["subject"]) == (False, "Your order")
