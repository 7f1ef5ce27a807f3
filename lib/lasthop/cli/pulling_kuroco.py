"""pull kuroco: the newest rows of Kuroco's logs, over its Admin MCP."""

import click

from lasthop.cli.intake import put_report
from lasthop.cli.options import json_option, say, workspace_option
from lasthop.cli.options import zone as zone_named
from lasthop.load import SUGGESTED_ZONE
from lasthop.pull.keys import find_key
from lasthop.pull.kuroco import TOKEN, AdminMcp
from lasthop.store import Workspace


@click.command("kuroco")
@click.option("--site", required=True, metavar="SITE_KEY", help="The part before .g.kuroco.app in the API's address.")
@click.option("--timezone", "zone", metavar="ZONE", callback=zone_named, help="Clock of the site; default Asia/Tokyo.")
@workspace_option
@json_option
def pull_kuroco(site: str, zone: str | None, workspace: Workspace, as_json: bool) -> int:
    """Bring the last 12 hours of Kuroco's mail and SendGrid logs. EXPERIMENTAL: never tried on a real site.

    Works only where the site's Admin MCP offers those logs, which Kuroco does not document; it is asked first. The
    static token is taken from $KUROCO_MCP_TOKEN, .streamlit/secrets.toml or the keyring. Kuroco takes one call in 5
    seconds, of 100 rows each, and bills the calls. The CSV export stays the sure way.

    Example: lasthop pull kuroco --site my-site
    """
    from lasthop.live.kuroco import pull_kuroco as pull  # noqa: PLC0415  (no other command needs it)

    def watch(log: str, rows: int) -> None:
        say(f"lasthop: {log}: {rows:,} rows so far")

    say("lasthop: EXPERIMENTAL: this has never met a real site. Compare what it brings with the CSV.")
    pulled = pull(
        workspace,
        AdminMcp(site, find_key(TOKEN)),
        zone or SUGGESTED_ZONE,
        zone_assumed=zone is None,
        watch=watch,
    )
    for log, columns in pulled.strangers.items():
        names = ", ".join(columns[:40])[:600]
        say(f"lasthop: the columns of {log} are not known, so its rows were kept and rejected: {names}.")
    return put_report(pulled.report, as_json)
