"""Read a pack back as the person who gets it would."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from lasthop.pack import Case, build_pack
from lasthop.pack.csv import restore
from lasthop.pack.shape import MODE, STAMP, UNIX
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.exports import case_of

Row = dict[str, str]


def cells_of(pack: zipfile.ZipFile, name: str) -> list[Row]:
    """A table of the pack; every cell as it stands there."""
    content = pack.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def rows_of(pack: zipfile.ZipFile, name: str) -> list[Row]:
    """A table of the pack; every cell as its text, without the apostrophe in front."""
    return [{column: restore(cell) for column, cell in row.items()} for row in cells_of(pack, name)]


def manifest_of(pack: zipfile.ZipFile) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(pack.read("manifest.json"))
    return content


def readme_of(pack: zipfile.ZipFile) -> str:
    return pack.read("README.md").decode()


def pages_of(pack: zipfile.ZipFile) -> str:
    """What is told in words: the cover and the checks."""
    return readme_of(pack) + pack.read("checks.md").decode()


def packed(workspace: Workspace, case: Case | None = None, zone: str = "UTC") -> zipfile.ZipFile:
    """The pack of a case, or of all messages."""
    with look(workspace) as snapshot:
        return zipfile.ZipFile(io.BytesIO(build_pack(snapshot, workspace, case or case_of(snapshot), zone)))


def rewritten(
    pack: bytes, path: Path, change: dict[str, bytes | None], added: tuple[tuple[str, bytes], ...] = ()
) -> Path:
    """The pack written again, in the way of a pack, with members changed (None: left out) and others added."""
    with zipfile.ZipFile(io.BytesIO(pack)) as source, zipfile.ZipFile(path, "w") as target:
        kept = [(name, change.get(name, source.read(name))) for name in source.namelist()]
        for name, content in sorted([*kept, *added], key=lambda one: one[0]):
            if content is not None:
                info = zipfile.ZipInfo(name, STAMP)
                info.create_system, info.external_attr, info.compress_type = UNIX, MODE, zipfile.ZIP_DEFLATED
                target.writestr(info, content)
    return path
