"""Copies of one event in several exports: a letter tells it once, with what any of them knows."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from lasthop.explain import Dossier, dossier
from lasthop.model.outcomes import Outcome
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.exports import ACTIVITY, activity, every_message, load, table, webhook
from tests.pack.test_letters import written

KUROCO_LOG = ("ログ日時", "イベント種別", "宛先メールアドレス", "メッセージID", "送信元IPアドレス", "ユーザーエージェント",
              "開封済み（Apple Mail Privacy Protection）", "URL", "配信のID", "配信メッセージID")  # fmt: skip
GONE = "550 5.1.1 No such user"


@pytest.fixture
def copied(workspace: Workspace, tmp_path: Path) -> Dossier:
    """A message that was put off twelve times and then bounced, as three exports tell it."""
    sent = activity(1, "processed", 0)
    put_off = [activity(1, "deferred", 60 * n, reason=f"45{n % 2} 4.3.2 busy", attempt=str(n)) for n in range(1, 13)]
    bounce = activity(1, "bounce", 840, reason=GONE, type="bounce")
    hook = [
        webhook(1, "processed", 0),
        webhook(1, "bounce", 840, reason=GONE, type="bounce", ip="192.0.2.31"),
    ]
    names = {"processed": "Processed", "deferred": "Deferred", "bounce": "Bounce"}
    log = [
        # Kuroco's log has the time in Tokyo, and neither reply, host nor IP.
        (row[0].replace(" 12:", " 21:")[:19], names[row[2]], row[6], row[1], *[""] * 6)
        for row in (sent, *put_off, bounce)
    ]
    load(
        workspace,
        tmp_path / "files",
        [
            ("activity.csv", table(ACTIVITY, [sent, *put_off, bounce]).encode()),
            ("hook.json", json.dumps(hook).encode()),
            ("sendgrid_log.csv", table(KUROCO_LOG, log).encode("cp932")),
        ],
    )
    with look(workspace) as snapshot:
        (message,) = every_message(snapshot)
        return dossier(snapshot, message, hints=False)


def test_the_receiver_gets_each_field_from_the_export_that_has_it(copied: Dossier) -> None:
    """In whatever order the copies of one attempt stand."""
    for events in (copied.timeline, sorted(copied.timeline, key=lambda each: (each["time_ms"], each["ip"] or ""))):
        for way in (events, [*events[:-3], *events[-3:][::-1]]):
            text = written(replace(copied, timeline=way))["letters/receiver-01.txt"].text
            for line in (
                "  Time of the newest attempt on record: 2026-11-02 12:14:00 UTC",
                "  Your host: mx.mail.example",
                "  Sending IP: 192.0.2.31",
                f'  Recorded reply or note: "{GONE}"',
            ):
                assert line in text.splitlines(), line
            assert "The recorded reply is below." in text


def test_an_attempt_takes_nothing_from_an_earlier_one(copied: Dossier) -> None:
    """The newest deferral is on record in Kuroco's log only: host, IP and reply of the one before are not its own."""
    last = [each for each in copied.timeline if each["kind"] == "deferred" and not each["reply"]][-1]
    early = [each for each in copied.timeline if each["kind"] == "deferred" and each["time_ms"] < last["time_ms"]]
    waiting = replace(copied.message, outcome=Outcome.EXPIRED)
    text = written(replace(copied, message=waiting, timeline=[*early, last]))["letters/receiver-01.txt"].text
    assert "newest attempt on record: 2026-11-02 12:12:00 UTC" in text
    assert text.count("Your host: not known\n") == text.count("Recorded reply or note: not known\n") == 1


def test_sendgrid_reads_each_event_once_in_its_own_words(copied: Dossier) -> None:
    text = written(copied)["letters/sendgrid.txt"].text
    assert text.count("bounce, type bounce") == 1
    assert f'    2026-11-02 12:14:00 UTC bounce, type bounce: "{GONE}"' in text
    assert text.count(" deferred: ") == 9 and "deferred\n" not in text
    assert "4 earlier events: see timeline.csv" in text
    assert not re.search(r"bounce_|handed_over|provider", text)


def test_attempts_with_one_answer_are_one_line(copied: Dossier) -> None:
    tries = [{**each, "reply": each["reply"] and "451 4.3.2 busy"} for each in copied.timeline]
    text = written(replace(copied, timeline=tries[:-3]))["letters/sendgrid.txt"].text
    said = '2026-11-02 12:01:00 UTC to 2026-11-02 12:12:00 UTC deferred, 12 attempts, newest reply: "451 4.3.2 busy"'
    assert said in text
    assert re.findall(r"UTC ([Pp]rocessed)\n", text) == ["processed"]
