"""Views: as links, as files, and the ones that are brought along."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lasthop.errors import InputError, NotFound
from lasthop.measure import NO_REPLY, REQUEST_REFUSED
from lasthop.measure.cohort import By
from lasthop.measure.local import DAY_MS
from lasthop.measure.parameters import APPLIED, FLAGS, PARAMS, SIDES, Page
from lasthop.measure.saved_views import (
    LONGEST_NAME,
    remove_view,
    rename_view,
    restore_view,
    save_view,
    saved_views,
)
from lasthop.measure.views import (
    LONGEST,
    Second,
    View,
    from_params,
    pinned,
    presets,
    query_of,
    second_of,
    to_params,
)
from lasthop.model.outcomes import Outcome
from lasthop.reply import LABELS
from lasthop.store import Workspace
from lasthop.trace import Query, find_messages, look
from tests.measure.conftest import Loader, app, provider

TEXTS = st.text(max_size=40)
INSTANTS = st.none() | st.integers(0, 253_402_300_799_999)  # to the end of the year 9999
REASONS = st.lists(st.sampled_from([*sorted(LABELS), REQUEST_REFUSED, NO_REPLY]), unique=True, max_size=4)
QUERIES = st.builds(
    Query,
    text=TEXTS,
    outcomes=st.lists(st.sampled_from(Outcome), unique=True).map(tuple),
    since_ms=INSTANTS,
    until_ms=INSTANTS,
    domain=TEXTS,
    recipient=TEXTS,
    reason=REASONS.map(",".join),
    receiver=TEXTS,
    reply_form=TEXTS,
    sender=TEXTS,
    template=TEXTS,
    category=TEXTS,
    waiting_hours=st.none() | st.integers(1, 9_999),
    no_provider=st.booleans(),
    new_reasons=st.booleans(),
)
HOURS = st.builds(
    lambda hours, zone: View(query=Query(week_hours=tuple(hours), zone=zone), zone=zone),
    st.lists(st.integers(0, 167), min_size=1, max_size=40, unique=True),
    st.sampled_from(["UTC", "Asia/Tokyo"]),
)
VIEWS = st.builds(
    lambda query, days, **rest: View(
        query=replace(query, since_ms=None, until_ms=None) if days else query, days=days, **rest
    ),
    QUERIES,
    st.none() | st.integers(1, 3_660),
    name=TEXTS,
    by=st.none() | st.sampled_from(get_args(By)),
    zone=st.sampled_from([None, "UTC", "Asia/Tokyo"]),
)


PAGE_VIEWS = VIEWS | st.builds(
    lambda view, page, also: replace(
        view,
        query=replace(
            view.query,
            reply_form="",
            outcomes=(),
            waiting_hours=None,
            reason=view.query.reason.split(",")[0] if page == "reasons" else view.query.reason,
            **dict.fromkeys(FLAGS, False),
        ),
        page=page,
        also_waiting=also and page == "reasons",
    ),
    VIEWS,
    st.sampled_from(["overview", "reasons"]),
    st.booleans(),
)
PERIODS = st.builds(
    lambda since, until, domain, second: View(
        query=Query(domain=domain, since_ms=since, until_ms=until), page="compare", second=second
    ),
    INSTANTS,
    INSTANTS,
    TEXTS,
    st.builds(Second, since_ms=INSTANTS, until_ms=INSTANTS),
)
VALUES = st.builds(
    lambda days, of, value, other: View(
        query=Query(**{of: value}),
        days=days,
        page="compare",
        second=Second(of, other),  # type: ignore[arg-type]
    ),
    st.none() | st.integers(1, 3_660),
    st.sampled_from(SIDES[1:]),
    TEXTS,
    TEXTS,
)


@given(PAGE_VIEWS | PERIODS | VALUES | HOURS)
def test_a_view_comes_back_from_its_link(view: View) -> None:
    params = to_params(view)
    assert all(isinstance(value, str) and value for value in params.values())
    again = from_params(params, view.page)
    assert again == view
    assert again.notes == ()


def test_every_field_of_a_query_can_stand_in_a_link() -> None:
    given = {str: "mailbox_full", bool: True, type(None): 4, tuple: (Outcome.BOUNCED,)}
    special = {"week_hours": {"week_hours": (7, 83)}, "zone": {"week_hours": (7,), "zone": "Asia/Tokyo"}}
    for name, field in Query.__dataclass_fields__.items():
        query = replace(Query(), **(special.get(name) or {name: given[type(field.default)]}))
        assert query != Query()
        assert from_params(to_params(View(query=query))).query == query, name


@given(
    st.dictionaries(
        st.sampled_from(
            [
                *to_params(View("n", Query("t", since_ms=1), by="day", zone="UTC")),
                "outcome",
                "days",
                "waiting",
                "no_provider",
                "x",
            ]
        )
        | TEXTS,
        st.text(),
    )
)
def test_no_link_is_an_error(params: dict[str, str]) -> None:
    view = from_params(params)
    assert from_params(to_params(view)) == view


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("outcome", "bounced,gone"), ("reason", "no_such_reason"), ("since", "yesterday"), ("until", "+inf"),
        ("since", "9" * 300), ("days", "0"), ("days", "-3"), ("days", "٣"), ("days", "1e9"), ("waiting", "4.5"),
        ("no_provider", "yes"), ("by", "weekday"), ("zone", "Mars/Base"), ("q", "x" * (LONGEST + 1)), ("utm", "x"),
        ("domain", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_does_not_restrict_and_is_noted(name: str, text: str) -> None:
    view = from_params({name: text, "domain" if name != "domain" else "q": "x.example"})
    (note,) = view.notes
    assert repr(name) in note
    assert view == from_params({"domain" if name != "domain" else "q": "x.example"})


@pytest.mark.parametrize("page", get_args(Page))
def test_what_a_page_cannot_apply_does_not_restrict_and_is_noted(page: Page) -> None:
    given = dict.fromkeys(PARAMS - {"since", "until", "with_since", "with_until"}, "1") | {
        "outcome": "bounced", "reason": "mailbox_full", "by": "day", "zone": "UTC", "also": "waiting",
        "compare": "domain", "hour": "thu-11,mon-0",
    }  # fmt: skip
    view = from_params(given, page)
    assert {note.split("'")[1] for note in view.notes} == set(given) - APPLIED[page]
    assert all("has no such filter." in note for note in view.notes)
    assert {name: given[name] for name in given if name in APPLIED[page]} == to_params(view)


def test_a_page_that_is_asked_for_no_period_has_its_own() -> None:
    assert [from_params({"q": "x"}, page).days for page in ("overview", "messages", "reasons")] == [30, None, 30]
    assert from_params({"days": "all"}, "overview").days is None
    assert to_params(View(page="overview")) == {"days": "all"}
    assert to_params(View()) == {}


def test_the_second_side_differs_by_what_is_compared() -> None:
    view = from_params({"compare": "sender", "sender": "a", "with": "b", "domain": "x.example", "days": "7"}, "compare")
    assert (view.query.sender, view.days) == ("a", 7)
    assert second_of(view, 100 * DAY_MS) == Query(sender="b", domain="x.example", since_ms=93 * DAY_MS)
    weeks = from_params({"domain": "x.example", "since": "2026-11-08", "with_since": "2026-11-01"}, "compare")
    assert second_of(weeks, 0) == Query(domain="x.example", since_ms=1_793_491_200_000)
    mixed = from_params({"compare": "period", "with": "b", "days": "7"}, "compare")
    assert len(mixed.notes) == 2
    assert (mixed.days, mixed.second) == (None, Second())


def test_days_and_a_pinned_period_do_not_go_together() -> None:
    view = from_params({"days": "7", "since": "2026-11-02"})
    assert (view.days, view.query) == (7, Query())
    assert len(view.notes) == 1


def test_links_may_be_typed_by_hand() -> None:
    view = from_params({"since": "2026-11-02", "until": "2026-11-02T10:15+09:00", "outcome": "bounced,bounced"})
    at = [dt.datetime(2026, 11, 2, tzinfo=dt.UTC), dt.datetime(2026, 11, 2, 1, 15, tzinfo=dt.UTC)]
    assert (view.query.since_ms, view.query.until_ms) == tuple(int(each.timestamp() * 1000) for each in at)
    assert view.query.outcomes == (Outcome.BOUNCED,)


def test_a_relative_view_follows_the_data_and_a_pinned_one_stays() -> None:
    view = View("a", Query(domain="x.example"), days=7)
    assert query_of(view, 100 * DAY_MS) == Query(domain="x.example", since_ms=93 * DAY_MS)
    fixed = pinned(view, 100 * DAY_MS)
    assert fixed.days is None
    assert query_of(fixed, 200 * DAY_MS) == Query(domain="x.example", since_ms=93 * DAY_MS, until_ms=100 * DAY_MS + 1)
    assert pinned(fixed, 200 * DAY_MS) == fixed


def found(workspace: Workspace, preset_id: str) -> set[str]:
    (preset,) = [each for each in presets() if each.id == preset_id]
    with look(workspace) as snapshot:
        query = query_of(preset.view, snapshot.value("SELECT as_of_ms FROM edge"))
        return set(find_messages(snapshot, query)["recipient"])


def test_the_presets_find_what_they_say(workspace: Workspace, load: Loader) -> None:
    full, spam, later = "552 5.2.2 mailbox full", "550 5.1.1 no such user", "451 4.7.1 greylisted, try later"
    load(
        activity=[
            provider("2026-10-01 10:00:00", "bounce", 1, "long-ago@x.example", full, "bounce"),
            provider("2026-10-20 10:00:00", "bounce", 2, "known@x.example", spam, "bounce"),
            provider("2026-11-05 09:00:00", "bounce", 3, "again@x.example", spam, "bounce"),
            provider("2026-11-05 10:00:00", "dropped", 4, "stopped@x.example", "Bounced Address"),
            provider("2026-11-06 10:00:00", "bounce", 5, "new@x.example", full, "bounce"),
            provider("2026-11-08 04:00:00", "processed", 6, "stuck@x.example"),
            provider("2026-11-08 04:01:00", "deferred", 6, "stuck@x.example", later),
            provider("2026-11-08 07:00:00", "processed", 7, "fresh@x.example"),
            provider("2026-11-08 09:00:00", "processed", 8, "fine@x.example"),
            provider("2026-11-08 10:00:00", "delivered", 8, "fine@x.example"),
        ],
        mail_log=[
            app("2026/11/07 10:00:00", 20, "lost@x.example"),
            app("2026/11/07 10:00:00", 21, "refused@x.example", "401", "401 Unauthorized"),
        ],
    )
    assert found(workspace, "waiting") == {"stuck@x.example"}
    assert found(workspace, "suppressed") == {"stopped@x.example"}
    assert found(workspace, "no_provider") == {"lost@x.example"}
    failing = {f"{name}@x.example" for name in ("again", "stopped", "new", "refused")}
    assert found(workspace, "failing_now") == failing
    # The full mailbox of October lies more than four weeks before, the unknown user does not.
    new = found(workspace, "new_reasons")
    assert "new@x.example" in new
    assert not new & {"again@x.example", "known@x.example", "fine@x.example", "long-ago@x.example"}


def test_without_mail_before_no_reason_is_new(workspace: Workspace, load: Loader) -> None:
    load(activity=[provider("2026-11-06 10:00:00", "bounce", 5, "a@x.example", "552 5.2.2 mailbox full", "bounce")])
    assert found(workspace, "new_reasons") == set()


def test_accepted_mail_has_no_reason_that_could_be_new(workspace: Workspace, load: Loader) -> None:
    load(
        activity=[
            provider("2026-10-20 10:00:00", "delivered", 1, "early@x.example"),
            provider("2026-11-06 10:00:00", "delivered", 2, "late@x.example"),
            provider("2026-11-06 10:00:00", "bounce", 3, "new@x.example", "552 5.2.2 mailbox full", "bounce"),
        ]
    )
    assert found(workspace, "new_reasons") == {"new@x.example"}


def test_new_reasons_need_a_period(workspace: Workspace, load: Loader) -> None:
    load(activity=[provider("2026-11-06 10:00:00", "bounce", 5, "a@x.example", "552 5.2.2 mailbox full", "bounce")])
    with look(workspace) as snapshot:
        assert find_messages(snapshot, Query(new_reasons=True)).empty


def test_presets_have_ids_names_and_sentences_of_their_own() -> None:
    assert [each.id for each in presets()] == ["failing_now", "waiting", "suppressed", "no_provider", "new_reasons"]
    assert len({each.view.name for each in presets()}) == 5
    assert all(each.says.endswith(".") for each in presets())


HOSTILE = "../../etc/passwd\x00\x1b[31m <b>&\u202e日本 \ud800"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    (PAGE_VIEWS | PERIODS | VALUES)
    .map(lambda view: replace(view, name=view.name or "A"))
    .filter(lambda view: view.name.split())
)
def test_a_saved_view_comes_back_from_its_file(workspace: Workspace, view: View) -> None:
    kept = save_view(workspace, view)
    (again,) = [each for each in saved_views(workspace).views if each.id == kept.id]
    assert again == kept
    assert replace(again.view, name=view.name) == view
    remove_view(workspace, kept.id)


def test_names_are_only_text(workspace: Workspace) -> None:
    kept = save_view(workspace, View(HOSTILE, Query(domain="x.example")))
    assert sorted(path.name for path in (workspace.root / "views").iterdir()) == [f"{kept.id}.toml"]
    (again,) = saved_views(workspace).views
    assert again.view.name == "../../etc/passwd\x00\x1b[31m <b>&\u202e日本 ?"
    assert len(save_view(workspace, View("x" * 500)).view.name) == LONGEST_NAME


@pytest.mark.parametrize("name", ["", "  ", "\t\n"])
def test_a_view_needs_a_name(workspace: Workspace, name: str) -> None:
    with pytest.raises(InputError, match="no name"):
        save_view(workspace, View(name))
    kept = save_view(workspace, View("a"))
    with pytest.raises(InputError, match="no name"):
        rename_view(workspace, kept.id, name)
    assert saved_views(workspace).views == (kept,)


def test_rename_remove_and_put_back(workspace: Workspace) -> None:
    first, second = save_view(workspace, View("b", days=7)), save_view(workspace, View("A", Query(text="x")))
    assert [each.view.name for each in saved_views(workspace).views] == ["A", "b"]
    rename_view(workspace, first.id, "0 first")
    assert [each.view.name for each in saved_views(workspace).views] == ["0 first", "A"]
    assert saved_views(workspace).views[0].view.days == 7
    remove_view(workspace, first.id)
    assert [each.id for each in saved_views(workspace).views] == [second.id]
    restore_view(workspace, first.id)
    assert [each.view.name for each in saved_views(workspace).views] == ["0 first", "A"]


@pytest.mark.parametrize("view_id", ["view-000000000000", "../zone", "zone", "view-../../x", ""])
def test_what_is_not_there_cannot_be_changed(workspace: Workspace, view_id: str) -> None:
    (workspace.folder("views") / "zone.toml").write_text("UTC")
    (workspace.root / "zone.toml").write_text("UTC")
    for change in (remove_view, restore_view, lambda *at: rename_view(*at, "x")):
        with pytest.raises(NotFound):
            change(workspace, view_id)
    assert (workspace.root / "views" / "zone.toml").read_text() == "UTC"
    assert (workspace.root / "zone.toml").read_text() == "UTC"


@pytest.mark.parametrize(
    "content", [b"[[", b"\xff", b"name = 5", b'name = "a"', b'name = "a"\nfilter = 5', b'name = ""\n[filter]']
)
def test_a_damaged_view_hides_no_other(workspace: Workspace, content: bytes) -> None:
    kept = save_view(workspace, View("good"))
    path = workspace.root / "views" / "view-00000000dead.toml"
    path.write_bytes(content)
    shelf = saved_views(workspace)
    assert shelf.views == (kept,)
    assert len(shelf.notes) == 1
    assert path.name in shelf.notes[0]
    assert path.read_bytes() == content


def test_a_view_with_filters_of_another_version_keeps_the_rest(workspace: Workspace) -> None:
    path = workspace.folder("views") / "view-0000000000aa.toml"
    path.write_text('name = "a"\n[filter]\ndomain = "x.example"\nweather = "fine"\ndays = 7\n')
    (kept,) = saved_views(workspace).views
    assert kept.view.query == Query(domain="x.example")
    assert len(kept.view.notes) == 2


def test_a_view_is_for_its_page_and_an_old_file_for_messages(workspace: Workspace) -> None:
    assert save_view(workspace, View("b", days=7, page="overview")) in saved_views(workspace).views
    folder = workspace.folder("views")
    (folder / "view-0000000000aa.toml").write_text('name = "a"\n[filter]\nno_provider = "1"\n')
    (folder / "view-0000000000bb.toml").write_text('name = "c"\npage = "weather"\n[filter]\n')
    shelf = saved_views(workspace)
    assert [(each.view.name, each.view.page) for each in shelf.views] == [("a", "messages"), ("b", "overview")]
    assert shelf.views[0].view.query == Query(no_provider=True)
    (note,) = shelf.notes
    assert "a page that there is not" in note


def test_no_views_and_no_folder(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "nothing")
    assert saved_views(workspace).views == ()
    assert not workspace.root.exists()
