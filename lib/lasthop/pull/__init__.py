"""What the providers still hold, asked over their APIs: bytes as they were answered, and nothing kept.

This is the only room that asks the network. It keeps nothing and knows no workspace; ``live`` does.

    key = find_key()                                  # environment, .streamlit/secrets.toml, keyring
    account = SendGrid(key, host="eu", subuser=None)  # base="http://127.0.0.1:8503" for a stand-in
    account.missing("suppressions")                   # rights that the key lacks, each with what it is for
    account.log("…")                                  # Answer(body, value): one message with its events
    account.logs(start, end).rows                     # at most 1,000; ``windows`` cuts time so that none are missed
    account.ask("DELETE", path, right)                # what has no method of its own; right: what a 403 is to name

``Session`` is what a client of another service builds on (``Session(base, key, "Kuroco")``): time-outs, the limits of
each family of endpoints (``Pace``), repeats with growing waits, and one sentence for each way in which it can fail:

    Refused        a person has to change something (400, 401, 403, 413 …); an InputError with ``status``
    NothingThere   404; also a NotFound
    Unanswered     no usable answer after every try; a Failure, with the bytes of the last one in ``body``
    Stopped        ``Circumstances.stopped`` said so; no error, what was brought stays

``Circumstances`` are clock, sleep, chance, the wish to stop and the transport: tests bring their own and never wait.
"""

from lasthop.pull.density import Density
from lasthop.pull.faults import NothingThere, Refused, Right, Stopped, Unanswered
from lasthop.pull.keys import SENDGRID_KEY, Key, Places, find_key
from lasthop.pull.pace import Pace
from lasthop.pull.sendgrid import HOSTS, LIMIT, RIGHTS, STOP_LISTS, Records, SendGrid, time_of_row
from lasthop.pull.session import Answer, Circumstances, Session
from lasthop.pull.windows import Window, windows

__all__ = [
    "HOSTS",
    "LIMIT",
    "RIGHTS",
    "SENDGRID_KEY",
    "STOP_LISTS",
    "Answer",
    "Circumstances",
    "Density",
    "Key",
    "NothingThere",
    "Pace",
    "Places",
    "Records",
    "Refused",
    "Right",
    "SendGrid",
    "Session",
    "Stopped",
    "Unanswered",
    "Window",
    "find_key",
    "time_of_row",
    "windows",
]
