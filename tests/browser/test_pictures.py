"""Pictures in a real browser: a bar leads to its messages, and what is saved is the picture with its footnote."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from lasthop.model.outcomes import Outcome
from lasthop.store import Workspace
from tests.browser.conftest import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOWN = re.compile(r"^([\d,]+) of [\d,]+ messages")
PLOT = ".st-key-outcomes_by_day .js-plotly-plot"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, samples_workspace: Workspace) -> Iterator[str]:
    """The dashboard with the samples loaded, one for all tests here: they only look."""
    workspace = tmp_path_factory.mktemp("pictures") / "workspace"
    with serving(Path(shutil.copytree(samples_workspace.root, workspace))) as address:
        yield address


@pytest.fixture
def overview(page: Any) -> Any:
    """The Overview of the samples, its picture drawn."""
    page.locator(f"{PLOT} .bars .point").first.wait_for(state="attached", timeout=120_000)
    page.get_by_role("heading", name="When mail is sent").wait_for()
    expect(page.locator(PLOT)).to_have_count(
        1, timeout=60_000
    )  # while the page is drawn again, the picture before stands beside it
    page.locator(PLOT).scroll_into_view_if_needed()
    return page


def bars_of(page: Any, outcome: str) -> list[dict[str, Any]]:
    """The bars of an outcome: their day, number, and place on the screen, the tallest first."""
    found = page.evaluate(
        """([plot, outcome]) => {
            const gd = document.querySelector(plot);
            const at = gd.data.findIndex(t => t.type === 'bar' && t.customdata[0][1] === outcome);
            if (at < 0) return '[]';  // an outcome that does not occur is not drawn
            const boxes = [...gd.querySelectorAll('.barlayer .trace.bars')[at].querySelectorAll('.point path')];
            const trace = gd._fullData[at];
            const y = [...trace.y], drawn = boxes.map(b => b.getBoundingClientRect());
            const days = trace.customdata.map(c => c[0]);
            return JSON.stringify(days.map((day, i) => ({day, n: y[i], box: drawn[i]})).filter(b => b.n));
        }""",
        [PLOT, outcome],
    )
    bars: list[dict[str, Any]] = json.loads(found)
    return sorted(bars, key=lambda bar: -bar["n"])


def shown_on_messages(page: Any) -> int:
    page.get_by_role("heading", name="Messages", exact=True, level=1).wait_for()
    told = page.get_by_text(SHOWN).first.inner_text(timeout=120_000)
    return int(re.match(SHOWN, told)[1].replace(",", ""))  # type: ignore[index]


def test_a_click_on_a_bar_opens_its_messages(overview: Any) -> None:
    bar = bars_of(overview, "accepted")[0]
    box = bar["box"]
    overview.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert shown_on_messages(overview) == bar["n"]
    assert "outcome=accepted" in overview.url


def test_a_drawn_box_opens_the_messages_of_its_days(overview: Any) -> None:
    bars = sorted(bars_of(overview, "accepted"), key=lambda bar: bar["day"])[3:6]
    first, last = bars[0]["box"], bars[-1]["box"]
    days = {bar["day"] for bar in bars}
    expected = sum(bar["n"] for outcome in Outcome for bar in bars_of(overview, outcome) if bar["day"] in days)
    assert expected > sum(bar["n"] for bar in bars), "something but accepted mail is in the box"
    overview.locator(PLOT).hover()
    overview.locator(f"{PLOT} .modebar-btn[data-val=select]").click()
    low = first["y"] + first["height"] - 1
    overview.mouse.move(first["x"] - 1, low)
    overview.mouse.down()
    overview.mouse.move(last["x"] + last["width"] + 1, low - 120, steps=8)  # over all that is stacked there
    overview.mouse.up()
    assert shown_on_messages(overview) == expected


def test_a_click_on_an_hour_of_the_week_opens_its_messages(overview: Any) -> None:
    plot = overview.locator(".st-key-rhythm .js-plotly-plot")
    plot.scroll_into_view_if_needed()
    x, y, n = overview.evaluate(
        """() => {
            const gd = document.querySelector('.st-key-rhythm .js-plotly-plot');
            const cells = gd.data.find(t => t.type === 'scatter');
            const at = cells.customdata.findIndex(c => c[0] === 3 && c[1] === 11);
            const box = gd.getBoundingClientRect(), {xaxis, yaxis} = gd._fullLayout;
            const n = parseInt(cells.text[at].split('<br>')[1].replace(',', ''));
            return [box.x + xaxis._offset + xaxis.c2p(11), box.y + yaxis._offset + yaxis.c2p(3), n];
        }"""
    )
    overview.mouse.move(x, y)
    overview.mouse.click(x, y)
    assert shown_on_messages(overview) == n
    assert "hour=thu-11" in overview.url


def test_a_click_on_a_cell_of_the_reasons_opens_its_messages(overview: Any) -> None:
    overview.get_by_test_id("stSidebar").get_by_role("link", name="Reasons", exact=True).click()
    plot = overview.locator(".st-key-reason_map .js-plotly-plot")
    plot.locator(".main-svg").first.wait_for()
    expect(plot).to_have_count(1, timeout=60_000)
    plot.scroll_into_view_if_needed()
    x, y, n = overview.evaluate(
        """() => {
            const gd = document.querySelector('.st-key-reason_map .js-plotly-plot');
            const marks = gd.data.find(t => t.type === 'scatter' && t.mode === 'markers');
            const at = marks.text.findIndex(words => words.includes('Mailbox full'));
            const {x, y} = gd._fullData.find(t => t.mode === 'markers');
            const box = gd.getBoundingClientRect(), {xaxis, yaxis} = gd._fullLayout;
            const n = parseInt(marks.text[at]);
            return [box.x + xaxis._offset + xaxis.c2p(x[at]), box.y + yaxis._offset + yaxis.c2p(y[at]), n];
        }"""
    )
    overview.mouse.move(x, y)
    overview.mouse.click(x, y)
    assert shown_on_messages(overview) == n
    assert "reason=mailbox_full" in overview.url


def test_a_table_has_no_way_out_but_the_button_below_it(overview: Any) -> None:
    """Streamlit's own button hands out a file without notes, whose cells may run as formulas."""
    table = overview.locator(".st-key-failing_now")
    table.scroll_into_view_if_needed()
    table.hover()
    expect(table.get_by_role("button", name="Search")).to_be_visible()
    expect(table.get_by_role("button", name="Download as CSV")).to_have_count(0)


@pytest.mark.parametrize(("name", "words"), [("outcomes_by_day", "one per recipient"), ("rhythm", "one per recipient")])
def test_the_saved_picture_carries_its_footnote(overview: Any, name: str, words: str, tmp_path: Path) -> None:
    png = saved(overview, name, tmp_path)
    assert png.suffix == ".png"
    assert png.read_bytes().startswith(b"\x89PNG\r\n")
    assert int.from_bytes(png.read_bytes()[16:20], "big") > 1_000, "twice as wide as on the screen"

    overview.locator(f".st-key-menu_{name} button").first.click()
    with overview.expect_download() as coming:
        overview.get_by_role("button", name="Data as CSV").click()
    table = tmp_path / coming.value.suggested_filename
    coming.value.save_as(table)
    assert table.name == f"{name}.csv"
    assert "# zone: Asia/Tokyo" in table.read_text(encoding="utf-8-sig")
    overview.get_by_role("radio", name="SVG").click()
    overview.keyboard.press("Escape")
    overview.locator(f".st-key-{name} .modebar-btn[data-title='Download plot']").wait_for(state="attached")

    svg = saved(overview, name, tmp_path)
    assert svg.suffix == ".svg"
    text = svg.read_text(encoding="utf-8")
    assert words in text
    assert "Asia/Tokyo" in text


def saved(page: Any, name: str, folder: Path) -> Path:
    """What the camera of a picture saves."""
    plot = page.locator(f".st-key-{name} .js-plotly-plot")
    expect(plot).to_have_count(1, timeout=60_000)
    plot.scroll_into_view_if_needed()
    plot.hover()
    with page.expect_download() as coming:
        plot.locator(".modebar-btn").first.click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path
