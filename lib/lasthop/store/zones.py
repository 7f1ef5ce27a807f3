"""The time zone that a workspace is looked at in: what somebody chose there, else that of the application's log."""

from pathlib import Path
from zoneinfo import available_timezones

from lasthop.read import FORMATS
from lasthop.store.sources import replace_bytes, sources
from lasthop.store.workspace import Workspace


def usual_zone(workspace: Workspace) -> str | None:
    """The zone that was chosen in this workspace, else the one that its application's logs were read in, else None."""
    return _chosen(workspace) or _log_zone(workspace)


def keep_zone(workspace: Workspace, name: str) -> None:
    """Keep the choice in the workspace. Raises Failure or OSError where it cannot be written."""
    replace_bytes(workspace.folder("views") / "zone", name.encode())


def _log_zone(workspace: Workspace) -> str | None:
    """The zone in which most rows of the application's logs were read."""
    logs = [source for source in sources(workspace) if FORMATS[source.format].vantage == "app"]
    named = [source for source in logs if source.timezone in available_timezones()]
    return max(named, key=lambda source: source.events).timezone if named else None


def _chosen(workspace: Workspace) -> str | None:
    try:
        name = Path(workspace.root / "views" / "zone").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    return name if name in available_timezones() else None
