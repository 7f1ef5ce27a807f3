"""Received mails and bounce mails on the timeline of their message: shown, tied with a reason, and rarely decisive."""

import json
from pathlib import Path

import pytest

from lasthop.explain import dossier
from lasthop.model.outcomes import Outcome
from lasthop.store import Workspace
from lasthop.trace import Message, Tie, find_messages, get_message, look, stages, ties, timeline
from lasthop.trace.find import Query
from tests.pack.exports import ACTIVITY, activity, load, table, webhook, x_id
from tests.trace.mails import bounce, received


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


SENT = [activity(1, "processed", 3), activity(1, "delivered", 8, reason="250 ok")]


def one_message(workspace: Workspace, tmp_path: Path, *mails: bytes, rows: list[tuple[str, ...]] = SENT) -> Message:
    files = [("activity.csv", table(ACTIVITY, rows).encode())]
    load(workspace, tmp_path / "files", [*files, *((f"{n}.eml", mail) for n, mail in enumerate(mails))])
    with look(workspace) as snapshot:
        (found,) = find_messages(snapshot, Query(recipient="user1@mail.example"))["message"]
        return get_message(snapshot, found)


def test_the_stamps_of_a_received_mail_are_on_the_timeline_and_change_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    message = one_message(workspace, tmp_path, received())
    assert (message.outcome, message.attempts, message.events) == (Outcome.ACCEPTED, 1, 2)
    with look(workspace) as snapshot:
        events = timeline(snapshot, message)
        told = [(event["kind"], event["host"], event["tie"]) for event in events if event["vantage"] == "original"]
    assert told == [
        ("hop", "geopod-ismtpd-5", "exact"),
        ("hop", "recvd-5bd4c9fb6-p2x8q", "exact"),
        ("hop", "mx.mail.example", "exact"),
    ]
    assert [stage.kind for stage in stages(events)].count("hop") == 3
    assert {tie.speaks_for for tie in ties(message)} == {("same X-Message-Id and recipient",)}


def test_the_same_mail_twice_gives_its_stamps_once(workspace: Workspace, tmp_path: Path) -> None:
    again = received().replace(b"Thank you.", b"Thank you!")
    message = one_message(workspace, tmp_path, received(), again)
    with look(workspace) as snapshot:
        assert [event["kind"] for event in timeline(snapshot, message)].count("hop") == 3


def test_a_bounce_mail_tells_that_an_accepted_message_came_back(workspace: Workspace, tmp_path: Path) -> None:
    message = one_message(workspace, tmp_path, bounce(received()))
    assert (message.outcome, message.reason) == (Outcome.ACCEPTED_THEN_BOUNCED, "invalid_recipient")
    assert (message.attempts, message.last_reply) == (1, "550 5.1.1 No such user")
    with look(workspace) as snapshot:
        known = dossier(snapshot, message.message)
        (report,) = [event for event in known.timeline if event["vantage"] == "receiver"]
    assert (report["kind"], report["host"], report["tie"]) == ("bounce_hard", "store.mail.example", "exact")
    assert any(report["event_id"] in clause.evidence for clause in known.verdict.clauses)


@pytest.mark.parametrize(
    ("action", "status", "outcome"),
    [
        ("failed", "5.7.1", Outcome.ACCEPTED_THEN_BOUNCED),
        ("delayed", "4.2.2", Outcome.ACCEPTED),
        ("delivered", "2.0.0", Outcome.ACCEPTED),
        ("relayed", "2.0.0", Outcome.ACCEPTED),
    ],
)
def test_what_an_action_does(workspace: Workspace, tmp_path: Path, action: str, status: str, outcome: Outcome) -> None:
    assert one_message(workspace, tmp_path, bounce(received(), action=action, status=status)).outcome is outcome


def test_a_bounce_mail_moves_neither_the_send_time_nor_the_edge_of_the_data(
    workspace: Workspace, tmp_path: Path
) -> None:
    message = one_message(workspace, tmp_path, bounce(received(), minute=50))
    assert (message.sent_ms, message.provider_last_ms) == (1_793_620_803_000, 1_793_620_808_000)
    with look(workspace) as snapshot:
        assert snapshot.value("SELECT as_of_ms FROM edge") == 1_793_620_808_000


def test_another_id_is_another_message(workspace: Workspace, tmp_path: Path) -> None:
    """Same recipient, same subject, same minute: the X-Message-Id in the header is that of no loaded message."""
    other = received(2, to="user1@mail.example").replace(b"Order 2", b"Order 1")
    assert ties(one_message(workspace, tmp_path, other, bounce(other))) == []


def test_without_ids_the_subject_and_the_time_tie_and_decide_nothing(workspace: Workspace, tmp_path: Path) -> None:
    mail = received(sendgrid=False, message_id="<own@shop.example>")
    message = one_message(workspace, tmp_path, mail, bounce(mail))
    assert message.outcome is Outcome.ACCEPTED
    assert _keys(ties(message)) == {("recipient+subject+time", "medium")}


def test_the_message_id_ties_where_the_provider_knows_it(workspace: Workspace, tmp_path: Path) -> None:
    hook = webhook(1, "delivered", 8, **{"smtp-id": "<own@shop.example>"})
    load(workspace, tmp_path / "hook", [("hook.json", json.dumps([hook]).encode())])
    message = one_message(workspace, tmp_path, received(sendgrid=False, message_id="<own@shop.example>"))
    assert _keys(ties(message)) == {("message_id_header", "medium")}


def test_an_id_that_stands_in_the_message_id_alone_is_a_claim(workspace: Workspace, tmp_path: Path) -> None:
    claim = received(sendgrid=False, message_id=f"<{x_id(1)}@geopod-ismtpd-5>")
    message = one_message(workspace, tmp_path, claim, bounce(claim))
    assert message.outcome is Outcome.ACCEPTED
    assert _keys(ties(message)) == {("x_message_id", "medium")}
    assert {tie.speaks_against for tie in ties(message)} == {("only the Message-ID names it, which anybody can write",)}


@pytest.mark.parametrize(
    ("message_id", "key"),
    [(f"<{x_id(1)}@geopod-ismtpd-5>", "x_message_id"), ("<own@shop.example>", "message_id_header")],
)
def test_a_claim_of_another_sender_with_another_subject_is_not_decided(
    workspace: Workspace, tmp_path: Path, message_id: str, key: str
) -> None:
    hook = webhook(1, "delivered", 8, **{"smtp-id": message_id})
    load(workspace, tmp_path / "hook", [("hook.json", json.dumps([hook]).encode())])
    mail = received(sendgrid=False, message_id=message_id).replace(b"no-reply@shop.example", b"no-reply@b.example")
    found = ties(one_message(workspace, tmp_path, mail.replace(b"Order 1", b"Another thing")))
    assert _keys(found) == {(key, "ambiguous")}
    assert all("more than one of subject, sender and time are others" in tie.speaks_against for tie in found)


def test_a_claim_with_another_subject_alone_stays_one(workspace: Workspace, tmp_path: Path) -> None:
    mail = received(sendgrid=False, message_id=f"<{x_id(1)}@geopod-ismtpd-5>").replace(b"Order 1", b"[list] Order")
    assert _keys(ties(one_message(workspace, tmp_path, mail))) == {("x_message_id", "medium")}


def test_the_subject_of_another_sender_ties_nothing(workspace: Workspace, tmp_path: Path) -> None:
    mail = received(sendgrid=False, message_id="<own@shop.example>").replace(
        b"@shop.example>\r\nTo", b"@b.example>\r\nTo"
    )
    assert ties(one_message(workspace, tmp_path, mail, bounce(mail))) == []


def test_a_mail_of_an_unknown_sender_says_so_and_does_not_name_the_sender(workspace: Workspace, tmp_path: Path) -> None:
    mail = received(sendgrid=False, message_id="<own@shop.example>")
    rows = [activity(1, "processed", 3, **{"from": ""})]
    message = one_message(workspace, tmp_path, mail, rows=rows)
    assert message.sender is None
    assert [(tie.confidence, tie.speaks_against) for tie in ties(message)] == [
        ("medium", ("the sender of the message is not known here",))
    ]


def test_two_messages_that_fit_are_both_shown(workspace: Workspace, tmp_path: Path) -> None:
    twice = [
        *SENT,
        activity(1, "processed", 4, message_id="b" * 22 + ".recvd-1-1-6907495B-1.0", recv_message_id="b" * 22),
    ]
    mail = received(sendgrid=False, message_id="<own@shop.example>")
    files = [("activity.csv", table(ACTIVITY, twice).encode()), ("1.eml", mail), ("2.eml", bounce(mail))]
    load(workspace, tmp_path / "files", files)
    with look(workspace) as snapshot:
        ids = find_messages(snapshot, Query())["message"]
        found = [_keys(ties(get_message(snapshot, one))) for one in ids]
        outcomes = {get_message(snapshot, one).outcome for one in ids}
    assert found == [{("recipient+subject+time", "ambiguous")}] * 2
    assert Outcome.ACCEPTED_THEN_BOUNCED not in outcomes


def test_mails_alone_make_no_message(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path / "files", [("1.eml", received()), ("2.eml", bounce(received()))])
    with look(workspace) as snapshot:
        assert find_messages(snapshot, Query()).empty


def test_the_order_of_loading_does_not_matter(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path / "first", [("2.eml", bounce(received()))])
    assert one_message(workspace, tmp_path).outcome is Outcome.ACCEPTED_THEN_BOUNCED


def _keys(found: list[Tie]) -> set[tuple[str, str]]:
    return {(tie.key, tie.confidence) for tie in found}
