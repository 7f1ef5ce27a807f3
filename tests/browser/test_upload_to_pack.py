"""The whole way in a real browser: upload, find, open, put into the case, download the evidence pack, read it."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as NotInTime

from lasthop.app.uploads import sample_files
from lasthop.pack.verify import verify

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FILES = ("kuroco_mail_log_2026-10.csv", "sendgrid_activity_2026-10.csv", "suppression_bounces.csv")
ADDRESS = "toda_057@ezweb.example"
TITLE = "Typed, and not left before the download"
ONE = re.compile(r"^1 of [\d,]+ messages$")


def menu(page: Any, label: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("link", name=label, exact=True).click()
    page.get_by_role("heading", name=label, exact=True, level=1).wait_for()


def open_first_row(page: Any) -> None:
    """The grid is drawn on a canvas; its cells can be waited for but only the mouse reaches them.

    A run of the page may draw the grid anew between the look and the click, so the click is tried again; not once the
    address names the message, for then its page is on the way.
    """
    opened = page.get_by_role("heading", name="What happened")
    cell = page.locator("canvas [role=gridcell]", has_text=ADDRESS)
    for _ in range(6):
        cell.or_(opened).first.wait_for(state="attached")
        grid = page.get_by_test_id("stDataFrame").first.bounding_box()
        if grid is not None and "message=" not in page.url:
            page.mouse.click(grid["x"] + 420, grid["y"] + 52)
        try:
            opened.wait_for(timeout=20_000)
            return
        except NotInTime:
            continue
    raise AssertionError("no click on the row opened the message")


def test_from_upload_to_pack(page: Any, server: str, tmp_path: Path) -> None:
    foreign: list[str] = []
    page.on("request", lambda request: None if is_ours(request.url, server) else foreign.append(request.url))
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    page.get_by_role("button", name="Go to Sources").click()
    page.get_by_role("heading", name="Sources", level=1).wait_for()
    page.locator("input[type=file]").set_input_files([path for path in sample_files() if path.name in FILES])
    page.get_by_role("button", name="Load 3 files").click()
    page.get_by_text("The workspace holds").wait_for()

    menu(page, "Messages")
    box = page.get_by_label("Find", exact=True)
    box.fill(ADDRESS)
    box.press("Enter")
    page.get_by_text(ONE).wait_for()
    page.get_by_role(
        "button", name=re.compile("^Bounced [1-9]|^Expired [1-9]|^Blocked [1-9]|^Suppressed [1-9]|^Accepted [1-9]")
    ).first.click()
    page.wait_for_url(re.compile("outcome="))
    open_first_row(page)
    assert "message=" in page.url

    page.go_back()
    page.get_by_text(ONE).wait_for()
    assert box.input_value() == ADDRESS
    open_first_row(page)
    page.locator(".js-plotly-plot").wait_for()
    page.get_by_role("button", name="Put into the case").click()
    page.get_by_role("button", name="In the case").wait_for()

    menu(page, "Case")
    page.get_by_label("Title", exact=True).fill(TITLE)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download the evidence pack").click()
    pack = tmp_path / coming.value.suggested_filename
    coming.value.save_as(pack)

    checked = verify(pack)
    assert checked.ok, checked.problems
    with zipfile.ZipFile(pack) as members:
        readme = members.read(next(name for name in checked.members if name.lower().startswith("readme"))).decode()
    assert ADDRESS in readme
    assert TITLE in readme
    assert not foreign
    assert not faults


def is_ours(url: str, server: str) -> bool:
    return url.startswith((server, server.replace("http", "ws", 1), "data:", "blob:"))
