"""Everything that lasthop asks of SendGrid, once: accounts of the stand-in, and the way through each.

The client believes to talk to SendGrid's own hosts, so that the addresses, too, are those that SendGrid would see.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from requests.adapters import BaseAdapter

from lasthop.errors import LasthopError
from lasthop.live.asking import ask_about, ask_about_mail_to, ask_stop_lists
from lasthop.live.progress import WHATS, Wants
from lasthop.live.removal import Entry, remove_address
from lasthop.live.sendgrid import start
from lasthop.model.kinds import STOP_LISTS
from lasthop.pull import Circumstances, Key, SendGrid
from lasthop.standin import SCOPES, Account, by_number, invented
from lasthop.store import Workspace

NOW = 1_793_000_000
DAY = 86_400
Way = Callable[[BaseAdapter], None]


class Clock:
    """A clock of the client and the stand-in that waiting moves on, and nothing else."""

    def __init__(self) -> None:
        self.time = float(NOW)

    def sleep(self, seconds: float) -> None:
        """No real time passes."""
        self.time += seconds


def tour(folder: Path) -> Iterator[tuple[Account, Way]]:
    """Accounts, each with what is done with it; ``folder`` takes the workspaces."""
    yield _stop("all", folder, _pull_and_ask)
    yield _stop("small", folder, _pull_in_small_answers)
    yield _stop("subuser", folder, _pull_a_subuser)
    yield _stop("eu", folder, _pull_from_the_eu)
    yield _stop("refused", folder, _be_refused)


def _stop(
    name: str, folder: Path, way: Callable[[Account, Clock, Workspace, BaseAdapter], None]
) -> tuple[Account, Way]:
    clock = Clock()
    account = Account(list(invented(random.Random(3), 90, NOW - 20 * DAY, NOW)), now=lambda: clock.time)
    workspace = Workspace(folder / name)
    return account, lambda transport: way(account, clock, workspace, transport)


def _client(clock: Clock, transport: BaseAdapter, host: str = "global", subuser: str | None = None) -> SendGrid:
    circumstances = Circumstances(lambda: clock.time, clock.sleep, transport=transport)
    return SendGrid(Key("SG.demo-key-of-the-stand-in", "the tour"), host, subuser, circumstances=circumstances)


def _pull(workspace: Workspace, client: SendGrid, wants: Wants) -> None:
    for _ in start(workspace, client, wants):
        pass


def _pull_and_ask(account: Account, clock: Clock, workspace: Workspace, transport: BaseAdapter) -> None:
    """Pulls of all kinds, questions about messages and addresses, and a removal from every list."""
    client = _client(clock, transport)
    _pull(workspace, client, Wants(WHATS, details="all"))
    _pull(workspace, client, Wants(("logs", "suppressions"), since=NOW - 5 * DAY, until=NOW - DAY, again=True))
    for message in account.mail[-5:]:
        ask_about(workspace, client, message.message_id)
    newest = account.mail[-1]
    ask_about_mail_to(workspace, client, newest.recipient, newest.created)
    for name in STOP_LISTS:
        held = account.entries(name)
        for one in (*(entry.email for entry in held[:1]), "nobody@mail.example"):
            ask_stop_lists(client, one)
            group = "7" if name == "group_unsubscribes" else None
            remove_address(workspace, client, Entry(name, one, group), typed=one, who="tour")


def _pull_in_small_answers(account: Account, clock: Clock, workspace: Workspace, transport: BaseAdapter) -> None:
    """Windows that are cut, with a request that has to be repeated now and then."""
    account.trouble = by_number({4: "429", 9: "500", 15: "503"})
    client = _client(clock, transport)
    client.limit = 8
    _pull(workspace, client, Wants(("logs", "activity"), details="none"))


def _pull_a_subuser(account: Account, clock: Clock, workspace: Workspace, transport: BaseAdapter) -> None:
    account.subusers = {"shop": Account(list(account.mail[:20]), now=account.now)}
    client = _client(clock, transport, subuser="shop")
    _pull(workspace, client, Wants(WHATS, details="all"))
    ask_about(workspace, client, account.mail[10].message_id)
    ask_stop_lists(client, account.mail[10].recipient)


def _pull_from_the_eu(account: Account, clock: Clock, workspace: Workspace, transport: BaseAdapter) -> None:
    account.eu = True
    _pull(workspace, _client(clock, transport, "eu"), Wants(("logs", "suppressions", "stats"), details="all"))


def _be_refused(account: Account, clock: Clock, workspace: Workspace, transport: BaseAdapter) -> None:
    """No such message, no such subuser, an unknown field, no rights, no add-on, another key, too many requests."""
    client = _client(clock, transport)
    questions: list[Callable[[], object]] = [
        lambda: client.log("no-such-id"),
        lambda: client.message("no-such-id"),
        lambda: client.logs(NOW, NOW + 1),
        lambda: client.activity(NOW - DAY, NOW),
        lambda: client.stats("2026-10-01", "2026-10-02"),
        lambda: list(client.stop_list("bounces")),
        lambda: _client(clock, transport, subuser="4711").logs(NOW, NOW + 1),
    ]
    ways: list[tuple[str, object]] = [
        ("scopes", SCOPES),
        ("add_on", False),
        ("scopes", ("mail.send",)),
        ("logs_allowed", False),
        ("key", "SG.another-key"),
        ("trouble", lambda _number, _path: "429"),
        ("trouble", lambda _number, _path: "500"),
    ]
    for name, value in ways:
        setattr(account, name, value)
        for question in questions:
            with suppress(LasthopError):
                question()
