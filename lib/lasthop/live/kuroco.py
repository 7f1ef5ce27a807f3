"""Kuroco's logs of the last twelve hours, over its Admin MCP, into the workspace. Experimental.

The rows are kept as they came, one JSON object a line, and read by the columns that Kuroco's exports have. A row that
has no such columns becomes a rejected line, with its text.
"""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from lasthop.load import LoadReport, Offer, load
from lasthop.pull.kuroco import HOURS, MAIL_LOG, SENDGRID_LOG, AdminMcp, Tool
from lasthop.read import FORMATS, Member, Reading
from lasthop.read.json_rows import JSON_ROWS, json_head
from lasthop.read.recognise import match
from lasthop.store import Workspace

_FORMATS = {MAIL_LOG: "kuroco_mail_log", SENDGRID_LOG: "kuroco_sendgrid_log"}
Watch = Callable[[str, int], None]


@dataclass(frozen=True)
class Pulled:
    """What a pull did. ``strangers``: for each log whose columns are not known, the names that its rows have."""

    report: LoadReport
    logs: tuple[str, ...]
    strangers: dict[str, tuple[str, ...]]


def pull_kuroco(
    workspace: Workspace, site: AdminMcp, zone: str, *, zone_assumed: bool, watch: Watch = lambda *_: None
) -> Pulled:
    """Bring what the site's two logs hold of the last twelve hours; what is there already is not added twice.

    ``zone`` is that of the site's clock, IANA; ``watch`` is told the log and its rows so far. Raises what ``AdminMcp``
    raises; then nothing was loaded.
    """
    logs = site.logs()
    start, end = span(site.session.now(), zone)
    with tempfile.TemporaryDirectory(dir=workspace.folder("scratch")) as folder:
        offers, strangers = [], {}
        for name, tool in logs.items():
            member = Member(f"kuroco_{site.site}_{name}_{end.replace(' ', 'T')}.jsonl", Path(folder) / name)
            if not _fetch(site, tool, start, end, member.path, watch):
                continue
            reading, known = _reading(name, member.path, zone)
            offers.append((Offer(member.name, member, None, None), reading))
            if not known:
                strangers[name] = reading.header
        report = load(workspace, offers, zone_assumed=zone_assumed)
    return Pulled(report, tuple(logs), strangers)


def span(now_s: float, zone: str) -> tuple[str, str]:
    """The last twelve hours as Kuroco takes them: whole minutes of the site's clock, never older than allowed."""
    end = datetime.fromtimestamp(now_s, UTC).replace(second=0, microsecond=0)
    start = end - timedelta(hours=HOURS) + timedelta(minutes=1)
    first, last = (f"{each.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for each in (start, end))
    return first, last


def _fetch(site: AdminMcp, tool: Tool, start: str, end: str, target: Path, watch: Watch) -> int:
    """Write the rows of a log, a line each; returns how many."""
    rows = 0
    with target.open("w", encoding="utf-8") as out:
        for page in site.pages(tool, start, end):
            out.writelines(json.dumps(row, ensure_ascii=True) + "\n" for row in page.rows)
            rows += len(page.rows)
            watch(tool.name, rows)
    return rows


def _reading(name: str, path: Path, zone: str) -> tuple[Reading, bool]:
    """How the rows are read, and whether their columns are known; where they are not, each row is rejected."""
    head = json_head(path)
    fits = match(FORMATS[_FORMATS[name]], head.labels, head.rows, {})
    mapping = fits.mapping if fits else {}
    return Reading(_FORMATS[name], "utf-8", JSON_ROWS, head.labels, 0, mapping, zone), fits is not None
