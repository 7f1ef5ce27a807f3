"""What the header of a received or returned mail adds to the letters: the receiver's zone, its id, and where it is."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from lasthop.pack import Case, attach, build_pack, missing, save_case
from lasthop.pack.attached import has_original
from lasthop.pack.case import open_case
from lasthop.pack.redact import Level, Redaction
from lasthop.pack.ticket import why_no_header
from lasthop.store import Workspace
from lasthop.trace import look, messages_of, resolve
from tests.pack.exports import ACTIVITY, activity, every_message, load, table, x_id
from tests.pack.reading import readme_of, rows_of
from tests.pack.test_mail_header import original, report

HEADER_WANTED = "The header of the message as it was received is missing."


def loaded(workspace: Workspace, folder: Path, *mails: str) -> Case:
    """A saved case of two accepted messages, the second with the mails."""
    rows = [activity(n, kind, n * 60 + s) for n in (1, 2) for s, kind in enumerate(("processed", "delivered"))]
    files = [(f"{number}.eml", mail.encode()) for number, mail in enumerate(mails)]
    load(workspace, folder / "files", [("a.csv", table(ACTIVITY, rows).encode()), *files])
    with look(workspace) as snapshot:
        return save_case(workspace, Case("c", messages=every_message(snapshot)))


def pack_of(workspace: Workspace) -> zipfile.ZipFile:
    with look(workspace) as snapshot:
        return zipfile.ZipFile(io.BytesIO(build_pack(snapshot, workspace, open_case(workspace, "c"), "UTC")))


def letter(pack: zipfile.ZipFile, name: str) -> str:
    return pack.read(f"letters/{name}.txt").decode()


def lacks_header(workspace: Workspace) -> bool:
    with look(workspace) as snapshot:
        case = open_case(workspace, "c")
        original = has_original(snapshot, workspace, case, case.messages)
        return any(
            HEADER_WANTED in each for each in missing(case, messages_of(snapshot, case.messages), original=original)
        )


@pytest.mark.parametrize("mail", [original(2), report(2)], ids=["original", "bounce mail"])
def test_a_stamp_of_any_mail_tells_the_receivers_zone(workspace: Workspace, tmp_path: Path, mail: str) -> None:
    """The first message of the letter has no mail: the stamps of the second's are of the same servers."""
    loaded(workspace, tmp_path, mail)
    text = letter(pack_of(workspace), "receiver-01")
    assert "Times are in UTC and in UTC+09:00, the offset of your server's stamps." in text
    assert "Time of the newest attempt on record: 2026-11-02 21:01:01 UTC+09:00 (2026-11-02 12:01:01 UTC)" in text


def test_a_stamp_of_another_server_tells_nothing_of_the_receivers_zone(workspace: Workspace, tmp_path: Path) -> None:
    other = original(2).replace("by mx.mail.example (Postfix)", "by relay.elsewhere.example (Postfix)")
    bounced = report(1).replace("Reporting-MTA: dns; mx.mail.example", "Reporting-MTA: dns; relay.elsewhere.example")
    loaded(workspace, tmp_path, other, bounced)
    assert "your time zone is not known to us" in letter(pack_of(workspace), "receiver-01")


def test_the_receiver_is_told_the_id_in_the_header(workspace: Workspace, tmp_path: Path) -> None:
    loaded(workspace, tmp_path, original(2))
    pack = pack_of(workspace)
    said = f"Message-ID: <{x_id(2)}@geopod-ismtpd-1> (from the header of the mail)"
    for name in ("receiver-01", "sendgrid"):
        assert letter(pack, name).count("(from the header of the mail)") == 1
        assert said in letter(pack, name)
    assert ("smtp_id", f"<{x_id(2)}@geopod-ismtpd-1>") in {
        (r["kind"], r["value"]) for r in rows_of(pack, "identifiers.csv")
    }


def test_an_original_that_is_there_is_not_asked_for(workspace: Workspace, tmp_path: Path) -> None:
    loaded(workspace, tmp_path)
    assert lacks_header(workspace)
    pack = pack_of(workspace)
    assert "a receiving server accepted the mail: only its recipient can have the header" in letter(pack, "kuroco.en")
    assert "Not supplied: form or notification, header" in readme_of(pack).replace("; ", ", ")
    attach(workspace, "c", "postfix.log", b"Nov 2 mx postfix/smtpd[1]: connect from o1.em.shop.example\n")
    assert lacks_header(workspace)
    attach(workspace, "c", "a.eml", original(1).encode())
    assert not lacks_header(workspace)
    pack = pack_of(workspace)
    assert "Mail header as received (full text):\nin the evidence pack: attached/02-a.eml" in letter(pack, "kuroco.en")
    assert "attached/02-a.eml" in letter(pack, "kuroco.ja")
    assert "header" not in readme_of(pack).partition("Not supplied:")[2].partition("\n")[0]


def returned(pack: zipfile.ZipFile) -> str:
    said = letter(pack, "kuroco.en").partition("Mail header as received (full text):\n")[2]
    return said.partition("\n\n")[0]


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_header_that_a_loaded_bounce_mail_brought_back_is_there(
    workspace: Workspace, tmp_path: Path, ends: str
) -> None:
    loaded(workspace, tmp_path, report(2).replace("\n", ends))
    assert not lacks_header(workspace)
    pack = pack_of(workspace)
    assert (
        returned(pack) == "as a bounce mail brought it back, in the evidence pack: raw/001-0.eml.txt"
        and "バウンスメールに含まれていた" in letter(pack, "kuroco.ja")
    )
    raw = pack.read("raw/001-0.eml.txt").decode().replace("\r\n", "\n").split("\n")
    stamped = [(row["id"], raw[int(row["line"]) - 1]) for row in rows_of(pack, "hops.csv")]
    assert [one for one, _ in stamped] == [x_id(2), "4XyZ2"]
    assert all(line.startswith("Received: from") for _, line in stamped)
    (index,) = [row for row in rows_of(pack, "raw/index.csv") if row["source_file"] == "0.eml"]
    assert raw[int(index["raw_line"]) - 1] == "Final-Recipient: rfc822; user2@mail.example"
    assert "The body names" not in "\n".join(raw)


@pytest.mark.parametrize("level", [Level.MASKED, Level.METADATA])
def test_a_header_that_does_not_leave_is_not_called_missing(workspace: Workspace, tmp_path: Path, level: Level) -> None:
    loaded(workspace, tmp_path)
    attach(workspace, "c", "bounce.eml", report(2).encode())
    assert not lacks_header(workspace)
    assert (
        returned(pack_of(workspace)) == "as a bounce mail brought it back, in the evidence pack: attached/01-bounce.eml"
    )
    with look(workspace) as snapshot:
        made = build_pack(snapshot, workspace, open_case(workspace, "c"), "UTC", redaction=Redaction(level))
    assert returned(zipfile.ZipFile(io.BytesIO(made))).startswith("at hand, but not part of the evidence pack")


def test_a_bounce_mail_without_the_header_is_no_original(workspace: Workspace, tmp_path: Path) -> None:
    loaded(workspace, tmp_path)
    attach(workspace, "c", "bounce.eml", report(2).partition("--b\nContent-Type: text/rfc822-headers")[0].encode())
    assert lacks_header(workspace)
    pack = pack_of(workspace)
    assert "only its recipient can have the header" in returned(pack)
    assert rows_of(pack, "authentication.csv") == []
    assert "MAILER-DAEMON" not in readme_of(pack)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (("bounce", "bounce"), "none, as far as we know"),
        (("delivered", "delivered"), "a receiving server accepted the mail: only its recipient"),
        (("delivered", "bounce"), "accepted 1 of the 2 messages: only their recipients"),
    ],
    ids=["none arrived", "all arrived", "one arrived"],
)
def test_a_header_is_asked_for_only_where_one_can_be(
    workspace: Workspace, tmp_path: Path, events: tuple[str, str], said: str
) -> None:
    rows = [activity(n, event, n, reason="550 5.1.1 No such user", type="bounce") for n, event in enumerate(events)]
    load(workspace, tmp_path / "files", [("a.csv", table(ACTIVITY, rows).encode())])
    with look(workspace) as snapshot:
        case = save_case(workspace, Case("c", messages=every_message(snapshot)))
        known = messages_of(snapshot, case.messages)
    assert said in returned(pack_of(workspace))
    assert lacks_header(workspace) == ("delivered" in events)
    why = why_no_header(case, known)
    assert (why or "").startswith("No header is asked for") == ("delivered" not in events)
    assert sum("There can be one for message m" in each for each in missing(case, known)) == (len(set(events)) > 1)


def test_one_original_is_told_once_with_all_places_where_it_stands(workspace: Workspace, tmp_path: Path) -> None:
    case = loaded(workspace, tmp_path, original(2))
    save_case(workspace, replace(case, ticket={"header": original(2, "\r\n").partition("\r\n\r\n")[0]}))
    attach(workspace, "c", "a.eml", original(2).encode())
    pack = pack_of(workspace)
    assert {row["file"] for row in rows_of(pack, "hops.csv")} == {"attached/01-a.eml"}
    also = "The same header stands in raw/001-0.eml.txt, the header of the ticket."
    assert readme_of(pack).count(also) == 1
    assert pack.read("index.html").decode().count(also) == 1


def test_the_original_of_another_message_is_not_the_one_that_is_asked_for(workspace: Workspace, tmp_path: Path) -> None:
    both = loaded(workspace, tmp_path)
    first, second = both.messages
    save_case(workspace, replace(both, messages=(first,)))
    attach(workspace, "c", "b.eml", original(2 if is_of(workspace, first, 1) else 1).encode())
    assert lacks_header(workspace)
    save_case(workspace, replace(open_case(workspace, "c"), messages=(second,)))
    assert not lacks_header(workspace)


def is_of(workspace: Workspace, message: str, number: int) -> bool:
    with look(workspace) as snapshot:
        return messages_of(snapshot, [message])[0].x_message_id == x_id(number)


def test_an_original_that_was_loaded_is_not_asked_for(workspace: Workspace, tmp_path: Path) -> None:
    loaded(workspace, tmp_path, original(2))
    assert not lacks_header(workspace)
    assert "in the evidence pack: raw/001-0.eml.txt" in letter(pack_of(workspace), "kuroco.en")


def test_an_odd_zone_of_a_receiver_is_told(workspace: Workspace, tmp_path: Path) -> None:
    case = Case("c", ticket={"receiver_zones": "a.example UTC\n\nb.example PST8\nAsia/Tokyo"})
    said = [each for each in missing(case, []) if "names no receiver with its time zone" in each]
    assert [each.partition(" names")[0] for each in said] == ["'b.example PST8'", "'Asia/Tokyo'"]


@pytest.mark.parametrize("known", [1, 2], ids=["the original was loaded", "it was not"])
@pytest.mark.parametrize("brackets", [True, False])
def test_the_message_id_that_a_mail_program_shows_finds_the_message(
    workspace: Workspace, tmp_path: Path, known: int, brackets: bool
) -> None:
    loaded(workspace, tmp_path, original(1))
    shown = f"{x_id(known)}@geopod-ismtpd-1"
    with look(workspace) as snapshot:
        (found,) = resolve(snapshot, f"<{shown}>" if brackets else shown)
        (message,) = messages_of(snapshot, [found])
        assert message.x_message_id == x_id(known)
        assert resolve(snapshot, f"<{x_id(9)}@geopod-ismtpd-1>") == []
