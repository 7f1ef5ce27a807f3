"""outcomes: what was sent and where it stands, by send cohort."""

from typing import Any, get_args

import click
import pandas as pd

from lasthop.cli.options import in_order, instant, json_option, looking, put_json, put_table, workspace_option
from lasthop.cli.options import zone as zone_named
from lasthop.measure import By, outcomes_by
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.store import Workspace
from lasthop.trace import Query


@click.command()
@click.option("--by", type=click.Choice(get_args(By)), default="day", show_default=True, help="One row for each.")
@click.option("--since", metavar="TIME", help="Sent at or after; in the zone unless an offset is given.")
@click.option("--until", metavar="TIME", help="Sent before.")
@click.option("--timezone", "zone", metavar="ZONE", default="UTC", callback=zone_named, help="Zone of days and hours.")
@workspace_option
@json_option
def outcomes(by: By, since: str | None, until: str | None, zone: str, workspace: Workspace, as_json: bool) -> None:
    """Count messages by the time they were sent and where they stand.

    rate is the accepted share of what was attempted and finished, with its 95 % interval (Wilson); below 20 messages
    there is none. A group is mature when its newest message is older than the 72 hours of retrying. By reason only
    messages that were refused or put off have one: their share says how often a later attempt helped.

    Example: lasthop outcomes --by day --timezone Asia/Tokyo --json
    """
    query = Query(since_ms=instant(since, zone), until_ms=instant(until, zone))
    in_order(query.since_ms, query.until_ms)
    with looking(workspace) as snapshot:
        found = outcomes_by(snapshot, by, query, zone)
    records = [_plain(row) for row in found.to_dict("records")]
    if as_json:
        put_json(records)
        return
    shown = [outcome for outcome in Outcome if found[outcome].any()]
    put_table(
        [by, "n", *(MEANINGS[outcome].title for outcome in shown), "accepted share", "95 %", "mature"],
        [[row["key"], row["n"], *(row[outcome] for outcome in shown), *_in_words(row)] for row in records],
    )


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """A row with the values that JSON has: missing ones are null."""
    return {str(name): None if pd.isna(value) else _number(value) for name, value in row.items()}


def _number(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _in_words(row: dict[str, Any]) -> tuple[str, str, str]:
    """Share, interval, maturity; a young group has the range that is still possible instead of an interval."""
    share = "too few" if row["rate"] is None else f"{row['rate']:.1%}"
    if not row["mature"] and row["floor"] is not None and row["floor"] < row["ceiling"]:
        return share, f"{row['floor']:.1%} to {row['ceiling']:.1%} possible", "not yet"
    interval = "" if row["rate"] is None else f"{row['low']:.1%} to {row['high']:.1%}"
    return share, interval, "yes" if row["mature"] else "not yet"
