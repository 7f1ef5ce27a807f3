"""The ordinary mail: every day's orders and forms, one newsletter, and one receiver's bad night."""

from datetime import datetime, timedelta
from random import Random

from samples.clock import END, after, everyday_moments, utc
from samples.ids import new_ids, request_id
from samples.model import Message, Occasion
from samples.office import FORM, NEWSLETTER, NOTICE, ORDER, RESET, SHIPPING, Office
from samples.people import ENGLISH, customers_of, receiver_of
from samples.postman import Postman

OUTAGE_BEGINS, OUTAGE_ENDS = utc("2026-11-04 12:00"), utc("2026-11-05 18:00")
CAMPAIGN = utc("2026-11-12 02:00")
CAMPAIGN_SUBJECT = "【Aozora Store】秋の新作ニット先行販売のお知らせ"
MAGAZINE = {"magazine_id": "7", "magazine_send_mail_list_id": "318"}

_SUBJECTS = {
    ORDER: ("【Aozora Store】ご注文ありがとうございます（注文番号 {n}）", "Your Aozora Store order {n}"),
    SHIPPING: ("【Aozora Store】商品を発送しました（注文番号 {n}）", "Your order {n} has been shipped"),
    FORM: ("お問い合わせありがとうございます", "Thank you for contacting Aozora Store"),
    RESET: ("パスワード再設定のご案内", "Reset your Aozora Store password"),
    NEWSLETTER: (CAMPAIGN_SUBJECT, CAMPAIGN_SUBJECT),
    NOTICE: ("新しいご注文がありました（{n}）", "新しいご注文がありました（{n}）"),
}
_OCCASIONS = (ORDER, SHIPPING, FORM, RESET, NOTICE)
_OCCASION_WEIGHTS = (40, 25, 16, 13, 6)
_REFUSED_SHARES = (
    ("unknown", 10),
    ("disabled", 4),
    ("reputation", 5),
    ("content", 3),
    ("quota", 5),
    ("policy", 3),
)
_STOP_REASONS = {"spamreport": "Spam Reporting Address", "unsubscribe": "Unsubscribed Address"}


def subject_for(occasion: Occasion, recipient: str, number: str) -> str:
    """Japanese to most, English to the customers with an English domain."""
    japanese, english = _SUBJECTS[occasion]
    return (english if recipient.rpartition("@")[2] in ENGLISH else japanese).format(n=number)


class Traffic:
    """Fills the five weeks with mail that mostly arrives."""

    def __init__(self, rng: Random, office: Office, people: list[str]) -> None:
        self.rng = rng
        self.office = office
        self.people = people
        self.postman = Postman(rng)

    def everyday(self, per_day: int) -> None:
        """Orders, forms and password resets; once a campaign's time has come it goes out in between."""
        campaign_waits = True
        for moment in everyday_moments(self.rng, per_day):
            if campaign_waits and moment > CAMPAIGN:
                self.campaign(400)
                campaign_waits = False
            self._one(moment)

    def _one(self, moment: datetime) -> None:
        occasion = self.rng.choices(_OCCASIONS, weights=_OCCASION_WEIGHTS)[0]
        recipient = "shop@aozora-store.example" if occasion is NOTICE else self.rng.choice(self.people)
        subject = subject_for(occasion, recipient, self.office.order_number())
        if self.office.said_lately(recipient, subject, moment):
            return
        message = self.office.submit(occasion, recipient, subject, moment, "everyday")
        self._fate(message)

    def _fate(self, message: Message) -> None:
        reason = self.office.stop_reason(message.recipient, message.sent)
        down = message.recipient.endswith("@hoshinet.example") and OUTAGE_BEGINS <= message.sent < OUTAGE_ENDS
        if reason:
            self.postman.drop(message, reason)
        elif down:
            message.story = "outage"
            self.postman.defer_then_accept(message, after(OUTAGE_ENDS, self.rng, 0, 3000), "down")
        else:
            self._tried(message)

    def _tried(self, message: Message) -> None:
        """Of a thousand: twenty-two refused, thirty-six told to come back later, the rest taken at once."""
        luck, internal = self.rng.random(), message.occasion is NOTICE
        style = receiver_of(message.recipient).style
        if luck < 0.022 and not internal:
            self._refused(message)
        elif luck < 0.058 and not internal:
            until = after(message.sent, self.rng, 60, 5400)
            self.postman.read(message, self.postman.defer_then_accept(message, until, style), 0.3)
        else:
            share = 0.0 if internal else 0.34
            self.postman.read(message, self.postman.accept(message), share)

    def _refused(self, message: Message) -> None:
        whys = [why for why, _ in _REFUSED_SHARES]
        why = self.rng.choices(whys, weights=[weight for _, weight in _REFUSED_SHARES])[0]
        self.postman.refuse(message, why)
        end = message.events[-1]
        if end.type == "bounce":
            self.office.stop(message.recipient, end.time, "Bounced Address")

    def campaign(self, count: int) -> None:
        """One newsletter in twenty minutes: twenty recipients a request, who share its X-Message-Id."""
        readers = self.people[:count]
        batch = request_id(self.rng)
        for number in range(0, count, 20):
            sent = after(CAMPAIGN + timedelta(minutes=number / 20), self.rng, 0, 20)
            ids = new_ids(self.rng, sent)
            for index, recipient in enumerate(readers[number : number + 20]):
                message = self.office.submit(NEWSLETTER, recipient, CAMPAIGN_SUBJECT, sent, "campaign")
                message.ids, message.request_id = ids.copy(index), batch
                message.arguments |= MAGAZINE
                self._newsletter_fate(message)

    def _newsletter_fate(self, message: Message) -> None:
        reason, luck = self.office.stop_reason(message.recipient, message.sent), self.rng.random()
        if reason:
            self.postman.drop(message, reason)
        elif luck < 0.03:
            self._refused(message)
        elif luck < 0.12:
            until = after(message.sent, self.rng, 300, 9000)
            what = "throttled" if self.rng.random() < 0.4 else receiver_of(message.recipient).style
            self.postman.defer_then_accept(message, until, what)
        else:
            self._newsletter_read(message, self.postman.accept(message))

    def _newsletter_read(self, message: Message, delivered: datetime) -> None:
        self.postman.read(message, delivered, 0.28)
        luck = self.rng.random()
        kinds = (("spamreport", 0.008), ("unsubscribe", 0.016), ("group_unsubscribe", 0.032))
        kind = next((kind for kind, share in kinds if luck < share), "")
        if kind:
            moment = after(delivered, self.rng, 600, 90_000)
            self.postman.say(message, moment, kind)
            if kind in _STOP_REASONS:
                self.office.stop(message.recipient, moment, _STOP_REASONS[kind])

    def outage(self, count: int) -> None:
        """Notices to customers of the provider that is down: most wait it out, one mail store stays dead."""
        span = (OUTAGE_ENDS - OUTAGE_BEGINS).total_seconds()
        for number, recipient in enumerate(self._strangers(count)):
            sent = after(OUTAGE_BEGINS, self.rng, 0, span - 7200)
            subject = subject_for(SHIPPING, recipient, self.office.order_number())
            message = self.office.submit(SHIPPING, recipient, subject, sent, "outage")
            if number < 7:
                message.story = "outage-expired"
                self.postman.expire(message, "dial" if number % 2 else "down")
            elif number < 9:
                message.story = "outage-expired-as-blocked"
                self.postman.expire(message, "dial", kind="blocked")
            else:
                what = "dial" if self.rng.random() < 0.3 else "down"
                self.postman.defer_then_accept(message, after(OUTAGE_ENDS, self.rng, 0, 5400), what)

    def _strangers(self, count: int) -> list[str]:
        known = set(self.people)
        return [who for who in customers_of(self.rng, "hoshinet.example", count) if who not in known]


def cut_off(office: Office) -> None:
    """The samples end when they were exported: what had not happened by then is not in them."""
    for message in office.messages:
        told = (event for event in message.events if event.time <= END)
        message.events = sorted(told, key=lambda event: event.time)
