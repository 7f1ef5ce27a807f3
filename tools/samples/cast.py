"""The people of the stories: nobody in the everyday traffic has an underscore in the address."""

from datetime import datetime, timedelta

from samples.clock import utc
from samples.model import Answer, Message, Occasion
from samples.office import FORM, ORDER, RESET, SHIPPING, TAKEN, Office
from samples.postman import Postman
from samples.traffic import subject_for

_NAMES = ("mori", "ogawa", "kondo", "endo", "ota", "hara", "kubo", "noda", "sugi", "toda", "ueda", "wada")
_IN_TURN = (ORDER, SHIPPING, RESET)


class Cast:
    """Sends one story's message at a time, each to a person who gets no other mail."""

    def __init__(self, office: Office, postman: Postman) -> None:
        self.office = office
        self.postman = postman
        self.rng = postman.rng
        self._count = 0

    def person(self, domain: str) -> str:
        """A new address."""
        self._count += 1
        return f"{_NAMES[self._count % len(_NAMES)]}_{self._count:03d}@{domain}"

    def send(
        self,
        story: str,
        when: str | datetime,
        to: str,
        occasion: Occasion | None = None,
        answer: Answer = TAKEN,
    ) -> Message:
        """Submit; `to` is a domain or a whole address. What becomes of it is for the story to say."""
        recipient = to if "@" in to else self.person(to)
        moment = utc(when) if isinstance(when, str) else when
        occasion = occasion or _IN_TURN[self._count % len(_IN_TURN)]
        subject = subject_for(occasion, recipient, self.office.order_number())
        return self.office.submit(occasion, recipient, subject, moment, story, answer)

    def pair(self, story: str, when: str, to: str, apart: float) -> tuple[Message, Message]:
        """The same form sent twice by the same person: same recipient, same subject."""
        recipient, first = self.person(to), utc(when)
        second = first + timedelta(seconds=apart)
        return self.send(story, first, recipient, FORM), self.send(story, second, recipient, FORM)
