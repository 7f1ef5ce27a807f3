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
from lasthop.pack.redact import Level
from lasthop.store.sources import fingerprint

NAME = "manifest.json"
FORMAT = 1
"""Of the pack as a whole; `verify` refuses what it does not know."""


def manifest(cover: Cover, present: Presence, raw: Sequence[RawFile], members: Mapping[str, Path]) -> dict[str, Any]:
    """Everything the pack says of itself; texts are as they stand, instants ISO 8601 UTC."""
    case = cover.case
    return {
        "lasthop_pack": FORMAT,
        "tool": {"name": "lasthop", "version": __version__},
        "case": {"id": case.id, "title": case.title},
        "zone": cover.zone,
        "period": {
            "first": iso(cover.first_ms),
            "last": iso(cover.last_ms),
        },
        "as_of": iso(cover.as_of_ms),
        "redaction": str(cover.redaction.level),
        "domains_kept": cover.redaction.level is Level.FULL or cover.redaction.keep_domains,
        "addresses": cover.addresses,
        "query": _query(case, present),
        "sources": _sources(cover, raw),
        "stop_lists": {"loaded": list(cover.lists.loaded), "not_loaded": list(cover.lists.not_loaded)},
        "csv_neutralised": True,
        "csv_rule": RULE,
        "members": [
            {"name": name, "size": path.stat().st_size, "sha256": fingerprint(path), "made_by": made_by(name)}
            for name, path in sorted(members.items())
        ],
    }


_ORIGINALS = "lasthop original FILE --jsonl, for the originals in attached/ and raw/ and the header of the ticket"
_MADE_BY = {
    "messages.csv": "lasthop messages --jsonl, and the verdict of lasthop trace MESSAGE --json",
    "timeline.csv": "lasthop events --message MESSAGE --jsonl",
    "identifiers.csv": "the ids of lasthop events --message MESSAGE --jsonl",
    "stop-lists.csv": "lasthop events --recipient ADDRESS --jsonl, kind listed",
    "scope.csv": "lib/lasthop/pack/sql/scope.sql",
    "same-reason.csv": "lib/lasthop/pack/sql/scope_alike.sql",
    "stop-lists-asked.csv": "lasthop sources --json, and lasthop events --jsonl, kind listed",
    "raw/": "the lines of the sources that raw/index.csv names",
    "hops.csv": _ORIGINALS,
    "authentication.csv": _ORIGINALS,
    "attached/": "files that were put into the case",
}


def made_by(name: str) -> str:
    """What a colleague with the same workspace asks to get the content of a member again."""
    folder = f"{name.split('/', maxsplit=1)[0]}/"
    return _MADE_BY.get(name) or _MADE_BY.get(folder) or "lasthop pack, from messages.csv, timeline.csv and the case"


def write_manifest(path: Path, content: Mapping[str, Any]) -> None:
    """Write the manifest piece by piece: keys sorted, UTF-8, one line end at the end."""
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
        out.writelines(json.JSONEncoder(ensure_ascii=False, indent=1, sort_keys=True).iterencode(content))
        out.write("\n")


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
                "raw": {"file": one.name, "form": "values" if one.why else "lines", "why": one.why}
                if one and one.name
                else None,
            }
        )
    return listed
