"""What can go wrong when a service is asked, as sentences: what happened, the particulars, the next step."""

import json
import re
from dataclasses import dataclass

from lasthop.errors import Failure, InputError, LasthopError, NotFound


class Refused(InputError):
    """The service does not do what was asked, and will not when it is asked again: a person has to change something."""

    def __init__(self, status: int, title: str, message: str = "", hint: str = "") -> None:
        super().__init__(title, message, hint)
        self.status = status


class NothingThere(Refused, NotFound):
    """404: the service has no such thing, or has it no more."""


class Unanswered(Failure):
    """No answer that can be used, after every try: the network, the service's own trouble, or a page in between.

    ``body`` holds the bytes of the last answer that could not be read, empty when there was none.
    """

    def __init__(self, title: str, message: str = "", hint: str = "", body: bytes = b"") -> None:
        super().__init__(title, message, hint)
        self.body = body


class Stopped(Exception):
    """Somebody asked that the work stop. What was brought before stays."""


@dataclass(frozen=True)
class Right:
    """What it takes to be let in: said when a service says no."""

    what: str
    """What is asked for, in words: ``the Email Logs``."""
    scopes: tuple[str, ...] = ()
    """Scopes of an API key; one of them is enough. Empty where nobody documents it."""
    add_on: str = ""
    """What has to be bought beside it."""

    @property
    def needs(self) -> str:
        """A sentence for a person whose key was refused."""
        scope = f"the scope {' or '.join(self.scopes)}" if self.scopes else "read access to it"
        return f"The key needs {scope}{f', and the account {self.add_on}' if self.add_on else ''}."


_NO_ADD_ON = re.compile("authorization required", re.I)
"""What SendGrid answers, with 400 or 401, where the add-on was not bought."""
_RENEW = "Make a key with the rights that are needed at SendGrid under Settings, API Keys, and use that."


def refusal(status: int, body: bytes, right: Right, service: str = "SendGrid") -> LasthopError:
    """The error for a status that asking again will not change (300 to 499)."""
    said = said_in(body)
    quoted = f"{service} says: {said}." if said else ""
    if looks_like_page(body) or 300 <= status < 400:
        return page_between(body, service)
    if status in (400, 401) and right.add_on and _NO_ADD_ON.search(said):
        return Refused(
            status,
            f"{service} does not open {right.what} to this account.",
            quoted,
            f"{right.needs} The Email Logs need no add-on.",
        )
    return {
        401: Refused(401, f"{service} does not know this key.", quoted, _RENEW),
        403: Refused(403, f"This key may not read {right.what}.", quoted, right.needs),
        404: NothingThere(
            404, f"{service} has nothing under that name in {right.what}.", quoted, "It may be older than it is kept."
        ),
        413: Refused(
            413, f"The request for {right.what} is larger than {service} takes.", quoted, "Ask for less at once."
        ),
    }.get(
        status,
        Refused(
            status,
            f"{service} does not understand what it was asked about {right.what} ({status}).",
            quoted,
            "Update lasthop; if that does not help, report it with this line.",
        ),
    )


def page_between(body: bytes, service: str = "SendGrid") -> Unanswered:
    """The error for a page where data should be."""
    return Unanswered(
        f"It was not {service} that answered, but a page.",
        "A proxy or a login page stands between this machine and the service.",
        "Open any page in a browser, sign in to the network, and ask again.",
        body,
    )


def too_many(tries: int, right: Right, service: str = "SendGrid") -> Unanswered:
    """The error for 429 after every try."""
    return Unanswered(
        f"{service} still says that it is asked too often.",
        f"{right.what[:1].upper()}{right.what[1:]}: {tries} tries, each after the wait that it named.",
        "Go on later; other programs with the same account count too.",
    )


def out_of_order(status: int, tries: int, service: str = "SendGrid") -> Unanswered:
    """The error for 500 to 599 after every try."""
    return Unanswered(f"{service} cannot answer now ({status}).", f"It was asked {tries} times.", "Go on later.")


def unreachable(why: str, tries: int, host: str) -> Unanswered:
    """The error for no connection, or one that broke off or stood still."""
    return Unanswered(f"{host} cannot be reached.", f"{why} It was asked {tries} times.", "Look at the network.")


def unreadable(why: str, body: bytes, service: str = "SendGrid") -> Unanswered:
    """The error for an answer that is no JSON, or not the JSON that it should be."""
    return Unanswered(f"An answer of {service} cannot be read.", why, "Go on later; if it stays so, report it.", body)


def looks_like_page(body: bytes) -> bool:
    """Tell HTML, as far as its beginning tells."""
    return body.lstrip()[:64].lower().startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<!--"))


def said_in(body: bytes) -> str:
    """What an error body says: its messages in one line of at most 300 characters; empty when it says nothing."""
    try:
        held = json.loads(body)
        listed = held["errors"] if isinstance(held, dict) and "errors" in held else [held]
        texts = [str(one.get("message") or one.get("error") or "") for one in listed if isinstance(one, dict)]
    except (ValueError, TypeError, RecursionError):
        return ""
    line = " ".join(" ".join(text.split()) for text in texts if text)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)[:300].rstrip(".")
