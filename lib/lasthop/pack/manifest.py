"""manifest.json of a pack: what it was made from, and size and SHA-256 of every other member."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lasthop import __version__
from lasthop.explain import iso
from lasthop.pack.case import Case, Presence
from lasthop.pack.csv import RULE
from lasthop.pack.rawfiles import RawFile
from lasthop.pack.readme import Cover
from lasthop.store.sources import fingerprint

NAME = "manifest.json"
FORMAT = 1
"""Of the pack as a whole; `verify` refuses what it does not know."""


def manifest(cover: Cover, present: Presence, raw: Sequence[RawFile], members: Mapping[str, Path]) -> dict[str, Any]:
    """Everything the pack says of itself; texts are as they stand, instants ISO 8601 UTC."""
    case, messages = cover.case, cover.messages
    return {
        "lasthop_pack": FORMAT,
        "tool": {"name": "lasthop", "version": __version__},
        "case": {"id": case.id, "title": case.title},
        "zone": cover.zone,
        "period": {
            "first": iso(min(message.first_ms for message in messages)),
            "last": iso(max(message.last_ms for message in messages)),
        },
        "as_of": iso(cover.as_of_ms),
        "redaction": "full",
        "addresses": cover.addresses,
        "query": _query(case, present),
        "sources": _sources(cover, raw),
        "stop_lists": {"loaded": list(cover.lists.loaded), "not_loaded": list(cover.lists.not_loaded)},
        "csv_neutralised": True,
        "csv_rule": RULE,
        "members": [
            {"name": name, "size": path.stat().st_size, "sha256": fingerprint(path)}
            for name, path in sorted(members.items())
        ],
    }


def manifest_bytes(content: Mapping[str, Any]) -> bytes:
    """The manifest as it is written: keys sorted, UTF-8, one line end at the end."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8", "replace")


def _query(case: Case, present: Presence) -> dict[str, Any]:
    return {
        "asked": list(dict.fromkeys(case.messages)),
        "messages": list(present.messages),
        "moved": {each: list(targets) for each, targets in present.moved.items()},
        "absent": list(present.absent),
    }


def _sources(cover: Cover, raw: Sequence[RawFile]) -> list[dict[str, Any]]:
    """Every loaded source, cited or not: what was looked at bounds what can be said."""
    cited = {one.source.sha256: one for one in raw}
    listed = []
    for source in cover.sources:
        one = cited.get(source.sha256)
        listed.append(
            {
                "file": source.file,
                "sha256": source.sha256,
                "bytes": source.bytes,
                "format": source.format,
                "encoding": source.encoding,
                "timezone": source.timezone,
                "timezone_assumed": source.sha256 in cover.assumed,
                "records": source.rows,
                "events": source.events,
                "rejected": source.rejected,
                "first": iso(source.first),
                "last": iso(source.last),
                "raw": {"file": one.name, "form": "values" if one.why else "lines", "why": one.why} if one else None,
            }
        )
    return listed
