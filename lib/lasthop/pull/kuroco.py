"""Kuroco's Admin MCP: JSON-RPC 2.0 over HTTP, with a static bearer token. Experimental: it has met no real site yet.

Kuroco documents the way and the limits of its raw logs (the last 12 hours, one call in 5 seconds), and a list of
tools in which the mail log and the SendGrid log do not stand. So a site is asked first what it offers. What the answer
of such a tool looks like is documented nowhere: its rows are looked for where JSON of that kind has them.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from lasthop.errors import InputError
from lasthop.pull.faults import Refused, Right, unreadable
from lasthop.pull.keys import Key
from lasthop.pull.pace import Pace
from lasthop.pull.session import Circumstances, Session

TOKEN = "KUROCO_MCP_TOKEN"  # noqa: S105  (where it is looked for, not what it is)
MAIL_LOG, SENDGRID_LOG = "mail_log-list", "sendgrid_log-list"
"""Names by Kuroco's rule ``{resource}-{verb}`` (*inferred*); whether a site has them only ``tools/list`` tells."""
PATH = "/direct/rcms_api/admin_mcp/x/logs/readonly"
HOURS = 12
ROWS_A_PAGE = 100
CALL_SECONDS = 5.0
PAGES = 1_000
"""More than a hundred thousand rows of twelve hours are reported as cut."""
_RIGHT = Right("the logs of Kuroco's Admin MCP", ("mcp:tools.read",))
_SITE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.I)
_ROWS_UNDER = ("list", "rows", "items", "data", "logs", "result")


class NotOffered(InputError):
    """The site's Admin MCP has neither log."""


@dataclass(frozen=True)
class Tool:
    """A tool that the site offers; ``arguments`` are those that it names, empty when it names none."""

    name: str
    arguments: frozenset[str]


@dataclass(frozen=True)
class Page:
    """The rows of one call, as they came."""

    rows: list[dict[str, Any]]


class AdminMcp:
    """One site, asked with one token. Raises Refused, Unanswered or Stopped, as ``Session`` does."""

    def __init__(
        self, site: str, token: Key, *, base: str | None = None, circumstances: Circumstances | None = None
    ) -> None:
        """``site`` is the site key, the first part of the API's host name; ``base`` stands in for its address."""
        if not _SITE.fullmatch(site):
            raise InputError(
                f"{site!r} is no site key.", hint="It is the part before .g.kuroco.app in the API's address."
            )
        self.site = site
        self.session = Session(base or f"https://{site}.g.kuroco.app", token, "Kuroco", circumstances)
        self._pace = Pace(times=1, seconds=CALL_SECONDS)
        self._ids = count(1)

    def logs(self) -> dict[str, Tool]:
        """The two logs, as far as the site offers them, by name. Raises NotOffered when it has neither."""
        offered = {tool.name: tool for tool in self._tools()}
        found = {name: offered[name] for name in (MAIL_LOG, SENDGRID_LOG) if name in offered}
        if not found:
            raise NotOffered(
                f"The Admin MCP of {self.site} offers neither the mail log nor the SendGrid log.",
                f"It has {len(offered)} other tools.",
                "Export both as CSV: Operation, Log management, Mail logs, Download; then lasthop load FILE.",
            )
        return found

    def pages(self, tool: Tool, start: str, end: str) -> Iterator[Page]:
        """The rows of a log from ``start`` to ``end`` (``YYYY-MM-DD HH:MM``, the site's zone), a page at a time.

        Ends with the first page that is not full; raises Refused when a page comes again or there are too many.
        """
        lacking = {"timestamp_start", "timestamp_end"} - tool.arguments if tool.arguments else set()
        if lacking:
            raise Refused(200, f"{tool.name} does not take {' and '.join(sorted(lacking))}, as Kuroco's logs should.")
        before: list[dict[str, Any]] = []
        for number in range(1, PAGES + 1):
            asked = {"timestamp_start": start, "timestamp_end": end, "cnt": ROWS_A_PAGE, "pageID": number}
            given = {name: value for name, value in asked.items() if not tool.arguments or name in tool.arguments}
            rows = _rows(self._call("tools/call", {"name": tool.name, "arguments": given}))
            if rows and rows == before:
                raise Refused(200, f"{tool.name} gives the same page again and again.", hint="Load the CSV instead.")
            yield Page(rows)
            if len(rows) < ROWS_A_PAGE or "pageID" not in given:
                return
            before = rows
        raise Refused(200, f"{tool.name} has more than {PAGES * ROWS_A_PAGE:,} rows; the rest was not asked for.")

    def _tools(self) -> Iterator[Tool]:
        cursor: dict[str, Any] = {}
        for _ in range(20):
            result = self._call("tools/list", cursor)
            for one in result.get("tools") or []:
                if isinstance(one, dict) and isinstance(one.get("name"), str):
                    yield Tool(one["name"], _arguments(one.get("inputSchema")))
            if not isinstance(result.get("nextCursor"), str):
                return
            cursor = {"cursor": result["nextCursor"]}

    def _call(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        body = {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params}
        try:
            answer = self.session.ask("POST", PATH, _RIGHT, self._pace, body=body)
        except Refused as refused:
            if refused.status != 401:
                raise
            hint = "Make a static token with the right to read logs in Kuroco's management screen, and use that."
            raise Refused(401, refused.title, refused.message, hint) from refused
        value = answer.value if isinstance(answer.value, dict) else {}
        if error := value.get("error"):
            raise Refused(200, "Kuroco refuses the call.", _said(error))
        result = value.get("result")
        if not isinstance(result, dict):
            raise unreadable("It is JSON, but no JSON-RPC result.", answer.body, "Kuroco")
        if result.get("isError"):
            raise Refused(200, "Kuroco refuses the call.", _said(result.get("content")))
        return result


def _arguments(schema: object) -> frozenset[str]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return frozenset(properties) if isinstance(properties, dict) else frozenset()


def _rows(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows in what a tool says: its structured content, or the JSON in its text. Raises Unanswered without any."""
    held = [result.get("structuredContent")]
    for part in result.get("content") or []:
        if isinstance(part, dict) and isinstance(part.get("text"), str):
            try:
                held.append(json.loads(part["text"]))
            except (ValueError, RecursionError):
                continue
    for one in held:
        found = _listed(one)
        if found is not None:
            return found
    raise unreadable("No rows were found in what the tool says.", b"", "Kuroco")


def _listed(value: object, depth: int = 0) -> list[dict[str, Any]] | None:
    if isinstance(value, list):
        rows = [one for one in value if isinstance(one, dict)]
        return rows if len(rows) == len(value) else None
    if isinstance(value, dict) and depth < 3:
        for name in _ROWS_UNDER:
            if (found := _listed(value.get(name), depth + 1)) is not None:
                return found
    return None


def _said(error: object) -> str:
    """What an error says, in one line of at most 300 characters that cannot act on a terminal."""
    parts = error if isinstance(error, list) else [error]
    texts = [str(one.get("message") or one.get("text") or "") for one in parts if isinstance(one, dict)]
    line = " ".join(" ".join(texts).split())
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)[:300]
