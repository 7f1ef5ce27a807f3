"""The stand-in's endpoints: those of SendGrid that lasthop asks, with its limits and without its pages."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from lasthop.standin import shapes
from lasthop.standin.account import GROUP, GROUP_NAME, Account, Entry
from lasthop.standin.mail import Sent
from lasthop.standin.query import ACTIVITY, LOGS, BadQuery, parse
from lasthop.standin.trouble import SILENCE_SECONDS, BrokenOff

_LISTS = ("bounces", "blocks", "invalid_emails", "spam_reports", "unsubscribes")
_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Guest network</body></html>"
Handler = Callable[[Account, Request], Awaitable[Response]]


class Wrong(Exception):
    """An error that is answered as SendGrid answers it."""

    def __init__(self, status: int, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.field = status, message, field


def stand_in(account: Account, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> ASGIApp:
    """The application for one account. ``sleep`` is what makes a silent answer wait."""

    def route(path: str, handler: Handler, method: str = "GET") -> Route:
        async def endpoint(request: Request) -> Response:
            return await _answered(account, request, handler, sleep)

        return Route(path, endpoint, methods=[method])

    lists = [
        part
        for name in _LISTS
        for part in (
            route(f"/v3/suppression/{name}", _stop_list),
            route(f"/v3/suppression/{name}/{{address:path}}", _entry),
            route(f"/v3/suppression/{name}/{{address:path}}", _remove, "DELETE"),
        )
    ]
    return Starlette(
        routes=[
            route("/v3/scopes", _scopes),
            route("/v3/logs", _logs, "POST"),
            route("/v3/logs/{id:path}", _log),
            route("/v3/messages", _messages),
            route("/v3/messages/{id:path}", _message),
            route("/v3/stats", _stats),
            route("/v3/subusers", _subusers),
            route("/v3/asm/suppressions/global/{address:path}", _global_entry),
            route("/v3/asm/suppressions/global/{address:path}", _remove, "DELETE"),
            route("/v3/asm/groups/{group}/suppressions/{address:path}", _remove, "DELETE"),
            route("/v3/asm/suppressions/{address:path}", _groups_left),
            route("/v3/asm/suppressions", _groups),
            *lists,
        ]
    )


async def _answered(
    account: Account, request: Request, handler: Handler, sleep: Callable[[float], Awaitable[None]]
) -> Response:
    """One request as the service treats it: limits first, then trouble, the key, and the endpoint itself."""
    account.requests.append(f"{request.method} {request.url.path}")
    family = request.url.path.split("/")[2]
    served, headers = account.limits.get(family, account.limits["other"]).take(account.now())
    headers["Date"] = formatdate(account.now(), usegmt=True)
    trouble = account.trouble(len(account.requests), request.url.path)
    if trouble == "silence":
        await sleep(SILENCE_SECONDS)
    try:
        if not served or trouble == "429":
            raise Wrong(429, "too many requests")
        if trouble in ("500", "503"):
            raise Wrong(int(trouble), "internal server error")
        if request.headers.get("authorization") != f"Bearer {account.key}":
            raise Wrong(401, "The provided authorization grant is invalid, expired, or revoked")
        response = await handler(_chosen(account, request), request)
    except Wrong as wrong:
        said = {"message": wrong.message, **({"field": wrong.field} if wrong.field else {})}
        return JSONResponse({"errors": [said]}, wrong.status, headers)
    except BadQuery as error:
        return JSONResponse({"errors": [{"message": str(error)}]}, 400, headers)
    response.headers.update(headers)
    return _spoiled(response, trouble)


def _spoiled(response: Response, trouble: str | None) -> Response:
    if trouble == "page":
        return Response(_PAGE, media_type="text/html")
    if trouble == "empty":
        return Response(b"", media_type="application/json")
    if trouble == "half":
        return Response(bytes(response.body)[: len(response.body) // 2], media_type="application/json")
    return _Breaking(response) if trouble == "cut" else response


class _Breaking(Response):
    """Promises a whole answer, sends half of it and hangs up."""

    def __init__(self, whole: Response) -> None:
        super().__init__()
        self._whole = whole

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        body = bytes(self._whole.body)
        await send({"type": "http.response.start", "status": 200, "headers": self._whole.raw_headers})
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        raise BrokenOff


def _chosen(account: Account, request: Request) -> Account:
    """The account itself, or its subuser named in ``on-behalf-of``."""
    name = request.headers.get("on-behalf-of")
    if name is None:
        return account
    if name not in account.subusers:
        raise Wrong(403, "access forbidden")
    return account.subusers[name]


def _of_subuser(account: Account, number: str | None) -> Account:
    if number is None:
        return account
    places = {str(1001 + place): one for place, one in enumerate(account.subusers.values())}
    if number not in places:
        raise Wrong(403, "access forbidden")
    return places[number]


def _needs(account: Account, *scopes: str) -> None:
    if not set(scopes) & set(account.scopes):
        raise Wrong(403, "access forbidden")


async def _scopes(account: Account, _request: Request) -> Response:
    return JSONResponse({"scopes": list(account.scopes)})


async def _subusers(account: Account, request: Request) -> Response:
    _needs(account, "subusers.read")
    wanted = request.query_params.get("username")
    named = [(1001 + place, name) for place, name in enumerate(account.subusers)]
    found = [{"id": number, "username": name, "disabled": False} for number, name in named if wanted in (None, name)]
    return JSONResponse(found)


async def _logs(account: Account, request: Request) -> Response:
    _may_read_logs(account)
    try:
        body = json.loads(await request.body())
        query, subusers = parse(str(body.get("query", "")), LOGS), body.get("subusers") or [None]
    except (ValueError, AttributeError) as error:
        raise error if isinstance(error, BadQuery) else Wrong(400, "invalid body") from error
    chosen, now = _of_subuser(account, subusers[0]), account.second()
    rows = [shapes.logs_row(one, one.known(now)) for one in chosen.held(query.since, query.until)]
    kept = _limited(chosen, [row for row in rows if query.fits(row)], body.get("limit", 10), "sg_message_id_created_at")
    return JSONResponse({"messages": kept})


async def _log(account: Account, request: Request) -> Response:
    _may_read_logs(account)
    chosen = _of_subuser(account, request.query_params.get("subuser"))
    message = _find(chosen, request.path_params["id"])
    return JSONResponse(shapes.logs_detail(message, message.known(chosen.second())))


async def _messages(account: Account, request: Request) -> Response:
    _may_read_activity(account)
    if "query" not in request.query_params:
        raise Wrong(400, "query is required")
    query, now = parse(request.query_params["query"], ACTIVITY), account.second()
    mail = [] if account.eu else account.held()
    rows = [row for one in mail if query.fits(row := shapes.activity_row(one, one.known(now)))]
    limit = request.query_params.get("limit", "10")
    return JSONResponse({"messages": _limited(account, rows, int(limit) if limit.isdigit() else 0, "last_event_time")})


async def _message(account: Account, request: Request) -> Response:
    _may_read_activity(account)
    message = _find(account, request.path_params["id"])
    return JSONResponse(shapes.activity_detail(message, message.known(account.second())))


def _may_read_logs(account: Account) -> None:
    if not account.logs_allowed:
        raise Wrong(403, "access forbidden")


def _may_read_activity(account: Account) -> None:
    if not account.add_on:
        raise Wrong(400, "authorization required")
    _needs(account, "messages.read", "email_activity.read")


def _find(account: Account, identity: str) -> Sent:
    for message in account.held():
        if message.message_id == unquote(identity):
            return message
    raise Wrong(404, "not found", "message_id")


def _limited(account: Account, rows: list[dict[str, Any]], limit: Any, clock: str) -> list[dict[str, Any]]:
    """No more than the limit, of whichever end the account's order puts first; there is no way to the rest."""
    if not isinstance(limit, int) or not 1 <= limit <= 1000:
        raise Wrong(400, "limit must be between 1 and 1000")
    if account.order == "any":
        random.Random(len(rows)).shuffle(rows)  # noqa: S311  (any order will do)
    else:
        rows.sort(key=lambda row: row[clock], reverse=account.order == "newest")
    return [{**row, clock: shapes.iso(row[clock])} for row in rows[:limit]]


async def _stop_list(account: Account, request: Request) -> Response:
    name = request.url.path.rsplit("/", 1)[-1]
    _needs(account, f"suppression.{name}.read", "suppression.read")
    asked = request.query_params
    low, high = int(asked.get("start_time", 0)), int(asked.get("end_time", 1 << 40))
    entries = [entry for entry in account.entries(name) if low <= entry.listed <= high]
    offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", 500))
    return JSONResponse([_listed(entry) for entry in entries[::-1][offset : offset + min(limit, 500)]])


def _listed(entry: Entry) -> dict[str, Any]:
    return {"created": entry.listed, "email": entry.email, **entry.rest}


async def _entry(account: Account, request: Request) -> Response:
    name = request.url.path.split("/")[3]
    _needs(account, f"suppression.{name}.read", "suppression.read")
    wanted = request.path_params["address"].lower()
    return JSONResponse([_listed(entry) for entry in account.entries(name) if entry.email.lower() == wanted])


async def _remove(account: Account, request: Request) -> Response:
    """Take an address off a list, named by the path: one of five, the global unsubscribes, or a group."""
    parts = request.url.path.split("/")
    group = request.path_params.get("group")
    name = parts[3] if parts[2] == "suppression" else "group_unsubscribes" if group else "unsubscribes"
    scopes = ("asm.groups.suppressions.delete",) if group else (f"suppression.{name}.delete", "suppression.delete")
    _needs(account, *scopes)
    wanted = request.path_params["address"].lower()
    for entry in account.entries(name) if group in (None, str(GROUP)) else []:
        if entry.email.lower() == wanted:
            account.removed.add((name, entry.email))
            return Response(status_code=204)
    raise Wrong(404, "not found", "email")


async def _global_entry(account: Account, request: Request) -> Response:
    _needs(account, "suppression.unsubscribes.read", "suppression.read")
    wanted = request.path_params["address"].lower()
    held = [entry.email for entry in account.entries("unsubscribes") if entry.email.lower() == wanted]
    return JSONResponse({"recipient_email": held[0]} if held else {})


async def _groups(account: Account, request: Request) -> Response:
    _needs(account, "asm.groups.suppressions.read", "asm.groups.read")
    group = {"group_id": GROUP, "group_name": GROUP_NAME}
    listed = [{"email": one.email, **group, "created_at": one.listed} for one in account.entries("group_unsubscribes")]
    offset = int(request.query_params.get("offset", 0))
    return JSONResponse(listed[offset : offset + int(request.query_params.get("limit", 500))])


async def _groups_left(account: Account, request: Request) -> Response:
    _needs(account, "asm.groups.suppressions.read", "asm.groups.read")
    wanted = request.path_params["address"].lower()
    left = any(entry.email.lower() == wanted for entry in account.entries("group_unsubscribes"))
    group = {"id": GROUP, "name": GROUP_NAME, "description": "", "is_default": False, "suppressed": left}
    return JSONResponse({"suppressions": [group]})


async def _stats(account: Account, request: Request) -> Response:
    _needs(account, "stats.read", "stats.global.read")
    first = request.query_params.get("start_date")
    if first is None:
        raise Wrong(400, "start_date is required", "start_date")
    last = request.query_params.get("end_date", shapes.iso(account.second())[:10])
    return JSONResponse(shapes.stats_days(account.held(), account.second(), first, last))
