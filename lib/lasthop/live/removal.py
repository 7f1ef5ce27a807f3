"""One address off one stop list at SendGrid: the only thing that lasthop ever changes there.

Whoever asks for it has to type the address again, and it is written down in the workspace before and after:
``removals.jsonl``, a JSON object a line, synced.
"""

import getpass
import json
import os
import time
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from lasthop.errors import Failure, InputError, LasthopError
from lasthop.model.kinds import STOP_LISTS
from lasthop.pull import NothingThere, Refused, SendGrid
from lasthop.pull.faults import Right
from lasthop.store import Workspace
from lasthop.store.table import made, sync

AUDIT = "removals.jsonl"
_PATHS = {
    "unsubscribes": "/v3/asm/suppressions/global/{address}",
    "group_unsubscribes": "/v3/asm/groups/{group}/suppressions/{address}",
}
"""The others are ``/v3/suppression/<list>/<address>``."""


@dataclass(frozen=True)
class Entry:
    """What is to go: an address on one of ``STOP_LISTS``; ``group`` (digits) for group unsubscribes alone."""

    stop_list: str
    address: str
    group: str | None = None

    @property
    def path(self) -> str:
        """The path whose DELETE takes this one entry away. Raises InputError for what could take away another."""
        if self.stop_list not in STOP_LISTS:
            raise InputError(f"There is no stop list {self.stop_list!r}.", hint=f"Lists: {', '.join(STOP_LISTS)}.")
        if "@" not in self.address or not self.address.isprintable() or self.address.strip() != self.address:
            raise InputError("What is to be removed is no address.", hint="Name one whole address.")
        needs_group = self.stop_list == "group_unsubscribes"
        if needs_group != bool(self.group) or (self.group and not (self.group.isascii() and self.group.isdigit())):
            raise InputError("Group unsubscribes, and they alone, need the number of the group.")
        path = _PATHS.get(self.stop_list, f"/v3/suppression/{self.stop_list}/{{address}}")
        return path.format(address=quote(self.address, safe=""), group=self.group)


@dataclass(frozen=True)
class Removed:
    """What SendGrid said: the entry is gone now, or (``was_there`` False) it had none; and where that is noted."""

    was_there: bool
    sentence: str


def remove_address(workspace: Workspace, account: SendGrid, entry: Entry, *, typed: str, who: str) -> Removed:
    """Take the entry away, after ``typed`` was found to be its address; ``who`` goes into the audit as typed.

    Raises InputError when the address was typed otherwise or nobody is named, Failure when the audit cannot be written
    (then nothing is asked), and what ``SendGrid`` raises: Unanswered means that the entry may be gone or not.
    """
    path = entry.path
    if typed.strip().lower() != entry.address.lower():
        raise InputError("The address was not typed as it stands above, so nothing was removed.", hint="Type it again.")
    if not who.strip():
        raise InputError("Nobody is named, so nothing was removed.", hint="Say who removes the address.")
    asked = _asked(account, entry, who)
    _note(workspace, {**asked, "state": "asked"})
    before = account.session.requests
    try:
        account.ask("DELETE", path, Right(f"the stop list {entry.stop_list}"))
    except NothingThere:
        tries = account.session.requests - before
        said = "nothing was changed" if tries == 1 else "an earlier try, which was not answered, may have removed it"
        answer = Removed(False, f"SendGrid has no such entry in {entry.stop_list}: {said}.")
    except LasthopError as error:
        _note_answer(workspace, asked, "failed", str(error))
        raise _refused(error, entry) from error
    except BaseException:
        _note_answer(workspace, asked, "broken off", "Whether the entry is gone is not known.")
        raise
    else:
        answer = Removed(True, f"SendGrid removed the address from {entry.stop_list}.")
    return replace(answer, sentence=answer.sentence + _note_answer(workspace, asked, "done", answer.sentence))


def removals(workspace: Workspace, address: str | None = None) -> list[dict[str, Any]]:
    """The lines of the audit, the oldest first, of one address or all; a line that a kill cut short is left out."""
    path = workspace.root / AUDIT
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    found = []
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and address in (None, entry.get("address")):
            found.append(entry)
    return found


def _asked(account: SendGrid, entry: Entry, who: str) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "who": " ".join(who.split())[:200],
        "system_user": _system_user(),
        "what": "remove from stop list",
        "stop_list": entry.stop_list,
        "address": entry.address,
        "group": entry.group,
        "host": account.session.host,
        "subuser": account.subuser,
    }


def _refused(error: LasthopError, entry: Entry) -> LasthopError:
    if not isinstance(error, Refused) or error.status not in (401, 403):
        return error
    hint = "The key needs the right to delete suppressions, not only to read them."
    return Refused(error.status, f"This key may not remove from {entry.stop_list}.", error.message, hint)


def _note_answer(workspace: Workspace, asked: dict[str, Any], state: str, answer: str) -> str:
    """Note what came of it; a sentence when that cannot be written, for what SendGrid did is done."""
    try:
        _note(workspace, {**asked, "state": state, "answer": answer})
    except Failure as failure:
        return f" {failure}"
    return ""


def _note(workspace: Workspace, line: dict[str, Any]) -> None:
    """Append a line to the audit, on the disk before this returns. Raises Failure."""
    stamped = {"at": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds"), **line}
    path = made(workspace.root) / AUDIT
    text = json.dumps(stamped, ensure_ascii=True) + "\n"
    try:
        with path.open("a+b") as out:
            if out.tell():
                out.seek(-1, os.SEEK_END)
                text = text if out.read(1) == b"\n" else "\n" + text  # a kill cut the last line short
            out.write(text.encode())
            out.flush()
            os.fsync(out.fileno())
        sync(path.parent)
    except OSError as error:
        raise Failure(
            "The audit of removals cannot be written.", str(error), "Free some space and try again."
        ) from error


def _system_user() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return None
