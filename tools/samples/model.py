"""What one recipient's copy of a message is made of, whichever file tells of it later."""

from dataclasses import dataclass, field
from datetime import datetime

from samples.ids import ProviderIds


@dataclass(frozen=True)
class Event:
    """One thing the provider says, in its Event Webhook's words; `text` is the reason or the response."""

    time: datetime
    kind: str
    text: str = ""
    attempt: int = 0
    type: str = ""
    status: str = ""
    classification: str = ""
    url: str = ""
    agent: str = ""
    ip: str = ""
    machine: bool = False


@dataclass(frozen=True)
class Answer:
    """What the application wrote down of the provider's answer to its request."""

    code: int
    text: str

    @property
    def refused(self) -> bool:
        """Whether the provider did not take the message."""
        return self.code >= 400


@dataclass(frozen=True)
class Occasion:
    """Why the shop writes: fixes sender, address of the page, categories and custom arguments."""

    name: str
    sender: str
    uri: str
    categories: tuple[str, ...]
    template: str = ""
    group: str = ""
    tells_request: bool = False


@dataclass
class Message:
    """One recipient's copy; without `ids` the provider never saw it, without `answer` the log has no row."""

    occasion: Occasion
    recipient: str
    subject: str
    sent: datetime
    story: str
    link: str
    request_id: str
    ids: ProviderIds | None
    answer: Answer | None
    arguments: dict[str, str] = field(default_factory=dict)
    written_as: str = ""
    client_ip: str = ""
    member: str = ""
    agent: str = ""
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True)
class Orphan:
    """A bounce that comes days later and carries no message id at all."""

    recipient: str
    event: Event
