"""The whole text of a letter around the lines of its messages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from lasthop.pack.case import Case
from lasthop.pack.gaps import Lists
from lasthop.pack.letters.arrival import Arrival, Sign
from lasthop.pack.letters.quoting import flat, quoted, stamp
from lasthop.pack.letters.variant import Group
from lasthop.pack.letters.wording import answer, say, wordings


@dataclass(frozen=True)
class Groups:
    """The messages of a letter by group: the first ones line by line, and how many there are in all."""

    shown: Mapping[Group, list[list[str]]]
    counts: Mapping[Group, int]
    language: str

    def told(self, more: str, section: str) -> Iterator[str]:
        """Group after group; ``more`` names the sentence for those that are not shown. Nothing is asked twice."""
        number, before = 0, set[str]()
        for group, count in self.counts.items():
            entries = self.shown.get(group, [])
            yield _state(group, self.language)
            if asked := _asked(section, group):
                yield say("label", "same", self.language) if asked in before else say(section, asked, self.language)
                before.add(asked)
            for lines in entries:
                number += 1
                yield "\n  ".join([say("label", "message", self.language, number=number), *lines])
            if count > len(entries):
                yield say("label", more, self.language, count=count - len(entries))


def _state(group: Group, language: str) -> str:
    """What happened, and that the answer to it stands below where it does."""
    said, named = say("state", group.variant, language), answer(group.variant)
    if not group.answered or named is None:
        return said
    return say("label", "sentence", language).join([said, say("answer", named, language)])


def _asked(section: str, group: Group) -> str | None:
    """The question to ask; None where the wordings of the desk have none for the variant."""
    if group.listed:
        return "still"
    asked: str | None = wordings()["asked"][section].get(group.variant)
    return asked


def closing(time_ms: int | None, zone: tzinfo, language: str, *, redacted: bool) -> str:
    """For which instant the letter speaks, and what of it is masked."""
    said = say("label", "as_of_none", language)
    if time_ms is not None:
        said = say("label", "as_of", language, time=stamp(time_ms, zone))
    return "\n".join([said, *([say("label", "masked", language)] if redacted else [])])


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


def to_kuroco(groups: Groups, state: str, case: Case, lists: Lists, header: str) -> str:
    """The letter to Kuroco support; ``header`` is what it says of the header of the received mail."""
    language = groups.language
    none, comma = say("kuroco", "none", language), say("label", "comma", language)
    absent = say("label", "not_supplied", language)
    texts = (("case", case.title), ("question", case.question))
    about = [say("kuroco", name, language, text=quoted(each, "", 1000)) for name, each in texts if each.strip()]
    reference = flat(case.ticket.get("reference", "").strip(), 500)
    return _joined(
        [
            say("kuroco", "mask", language),
            say("kuroco", "hello", language),
            "\n".join([*about, say("kuroco", "reference", language, text=reference or absent)]),
            *groups.told("more_table", "ask_kuroco"),
            f"{say('kuroco', 'header', language)}\n{header}",
            say(
                "kuroco",
                "checked",
                language,
                loaded=comma.join(lists.loaded) or none,
                not_loaded=comma.join(lists.not_loaded) or none,
            ),
            state,
            say("kuroco", "bye", language),
        ]
    )


_BEFORE = {Arrival.FAILED: "before_failed", Arrival.HELD: "before_held"}


def to_person(groups: Groups, to: str, state: str, newest: Sign | None) -> str:
    """The letter to the person who misses the mail, with no address but theirs and the sender.

    ``state`` says for which instant it speaks: what is on its way now may have come since. ``newest`` says whether the
    letter itself would arrive: its sender is told so.
    """
    language = groups.language
    advice = _BEFORE.get(newest[1]) if newest else None
    parts = [*([say("person", advice, language)] if advice else []), say("person", "hello", language, to=flat(to, 320))]
    doubts: dict[str, None] = {}
    for group, count in groups.counts.items():
        entries = groups.shown.get(group, [])
        lines = [entry[0] for entry in entries]
        doubts.update(dict.fromkeys(doubt for entry in entries for doubt in entry[1:]))
        if count > len(entries):
            lines.append(say("label", "more", language, count=count - len(entries)))
        parts += ["\n".join(lines), say("person", group.variant, language)]
    waiting = [state] if Group("waiting") in groups.counts else []
    return _joined([*parts, *doubts, *waiting, say("person", "bye", language)])


def _joined(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"
