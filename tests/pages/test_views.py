"""Links, the menu of views and the strip of findings, on the pages themselves."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

from lasthop.app.safe_text import one_line, plain
from lasthop.app.tables import readable
from lasthop.measure import failures
from lasthop.measure.local import DAY_MS
from lasthop.measure.saved_views import save_view, saved_views
from lasthop.measure.views import Second, View, from_params, presets, query_of, to_params
from lasthop.measure.watch_state import findings, keep_rules
from lasthop.model.outcomes import Outcome
from lasthop.store import Workspace
from lasthop.trace import Query, find_messages, look
from tests.pages.opening import Opener, elements, fine, select, strings, texts_of

MESSAGES = "pages/messages.py"
COUNTING = ("app.py", MESSAGES, "pages/reasons.py", "pages/compare.py")
HOSTILE = '"><img src=x onerror=alert(1)> [a](https://x.example) :red[x] **b** \x1b[31m\u202e'


@pytest.fixture
def own(own_samples: Path) -> Workspace:
    """A copy of the samples."""
    return Workspace(own_samples)


def address_of(at: AppTest) -> dict[str, str]:
    return {name: at.query_params[name] for name in at.query_params}


def follow(at: AppTest, address: dict[str, str]) -> AppTest:
    at.query_params.clear()
    at.query_params.update(address)
    return fine(at.run())


def shown(at: AppTest) -> Counter[Any]:
    """The messages of the list: when each was sent, and to whom."""
    if at.subheader and at.subheader[0].value == "No message fits":
        return Counter()
    rows = next(each.value for each in at.dataframe if (each.key or "").startswith("messages_table"))
    return Counter(zip(rows["sent"], rows["recipient"], strict=True))


def wanted(own: Workspace, view: View) -> Counter[Any]:
    with look(own) as snapshot:
        rows = find_messages(snapshot, query_of(view, snapshot.value("SELECT as_of_ms FROM edge")))
    return Counter(zip(rows["sent"], readable(rows["recipient"]), strict=True))


def numbers(at: AppTest) -> list[Any]:
    """What the page counts: its tables, and its sentences of counts."""
    return [*(each.value.to_csv() for each in at.dataframe), *(text.value for text in at.text)]


def links(at: AppTest) -> dict[str, dict[str, str]]:
    """Label -> parameters of each link on the page."""
    found: dict[str, dict[str, str]] = {}
    for element in elements(at):
        if element.type == "page_link":
            told: dict[str, Any] = MessageToDict(element.proto)
            pairs = [pair.partition("=") for pair in told.get("queryString", "").split("&") if pair]
            found[told["label"]] = {name: unquote_plus(value) for name, _, value in pairs}
    return found


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.id)
def test_the_page_shows_what_a_preset_asks_for(opened: Opener, own: Workspace, preset: Any) -> None:
    at = opened(own.root, MESSAGES, **to_params(preset.view))
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
def test_a_pinned_view_shows_exactly_its_messages(opened: Opener, own: Workspace, query: Query) -> None:
    at = opened(own.root, MESSAGES, **to_params(View(query=query)))
    assert shown(at) == wanted(own, View(query=query))
    again = opened(own.root, MESSAGES, **{name: at.query_params[name] for name in at.query_params})
    assert shown(again) == shown(at)


def test_a_number_of_days_without_a_period_of_its_own_is_counted_back(opened: Opener, own: Workspace) -> None:
    assert shown(opened(own.root, MESSAGES, days="3")) == wanted(own, View(days=3)) < wanted(own, View(days=7))


def test_the_address_follows_the_filters_and_the_same_link_works_again(opened: Opener, own: Workspace) -> None:
    link = to_params(presets()[2].view)
    at = opened(own.root, MESSAGES, **link)
    before = shown(at)
    at.get("pills")[0].set_value(["bounced"])
    fine(at.run())
    assert at.query_params["outcome"] == "bounced"
    assert shown(at) != before
    assert shown(follow(at, link)) == before


def test_the_exact_period_can_be_taken_away(opened: Opener, own: Workspace) -> None:
    at = opened(own.root, MESSAGES, since="2026-11-01", until="2026-11-02", receiver="google")
    says = "Sent from 2026-11-01 09:00:00 JST (UTC+09:00) to 2026-11-02 08:59:59 JST (UTC+09:00)"
    assert at.button(key="unlink_period").label == plain(says)
    at.button(key="unlink_period").click()
    fine(at.run())
    assert shown(at) == wanted(own, View(query=Query(receiver="google")))


def test_what_a_link_asks_for_in_vain_is_said(opened: Opener, own: Workspace) -> None:
    at = opened(own.root, MESSAGES, outcome="gone", days="7", weather=HOSTILE)
    assert shown(at) == wanted(own, View(days=7))
    assert "'outcome' = 'gone' was left out" in texts_of(at)
    assert "there is no such filter" in texts_of(at)


@pytest.mark.parametrize("pin", [True, False])
def test_a_view_is_kept_pinned_or_moving(opened: Opener, own: Workspace, pin: bool) -> None:
    at = opened(own.root, MESSAGES, days="7", receiver="google")
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


def test_a_view_is_renamed_deleted_and_brought_back(opened: Opener, own: Workspace) -> None:
    kept = save_view(own, View("Old", Query(receiver="google")))
    at = opened(own.root, MESSAGES)
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


def test_hostile_names_stay_text(opened: Opener, own: Workspace) -> None:
    save_view(own, View(HOSTILE, Query(receiver=HOSTILE)))
    at = opened(own.root, MESSAGES)
    (label,) = [label for label in links(at) if "img" in label]
    assert label == plain(HOSTILE)
    (options,) = [each.options for each in at.selectbox if each.key == "rename_which"]
    assert options == [one_line(HOSTILE)]
    told = "".join(strings([MessageToDict(each.proto) for each in elements(at) if each.type != "arrow_data_frame"]))
    assert "\u202e" not in told
    assert "\x1b" not in told


def test_a_damaged_view_is_said_and_the_page_goes_on(opened: Opener, own: Workspace) -> None:
    (own.folder("views") / "view-00000000dead.toml").write_text("[[")
    assert "view-00000000dead.toml cannot be read" in texts_of(opened(own.root, MESSAGES))


RULE = '[[rule]]\nname = "Failed"\nof = "failed"\nby = "reason"\nhours = 744\nover = 0.001\n'


def keep(own: Workspace, text: str) -> None:
    path = own.root.parent / "watch.toml"
    path.write_text(text)
    keep_rules(own, path)


def test_without_kept_rules_there_is_no_strip(opened: Opener, own: Workspace) -> None:
    at = opened(own.root)
    assert "What the watcher finds" not in [each.value for each in at.subheader]


def test_a_finding_leads_to_its_messages(opened: Opener, own: Workspace) -> None:
    keep(own, RULE)
    at = opened(own.root)
    with look(own) as snapshot:
        standing = findings(own, snapshot)
    rows = next(each.value for each in at.dataframe if each.key == "findings")
    assert len(rows) == len(standing) > 1
    behind = wanted(own, View(query=standing[1].finding.query))
    assert behind.total() >= standing[1].finding.now.part > 0
    at = select(at, "findings", cell=(1, "rule"))
    assert at.title[0].value == "Messages"
    assert shown(at) == behind
    assert at.query_params["reason"] == standing[1].finding.group


def test_rules_that_find_nothing_say_so(opened: Opener, own: Workspace) -> None:
    keep(own, RULE.replace("0.001", "0.9"))
    assert "Nothing fires: 1 rule looked at." in texts_of(opened(own.root))


def test_damaged_rules_are_said_and_stop_nothing_else(opened: Opener, own: Workspace) -> None:
    keep(own, RULE)
    (own.root / "watch" / "rules.toml").write_text("[[")
    at = opened(own.root)
    assert at.title[0].value == "Overview"
    assert "not a TOML file" in at.warning[0].value


def test_the_overview_comes_back_from_its_address(opened: Opener, own: Workspace) -> None:
    at = opened(own.root)
    at.selectbox(key="overview_period").select("Between two days")
    fine(at.run())
    at.date_input(key="overview_between").set_value((dt.date(2026, 11, 2), dt.date(2026, 11, 8)))
    at.selectbox(key="overview_domain").select("docomo.example")
    fine(at.run())
    midnight = 1_793_545_200_000  # 2026-11-02, Tokyo
    query = Query(domain="docomo.example", since_ms=midnight, until_ms=midnight + 7 * DAY_MS)
    assert from_params(address_of(at), "overview") == View(query=query, zone="Asia/Tokyo", page="overview")
    assert f"{wanted(own, View(query=query)).total()} messages sent" in texts_of(at)
    again = opened(own.root, **address_of(at))
    assert numbers(again) == numbers(at)
    assert address_of(again) == address_of(at)


def test_messages_come_back_from_their_address(opened: Opener, own: Workspace) -> None:
    at = opened(own.root, MESSAGES)
    at.text_input(key="messages_text").set_value("example")
    at.selectbox(key="messages_period").select("Last 7 days")
    at.selectbox(key="messages_domain").select("gmail.example")
    at.get("pills")[0].set_value(["bounced", "accepted"])
    fine(at.run())
    query = Query(text="example", domain="gmail.example", outcomes=(Outcome.BOUNCED, Outcome.ACCEPTED))
    assert shown(at) == wanted(own, View(query=query, days=7))
    again = opened(own.root, MESSAGES, **address_of(at))
    assert shown(again) == shown(at)
    assert address_of(again) == address_of(at)


def test_reasons_come_back_from_their_address(opened: Opener, own: Workspace) -> None:
    at = opened(own.root, "pages/reasons.py")
    at.selectbox(key="reasons_period").select("Last 7 days")
    at.selectbox(key="reasons_domain").select("gmail.example")
    at.toggle(key="reasons_waiting").set_value(True)
    fine(at.run())
    with look(own) as snapshot:
        since = snapshot.value("SELECT as_of_ms FROM edge") - 7 * DAY_MS
        found = failures(snapshot, Query(domain="gmail.example", since_ms=since), "Asia/Tokyo", waiting=True)
    assert (
        f"Of {found.sent:,} messages sent in the last 7 days of the data to gmail.example, {found.total} failed or wait"
        in (texts_of(at))
    )
    again = opened(own.root, "pages/reasons.py", **address_of(at))
    assert numbers(again) == numbers(at)
    reason = found.rows["reason"][0]
    deep = opened(own.root, "pages/reasons.py", **address_of(at), reason=reason)
    assert f"of {found.total} messages that failed or wait" in texts_of(deep)
    deep.button(key="all_reasons").click()
    assert address_of(fine(deep.run())) == address_of(at)
    assert address_of(follow(deep, {**address_of(at), "reason": reason}))["reason"] == reason
    assert "reason" not in address_of(follow(deep, address_of(at))), "back, as the browser asks for it"


@pytest.mark.parametrize("page", COUNTING)
def test_a_link_sets_the_zone_of_this_session_only(opened: Opener, own: Workspace, page: str) -> None:
    at = opened(own.root, page, zone="America/New_York")
    assert at.selectbox(key="zone").value == "America/New_York"
    says = "The link shows times and days in America/New_York, not in Asia/Tokyo."
    assert plain(says) in [caption.value for caption in at.caption]
    fine(at.run())
    assert plain(says) in [caption.value for caption in at.caption]
    assert opened(own.root, page).selectbox(key="zone").value == "Asia/Tokyo", "a link changes nothing for others"
    at.selectbox(key="zone").select("UTC")
    fine(at.run())
    assert plain(says) not in [caption.value for caption in at.caption]
    assert at.selectbox(key="zone").value == at.query_params["zone"] == "UTC"
    assert at.selectbox(key="zone").value == follow(at, {"zone": "UTC"}).selectbox(key="zone").value
    assert follow(at, {"zone": "Asia/Tokyo"}).selectbox(key="zone").value == "Asia/Tokyo"


@pytest.mark.parametrize("page", COUNTING)
def test_an_unknown_zone_is_left_out_and_said(opened: Opener, own: Workspace, page: str) -> None:
    at = opened(own.root, page, zone="Mars/Base")
    assert at.selectbox(key="zone").value == at.query_params["zone"] == "Asia/Tokyo"
    assert "'zone' = 'Mars/Base' was left out" in texts_of(at)


def test_days_of_another_zone_stay_the_same_instants(opened: Opener, own: Workspace) -> None:
    days = {"since": "2026-11-01T15:00:00.000Z", "until": "2026-11-03T15:00:00.000Z"}
    tokyo, utc = opened(own.root, **days, zone="Asia/Tokyo"), opened(own.root, **days, zone="UTC")
    assert tokyo.date_input(key="overview_between").value == (dt.date(2026, 11, 2), dt.date(2026, 11, 3))
    assert utc.button(key="unlink_period").label == plain(
        "Sent from 2026-11-01 15:00:00 UTC to 2026-11-03 14:59:59 UTC"
    )
    (counted,) = {text.value.split(" sent:")[0] for at in (tokyo, utc) for text in at.text if " sent:" in text.value}
    assert counted == f"{wanted(own, from_params(days)).total()} messages"


@pytest.mark.parametrize("page", ["app.py", "pages/reasons.py", "pages/compare.py"])
def test_what_a_page_cannot_filter_by_is_said(opened: Opener, own: Workspace, page: str) -> None:
    told = texts_of(opened(own.root, page, outcome="bounced", waiting="4", domain="docomo.example"))
    assert told.count("has no such filter.") == 2


def test_a_filter_without_a_widget_counts_and_can_be_taken_away(opened: Opener, own: Workspace) -> None:
    at = opened(own.root, days="all", q="docomo")
    n = wanted(own, View(query=Query(text="docomo"))).total()
    assert f"{n} messages sent" in texts_of(at)
    at.button(key="unlink_text").click()
    fine(at.run())
    assert f"{wanted(own, View()).total():,} messages sent" in texts_of(at)


@pytest.mark.parametrize(
    ("page", "view"),
    [
        ("app.py", View("A", Query(domain="docomo.example"), days=7, zone="UTC", page="overview")),
        ("pages/reasons.py", View("A", Query(reason="mailbox_full"), page="reasons", also_waiting=True)),
        ("pages/compare.py", View("A", Query(domain="docomo.example"), page="compare",
                                  second=Second("domain", "gmail.example"))),
    ],
)  # fmt: skip
def test_a_view_of_each_page_is_kept_and_opens_there(opened: Opener, own: Workspace, page: str, view: View) -> None:
    at = opened(own.root, page, **to_params(view))
    at.text_input(key="view_name").set_value("Kept")
    at.checkbox(key="view_pin").set_value(False)
    at.button(key="view_save").click()
    fine(at.run())
    (kept,) = saved_views(own).views
    assert to_params(kept.view) == {**to_params(view), "view": "Kept", "zone": view.zone or "Asia/Tokyo"}
    elsewhere = opened(own.root, MESSAGES)
    (link,) = [MessageToDict(each.proto) for each in elements(elsewhere) if getattr(each.proto, "label", "") == "Kept"]
    assert link.get("page", "") == {"app.py": ""}.get(page, Path(page).stem)
    assert numbers(opened(own.root, page, **links(elsewhere)["Kept"])) == numbers(at)


@pytest.mark.parametrize("page", COUNTING)
def test_the_menu_has_presets_and_the_views_of_all_pages(opened: Opener, own: Workspace, page: str) -> None:
    for page_of in ("overview", "messages", "reasons"):
        save_view(own, View(f"Of {page_of}", page=page_of))  # type: ignore[arg-type]
    told = links(opened(own.root, page))
    assert {preset.view.name for preset in presets()} <= set(told)
    assert {"Of overview", "Of messages", "Of reasons"} <= set(told)


def test_a_file_without_a_page_is_a_view_of_messages(opened: Opener, own: Workspace) -> None:
    path = own.folder("views") / "view-0000000000aa.toml"
    path.write_text('name = "Old"\n[filter]\nreceiver = "google"\nzone = "Asia/Tokyo"\n')
    at = opened(own.root)
    (link,) = [MessageToDict(each.proto) for each in elements(at) if getattr(each.proto, "label", "") == "Old"]
    assert link["page"] == "messages"
    assert shown(opened(own.root, MESSAGES, **links(at)["Old"])) == wanted(own, View(query=Query(receiver="google")))


def test_going_back_the_address_of_the_page_before_asks_for_nothing(opened: Opener, own: Workspace) -> None:
    at = opened(own.root, MESSAGES, receiver="google", days="7")
    left = address_of(at)
    at.switch_page("app.py")
    at = follow(at, left)
    assert at.selectbox(key="overview_receiver").value is None
    assert at.selectbox(key="overview_period").value == "Last 30 days"


def test_a_link_to_another_page_that_asks_for_the_same_is_followed(opened: Opener, own: Workspace) -> None:
    save_view(own, View("Google", Query(sender="a@shop.example"), days=7, page="overview"))
    at = opened(own.root, MESSAGES, sender="a@shop.example", days="7")
    link = links(at)["Google"]
    at.switch_page("app.py")
    assert follow(at, link).selectbox(key="overview_sender").value == "a@shop.example"


def test_the_url_follows_a_link_from_a_page_to_itself(opened: Opener, own: Workspace) -> None:
    """The browser keeps the address that it had, so the page must write it: its link is not what it will write."""
    at = opened(own.root, MESSAGES, q="gmail")
    link = links(at)["Suppressed"]
    at = follow(at, link)
    assert address_of(at) != link
    assert {**address_of(at), "view": "Suppressed"} == link
