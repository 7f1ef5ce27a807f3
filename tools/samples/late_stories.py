"""Stories of the mail that the provider took: it waits, falls silent, or is not done when it is accepted."""

from datetime import timedelta

from samples.cast import Cast
from samples.clock import END, after, utc
from samples.model import Event, Message, Orphan
from samples.office import FORM, NEWSLETTER, SHIPPING
from samples.traffic import MAGAZINE

_WAITING = (
    ("2026-11-17 03:10", "microsoft", "kitano-shoji.example"),
    ("2026-11-18 01:05", "microsoft", "kitano-shoji.example"),
    ("2026-11-18 11:40", "full", "docomo.example"),
    ("2026-11-19 00:20", "throttled", "yahoo.example"),
    ("2026-11-19 03:45", "throttled", "yahoo.example"),
    ("2026-11-19 12:15", "carrier", "softbank.example"),
    ("2026-11-20 00:31", "google", "gmail.example"),
    ("2026-11-20 04:02", "full", "asahi-clinic.example"),
    ("2026-11-20 06:48", "postfix", "example.org"),
)


def delayed(cast: Cast) -> None:
    """Deferred and in the end accepted, given up, still waiting, or never heard of again."""
    for number, domain in enumerate(("kitano-shoji.example", "outlook.example", "asahi-clinic.example")):
        late = cast.send("deferred-40h-accepted", utc("2026-10-26 07:00") + timedelta(days=6 * number), domain)
        cast.postman.defer_then_accept(late, after(late.sent, cast.rng, 38 * 3600, 39 * 3600), "microsoft")
    for when in ("2026-10-22 03:00", "2026-11-14 08:00"):
        cast.postman.expire(cast.send("expired-mailbox-full", when, "ezweb.example"), "full")
    ended = cast.send("retry-ended-as-blocked", "2026-11-11 22:00", "softbank.example")
    cast.postman.expire(ended, "carrier", "blocked")
    for when, what, domain in _WAITING:
        waiting = cast.send("waiting", when, domain)
        cast.postman.defer(waiting, after(cast.postman.process(waiting), cast.rng, 1, 6), END, what)
    for story, when in (
        ("waiting-overdue", "2026-11-16 20:00"),
        ("deferred-then-silence", "2026-11-14 02:00"),
    ):
        silent = cast.send(story, when, "kitano-shoji.example")
        first = after(cast.postman.process(silent), cast.rng, 1, 6)
        cast.postman.defer(silent, first, first + timedelta(hours=70), "microsoft")


def silent(cast: Cast) -> None:
    """Rows without a counterpart on the other side, and messages of which only the beginning is known."""
    for number in range(6):
        moment = utc("2026-10-20 04:00") + timedelta(days=6 * number, minutes=13 * number)
        cast.office.lost(cast.send("nothing-at-all", moment, "docomo.example" if number % 2 else "gmail.example"))
    for when in ("2026-11-01 06:00", "2026-11-09 06:00"):
        cast.postman.process(cast.send("processed-then-silence", when, "outlook.example"))
    for when in ("2026-11-20 07:12", "2026-11-19 21:15"):
        cast.postman.process(cast.send("waiting-processed", when, "yahoo.example"))
    for number in range(10):
        moment = utc("2026-10-17 21:00") + timedelta(days=3 * number)
        report = cast.send("provider-only", moment, "example.net", FORM)
        report.subject = f"[stock] Daily report {report.sent:%Y-%m-%d}"
        cast.office.provider_only(report)
        report.arguments = {}
        cast.postman.accept(report)
    for number in range(4):
        moment = utc("2026-11-03 05:00") + timedelta(hours=30 * number)
        gone = cast.send("app-row-deleted", moment, "gmail.example")
        cast.office.provider_only(gone)
        cast.postman.accept(gone)


def pairs(cast: Cast) -> None:
    """The same mail twice: within seconds nobody can tell which is which, minutes apart anybody can."""
    for when, domain, apart in (
        ("2026-10-23 10:15", "gmail.example", 0.0),
        ("2026-11-04 02:40", "docomo.example", 1.0),
        ("2026-11-17 11:25", "yahoo.example", 2.0),
    ):
        first, second = cast.pair("ambiguous-pair", when, domain, apart)
        _crosswise(cast, first, second, refused=domain != "docomo.example")
    first, second = cast.pair("ambiguous-one-row", "2026-11-10 12:50", "gmail.example", 1.0)
    _crosswise(cast, first, second, refused=True)
    cast.office.provider_only(second, "ambiguous")
    for when, domain, minutes in (
        ("2026-10-25 11:00", "gmail.example", 7),
        ("2026-11-07 09:05", "ezweb.example", 12),
        ("2026-11-16 03:30", "icloud.example", 45),
    ):
        first, second = cast.pair("clear-pair", when, domain, minutes * 60)
        cast.postman.refuse(first, "quota")
        cast.postman.accept(second)


def _crosswise(cast: Cast, first: Message, second: Message, refused: bool) -> None:
    """Both are processed after both rows were written, the second one first: time decides nothing."""
    late = second.sent + timedelta(milliseconds=cast.rng.randrange(600, 900))
    first.events.append(Event(late, "processed"))
    second.events.append(Event(late - timedelta(milliseconds=310), "processed"))
    cast.postman.deliver(first, late + timedelta(seconds=2))
    if refused:
        cast.postman.bounce(second, late + timedelta(seconds=1), "quota")
    else:
        cast.postman.deliver(second, late + timedelta(seconds=1))
    first.link = second.link = "ambiguous"


def after_acceptance(cast: Cast) -> None:
    """The receiving server said 250, and that was not the end of it."""
    for number in range(3):
        moment = utc("2026-10-29 11:00") + timedelta(days=8 * number)
        message = cast.send("complaint", moment, "yahoo.example" if number else "outlook.example")
        complained = after(cast.postman.accept(message), cast.rng, 3600, 40_000)
        cast.postman.say(message, complained, "spamreport")
    for when, domain in (
        ("2026-10-31 08:00", "kitano-shoji.example"),
        ("2026-11-13 08:00", "asahi-clinic.example"),
    ):
        message = cast.send("delivered-then-bounced", when, domain)
        delivered = cast.postman.accept(message)
        cast.postman.bounce(message, after(delivered, cast.rng, 60, 7000), "unknown")
    for number in range(3):
        moment = utc("2026-10-28 10:00") + timedelta(days=8 * number)
        message = cast.send("open-without-delivered", moment, "gmail.example")
        cast.postman.open(message, after(cast.postman.process(message), cast.rng, 400, 5000))
    returning = cast.send("group-resubscribed", "2026-11-12 02:21", "gmail.example", NEWSLETTER)
    returning.arguments |= MAGAZINE
    left = after(cast.postman.accept(returning), cast.rng, 600, 900)
    cast.postman.say(returning, left, "group_unsubscribe")
    cast.postman.say(returning, left + timedelta(minutes=3), "group_resubscribe")


def bounced_without_id(cast: Cast) -> None:
    """A refusal that comes days after acceptance, with nothing but the address to know it by."""
    for story, sends in (
        ("async-bounce", ("2026-11-15 03:00",)),
        ("async-bounce-two-candidates", ("2026-11-14 03:00", "2026-11-16 05:00")),
    ):
        person = cast.person("kitano-shoji.example")
        for when in sends:
            cast.postman.accept(cast.send(story, when, person))
        text = f"550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {person} not found by SMTP address lookup"
        moment = after(utc("2026-11-17 15:00"), cast.rng, 0, 9000).replace(microsecond=0)
        cast.office.orphans.append(Orphan(person, Event(moment, "bounce", text, type="bounce", status="5.1.10")))


def odds_and_ends(cast: Cast) -> None:
    """Capital letters on one side only, and the newest event of all."""
    capitals = ("Yuki_Ogawa@Gmail.example", "RIN_HARA@icloud.example", "Sota_Noda@Example.com")
    for number, written in enumerate(capitals):
        moment = utc("2026-10-23 03:00") + timedelta(days=9 * number)
        message = cast.send("case-differs", moment, written.lower(), SHIPPING)
        message.written_as = written
        cast.postman.accept(message)
    newest = cast.send("newest-event", "2026-11-20 05:30", "gmail.example")
    cast.postman.accept(newest)
    cast.postman.open(newest, END)
