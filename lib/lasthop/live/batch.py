"""What a pull has brought and not yet stored: lines in a file, loaded by the same way as any other file."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lasthop.load import LoadReport, inspect, load, settle
from lasthop.read.pulled import MARK
from lasthop.store import Workspace

LINES = 5_000
SECONDS = 60.0
"""A batch is stored when it is this long or this old: what a kill costs, and how often the workspace is written."""


class Batch:
    """Lines of one format. ``scratch`` is a folder of this pull alone."""

    def __init__(self, scratch: Path, format: str) -> None:
        self._scratch, self._format = scratch, format
        self.lines = 0
        self._began: float | None = None
        self._path = scratch / f"{format}.part"

    def add(self, now: float, **entries: Any) -> None:
        """Write one record of the service, untouched but for its layout."""
        if self._began is None:
            self._began = now
        text = json.dumps({MARK: self._format, **entries}, ensure_ascii=False, separators=(",", ":"))
        # Lone surrogates can stand in JSON, not in UTF-8; escaped, they stay what they are.
        line = text if text.isascii() else re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)
        with self._path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(line + "\n")
        self.lines += 1

    def is_due(self, now: float) -> bool:
        """Whether it is time to store what there is."""
        return self._began is not None and (self.lines >= LINES or now - self._began >= SECONDS)

    def store(self, workspace: Workspace, now: float) -> LoadReport | None:
        """Load what there is; None when there is nothing. Raises what loading raises, with the lines still there."""
        if not self.lines:
            return None
        stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
        path = self._path.rename(self._scratch / f"{self._format}_{stamp}.jsonl")
        settled = [(offer, settle(offer)) for offer in inspect(path, self._scratch)]
        report = load(workspace, settled, zone_assumed=False, now_ms=int(now * 1000))
        for failed in report.failed:
            raise failed.error
        path.unlink()
        self.lines, self._began = 0, None
        return report
