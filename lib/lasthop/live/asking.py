"""One message, or the stop lists of one address, asked about now."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from lasthop.errors import LasthopError
from lasthop.live.batch import Batch
from lasthop.live.messages import LOGS
from lasthop.live.stop_lists import GROUPS
from lasthop.load import LoadReport
from lasthop.pull import STOP_LISTS, NothingThere, Records, Refused, SendGrid, Unanswered
from lasthop.store import Workspace

AROUND_SECONDS = 3_600
"""A message of which only the application tells is looked for among those made so long before or after."""


def ask_about(workspace: Workspace, account: SendGrid, message_id: str) -> LoadReport:
    """Ask the Email Logs about one message (sg_message_id) now, and load what they say.

    Raises NothingThere when they hold it no more, and what else the account raises.
    """
    return _load(workspace, account, [message_id])


def ask_about_mail_to(workspace: Workspace, account: SendGrid, address: str, sent: int) -> LoadReport:
    """The same for the messages to an address that were made within an hour of ``sent`` (epoch seconds).

    Raises NothingThere when the Email Logs hold none; the service compares addresses exactly, capitals count.
    """
    rows = account.logs_to(address, sent - AROUND_SECONDS, sent + AROUND_SECONDS).rows
    ids = [row["sg_message_id"] for row in rows if isinstance(row, dict) and isinstance(row.get("sg_message_id"), str)]
    if not ids:
        raise NothingThere(404, "SendGrid holds no message to this address from within an hour of it.")
    return _load(workspace, account, ids)


def ask_stop_lists(account: SendGrid, address: str) -> dict[str, Records | LasthopError]:
    """What each stop list holds of an address now, or why it cannot be asked; nothing is stored.

    The keys are ``STOP_LISTS`` and ``group_unsubscribes``.
    """
    answers: dict[str, Records | LasthopError] = {}
    for name in (*STOP_LISTS, GROUPS):
        try:
            answers[name] = account.groups_left(address) if name == GROUPS else account.entries_of(name, address)
        except (Refused, Unanswered) as error:
            answers[name] = error
    return answers


def _load(workspace: Workspace, account: SendGrid, message_ids: Iterable[str]) -> LoadReport:
    with tempfile.TemporaryDirectory(dir=workspace.folder("scratch"), prefix="ask-") as scratch:
        batch = Batch(Path(scratch), LOGS.format)
        for message_id in message_ids:
            batch.add(account.session.now(), detail=account.log(message_id).value)
        report = batch.store(workspace, account.session.now())
    assert report is not None  # noqa: S101  (a line was just written)
    return report
