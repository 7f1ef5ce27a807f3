"""pull: what the providers still hold, over their APIs."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from lasthop.cli.intake import put_report
from lasthop.cli.options import in_order, instant, json_option, say, workspace_option
from lasthop.cli.pulling_kuroco import pull_kuroco
from lasthop.errors import InputError
from lasthop.explain import iso
from lasthop.live.progress import DETAILS, WHATS, Brought, Progress, Wants
from lasthop.live.sendgrid import connect, start
from lasthop.load import LoadReport
from lasthop.pull import HOSTS
from lasthop.store import Workspace


@click.group()
def pull() -> None:
    """Bring what a provider still holds, over its API."""


@pull.command("sendgrid")
@click.option("--since", metavar="TIME", help="Only what was sent from then on; default: as far back as is held.")
@click.option("--until", metavar="TIME", help="Only what was sent before; default: now.")
@click.option("--what", default="logs,suppressions", show_default=True, help=f"Some of {','.join(WHATS)}.")
@click.option("--host", type=click.Choice(list(HOSTS)), default="global", show_default=True, help="Region.")
@click.option("--subuser", metavar="NAME", help="A subuser's mail, with the key of the parent account.")
@click.option(
    "--details",
    type=click.Choice(DETAILS),
    default="failed",
    show_default=True,
    help="Of which messages every event is asked for, one request each; failed: all but plainly delivered ones.",
)
@click.option("--account", metavar="LABEL", help="A word for the account, where keys of several take turns.")
@click.option("--again", is_flag=True, help="Ask about everything once more, whatever was asked before.")
@workspace_option
@json_option
def pull_sendgrid(workspace: Workspace, as_json: bool, **chosen: Any) -> int:
    """Bring messages, events and stop lists that SendGrid still holds.

    Goes on where it stopped, brings only what is new, and asks again about messages that may still change. Nothing is
    changed or sent at SendGrid. The key is taken from $SENDGRID_API_KEY, .streamlit/secrets.toml or the keyring.
    activity needs an add-on; logs are held for 30 days for every account.

    Example: lasthop pull sendgrid --what logs,suppressions --since 2026-11-02
    """
    began = time.monotonic()
    wants = _wants(**chosen)
    with _stoppable() as stopped, _bar() as watch:
        last: Progress | None = None
        for last in start(workspace, connect(chosen["host"], chosen["subuser"], stopped), wants, chosen["account"]):
            watch(last)
    assert last is not None  # noqa: S101  (a pull has at least a last step)
    return _told(last, time.monotonic() - began, as_json)


pull.add_command(pull_kuroco)


def _wants(what: str, since: str | None, until: str | None, details: str, again: bool, **_others: Any) -> Wants:
    """What the options ask for. Raises InputError."""
    words = tuple(dict.fromkeys(word.strip() for word in what.split(",") if word.strip()))
    if not words or not set(words) <= set(WHATS):
        raise InputError(f"--what {what!r} cannot be pulled.", hint=f"Name some of {','.join(WHATS)}.")
    wants = Wants(words, _seconds(since), _seconds(until), details, again)
    in_order(wants.since, wants.until)
    return wants


def _seconds(text: str | None) -> int | None:
    ms = instant(text)
    return None if ms is None else ms // 1000


def _told(last: Progress, seconds: float, as_json: bool) -> int:
    """Print what came of it; 0 when everything was pulled, 2 where a person has to change something, else 1."""
    brought = last.brought
    code = put_report(LoadReport(brought.sources, [], brought.messages, seconds), as_json, {"pull": _document(last)})
    if not as_json:
        asked = f"{brought.requests:,} requests, {brought.windows:,} windows, {brought.details:,} details"
        click.echo(f"{asked}: {brought.rows:,} rows, {brought.added:,} new events.")
        for name, count in brought.totals.items():
            click.echo(f"statistics, {name}: {count:,}")
    for note in brought.notes:
        say(f"lasthop: {note}")
    for second in brought.cut:
        say(
            f"lasthop: in the second {iso(second * 1000)} SendGrid holds more messages than it tells: some are missing."
        )
    for what, error in brought.refused.items():
        say(f"lasthop: {what}: {error}")
        code = max(code, 2 if isinstance(error, InputError) else 1)
    if last.stage == "stopped":
        say("lasthop: stopped. The same command goes on from here.")
        return code or 1
    return code


def _document(last: Progress) -> dict[str, Any]:
    brought: Brought = last.brought
    return {
        "stopped": last.stage == "stopped",
        "requests": brought.requests,
        "windows": brought.windows,
        "rows": brought.rows,
        "details": brought.details,
        "added": brought.added,
        "cut": [iso(second * 1000) for second in brought.cut],
        "refused": {what: str(error) for what, error in brought.refused.items()},
        "notes": brought.notes,
        "statistics": brought.totals,
    }


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Let the first Ctrl-C (or a polite kill) stop the pull in good order; a second one ends it at once."""
    flag = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield flag.is_set
        return

    def stop(number: int, _frame: FrameType | None) -> None:
        if flag.is_set():
            raise KeyboardInterrupt
        flag.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield flag.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("asking", total=1.0)
        yield lambda step: bar.update(task, description=step.words, completed=step.share)
