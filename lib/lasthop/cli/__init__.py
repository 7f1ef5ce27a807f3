"""The command line: the same functions as the pages, for scripts.

Exit 0: done. Exit 2: wrong input or use, one clear line on stderr. Exit 1: a failure that is not the user's.
Exit 3: `watch` has something to report.
"""

import logging
import sys
import tempfile
from pathlib import Path

import click
import duckdb
from click.exceptions import NoArgsIsHelpError

from lasthop import __version__
from lasthop.cli.cases import case_group
from lasthop.cli.evidence import pack, verify
from lasthop.cli.intake import load, rejected, remove, sources
from lasthop.cli.measures import outcomes
from lasthop.cli.options import say
from lasthop.cli.originals import original
from lasthop.cli.pulling import pull
from lasthop.cli.queries import events, messages, trace
from lasthop.cli.receiving import receive
from lasthop.cli.replies import classify
from lasthop.cli.serving import demo, serve
from lasthop.cli.watching import watch_rules
from lasthop.errors import InputError, LasthopError

LOG = Path(tempfile.gettempdir()) / "lasthop.log"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lasthop")
def lasthop() -> None:
    """Tell where an e-mail got to, why it stopped there, and who can fix it."""


COMMANDS = (
    load, sources, rejected, remove, events, messages, trace, outcomes, classify, original, case_group, pack,
    verify, watch_rules, pull, receive, serve, demo,
)  # fmt: skip
for command in COMMANDS:
    lasthop.add_command(command)


def main() -> None:
    """Entry point: the one place where errors become a line and an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; no traceback ever reaches the terminal, the log has it."""
    try:
        result = lasthop.main(arguments, prog_name="lasthop", standalone_mode=False)
    except SystemExit:
        return 0  # click leaves like this only when the reader of the pipe went away (| head)
    except (Exception, KeyboardInterrupt) as error:
        return _told(error, arguments)
    return result if isinstance(result, int) else 0


def _told(error: BaseException, arguments: list[str]) -> int:
    """Say what went wrong in one line and return the exit code for it."""
    if isinstance(error, NoArgsIsHelpError):
        error.show()
        return error.exit_code
    if isinstance(error, click.ClickException):
        path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "lasthop"
        say(f"lasthop: {error.format_message()} See {path} --help.")
        return error.exit_code
    if isinstance(error, LasthopError):
        say(f"lasthop: {error}")
        return 2 if isinstance(error, InputError) else 1
    if isinstance(error, (click.Abort, KeyboardInterrupt)):
        say("lasthop: stopped. What was loaded before stays.")
        return 1
    if isinstance(error, (OSError, duckdb.IOException)):
        say(f"lasthop: the disk or a folder cannot be used: {error}")
        return 1
    logging.basicConfig(filename=LOG, force=True)
    logging.getLogger("lasthop").error("lasthop %s", " ".join(arguments[:1]), exc_info=error)
    say(f"lasthop: something went wrong that is not your fault. The details are in {LOG}.")
    return 1
