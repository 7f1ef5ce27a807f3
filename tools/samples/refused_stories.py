"""Stories of the mail that is refused: by the provider, by its stop lists, by the receiving server."""

from datetime import timedelta

from samples import answers
from samples.cast import Cast
from samples.clock import BEGIN, utc
from samples.office import FORM, ORDER, RESET, SHIPPING

_DROPS = (
    ("dropped-bounced", "Bounced Address", 4),
    ("dropped-unsubscribed", "Unsubscribed Address", 3),
    ("dropped-spam-report", "Spam Reporting Address", 3),
    ("dropped-invalid", "Invalid", 3),
)
_REFUSALS = (
    (
        "bounced",
        "unknown",
        ("gmail.example", "outlook.example", "yahoo.example", "docomo.example", "example.org"),
    ),
    ("bounced", "disabled", ("gmail.example", "hoshinet.example")),
    (
        "blocked-reputation",
        "reputation",
        ("gmail.example", "outlook.example", "kitano-shoji.example", "icloud.example"),
    ),
    ("blocked-list", "list", ("asahi-clinic.example", "example.net")),
    ("blocked-content", "content", ("mori-design.example", "softbank.example")),
    ("blocked-quota", "quota", ("gmail.example", "ezweb.example")),
    ("blocked-policy", "policy", ("gmail.example", "docomo.example", "docomo.example")),
)


def refused_by_the_provider(cast: Cast) -> None:
    """The request itself failed, so the provider has nothing to tell."""
    faults = (
        ("blank-site-address", "2026-10-19 00:10", answers.BLANK_SENDER, 6, FORM),
        ("api-key-refused", "2026-10-27 06:20", answers.KEY_REFUSED, 5, ORDER),
        ("sender-not-verified", "2026-10-28 02:05", answers.NOT_VERIFIED, 3, SHIPPING),
        ("blank-body", "2026-11-02 03:00", answers.BLANK_BODY, 4, RESET),
    )
    for story, when, answer, count, occasion in faults:
        for number in range(count):
            moment = utc(when) + timedelta(minutes=7 * number, seconds=11 * number)
            cast.send(story, moment, "gmail.example" if number % 2 else "docomo.example", occasion, answer)
    for number, wrong in enumerate(("info@aozora-store,example", "yamada@", "k_mori@mori-design..example")):
        cast.send("wrong-to", utc("2026-11-06 01:00") + timedelta(hours=number), wrong, FORM, answers.WRONG_TO)
    again = cast.person("gmail.example")
    cast.send("refused-then-resent", "2026-10-30 05:00", again, FORM, answers.BLANK_BODY)
    cast.postman.accept(cast.send("refused-then-resent", "2026-10-30 05:21", again, FORM))


def dropped(cast: Cast) -> None:
    """The address stood on a stop list since long before the samples begin."""
    for story, reason, count in _DROPS:
        for number in range(count):
            moment = utc("2026-10-18 02:00") + timedelta(days=5 * number + count, hours=number)
            message = cast.send(story, moment, "yahoo.example" if number % 2 else "gmail.example")
            cast.office.stop(message.recipient, BEGIN - timedelta(days=20 + 9 * number), reason)
            cast.postman.drop(message, reason)


def refused_by_the_receiver(cast: Cast) -> None:
    """Bounces and blocks of every kind; one bounced address is written to again."""
    for turn, (story, why, domains) in enumerate(_REFUSALS):
        for number, domain in enumerate(domains):
            moment = utc("2026-10-21 01:30") + timedelta(days=4 * number + turn, minutes=41 * turn)
            cast.postman.refuse(cast.send(story, moment, domain), why)
    again = cast.person("gmail.example")
    first = cast.send("bounced-then-dropped", "2026-11-13 02:00", again)
    cast.postman.refuse(first, "unknown")
    cast.office.stop(again, first.events[-1].time, "Bounced Address")
    cast.postman.drop(cast.send("bounced-then-dropped", "2026-11-15 09:30", again, SHIPPING), "Bounced Address")


def mistyped(cast: Cast) -> None:
    """Addresses one letter away from a domain that takes mail every day; one customer corrects it."""
    for when, name, wrong in (
        ("2026-10-24 12:10", "hanako_mori", "gmial.example"),
        ("2026-11-08 13:20", "kei_wada", "gmial.example"),
        ("2026-11-16 11:05", "rie_toda", "gmai.example"),
        ("2026-11-11 04:00", "jun_ueda", "docmo.example"),
    ):
        cast.postman.refuse(cast.send("typo", when, f"{name}@{wrong}", FORM), "domain")
    cast.postman.refuse(cast.send("typo", "2026-11-18 10:40", "sho_kubo@yaho.example", FORM), "unknown")
    cast.postman.accept(cast.send("typo-corrected", "2026-10-24 12:31", "hanako_mori@gmail.example", FORM))
