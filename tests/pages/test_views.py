"""The menu of views and the strip of findings, on two small pages of their own."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

from lasthop.app.safe_text import one_line, plain
from lasthop.measure.saved_views import save_view, saved_views
from lasthop.measure.views import View, presets, query_of, to_params
from lasthop.measure.watch_state import findings, keep_rules
from lasthop.model.outcomes import Outcome
from lasthop.store import Workspace
from lasthop.trace import Query, find_messages, look
from tests.pages.opening import elements, fine, select, strings, texts_of

APP = """
from contextlib import ExitStack
import streamlit as st
from lasthop.app import findings, state
from lasthop.app.frame import Screen
st.title("Overview")
with ExitStack() as stack:
    findings.strip(Screen(state.workspace(), "UTC", stack, st.empty()))
"""
PAGE = """
from dataclasses import replace
import streamlit as st
from lasthop.app import filters, state, views
from lasthop.app.safe_text import one_line
from lasthop.trace import count_by_outcome, find_messages, look
st.title("Messages")
with look(state.workspace()) as snapshot:
    edge_ms = snapshot.value("SELECT as_of_ms FROM edge") or 0
    for note in views.follow(st.query_params.to_dict(), edge_ms):
        st.text(one_line(note))
    query = views.narrowed(filters.text_and_period(edge_ms, "UTC"), "UTC")
    filters.linked_chips(query)
    query = replace(query, outcomes=filters.outcome_chips(count_by_outcome(snapshot, query)))
    view = views.current(query, "UTC")
    views.keep_address(view)
    views.menu(state.workspace(), view, edge_ms)
    st.dataframe(find_messages(snapshot, query)[["message"]], key="found")
"""
HOSTILE = '"><img src=x onerror=alert(1)> [a](https://x.example) :red[x] **b** \x1b[31m\u202e'


@pytest.fixture
def own(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy of the samples, and two pages beside it."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "pages" / "messages.py").write_text(PAGE)
    root = shutil.copytree(samples, tmp_path / "workspace")
    monkeypatch.setenv("LASTHOP_WORKSPACE", str(root))
    return Workspace(root)


def opened(own: Workspace, page: str = "pages/messages.py", **address: str) -> AppTest:
    at = fine(AppTest.from_file(str(own.root.parent / "app.py"), default_timeout=60).run())
    if page == "app.py":
        return at
    at.switch_page(page)
    return follow(at, address)


def follow(at: AppTest, address: dict[str, str]) -> AppTest:
    at.query_params.clear()
    at.query_params.update(address)
    return fine(at.run())


def shown(at: AppTest) -> set[str]:
    return set(at.dataframe[0].value["message"])


def wanted(own: Workspace, view: View) -> set[str]:
    with look(own) as snapshot:
        query = query_of(view, snapshot.value("SELECT as_of_ms FROM edge"))
        return set(find_messages(snapshot, query)["message"])


def links(at: AppTest) -> dict[str, dict[str, str]]:
    """Label -> parameters of each link on the page."""
    found: dict[str, dict[str, str]] = {}
    for element in elements(at):
        if element.type == "page_link":
            told: dict[str, Any] = MessageToDict(element.proto)
            pairs = [pair.partition("=") for pair in told.get("queryString", "").split("&") if pair]
            found[told["label"]] = {name: value for name, _, value in pairs}
    return found


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.id)
def test_the_page_shows_what_a_preset_asks_for(own: Workspace, preset: Any) -> None:
    at = opened(own, **to_params(preset.view))
    assert shown(at) == wanted(own, preset.view)
    assert preset.view.name in links(at)


@pytest.mark.parametrize(
    "query",
    [
        Query(since_ms=1_793_500_000_123, until_ms=1_793_900_000_456),
        Query(since_ms=1_793_500_000_123, outcomes=(Outcome.BOUNCED, Outcome.BLOCKED)),
        Query(until_ms=1_793_500_000_000, receiver="google"),
        Query(text="example", reason="mailbox_full"),
    ],
)
def test_a_pinned_view_shows_exactly_its_messages(own: Workspace, query: Query) -> None:
    at = opened(own, **to_params(View(query=query)))
    assert shown(at) == wanted(own, View(query=query))
    again = opened(own, **{name: at.query_params[name] for name in at.query_params})
    assert shown(again) == shown(at)


def test_a_number_of_days_without_a_period_of_its_own_is_counted_back(own: Workspace) -> None:
    assert shown(opened(own, days="3")) == wanted(own, View(days=3)) < wanted(own, View(days=7))


def test_the_address_follows_the_filters_and_the_same_link_works_again(own: Workspace) -> None:
    link = to_params(presets()[2].view)
    at = opened(own, **link)
    before = shown(at)
    at.get("pills")[0].set_value(["bounced"])
    fine(at.run())
    assert at.query_params["outcome"] == "bounced"
    assert shown(at) != before
    assert shown(follow(at, link)) == before


def test_the_exact_period_can_be_taken_away(own: Workspace) -> None:
    at = opened(own, since="2026-11-01", until="2026-11-02", receiver="google")
    says = "Sent from 2026-11-01 00:00:00 UTC to 2026-11-01 23:59:59 UTC"
    assert at.button(key="unlink_period").label == plain(says)
    at.button(key="unlink_period").click()
    fine(at.run())
    assert shown(at) == wanted(own, View(query=Query(receiver="google")))


def test_what_a_link_asks_for_in_vain_is_said(own: Workspace) -> None:
    at = opened(own, outcome="gone", days="7", weather=HOSTILE)
    assert shown(at) == wanted(own, View(days=7))
    assert "'outcome' = 'gone' was left out" in texts_of(at)
    assert "there is no such filter" in texts_of(at)


@pytest.mark.parametrize("pin", [True, False])
def test_a_view_is_kept_pinned_or_moving(own: Workspace, pin: bool) -> None:
    at = opened(own, days="7", receiver="google")
    at.text_input(key="view_name").set_value("Google, a week")
    assert at.checkbox(key="view_pin").value is True
    at.checkbox(key="view_pin").set_value(pin)
    at.button(key="view_save").click()
    fine(at.run())
    (kept,) = saved_views(own).views
    assert kept.view.name == "Google, a week"
    assert (kept.view.days is None) == pin
    assert wanted(own, kept.view) == shown(at)
    assert links(at)["Google\\, a week"]["receiver"] == "google"


def test_a_view_is_renamed_deleted_and_brought_back(own: Workspace) -> None:
    kept = save_view(own, View("Old", Query(receiver="google")))
    at = opened(own)
    at.text_input(key="rename_to").set_value("New")
    at.button(key="rename_save").click()
    fine(at.run())
    assert "New" in links(at)
    at.button(key=f"remove_{kept.id}").click()
    fine(at.run())
    assert "New" not in links(at)
    at.button(key="restore_view").click()
    fine(at.run())
    assert "New" in links(at)


def test_hostile_names_stay_text(own: Workspace) -> None:
    save_view(own, View(HOSTILE, Query(receiver=HOSTILE)))
    at = opened(own)
    (label,) = [label for label in links(at) if "img" in label]
    assert label == plain(HOSTILE)
    (options,) = [each.options for each in at.selectbox if each.key == "rename_which"]
    assert options == [one_line(HOSTILE)]
    told = "".join(strings([MessageToDict(each.proto) for each in elements(at) if each.type != "arrow_data_frame"]))
    assert "\u202e" not in told
    assert "\x1b" not in told


def test_a_damaged_view_is_said_and_the_page_goes_on(own: Workspace) -> None:
    (own.folder("views") / "view-00000000dead.toml").write_text("[[")
    assert "view-00000000dead.toml cannot be read" in texts_of(opened(own))


RULE = '[[rule]]\nname = "Failed"\nof = "failed"\nby = "reason"\nhours = 744\nover = 0.001\n'


def keep(own: Workspace, text: str) -> None:
    path = own.root.parent / "watch.toml"
    path.write_text(text)
    keep_rules(own, path)


def test_without_kept_rules_there_is_no_strip(own: Workspace) -> None:
    at = opened(own, "app.py")
    assert not at.subheader
    assert not at.dataframe


def test_a_finding_leads_to_its_messages(own: Workspace) -> None:
    keep(own, RULE)
    at = opened(own, "app.py")
    with look(own) as snapshot:
        standing = findings(own, snapshot)
        behind = [set(find_messages(snapshot, each.finding.query)["message"]) for each in standing]
    rows = at.dataframe[0].value
    assert len(rows) == len(standing) > 1
    assert len(behind[1]) >= standing[1].finding.now.part > 0
    at = select(at, "findings", cell=(1, "rule"))
    assert at.title[0].value == "Messages"
    assert shown(at) == behind[1]
    assert at.query_params["reason"] == standing[1].finding.group


def test_rules_that_find_nothing_say_so(own: Workspace) -> None:
    keep(own, RULE.replace("0.001", "0.9"))
    assert "Nothing fires: 1 rule looked at." in texts_of(opened(own, "app.py"))


def test_damaged_rules_are_said_and_stop_nothing_else(own: Workspace) -> None:
    keep(own, RULE)
    (own.root / "watch" / "rules.toml").write_text("[[")
    at = opened(own, "app.py")
    assert at.title[0].value == "Overview"
    assert "not a TOML file" in at.warning[0].value
