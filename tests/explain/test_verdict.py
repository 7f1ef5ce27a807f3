"""Each outcome's sentence, read from files to words; a value that is not known leaves its part of the sentence out."""

from pathlib import Path

import pytest

from lasthop.explain import Dossier, dossier, in_words
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.store import Workspace
from lasthop.trace import look, resolve
from tests.store.exports import activity_row, load, mail_log_row, write_activity, write_mail_log

DAY = 86_400


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("verdicts")
    rows = [
        activity_row(1, "processed", 1), activity_row(1, "delivered", 2, "250 2.0.0 OK taken"),
        activity_row(2, "open", 60),
        activity_row(3, "processed", 1), activity_row(3, "bounce", 5, "550 5.1.1 no such user", "bounce"),
        activity_row(4, "processed", 1), activity_row(4, "bounce", 5, "550 5.7.1 listed at bl.example.org", "blocked"),
        activity_row(5, "deferred", 5, "451 later"), activity_row(5, "bounce", 3 * DAY, "451 later", "expired"),
        activity_row(6, "drop", 3, "Bounced Address"),
        activity_row(7, "processed", 1), activity_row(7, "delivered", 2), activity_row(7, "spamreport", 90),
        activity_row(8, "delivered", 2), activity_row(8, "bounce", 50, "550 5.2.1 gone", "bounce"),
        activity_row(9, "processed", 1),
        activity_row(10, "processed", 5 * DAY), activity_row(10, "deferred", 5 * DAY + 4, "451 4.7.1 later"),
        activity_row(14, "bounce", 5),
        activity_row(16, "processed", 1), activity_row(16, "bounce", 9, "error dialing remote address: i/o timeout", "blocked"),
        activity_row(17, "processed", 1), activity_row(17, "bounce", 5, "550 5.1.1 no such user", "blocked"),
        activity_row(18, "deferred", 5, "450 4.7.1 Too many connections, try again later"),
        activity_row(18, "bounce", 3 * DAY + 9, "450 4.7.1 Too many connections, try again later", "blocked"),
        activity_row(19, "processed", 1), activity_row(19, "bounce", 5, "554 5.7.1 Message rejected as spam", "bounce"),
        activity_row(15, "deferred", DAY + 4 * 3600, "451 4.7.1 later"),
    ]  # fmt: skip
    error = '{""errors"":[{""message"":""The from email does not contain a valid address."",""field"":""from.email""}]}'
    log = [mail_log_row(11, 0, "400", error), mail_log_row(12, 0), mail_log_row(13, 0, "", "time-out")]
    workspace = Workspace(folder / "workspace")
    load(workspace, write_activity(folder / "a.csv", rows), write_mail_log(folder / "log.csv", log))
    return workspace


def known_of(workspace: Workspace, number: int, zone: str = "UTC") -> Dossier:
    with look(workspace) as snapshot:
        (found,) = resolve(snapshot, f"user{number}@mail.example")
        return dossier(snapshot, found, zone)


@pytest.mark.parametrize(
    ("number", "outcome", "sentence", "who"),
    [
        (1, "accepted", "The receiving server accepted the message at 2026-11-02 12:00:02 UTC (2.0.0).", "receiver's server"),
        (2, "accepted", "The message was opened, clicked or answered by its recipient's software at 2026-11-02 12:01:00 UTC, so the "
         "receiving server had accepted it; the delivery event itself is not in the loaded data. It was opened at 2026-11-02 12:01:00 UTC: "
         "its pictures were fetched, as a rule by a reader.", "nobody needs to"),
        (3, "bounced", "The receiving server refused the address for good at 2026-11-02 12:00:05 UTC (5.1.1). The receiving server has no "
         "mailbox of that name: a typing error, a person who left, or an address that never was.", "recipient address"),
        (4, "blocked", "The receiving server refused this message at 2026-11-02 12:00:05 UTC (5.7.1); the address itself stays good. "
         "The sending IP address or domain is on a block list or has a bad name with the receiver. "
         "The reply names the block list bl.example.org.", "sender reputation"),
        (5, "expired", "SendGrid gave up at 2026-11-05 12:00:00 UTC after 2 attempts: the receiving server kept putting it off. "
         "As far as its code alone tells: a fault at the receiver: internal error, overload, full disk, wrong configuration.", "receiver's server"),
        (6, "suppressed", "SendGrid took the request but did not try to deliver: it dropped the message at 2026-11-02 12:00:03 UTC. "
         "The address is on SendGrid's bounce list: an earlier message to it was refused for good.",
         "ESP account"),
        (7, "complained", "The message arrived, and it was reported as spam at 2026-11-02 12:01:30 UTC.", "sender reputation"),
        (8, "accepted_then_bounced", "The receiving server accepted the message and returned it at 2026-11-02 12:00:50 UTC (5.2.1). "
         "As far as its code alone tells: the mailbox is there but switched off: disabled, suspended, expired or abandoned.", "recipient mailbox"),
        (9, "unknown", "SendGrid took the message at 2026-11-02 12:00:01 UTC, and nothing that was loaded says how it ended as of "
         "2026-11-07 12:00:04 UTC.", "unknown"),
        (10, "waiting", "The message was sent at 2026-11-07 12:00:00 UTC, and no final answer is in the loaded data as of 2026-11-07 12:00:04 UTC: "
         "1 attempt so far; SendGrid gives up at about 2026-11-10 12:00:04 UTC. As far as its code alone tells: refused by a rule of the receiver "
         "that the reply does not name.", "nobody yet: wait"),
        (11, "not_handed_over", "SendGrid refused the application's request at 2026-11-02 12:00:00 UTC with status 400: the message was "
         "never handed over. SendGrid names the From address: it is blank or no address.", "sender config"),
        (12, "unknown", "The application handed the message to SendGrid at 2026-11-02 12:00:00 UTC, but no SendGrid event for it is in "
         "the loaded data.", "unknown"),
        (13, "unknown", "The application logged the message at 2026-11-02 12:00:00 UTC, but its log row does not say whether SendGrid "
         "took it.", "unknown"),
        (14, "bounced", "SendGrid reports a bounce at 2026-11-02 12:00:05 UTC; the loaded data does not say whether the address or only "
         "this message was refused.", "unknown"),
        (15, "waiting", "The message was sent at 2026-11-03 16:00:00 UTC; the 72 hours in which SendGrid retries were over at about "
         "2026-11-06 16:00:00 UTC, the newest event is of 2026-11-03 16:00:00 UTC, and no final one is in the loaded data as of "
         "2026-11-07 12:00:04 UTC. As far as its code alone tells: refused by a rule of the receiver that the reply does not name.",
         "nobody yet: wait"),
        (16, "blocked", "SendGrid gave the message up at 2026-11-02 12:00:09 UTC after 1 attempt and filed it as a block; what it "
         "noted last is a message of its own, not a reply of the receiving server. The receiving server could not be reached, or the connection broke off.", "receiver's server"),
        (17, "blocked", "The receiving server refused the message at 2026-11-02 12:00:05 UTC (5.1.1), and SendGrid filed that as a block, "
         "not as a bounce of the address. The receiving server has no mailbox of that name: a typing error, a person who left, or an "
         "address that never was.", "recipient address"),
        (18, "blocked", "SendGrid gave the message up at 2026-11-05 12:00:09 UTC after 2 attempts in the 72 hours of retrying, and filed "
         "that as a block; the last reply of the receiving server put it off (4.7.1). Too much mail or too many connections in a short "
         "time.", "sender reputation"),
        (19, "bounced", "The receiving server refused the message at 2026-11-02 12:00:05 UTC (5.7.1), and SendGrid filed that as a bounce "
         "of the address. The message itself was taken for spam.", "content"),
    ],
)  # fmt: skip
def test_the_sentence(workspace: Workspace, number: int, outcome: str, sentence: str, who: str) -> None:
    said = known_of(workspace, number).verdict

    assert (said.outcome, said.sentence, said.who) == (outcome, sentence, who)
    assert said.final == MEANINGS[Outcome(outcome)].final
    assert said.next_steps
    assert all(step.source for step in said.next_steps)


def test_the_evidence_are_the_events_that_decide(workspace: Workspace) -> None:
    known = known_of(workspace, 3)

    (cited,) = known.verdict.evidence
    (event,) = [e for e in known.timeline if e["event_id"] == cited]
    assert (event["kind"], event["reply"]) == ("bounce_hard", "550 5.1.1 no such user")
    assert known.verdict.confidence.startswith("certain")
    assert known_of(workspace, 9).verdict.confidence.startswith("none")


def test_times_are_said_in_the_zone_of_the_reader(workspace: Workspace) -> None:
    assert "2026-11-02 21:00:02 JST (UTC+09:00)" in known_of(workspace, 1, "Asia/Tokyo").verdict.sentence
    assert in_words(1793534400000, "Europe/Berlin") == "2026-11-01 13:00:00 CET (UTC+01:00)"
