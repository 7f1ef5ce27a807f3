"""The whole text of a letter around the lines of its messages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC

from lasthop.pack.case import Case
from lasthop.pack.gaps import Lists
from lasthop.pack.letters.quoting import flat, quoted, stamp
from lasthop.pack.letters.wording import say
from lasthop.pack.visible import one_line

HEADER_LIMIT = 32_768
_FAILED = ("blocked", "bounced", "bounced_untyped", "expired")


@dataclass(frozen=True)
class Groups:
    """The messages of a letter by variant: the first ones line by line, and how many there are in all."""

    shown: Mapping[str, list[list[str]]]
    counts: Mapping[str, int]
    language: str

    def told(self, more: str, section: str) -> Iterator[str]:
        """Group after group; ``more`` names the sentence for those that are not shown."""
        number = 0
        for name, count in self.counts.items():
            entries = self.shown.get(name, [])
            yield say("state", name, self.language)
            if section and (asked := _asked(section, name)):
                yield say(section, asked, self.language)
            for lines in entries:
                number += 1
                yield "\n  ".join([say("label", "message", self.language, number=number), *lines])
            if count > len(entries):
                yield say("label", more, self.language, count=count - len(entries))


def _asked(section: str, name: str) -> str:
    if name in ("waiting_deferred", "waiting_past_deferred") and section == "ask_receiver":
        return "waiting_deferred"
    if name in _FAILED or (section == "ask_sendgrid" and name in ("unanswered", "accepted_then_bounced")):
        return "failed"
    if name.startswith("suppressed"):
        return "suppressed"
    same = {"accepted_from_use": "accepted", "waiting_past_deferred": "waiting_past",
            "unknown_ambiguous": "unknown_no_provider"}  # fmt: skip
    return same.get(name, name)


def as_of(time_ms: int | None, language: str) -> str:
    """For which instant the letter speaks."""
    if time_ms is None:
        return say("label", "as_of_none", language)
    return say("label", "as_of", language, time=stamp(time_ms, UTC))


def to_sendgrid(groups: Groups, state: str, case: Case) -> str:
    """The letter to the e-mail provider."""
    asked = [f"Our question: {quoted(case.question, '', 1000)}"] if case.question.strip() else []
    return _joined(["Hello SendGrid support,", *groups.told("more_table", "ask_sendgrid"), *asked, state, "Thank you."])


def to_receiver(groups: Groups, state: str, domain: str, times: str, receiver: str | None) -> str:
    """The letter to the administrator of a receiving domain; ``times`` says which zone its times are in."""
    desk = _receiver_desk(receiver)
    return _joined(
        [
            f"To the mail administrator of {flat(domain)},",
            "we sent mail through SendGrid to recipients of your domain and ask for your help.",
            times,
            *([say("receiver_desk", desk)] if desk else []),
            *groups.told("more", "ask_receiver"),
            state,
            "Thank you.",
        ]
    )


def _receiver_desk(receiver: str | None) -> str | None:
    name = (receiver or "").lower()
    marks = {"microsoft": ("microsoft", "outlook"), "google": ("google", "gmail"), "apple": ("apple", "icloud")}
    return next((desk for desk, words in marks.items() if any(word in name for word in words)), None)


def to_kuroco(groups: Groups, state: str, case: Case, lists: Lists) -> str:
    """The letter to Kuroco support."""
    language = groups.language
    none = say("kuroco", "none", language)
    absent = say("label", "not_supplied", language)
    texts = (("case", case.title), ("question", case.question))
    reference = flat(case.ticket.get("reference", "").strip(), 500)
    accepted = any(name.startswith("accepted") and name != "accepted_then_bounced" for name in groups.counts)
    return _joined(
        [
            say("kuroco", "mask", language),
            say("kuroco", "hello", language),
            *(say("kuroco", name, language, text=quoted(each, "", 1000)) for name, each in texts if each.strip()),
            say("kuroco", "reference", language, text=reference or absent),
            f"{say('kuroco', 'header', language)}\n{_header(case, language)}",
            *groups.told("more_table", ""),
            say(
                "kuroco",
                "checked",
                language,
                loaded=", ".join(lists.loaded) or none,
                not_loaded=", ".join(lists.not_loaded) or none,
            ),
            *([say("kuroco", "limit", language)] if accepted else []),
            state,
            say("kuroco", "bye", language),
        ]
    )


def _header(case: Case, language: str) -> str:
    """The pasted header with a mark before each line, so that none of them passes for a line of the letter."""
    header = case.ticket.get("header", "").strip()
    if not header:
        return say("kuroco", "no_header", language)
    lines = [f"> {one_line(line)}" for line in header[:HEADER_LIMIT].splitlines()]
    return "\n".join([*lines, *([say("kuroco", "cut", language)] if len(header) > HEADER_LIMIT else [])])


def to_person(groups: Groups, to: str) -> str:
    """The letter to the person who misses the mail, with no address but theirs and the sender."""
    language = groups.language
    parts = [say("person", "hello", language, to=flat(to, 320))]
    for name, count in groups.counts.items():
        entries = groups.shown.get(name, [])
        parts += ["\n".join(lines) for lines in entries]
        if count > len(entries):
            parts.append(say("label", "more", language, count=count - len(entries)))
        parts.append(say("person", _plain(name), language))
    return _joined([*parts, say("person", "bye", language)])


def _plain(name: str) -> str:
    """Several variants are one and the same to the person who waits for the mail."""
    if name.startswith("waiting"):
        return "waiting" if "past" not in name else "unknown"
    if name in (*_FAILED, "unanswered"):
        return "failed"
    return "unknown" if name.startswith("unknown") and name != "unknown_by_design" else name


def _joined(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"
