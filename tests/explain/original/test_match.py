"""Which message an original is: by what, how sure, and what speaks against it."""

from pathlib import Path

import pytest

from lasthop.explain.original.candidate import Candidate
from lasthop.explain.original.match import find_message
from lasthop.original.reading import read_original
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.exports import ACTIVITY, activity, load, table, x_id
from tests.trace.mails import received

AGAIN = "b" * 22
TWICE = activity(1, "processed", 90, message_id=f"{AGAIN}.recvd-5-1-6907495B-1.0", recv_message_id=AGAIN)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Messages 1 and 2, a second one to the first address, and one of message 2's request to another address."""
    folder: Path = tmp_path_factory.mktemp("match")
    sibling = activity(2, "processed", 4, email="other@mail.example", message_id=activity(2, "", 0)[1][:-1] + "1")
    rows = [activity(1, "processed", 3), activity(2, "processed", 3), sibling, TWICE, activity(3, "processed", 3)]
    rows.append(activity(4, "processed", 3, **{"from": ""}))
    workspace = Workspace(folder / "workspace")
    load(workspace, folder / "files", [("activity.csv", table(ACTIVITY, rows).encode())])
    return workspace


def found(workspace: Workspace, data: bytes) -> list[Candidate]:
    with look(workspace) as snapshot:
        return find_message(snapshot, read_original(data))


def test_the_ids_of_sendgrids_servers_name_the_message(workspace: Workspace) -> None:
    (one,) = found(workspace, received(1))
    assert (one.key, one.confidence, one.speaks_against) == ("sg_message_id", "exact", ())
    assert "same recipient, by Received … for" in one.speaks_for
    with look(workspace) as snapshot:
        (row,) = snapshot.rows("SELECT x_message_id FROM messages WHERE message = ?", [one.message])
    assert row["x_message_id"].endswith("000001")


def test_one_id_of_the_two_is_enough(workspace: Workspace) -> None:
    cut = b"\r\n".join(line for line in received(1).split(b"\r\n") if b"recvd-" not in line)
    (one,) = found(workspace, cut)
    assert (one.key, one.confidence) == ("x_message_id", "exact")


def test_the_recipient_tells_messages_of_one_request_apart(workspace: Workspace) -> None:
    (one,) = found(workspace, received(2, to="other@mail.example"))
    assert one.confidence == "exact"


def test_another_recipient_is_never_taken_in_silence(workspace: Workspace) -> None:
    candidates = found(workspace, received(2, to="somebody@else.example"))
    assert [one.confidence for one in candidates] == ["ambiguous"] * 2
    assert all("another address" in one.speaks_against[0] for one in candidates)
    (one,) = found(workspace, received(3, to="somebody@else.example"))
    assert one.confidence == "ambiguous"


def test_a_changed_subject_does_not_undo_an_id(workspace: Workspace) -> None:
    (one,) = found(workspace, received(1).replace(b"Subject: Order", b"Subject: [SPAM] Order"))
    assert one.confidence == "high"
    assert "another subject" in one.speaks_against[0]


def test_an_id_that_no_message_has_is_no_message(workspace: Workspace) -> None:
    assert found(workspace, received(9, to="user1@mail.example").replace(b"Order 9", b"Order 1")) == []


def test_subject_and_time_find_candidates_and_decide_between_none(workspace: Workspace) -> None:
    candidates = found(workspace, received(1, sendgrid=False, message_id="<own@shop.example>"))
    assert [(one.key, one.confidence) for one in candidates] == [("recipient+subject+time", "ambiguous")] * 2
    (one,) = found(workspace, received(3, sendgrid=False, message_id="<own@shop.example>"))
    assert one.confidence == "medium"


CLAIM = received(1, sendgrid=False, message_id=f"<{x_id(1)}@geopod-ismtpd-5>")
OTHER_SENDER = (b"no-reply@shop.example", b"evil@evil.example")
LATER = (b"02 Nov", b"09 Nov")


@pytest.mark.parametrize(
    ("changes", "confidence", "doubts"),
    [
        ([], "medium", []),
        ([OTHER_SENDER], "medium", ["From is evil@evil.example, the sender of the message is no-reply@shop.example"]),
        ([LATER], "medium", ["more than 96 hours lie between"]),
        ([OTHER_SENDER, LATER], "low", ["From is evil@evil.example", "more than 96 hours"]),
    ],
    ids=["the same", "another sender", "much later", "both"],
)
def test_an_id_in_the_message_id_alone_is_a_claim(
    workspace: Workspace, changes: list[tuple[bytes, bytes]], confidence: str, doubts: list[str]
) -> None:
    data = CLAIM
    for old, new in changes:
        data = data.replace(old, new)
    (one,) = found(workspace, data)
    assert (one.key, one.confidence) == ("x_message_id", confidence)
    claim, *rest = one.speaks_against
    assert claim == "only the Message-ID names it, which anybody can write"
    assert len(rest) == len(doubts)
    assert all(told.startswith(doubt) for told, doubt in zip(rest, doubts, strict=True))
    assert not any("first server" in told for told in one.speaks_for)


def test_another_senders_mail_with_the_same_subject_is_not_the_message(workspace: Workspace) -> None:
    assert found(workspace, received(3, sendgrid=False, message_id="<a@evil.example>").replace(*OTHER_SENDER)) == []


def test_an_unknown_sender_is_said(workspace: Workspace) -> None:
    (one,) = found(workspace, received(4, sendgrid=False, message_id="<own@shop.example>"))
    assert (one.confidence, one.speaks_against) == ("medium", ("the sender of the message is not known here",))


@pytest.mark.parametrize("data", [b"", b"\0\xff", b"Subject: Order 1\r\n\r\n", b"Hello"])
def test_what_says_nothing_finds_nothing(workspace: Workspace, data: bytes) -> None:
    assert found(workspace, data) == []
