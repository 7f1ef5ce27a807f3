"""Never a wrong link in silence: what looks tied and is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from lasthop.store import Workspace
from lasthop.trace import look
from tests.store.exports import ACTIVITY, activity_row, csv_text, load, mail_log_row, write_activity, write_mail_log


def messages(workspace: Workspace) -> list[dict[str, Any]]:
    with look(workspace) as snapshot:
        return snapshot.rows(
            "SELECT subject, outcome, link_key, link_confidence FROM messages ORDER BY sent_ms, message"
        )


def write_tagged(path: Path, row: tuple[str, ...], request: str) -> Path:
    """An activity export whose only row carries the application's request id as a custom argument."""
    arguments = json.dumps({"request_id": request}).replace('"', '""')
    path.write_text(csv_text([*ACTIVITY, "unique_args"], [[*row, arguments]]))
    return path


def test_the_request_id_ties_a_row_to_its_message(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    log = write_mail_log(tmp_path / "log.csv", [mail_log_row(1, 0)])
    load(workspace, log, write_tagged(tmp_path / "a.csv", activity_row(1, "delivered", 2), "req-1"))
    assert [(m["link_key"], m["link_confidence"]) for m in messages(workspace)] == [("request_id", "exact")]


def test_the_other_mail_of_the_same_request_is_not_this_one(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    log = write_mail_log(tmp_path / "log.csv", [mail_log_row(1, 0)])
    row = activity_row(1, "bounce", 2, "550 5.1.1 no", "bounce")
    other = (*row[:4], "Totally other", *row[5:])
    load(workspace, log, write_tagged(tmp_path / "a.csv", other, "req-1"))
    assert [(m["subject"], m["outcome"], m["link_confidence"]) for m in messages(workspace)] == [
        ("Order 1", "unknown", "none"),
        ("Totally other", "bounced", "none"),
    ]


@pytest.mark.parametrize(
    ("second", "confidence"),
    [
        (0, "high"),
        (58, "high"),
        (98, "high"),
        (99, "high"),
        (115, "high"),
        (150, "high"),
        (200, "medium"),
        (30, "medium"),
    ],
)
def test_confidence_falls_with_the_gap(tmp_path: Path, second: int, confidence: str) -> None:
    """The row stands at second 100 or, for the early ones, at second 0."""
    row_at = 0 if second in (0, 58) else 100
    workspace = Workspace(tmp_path / "w")
    log = write_mail_log(tmp_path / "log.csv", [mail_log_row(1, row_at)])
    load(workspace, log, write_activity(tmp_path / "a.csv", [activity_row(1, "processed", second)]))
    assert [m["link_confidence"] for m in messages(workspace)] == [confidence]


def test_a_third_mail_without_ids_is_not_the_late_bounce_of_the_first(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    known = write_activity(tmp_path / "a.csv", [activity_row(1, "processed", 0), activity_row(1, "delivered", 2)])
    bare = tmp_path / "bare.csv"
    bare.write_text(
        "processed,event,subject,email,reason,type\n"
        "2026-11-04 12:00:00,processed,Password reset,user1@mail.example,,\n"
        "2026-11-04 12:00:03,bounce,Password reset,user1@mail.example,550 5.1.1 no,bounce\n"
    )
    load(workspace, known, bare)
    assert [(m["subject"], m["outcome"]) for m in messages(workspace)] == [
        ("Order 1", "accepted"),
        ("Password reset", "bounced"),
    ]


def test_a_subject_that_was_saved_wrongly_does_not_depend_on_the_order(tmp_path: Path) -> None:
    row = activity_row(1, "delivered", 0)
    good = write_activity(tmp_path / "good.csv", [row])
    bad = write_activity(tmp_path / "bad.csv", [(*row[:4], "?? 1", *row[5:])])
    seen = []
    for place, order in enumerate([(good, bad), (bad, good)]):
        workspace = Workspace(tmp_path / f"w{place}")
        load(workspace, *order)
        seen.append(messages(workspace))
    assert seen[0] == seen[1]
