"""Every address that will leave with the pack of a case: of its messages, its raw lines, its files and its texts."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from lasthop.errors import LasthopError
from lasthop.explain import Dossier
from lasthop.explain.dossier import dossiers
from lasthop.pack.attached import LARGEST, learn_people, write_attached
from lasthop.pack.attachments import attached_bytes
from lasthop.pack.case import Case
from lasthop.pack.citations import Citation, Citations
from lasthop.pack.encodings import encodings_of
from lasthop.pack.rawfiles import write_raw
from lasthop.pack.redact import Leaving, Level, Redaction, Redactor, known_of, preview, workspace_secret
from lasthop.pack.redact.preview import Counting
from lasthop.store import Snapshot, Workspace
from lasthop.store.sources import sources


class Preview(NamedTuple):
    """``rows``: one for each address or name, the most frequent first. ``unread``: files that leave and are no text."""

    rows: list[Leaving]
    unread: list[str]


def leaving(
    snapshot: Snapshot, workspace: Workspace, case: Case, messages: Sequence[str], zone: str, redaction: Redaction
) -> Preview:
    """What leaves, and as what. Raises as `write_pack` where the workspace cannot be read or written."""
    full = redaction.level is Level.FULL
    redactor = Redactor(redaction, b"" if full else workspace_secret(workspace.root))
    learn_people(workspace, case, redactor)
    unread = list[str]()
    with tempfile.TemporaryDirectory(prefix="leaving-", dir=workspace.folder("scratch")) as scratch:
        folder = Path(scratch)
        cited = Citations(folder)

        def told() -> Iterator[Dossier]:
            for known in dossiers(snapshot, messages, zone):
                _cite(cited, known)
                yield known

        def files(counting: Counting, everyone: frozenset[str]) -> None:
            (folder / "raw").mkdir()
            (folder / "attached").mkdir()
            counting.place = "raw lines"
            loaded = [source for source in sources(workspace) if source.sha256 in cited.sources()]
            write_raw(snapshot, workspace, (loaded, cited), folder, counting)
            counting.place = "attached files"
            if full:
                unread.extend(_whole(workspace, case, counting, everyone))
            else:
                write_attached(workspace, case, folder, counting, everyone)

        return Preview(preview(redactor, told(), case, files), unread)


def _cite(cited: Citations, known: Dossier) -> None:
    """As the pack does it: stop lists are of no message."""
    people = known_of(known)
    for message, events in ((known.message.message, known.timeline), ("", known.stop_lists)):
        for event in events:
            place = event["source_id"], event["source_line"], event["event_id"]
            cited.add(Citation(*place, message, event["recipient"], people))


def _whole(workspace: Workspace, case: Case, counting: Counting, everyone: frozenset[str]) -> Iterator[str]:
    """Look at the files as they leave in full, bodies and all; the names of those that cannot be looked at."""
    for one in case.attachments:
        counting.text(one.name, everyone)
        try:
            content = attached_bytes(workspace, one)
        except LasthopError:  # it does not leave
            continue
        encoding = next(encodings_of(content), None)
        if encoding is None or len(content) > LARGEST:
            yield one.name
        else:
            counting.record(content, everyone, encoding)
