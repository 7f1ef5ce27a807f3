"""How fast a service may be asked: its own headers and documented numbers, obeyed before they are hit."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

LONGEST = 900.0
"""Seconds: no wait that a service names is obeyed beyond this; it is asked again then."""


@dataclass
class Pace:
    """The allowance of one family of endpoints.

    ``times`` requests in ``seconds`` are documented (None: no number is). Beside that, ``X-RateLimit-Remaining`` and
    ``-Reset`` of the newest answer are obeyed; the reset counts from the answer's own ``Date``, so that a wrong clock
    of this machine does no harm.
    """

    times: int | None = None
    seconds: float = 60.0
    _asked: deque[float] = field(default_factory=deque)
    _closed_until: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds to wait before the next request; 0 when it may go out."""
        wait = self._closed_until - now
        if self.times is not None:
            while self._asked and self._asked[0] <= now - self.seconds:
                self._asked.popleft()
            if len(self._asked) >= self.times:
                wait = max(wait, self._asked[0] + self.seconds - now)
        return min(LONGEST, max(0.0, wait))

    def asked(self, now: float) -> None:
        """A request goes out."""
        if self.times is not None:
            self._asked.append(now)

    def answered(self, headers: Mapping[str, str], now: float) -> None:
        """Note what an answer says of the allowance."""
        if headers.get("X-RateLimit-Remaining", "").strip() == "0":
            self._closed_until = now + (until_reset(headers, now) or 1.0)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the service asks to be left alone; None when it does not say."""
    try:
        return min(LONGEST, max(0.0, float(headers["Retry-After"])))
    except (KeyError, ValueError):
        return None


def until_reset(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until the allowance is renewed, by ``Retry-After`` or ``X-RateLimit-Reset``; None when neither says."""
    if (asked := retry_after(headers)) is not None:
        return asked
    try:
        reset = float(headers["X-RateLimit-Reset"])
    except (KeyError, ValueError):
        return None
    server = server_time(headers)
    # The reset is a whole second, and the date is cut to one: a second more than the difference is safe.
    return min(LONGEST, max(0.0, reset - (server if server is not None else now)) + 1.0)


def server_time(headers: Mapping[str, str]) -> float | None:
    """The service's own clock, epoch seconds; None without a date that can be read."""
    try:
        return parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError, TypeError, IndexError):
        return None
