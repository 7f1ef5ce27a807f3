"""The command line: the same functions as the pages, for scripts.

Exit 0: done. Exit 2: wrong input or use, one clear line on stderr. Exit 1: a failure that is not the user's.
"""

import logging
import sys
import tempfile
from pathlib import Path

import click

from lasthop import __version__
from lasthop.cli.evidence import pack, verify
from lasthop.cli.intake import load, rejected, sources
from lasthop.cli.queries import events, messages, trace
from lasthop.cli.serving import demo, serve
from lasthop.errors import InputError, LasthopError

LOG = Path(tempfile.gettempdir()) / "lasthop.log"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lasthop")
def lasthop() -> None:
    """Tell where an e-mail got to, why it stopped there, and who can fix it."""


for command in (load, sources, rejected, events, messages, trace, pack, verify, serve, demo):
    lasthop.add_command(command)


def main() -> None:
    """Entry point: the one place where errors become a line and an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; no traceback ever reaches the terminal, the log has it."""
    try:
        result = lasthop.main(arguments, prog_name="lasthop", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except LasthopError as error:
        click.echo(f"lasthop: {error}", err=True)
        return 2 if isinstance(error, InputError) else 1
    except (click.Abort, KeyboardInterrupt):
        click.echo("lasthop: stopped. What was loaded before stays.", err=True)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away (| head): nothing to say
        return 0
    except Exception:
        logging.basicConfig(filename=LOG, force=True)
        logging.getLogger("lasthop").exception("lasthop %s", " ".join(arguments[:1]))
        click.echo(f"lasthop: something went wrong that is not your fault. The details are in {LOG}.", err=True)
        return 1
