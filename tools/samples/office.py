"""The shop's side: what it sends and why, and the stop lists that grow while it does."""

from datetime import datetime, timedelta
from random import Random

from samples.ids import new_ids, request_id
from samples.model import Answer, Message, Occasion, Orphan

SHOP = "no-reply@aozora-store.example"
FORM = Occasion("contact", SHOP, "/rcms-api/1/inquiry/3", ("form",))
ORDER = Occasion(
    "order",
    "orders@aozora-store.example",
    "/rcms-api/1/order/checkout",
    ("order",),
    "d-5b0c7f4f8f0e4f0d9a3a6a52d6f1c001",
    tells_request=True,
)
SHIPPING = Occasion(
    "shipping",
    "orders@aozora-store.example",
    "/management/ec/order_edit/",
    ("order", "shipping"),
    "d-5b0c7f4f8f0e4f0d9a3a6a52d6f1c002",
)
RESET = Occasion("reset", SHOP, "/rcms-api/1/reminder", ("account",))
NOTICE = Occasion("notice", SHOP, "/rcms-api/1/order/checkout", ("internal",))
NEWSLETTER = Occasion(
    "newsletter",
    "news@aozora-store.example",
    "/direct/rcms_api/batch/magazine_sendmail_bat",
    ("newsletter", "2026-11"),
    group="12",
)
TAKEN = Answer(202, "202 Accepted")
QUIET_HOURS = timedelta(hours=6)
BROWSERS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15",
    "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36",
)


class Office:
    """Keeps every message in the order it was made, and who must not be written to any more."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.messages: list[Message] = []
        self.orphans: list[Orphan] = []
        self.stopped: dict[str, tuple[datetime, str]] = {}
        self._last: dict[tuple[str, str], datetime] = {}
        self._order = 104_200

    def order_number(self) -> str:
        """The next order number of the shop."""
        self._order += self.rng.randrange(1, 9)
        return f"A-{self._order}"

    def submit(
        self,
        occasion: Occasion,
        recipient: str,
        subject: str,
        sent: datetime,
        story: str,
        answer: Answer = TAKEN,
    ) -> Message:
        """Hand one message to the provider; a refused one gets no ids."""
        ids = None if answer.refused else new_ids(self.rng, sent)
        link = "none" if ids is None else "exact" if occasion.tells_request else "heuristic"
        request = request_id(self.rng)
        message = Message(occasion, recipient, subject, sent, story, link, request, ids, answer, written_as=recipient)
        message.arguments = {"site_id": "4711", "region": "asia-northeast1"}
        if occasion.tells_request:
            message.arguments["request_id"] = request
        self._visitor(message)
        self._last[recipient, subject] = sent
        self.messages.append(message)
        return message

    def _visitor(self, message: Message) -> None:
        """Whoever clicked: batches have neither browser nor address."""
        if message.occasion is NEWSLETTER:
            return
        message.client_ip = f"203.0.113.{self.rng.randrange(1, 255)}"
        message.agent = self.rng.choice(BROWSERS)
        message.member = "" if message.occasion is FORM else str(self.rng.randrange(1001, 2400))

    def provider_only(self, message: Message, link: str = "none") -> None:
        """Forget the application's side: another system sent it, or somebody deleted the row."""
        message.answer, message.request_id, message.link = None, "", link

    def lost(self, message: Message) -> None:
        """Taken with a 202 and never heard of again."""
        message.ids, message.link = None, "none"

    def said_lately(self, recipient: str, subject: str, moment: datetime) -> bool:
        """Whether the very same mail went to this person just now: everyday traffic avoids such pairs."""
        last = self._last.get((recipient, subject))
        return last is not None and abs(moment - last) < QUIET_HOURS

    def stop(self, recipient: str, moment: datetime, reason: str) -> None:
        """Put an address on a stop list; the first entry stays."""
        self.stopped.setdefault(recipient, (moment, reason))

    def stop_reason(self, recipient: str, moment: datetime) -> str:
        """Why the provider would drop mail to this address at that moment, or nothing."""
        since, reason = self.stopped.get(recipient, (moment, ""))
        return reason if since < moment else ""
