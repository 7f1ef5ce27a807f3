"""A stand-in for SendGrid: invented mail behind the endpoints that lasthop asks, for tests and the live demo.

    account = demo_account()                       # invented mail; or Account(mail=[…], limits=…, trouble=…)
    with running(stand_in(account)) as address:    # a real server on a free port of this machine
        SendGrid(Key(account.key, "a test"), base=address)

It is checked against SendGrid's own OpenAPI documents by ``make evaluate``.
"""

from lasthop.standin.account import DEMO_KEY, SCOPES, Account, Limit, demo_account
from lasthop.standin.app import stand_in
from lasthop.standin.mail import Happened, Sent, invented, new_message, status_of
from lasthop.standin.server import running
from lasthop.standin.trouble import PASSING, TROUBLES, BrokenOff, Silence, by_number, now_and_then

__all__ = [
    "DEMO_KEY",
    "PASSING",
    "SCOPES",
    "TROUBLES",
    "Account",
    "BrokenOff",
    "Happened",
    "Limit",
    "Sent",
    "Silence",
    "by_number",
    "demo_account",
    "invented",
    "new_message",
    "now_and_then",
    "running",
    "stand_in",
    "status_of",
]
