"""One service, asked over HTTP: time-outs, limits, repeats, and answers that are what they should be.

A request is repeated when asking again may help: no connection, a broken one, silence, 429, 5xx, an answer that
breaks off. The loop is our own because each wait has its own source (the service's reset, else a growing one with
jitter), must end at once when somebody stops the work, and must take no time in tests.
"""

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter

from lasthop import __version__
from lasthop.errors import InputError
from lasthop.pull.faults import (
    Right,
    Stopped,
    Unanswered,
    looks_like_page,
    out_of_order,
    page_between,
    refusal,
    too_many,
    unreachable,
    unreadable,
)
from lasthop.pull.keys import Key
from lasthop.pull.pace import Pace, retry_after, server_time, until_reset

CONNECT_SECONDS, SILENCE_SECONDS, ANSWER_SECONDS = 10.0, 60.0, 180.0
ANSWER_BYTES = 64 << 20
TRIES = 6
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
_NAP = 0.25
"""A wait is made of naps, so that a stop is felt at once."""


@dataclass
class Circumstances:
    """Everything of the outside that a session leans on; tests bring their own."""

    now: Callable[[], float] = time.time
    """Epoch seconds."""
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    """Between 0 and 1, for jitter."""
    stopped: Callable[[], bool] = lambda: False
    """Whether somebody asked that the work stop."""
    transport: BaseAdapter | None = None
    """In place of the network."""


@dataclass(frozen=True)
class Answer:
    """A good answer: its very bytes, and what they say."""

    body: bytes
    value: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    right: Right
    pace: Pace
    params: Mapping[str, str | int]
    body: Any
    headers: Mapping[str, str]


class _Again(Exception):
    """A try that failed, while the next one may not; ``wait`` in seconds, None when nobody says how long."""

    def __init__(self, fault: Unanswered, wait: float | None = None) -> None:
        super().__init__()
        self.fault, self.wait = fault, wait


class _Bearer(requests.auth.AuthBase):
    """The key goes into one header; set here, neither ``.netrc`` nor a redirect can change where it goes."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key.reveal()}"
        return request


class Session:
    """Asks one service with one key. Not for several threads at once."""

    def __init__(
        self,
        base: str,
        key: Key,
        service: str = "SendGrid",
        circumstances: Circumstances | None = None,
    ) -> None:
        """``base`` is the root of the service; plain http is allowed to this machine only. Raises InputError."""
        where = urlsplit(base)
        local = where.hostname in ("localhost", "127.0.0.1", "::1")
        if where.hostname is None or not (where.scheme == "https" or (where.scheme == "http" and local)):
            raise InputError(f"{base} is no address that a key may be sent to.", hint="Use https.")
        self.base, self.service, self.host = base.rstrip("/"), service, where.hostname
        self.circumstances = circumstances or Circumstances()
        self.requests = 0
        """Requests that went out, repeats counted."""
        self._ahead = 0.0
        self._session = requests.Session()
        self._session.auth = _Bearer(key)
        self._session.headers.update({"Accept": "application/json", "User-Agent": f"lasthop/{__version__}"})
        if self.circumstances.transport:
            self._session.mount("https://", self.circumstances.transport)
            self._session.mount("http://", self.circumstances.transport)

    def now(self) -> float:
        """The service's clock, epoch seconds, as its last answer showed it; this machine's before the first."""
        return self.circumstances.now() + self._ahead

    def ask(
        self,
        method: str,
        path: str,
        right: Right,
        pace: Pace,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask, and again while that may help; ``value`` is None for an answer without content (204).

        Raises Refused (NothingThere for 404), Unanswered, or Stopped.
        """
        request = _Request(method, path, right, pace, params or {}, body, headers or {})
        for tries in range(1, TRIES + 1):
            self.rest(pace.wait(self.circumstances.now()))
            try:
                return self._once(request, tries)
            except _Again as again:
                if tries == TRIES:
                    raise again.fault from None
                growing = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1))
                wait = growing if again.wait is None else again.wait
            self.rest(wait + growing * self.circumstances.chance())
        raise AssertionError  # the last try returns or raises

    def rest(self, seconds: float) -> None:
        """Wait; raises Stopped as soon as somebody asks for it, also when there is nothing to wait for."""
        while True:
            if self.circumstances.stopped():
                raise Stopped
            if seconds <= 0:
                return
            nap = min(_NAP, seconds)
            self.circumstances.sleep(nap)
            seconds -= nap

    def _once(self, request: _Request, tries: int) -> Answer:
        """One request. Raises _Again for what may go away by itself, and what is final."""
        self.requests += 1
        request.pace.asked(self.circumstances.now())
        try:
            status, headers, content = self._exchange(request)
        except requests.RequestException as error:
            raise _Again(unreachable(_why(error), tries, self.host)) from error
        now = self.circumstances.now()
        self._set_clock(headers, now)
        request.pace.answered(headers, now)
        if status == 429:
            raise _Again(too_many(tries, request.right, self.service), until_reset(headers, now))
        if status >= 500:
            raise _Again(out_of_order(status, tries, self.service), retry_after(headers))
        if status >= 300:
            raise refusal(status, content, request.right, self.service)
        if status == 204:
            return Answer(content, None, headers)
        if looks_like_page(content):
            raise page_between(content, self.service)
        try:
            return Answer(content, json.loads(content), headers)
        except (ValueError, RecursionError) as error:
            why = "It breaks off or is no JSON." if content.strip() else "It is empty."
            raise _Again(unreadable(why, content, self.service)) from error

    def _exchange(self, request: _Request) -> tuple[int, Mapping[str, str], bytes]:
        """Send, and take in the whole answer, within bounds of size and time."""
        began, content = self.circumstances.now(), bytearray()
        with self._session.request(
            request.method,
            self.base + request.path,
            params=dict(request.params),
            json=request.body,
            headers=dict(request.headers),
            timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
            allow_redirects=False,  # a redirect of an API leads to a login page, and the key must not follow
            stream=True,
        ) as response:
            for chunk in response.iter_content(1 << 16):
                content += chunk
                if len(content) > ANSWER_BYTES:
                    raise unreadable("It is larger than 64 MiB.", bytes(content[:1000]), self.service)
                if self.circumstances.now() - began > ANSWER_SECONDS:
                    raise requests.ReadTimeout
                if self.circumstances.stopped():
                    raise Stopped
            return response.status_code, response.headers, bytes(content)

    def _set_clock(self, headers: Mapping[str, str], now: float) -> None:
        """Learn the service's clock from an answer; its date is whole seconds, so a little is not corrected."""
        server = server_time(headers)
        if server is not None:
            ahead = server - now
            self._ahead = ahead if abs(ahead) > 5.0 else 0.0


def _why(error: requests.RequestException) -> str:
    """What broke, without the address: that may hold an id of a message."""
    if isinstance(error, requests.Timeout):
        return "No answer came in time."
    if isinstance(error, requests.exceptions.SSLError):
        return "Its certificate cannot be trusted."
    if isinstance(error, requests.exceptions.ProxyError):
        return "The proxy does not let the request through."
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return "The answer broke off."
    return "The connection failed."
