import datetime as dt
from pathlib import Path

import pytest

import lasthop.measure
from lasthop.measure import Health, health
from lasthop.store import Workspace
from lasthop.trace import look
from tests.measure.conftest import Loader, app, provider


def state(workspace: Workspace) -> Health:
    with look(workspace) as snapshot:
        return health(workspace, snapshot)


def ms(text: str) -> int:
    return int(dt.datetime.fromisoformat(f"{text}+00:00").timestamp() * 1000)


def test_an_empty_workspace_has_no_range(workspace: Workspace) -> None:
    found = state(workspace)
    assert found.empty
    assert (found.first_ms, found.last_ms, found.as_of_ms) == (None, None, None)
    assert (found.duplicates, found.rejected, found.unlinked_app, found.idless) == (0, 0, 0, 0)
    assert found.provider_only is None


def test_range_and_edge(workspace: Workspace, load: Loader) -> None:
    load(
        activity=[
            provider("2026-11-02 10:00:00", "processed", 1, "a@x.example"),
            provider("2026-11-02 10:00:05", "delivered", 1, "a@x.example"),
        ],
        mail_log=[app("2026-11-02 19:00:00", 1, "a@x.example"), app("2026-11-02 20:00:00", 9, "z@x.example")],
    )
    found = state(workspace)
    assert (found.first_ms, found.last_ms) == (ms("2026-11-02 10:00:00"), ms("2026-11-02 11:00:00"))
    assert found.as_of_ms == ms("2026-11-02 10:00:05")


def test_days_without_data_between_the_first_and_the_last_of_each_system(workspace: Workspace, load: Loader) -> None:
    load(
        activity=[
            provider("2026-11-02 10:00:00", "delivered", 1, "a@x.example"),
            provider("2026-11-05 10:00:00", "delivered", 2, "b@x.example"),
        ],
        mail_log=[app("2026-11-03 12:00:00", 7, "c@x.example"), app("2026-11-04 12:00:00", 8, "d@x.example")],
    )
    assert state(workspace).days_without_data == {"provider": (dt.date(2026, 11, 3), dt.date(2026, 11, 4))}


def test_duplicates_are_records_that_another_source_told_before(workspace: Workspace, load: Loader) -> None:
    one = provider("2026-11-02 10:00:00", "delivered", 1, "a@x.example")
    two = provider("2026-11-02 11:00:00", "delivered", 2, "b@x.example")
    load(activity=[one], activity_again=[one, two])
    assert state(workspace).duplicates == 1


def test_rejected_lines_are_counted(workspace: Workspace, load: Loader) -> None:
    good = provider("2026-11-02 10:00:00", "delivered", 1, "a@x.example")
    load(activity=[good, ("no time at all", *good[1:])])
    assert state(workspace).rejected == 1


def test_unlinked_rows_inside_and_outside_the_provider_data(workspace: Workspace, load: Loader) -> None:
    load(
        activity=[
            provider("2026-11-01 00:00:00", "delivered", 3, "c@x.example"),
            provider("2026-11-02 00:00:00", "delivered", 1, "a@x.example"),
            provider("2026-11-03 00:00:00", "delivered", 2, "b@x.example"),
        ],
        mail_log=[
            app("2026-11-02 09:00:00", 1, "a@x.example"),  # linked
            app("2026-11-02 21:00:00", 5, "lost@x.example"),  # inside, nothing fits
            app("2026-11-04 09:00:00", 6, "later@x.example"),  # after the data ends
            app("2026-11-02 22:00:00", 7, "no@x.example", "400", "400 Bad Request"),  # refused: nothing to link
        ],
    )
    found = state(workspace)
    # Message 1 has its row; message 2 was sent while the log was kept, message 3 before it began.
    assert (found.unlinked_app, found.app_outside, found.provider_only) == (1, 1, 1)


def test_provider_messages_without_a_row_mean_nothing_without_a_log(workspace: Workspace, load: Loader) -> None:
    load(activity=[provider("2026-11-02 10:00:00", "delivered", 1, "a@x.example")])
    assert state(workspace).provider_only is None


def test_ambiguous_ties_are_counted(workspace: Workspace, load: Loader) -> None:
    twice = [provider(f"2026-11-02 10:00:0{n}", "delivered", n, "a@x.example") for n in (1, 2)]
    load(
        activity=[(*row[:3], "Same subject", *row[4:]) for row in twice],
        mail_log=[(*app("2026-11-02 19:00:00", 1, "a@x.example")[:4], "Same subject", "req-1")],
    )
    assert state(workspace).ambiguous > 0


def test_events_without_an_id_are_counted(workspace: Workspace, load: Loader) -> None:
    known = provider("2026-11-02 10:00:00", "bounce", 1, "a@x.example", "550 5.1.1 gone", "bounce")
    load(activity=[(*known[:4], "", "", *known[6:])])
    assert state(workspace).idless == 1


def test_zones_that_nobody_confirmed(workspace: Workspace, load: Loader) -> None:
    load(mail_log=[app("2026-11-02 19:00:00", 1, "a@x.example")], activity=[])
    assert [source.file for source in state(workspace).assumed_zones] == ["mail_log.csv"]


@pytest.mark.parametrize(
    "path", sorted((Path(lasthop.measure.__file__).parent / "sql").glob("*.sql")), ids=lambda p: p.stem
)
def test_each_query_says_what_a_row_is_and_uses_no_clock(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("-- One row")
    words = text.lower()
    assert not [
        word for word in ("now()", "timestamp", "interval", "date_trunc", "strftime", "current_") if word in words
    ]
