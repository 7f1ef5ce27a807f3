"""pack, verify: the evidence, and whether it is still what it was."""

from pathlib import Path

import click

from lasthop.cli.options import json_option, workspace_option
from lasthop.store import Workspace


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The ZIP to write.")
@workspace_option
@json_option
def pack(ids: tuple[str, ...], out: Path, workspace: Workspace, as_json: bool) -> None:
    """Write the evidence pack of messages (any ids): verdicts, timeline, raw lines, hashes."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def verify(file: Path, as_json: bool) -> int:
    """Check a pack against its manifest; exit 1 when it does not hold."""
    return 0
