from pathlib import Path

import pytest

from lasthop.app.uploads import sample_files
from lasthop.store import Workspace
from lasthop.store.sources import sources
from tests.pages.opening import Opener, fine, select

SAMPLES = {path.name: path for path in sample_files()}
ACTIVITY = b'"processed","event","email"\n"2026-11-02 12:00:00.000","delivered","a@example.com"\n'


def upload(opened: Opener, root: Path, **files: bytes):
    at = opened(root, "pages/sources.py")
    for name, content in files.items():
        at.file_uploader[0].upload(name, content)
    return fine(at.run())


def test_a_file_is_loaded_and_listed(opened: Opener, empty: Path) -> None:
    at = upload(opened, empty, **{"activity.csv": ACTIVITY})
    assert not at.radio
    at.button(key="load").click()
    fine(at.run())
    assert at.success
    assert at.dataframe[0].value["added"].tolist() == [1]
    assert [source.file for source in sources(Workspace(empty))] == ["activity.csv"]
    assert not list((empty / "scratch").glob("upload-*"))


def test_the_same_file_again_adds_nothing(opened: Opener, empty: Path) -> None:
    for _ in range(2):
        at = upload(opened, empty, **{"activity.csv": ACTIVITY})
        at.button(key="load").click()
        fine(at.run())
    assert at.dataframe[0].value["added"].tolist() == [0]
    assert len(sources(Workspace(empty))) == 1


def test_two_lists_with_one_header_are_asked_about(opened: Opener, empty: Path) -> None:
    at = upload(opened, empty, **{"export.csv": SAMPLES["suppression_bounces.csv"].read_bytes()})
    assert at.button(key="load").disabled
    assert len(at.radio[0].options) == 2
    at.radio[0].set_value("sendgrid_bounces")
    fine(at.run())
    at.button(key="load").click()
    fine(at.run())
    assert sources(Workspace(empty))[0].format == "sendgrid_bounces"


def test_the_zone_of_a_mail_log_is_asked_with_a_suggestion(opened: Opener, empty: Path) -> None:
    at = upload(opened, empty, **{"log.csv": SAMPLES["kuroco_mail_log_old.csv"].read_bytes()})
    question = next(each for each in at.selectbox if each.label == "Time zone of these logs")
    assert question.value == "Asia/Tokyo"
    question.select("UTC")
    fine(at.run())
    at.button(key="load").click()
    fine(at.run())
    (source,) = sources(Workspace(empty))
    assert (source.timezone, source.zone_assumed) == ("UTC", False)


def test_a_file_nobody_knows_can_be_mapped(opened: Opener, empty: Path) -> None:
    strange = b"when,what,who\n2026-11-02 12:00:00,delivered,a@example.com\n"
    at = upload(opened, empty, **{"strange.csv": strange})
    kind = next(each for each in at.selectbox if each.label == "What is it?")
    kind.select("sendgrid_activity")
    fine(at.run())
    for field, column in (("time", "when"), ("event", "what"), ("recipient", "who")):
        next(each for each in at.selectbox if each.label == field).select(column)
    fine(at.run())
    at.button(key="load").click()
    fine(at.run())
    assert sources(Workspace(empty))[0].mapping["who"] == "recipient"


def test_a_file_that_cannot_be_read_leaves_the_others(opened: Opener, empty: Path) -> None:
    at = upload(opened, empty, **{"picture.png": b"\x89PNG\r\n\x1a\n" + bytes(99), "activity.csv": ACTIVITY})
    assert at.button(key="load").label == "Load 1 file"
    at.button(key="load").click()
    fine(at.run())
    assert at.warning[0].proto.title == "Could not be read"
    assert len(sources(Workspace(empty))) == 1


def test_rejected_lines_are_shown_with_line_and_reason(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/sources.py")
    row = at.dataframe[0].value["rejected"].argmax()
    at = select(at, "sources_table", rows=(int(row),))
    lines = at.dataframe[1].value
    assert list(lines.columns) == ["line", "reason", "text"]
    assert lines["reason"].str.len().min() > 0


def test_removing_a_source_asks_first(opened: Opener, own_samples: Path) -> None:
    before = sources(Workspace(own_samples))
    at = select(opened(own_samples, "pages/sources.py"), "sources_table", rows=(0,))
    at.button(key="ask_removal").click()
    fine(at.run())
    assert f"{before[0].added} event" in at.warning[0].value
    at.button(key="keep").click()
    fine(at.run())
    assert len(sources(Workspace(own_samples))) == len(before)
    at.button(key="ask_removal").click()
    fine(at.run())
    at.button(key="remove").click()
    fine(at.run(timeout=120))
    assert before[0].sha256 not in [source.sha256 for source in sources(Workspace(own_samples))]


@pytest.mark.parametrize("name", ["../../../etc/passwd", "a/../../b.csv", "x" * 300 + ".csv"])
def test_an_uploaded_name_is_never_a_path(opened: Opener, empty: Path, name: str) -> None:
    at = upload(opened, empty, **{name: ACTIVITY})
    at.button(key="load").click()
    fine(at.run())
    inside = {path.name for path in empty.parent.iterdir()}
    assert inside == {"workspace"}
