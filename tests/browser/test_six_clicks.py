"""Tried as support would: from a customer's complaint to a pack in the hand, in at most six clicks."""

import csv
import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lasthop.pack.verify import verify
from lasthop.store import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADDRESS = "hina.inoue@gmail.example"
MAIL = f"""Hello, the customer at {ADDRESS} did not get our reply of the 12th.
It is inquiry no. 1024. Could you find out why?"""
MOST = 6


@pytest.fixture
def support(page: Any, server: str, tmp_path: Path, samples_workspace: Workspace) -> Any:
    """The dashboard with the samples loaded; every press of a mouse button in it is counted."""
    shutil.copytree(samples_workspace.root, tmp_path / "workspace", dirs_exist_ok=True)
    page.add_init_script(
        "window.addEventListener('pointerdown', e => {"
        "  if (e.isTrusted) sessionStorage.presses = Number(sessionStorage.presses || 0) + 1;"
        "}, true);"
    )
    page.goto(server)
    page.get_by_role("heading", name="Overview", level=1).wait_for()
    return page


def presses(page: Any) -> int:
    return int(page.evaluate("Number(sessionStorage.presses || 0)"))


def test_from_a_complaint_to_a_pack_in_six_clicks(support: Any, tmp_path: Path) -> None:
    support.get_by_test_id("stSidebar").get_by_role("link", name="Case", exact=True).click()
    support.get_by_label("The mail, in any language").fill(MAIL)
    support.get_by_role("button", name="Find the messages").click()
    support.get_by_text("2 messages may be meant. None is ticked").wait_for()
    tick_first(support)
    support.get_by_role("button", name="Put into the case").click()
    support.get_by_text("1 message put into the case").wait_for()
    with support.expect_download() as coming:
        support.get_by_role("button", name="Download the evidence pack").click()
    pack = tmp_path / coming.value.suggested_filename
    coming.value.save_as(pack)

    assert presses(support) <= MOST
    assert presses(support) >= 3, "the counter counts"
    assert support.url.endswith("?case=case-001"), "the link opens the case again"
    says_why(pack)


def tick_first(page: Any) -> None:
    """The grid is drawn on a canvas; its cells can be waited for but only the mouse reaches them."""
    grid = page.get_by_test_id("stDataFrame").filter(has=page.locator("canvas [role=columnheader]", has_text="Put in"))
    grid.locator("canvas [role=gridcell]", has_text=ADDRESS).first.wait_for(state="attached")
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 35, box["y"] + 52)


def says_why(pack: Path) -> None:
    """What a desk reads in the pack: the verdict, the refusal in the timeline, the number, letters."""
    checked = verify(pack)
    assert checked.ok, checked.problems
    with zipfile.ZipFile(pack) as members:
        readme = members.read("README.md").decode()
        timeline = list(csv.DictReader(io.StringIO(members.read("timeline.csv").decode("utf-8-sig"))))
        messages = list(csv.DictReader(io.StringIO(members.read("messages.csv").decode("utf-8-sig"))))
        letters = [members.read(name).decode() for name in members.namelist() if name.startswith("letters/")]
    plain = re.sub(r"[`\\]", "", readme)
    assert ADDRESS in plain
    assert "1024" in plain
    assert "The receiving server refused the address for good at 2026-11-12 20:37:12 JST" in plain
    bounces = [row for row in timeline if row["kind"] == "bounce_hard" and row["reply"].startswith("550 5.1.1")]
    assert bounces
    assert {row["utc"][:19] for row in bounces} == {"2026-11-12T11:37:12"}
    assert [(row["recipient"], row["outcome"]) for row in messages] == [(ADDRESS, "bounced")]
    assert letters
    assert any(ADDRESS in letter for letter in letters)
