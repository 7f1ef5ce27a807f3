"""SendGrid's v3 API, as far as lasthop asks it: what was sent, what became of it, and the stop lists.

Everything here reads. Each method asks once (``Session`` repeats what may be repeated) and gives the answer's bytes
with the records in it. Records are kept as they came: unknown fields stay, a number that is text stays text.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from lasthop.errors import InputError
from lasthop.pull.faults import Refused, Right, unreadable
from lasthop.pull.keys import Key
from lasthop.pull.pace import Pace
from lasthop.pull.session import Answer, Circumstances, Session

HOSTS = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}
"""Accounts of the EU region have a host of their own."""
LIMIT = 1_000
"""Records that Email Logs and Email Activity give at most; there are no pages."""
PAGE = 500
"""Entries of a stop list that one page holds at most."""
STOP_LISTS = ("bounces", "blocks", "invalid_emails", "spam_reports", "unsubscribes")
"""The lists below ``/v3/suppression/``; group unsubscribes lie elsewhere."""

# Names of scopes as the endpoint /v3/scopes spells them; that of the Email Logs is documented nowhere.
LOGS = Right("the Email Logs")
ACTIVITY = Right(
    "Email Activity", ("messages.read", "email_activity.read"), 'the add-on "additional email activity history"'
)
STATS = Right("the statistics", ("stats.read", "stats.global.read"))
GROUPS = Right("the group unsubscribes", ("asm.groups.suppressions.read", "asm.groups.read"))
LISTS = {name: Right(f"the stop list {name}", (f"suppression.{name}.read", "suppression.read")) for name in STOP_LISTS}
_SCOPES = Right("its own scopes")
_SUBUSERS = Right("the list of subusers", ("subusers.read",))

RIGHTS: Mapping[str, tuple[Right, ...]] = {
    "logs": (LOGS,),
    "activity": (ACTIVITY,),
    "suppressions": (*LISTS.values(), GROUPS),
    "stats": (STATS,),
}
"""What each kind of pull needs."""


@dataclass(frozen=True)
class Records:
    """The records of one answer, and its very bytes."""

    rows: list[Any]
    body: bytes


class SendGrid:
    """One account, or one subuser of it, asked with one key. Not for several threads at once.

    ``subuser`` is the subuser's name (an id of digits is taken as it is by the Email Logs); ``base`` stands in for
    the address of ``host``. Every method raises Refused (401, 403, …: a person has to change something),
    NothingThere (404), Unanswered (no usable answer after every try) or Stopped.
    """

    def __init__(
        self,
        key: Key,
        host: str = "global",
        subuser: str | None = None,
        *,
        base: str | None = None,
        circumstances: Circumstances | None = None,
    ) -> None:
        if host not in HOSTS:
            raise InputError(f"There is no host {host!r}.", hint=f"Hosts: {', '.join(HOSTS)}.")
        if subuser is not None and not subuser.isprintable():
            raise InputError("The name of the subuser has characters that no name has.")
        self.host, self.subuser = host, subuser
        self.limit = LIMIT
        """Records that are asked for at once; not more than ``LIMIT``."""
        self.session = Session(base or HOSTS[host], key, "SendGrid", circumstances)
        self._logs, self._others = Pace(), Pace()
        self._activity = Pace(times=6)  # a documented number: six requests in a minute
        self._subuser_id: str | None = None
        self._scopes: frozenset[str] | None = None

    def now_ms(self) -> int:
        """SendGrid's own clock as its last answer showed it, epoch milliseconds."""
        return int(self.session.now() * 1000)

    # -- the key -------------------------------------------------------------------------------------------------

    def scopes(self) -> frozenset[str]:
        """The scopes of the key (``GET /v3/scopes``), asked for once."""
        if self._scopes is not None:
            return self._scopes
        value = self._get("/v3/scopes", _SCOPES, self._others, on_behalf=False).value
        listed = value.get("scopes") if isinstance(value, dict) else None
        if not isinstance(listed, list):
            raise unreadable("It has no list of scopes.", b"")
        self._scopes = frozenset(str(one) for one in listed)
        return self._scopes

    def missing(self, what: str) -> list[Right]:
        """What the key may not read of ``what`` (a key of ``RIGHTS``); empty when nothing is known to be missing.

        A right without a documented scope cannot be checked beforehand: it shows when it is used.
        """
        held = self.scopes()
        return [right for right in RIGHTS[what] if right.scopes and not held.intersection(right.scopes)]

    # -- Email Logs: thirty days, for every account --------------------------------------------------------------

    def logs(self, start: int, end: int) -> Records:
        """The messages that were created from ``start`` up to ``end`` (epoch seconds, end not included).

        At most ``limit`` of them; as many mean that there may be more (``windows`` cuts time so that there are not).
        """
        return self._find(_created(start, end))

    def logs_to(self, address: str, start: int, end: int) -> Records:
        """The messages to one address that were created in that time; compared exactly, capitals count."""
        return self._find(f"to_email = {_text(address)} AND {_created(start, end)}")

    def _find(self, query: str) -> Records:
        """What a query of the Email Logs finds (``POST /v3/logs``: no address gets into a URL)."""
        body: dict[str, Any] = {"query": query, "limit": self.limit}
        if self.subuser is not None:
            body["subusers"] = [self._id_of_subuser()]
        return _records(self.session.ask("POST", "/v3/logs", LOGS, self._logs, body=body), "messages")

    def log(self, message_id: str) -> Answer:
        """Everything of one message, with up to a hundred newest events. Raises NothingThere."""
        params = {"subuser": self._id_of_subuser()} if self.subuser is not None else {}
        path = f"/v3/logs/{quote(message_id, safe='')}"
        return _object(self.session.ask("GET", path, LOGS, self._logs, params=params))

    # -- Email Activity: an add-on, three to thirty days, global host --------------------------------------------

    def activity(self, start: int, end: int) -> Records:
        """The messages of which the last event came from ``start`` up to ``end`` (epoch seconds, end not included)."""
        # BETWEEN takes both of its ends; the service's times may have milliseconds.
        last = f"{_stamp(end - 1)[:-1]}.999Z"
        query = f'last_event_time BETWEEN TIMESTAMP "{_stamp(start)[:-1]}.000Z" AND TIMESTAMP "{last}"'
        params: dict[str, str | int] = {"query": query, "limit": self.limit}
        return _records(self._get("/v3/messages", ACTIVITY, self._activity, params), "messages")

    def message(self, message_id: str) -> Answer:
        """Everything of one message as Email Activity tells it. Raises NothingThere."""
        return _object(self._get(f"/v3/messages/{quote(message_id, safe='')}", ACTIVITY, self._activity))

    # -- stop lists ----------------------------------------------------------------------------------------------

    def stop_list(self, name: str, since: int | None = None, until: int | None = None) -> Iterator[Records]:
        """One of ``STOP_LISTS``, a page at a time; ``since`` and ``until`` in epoch seconds, both inclusive."""
        bounds = {"start_time": since, "end_time": until}
        params = {label: value for label, value in bounds.items() if value is not None}
        yield from self._pages(f"/v3/suppression/{name}", LISTS[name], params)

    def group_unsubscribes(self) -> Iterator[Records]:
        """Every address that left an unsubscribe group: ``email``, ``group_id``, ``group_name``, ``created_at``."""
        yield from self._pages("/v3/asm/suppressions", GROUPS, {})

    def entries_of(self, name: str, address: str) -> Records:
        """What one of ``STOP_LISTS`` holds of one address: no row, or one."""
        if name == "unsubscribes":  # this list has no address of its own for one entry
            path, right = f"/v3/asm/suppressions/global/{quote(address, safe='')}", LISTS[name]
            value = self._get(path, right, self._others).value
            email = value.get("recipient_email") if isinstance(value, dict) else None
            return Records([{"email": email}] if email else [], b"")
        path = f"/v3/suppression/{name}/{quote(address, safe='')}"
        return _records(self._get(path, LISTS[name], self._others), None)

    def groups_left(self, address: str) -> Records:
        """The unsubscribe groups that an address left: ``id``, ``name``, ``suppressed``."""
        answer = self._get(f"/v3/asm/suppressions/{quote(address, safe='')}", GROUPS, self._others)
        groups = _records(answer, "suppressions")
        return Records([one for one in groups.rows if isinstance(one, dict) and one.get("suppressed")], groups.body)

    # -- statistics ----------------------------------------------------------------------------------------------

    def stats(self, first_day: str, last_day: str) -> Records:
        """Counts a day (``YYYY-MM-DD``, both inclusive) in the account's own time zone, which no answer tells."""
        params: dict[str, str | int] = {"start_date": first_day, "end_date": last_day, "aggregated_by": "day"}
        return _records(self._get("/v3/stats", STATS, self._others, params), None)

    # -- how ---------------------------------------------------------------------------------------------------

    def ask(self, method: str, path: str, right: Right) -> Answer:
        """Ask for a path that has no method of its own, as the chosen subuser."""
        return self.session.ask(method, path, right, self._others, headers=self._on_behalf())

    def _get(
        self,
        path: str,
        right: Right,
        pace: Pace,
        params: Mapping[str, str | int] | None = None,
        *,
        on_behalf: bool = True,
    ) -> Answer:
        headers = self._on_behalf() if on_behalf else {}
        return self.session.ask("GET", path, right, pace, params=params, headers=headers)

    def _on_behalf(self) -> dict[str, str]:
        return {"on-behalf-of": self.subuser} if self.subuser is not None else {}

    def _id_of_subuser(self) -> str:
        """The Email Logs take a subuser by its id, everything else by its name."""
        if self._subuser_id is None:
            name = self.subuser or ""
            self._subuser_id = name if name.isascii() and name.isdigit() else self._look_up(name)
        return self._subuser_id

    def _look_up(self, name: str) -> str:
        answer = self._get("/v3/subusers", _SUBUSERS, self._others, {"username": name, "limit": PAGE}, on_behalf=False)
        for one in _records(answer, None).rows:
            if isinstance(one, dict) and one.get("username") == name and one.get("id") is not None:
                return str(one["id"])
        raise Refused(404, f"SendGrid knows no subuser {name}.", hint="Give its name as it stands under Subusers.")

    def _pages(self, path: str, right: Right, params: Mapping[str, str | int]) -> Iterator[Records]:
        """Pages until one is not full. One that brings nothing new ends it too: not every list has pages."""
        offset, before = 0, None
        while True:
            page = _records(self._get(path, right, self._others, {**params, "limit": PAGE, "offset": offset}), None)
            if page.rows and page.rows == before:
                return
            yield page
            if len(page.rows) != PAGE:
                return
            offset, before = offset + PAGE, page.rows


def time_of_row(row: Any, label: str) -> int | None:
    """The time of a record in epoch seconds (cut, not rounded), from ISO text or a number; None when it has none."""
    value = row.get(label) if isinstance(row, dict) else None
    try:
        if isinstance(value, str) and not value.strip().isdigit():
            when = datetime.fromisoformat(value.strip())
            return math.floor((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
        return int(value) if isinstance(value, str | int | float) else None
    except (ValueError, OverflowError):
        return None


def _records(answer: Answer, label: str | None) -> Records:
    """The list in an answer: under ``label`` of an object, or the whole of it."""
    value = answer.value
    rows = value.get(label) if label is not None and isinstance(value, dict) else value
    if label is not None and isinstance(value, dict) and label in value and rows is None:
        rows = []  # some services write null for an empty list
    if not isinstance(rows, list):
        raise unreadable("It is JSON of another form than documented.", answer.body)
    return Records(rows, answer.body)


def _object(answer: Answer) -> Answer:
    if not isinstance(answer.value, dict):
        raise unreadable("It is JSON of another form than documented.", answer.body)
    return answer


def _stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _created(start: int, end: int) -> str:
    """The condition that a message was created from ``start`` up to ``end``."""
    name = "sg_message_id_created_at"
    return f'{name} >= TIMESTAMP "{_stamp(start)}" AND {name} < TIMESTAMP "{_stamp(end)}"'


def _text(value: str) -> str:
    """A value of the query language. How a quote inside one is written is not documented, so it is refused."""
    if '"' in value or "\\" in value or not value.isprintable():
        raise InputError(f"SendGrid cannot be asked about {value!r}: it holds a quote, backslash or control character.")
    return f'"{value}"'
