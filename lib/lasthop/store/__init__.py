"""The workspace: events, where each came from, and the bytes themselves.

A workspace is a folder that several processes use at once. ``tables/events`` is the only truth; everything else is
either the bytes it was made from or can be made again from it.
"""

from lasthop.store.ingest import already_loaded, import_member
from lasthop.store.remove import remove_source
from lasthop.store.sources import Source
from lasthop.store.table import Table, Written
from lasthop.store.tidy import tidy
from lasthop.store.workspace import Snapshot, Workspace, named_sql, sql_list

__all__ = [
    "Snapshot",
    "Source",
    "Table",
    "Workspace",
    "Written",
    "already_loaded",
    "import_member",
    "named_sql",
    "remove_source",
    "sql_list",
    "tidy",
]
