"""Outcome x desk: the sentences that must stand in a letter. What the table names for one case stands in no other."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from lasthop.explain import Dossier, Entry, dossier
from lasthop.model.kinds import STOP_LISTS
from lasthop.pack import Case
from lasthop.pack.gaps import Lists
from lasthop.pack.letters import Collector
from lasthop.pack.letters.variant import BY_DESIGN, variant
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.exports import ACTIVITY, MAIL_LOG, activity, every_message, load, mail_log, table, webhook

OLD, OLDER = "2026-10-30 11:00:00.000", "2026-10-28 11:00:00.000"
"""73 and 121 hours before the newest event: past the 72 hours of retrying, and past the day after them."""
BUSY = "451 4.3.2 The server is busy, please try again later"
GONE = "550 5.1.1 No such user"
Row = tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """``rows`` of the activity export; then what each letter says, "" where the desk gets none.

    ``says`` and ``ja``: what happened, in every English letter to a desk and in the Japanese one. ``sendgrid`` and
    ``receiver``: what is asked; ``person`` and ``person_ja``: what the person reads.
    """

    name: str
    rows: tuple[Row, ...]
    says: str
    ja: str
    sendgrid: str
    receiver: str
    kuroco: str
    person: str
    person_ja: str


def rows(number: int, event: str, **cells: str) -> tuple[Row, Row]:
    """Processed, and how it ended."""
    return activity(number, "processed", 0), activity(number, event, 4, **cells)


CONFIRM = "Please confirm the type of the event, the host that was tried"
FITS = "tell us whether the type of the event fits it"
MET = "what you met when you tried to connect"
REFUSED = "tell us whether your server refused it and, if so, which rule"
PUT_OFF = "Please tell us whether your server put it off"
REACHED = "whether your server could be reached"
DROPPED = "Please confirm why it was dropped"
ENDING = "Please tell us what became of it"
IN_LOGS = "whether such a message is in your logs"
RECORDS = "what Kuroco's mail log and SendGrid log hold on it"
IN_BOUNCES = "whether the recipient is in Bounces"
STILL = "please check whether that entry still stands."
IN_LISTS = "which suppression list holds the recipient"
SLOW = "anything is known on your side that slows"
NOT_KNOWN = ("We do not know yet what became of it.", "配信の結果は、まだ確認できておりません。")
PLEASE_CHECK = (
    "It could not be delivered. Please check that the address above is right",
    "配信できませんでした。お手数ですが、上記のアドレスに誤りがないか、また",
)
NOT_IN_USE = (
    "it seems that the address does not exist or is no longer in use",
    "アドレスが存在しないか、使用されていない可能性",
)
NOT_ITS_FAULT = ("The record does not point to your address", "お客様のアドレスが原因とは見受けられません")
MAILBOX = ("your mailbox could not take it", "メールボックスの容量超過や利用停止")
GIVEN_UP = ("our mail service gave it up", "配信できず、メール配信サービスが送信を打ち切りました")
NO_ANSWER = ("got no answer from the mail system", "メールシステムからの応答が得られなかった")
STILL_TRYING = ("Our records do not show it as delivered yet", "まだ配信の完了を確認できておらず")
BLOCK = (
    "SendGrid files it as a refusal of this mail, not of the address. The recorded reply is below.",
    "宛先アドレスではなくこのメールの拒否です。応答の記録は以下に記載しています。",
)
BOUNCE = (
    "SendGrid files it as a lasting refusal of the address. The recorded reply is below.",
    "宛先アドレスの恒久的な拒否です。応答の記録は以下に記載しています。",
)
UNANSWERED = ("SendGrid files it as a lasting refusal of the address.\n", "宛先アドレスの恒久的な拒否です。\n")

TABLE = (
    Told("accepted", rows(1, "delivered", reason="250 ok"),
         "say that the receiving server accepted the mail below. They do not say in which folder it is.", "以下のメールは受信側サーバーに受け付けられています。",
         "Please confirm the delivery from your own logs", "Please trace it from acceptance on", RECORDS,
         "Our records say that your mail system accepted it. We cannot see in which folder it is.", "お使いのメールシステムで受け付けられたことを確認しております。"),
    Told("accepted_from_engagement", rows(2, "open"),
         "That the receiving server accepted it is inferred from this", "受信側サーバーが受け付けたことは、この記録からの推定です。",
         "Please confirm the delivery from your own logs", "whether your server accepted it and, if so, trace it", RECORDS,
         "perhaps made by a program, so it seems to have reached your mail system", "お使いのメールシステムには届いているものと思われます"),
    Told("accepted_then_bounced", (*rows(3, "delivered", reason="250 ok"), activity(3, "bounce", 90, reason=GONE, type="bounce")),
         "and a bounce.", "バウンスの記録の両方があります。",
         "Please confirm acceptance and bounce from your own logs", "if so, what returned it and why", IN_BOUNCES,
         "and also that it came back", "戻ってきた記録の両方がございます"),
    Told("complained", (*rows(4, "delivered", reason="250 ok"), activity(4, "spamreport", 90)),
         "A spam report is on record for the mail below.", "迷惑メール報告の記録があります。", "", "", RECORDS, "", ""),
    Told("waiting", (activity(5, "processed", 0),),
         "Neither a deferral nor a final event is in the loaded data, and 72 hours have not passed", "最初の記録から72時間は経過していません。",
         "", "", SLOW, *STILL_TRYING),
    Told("waiting_deferred", rows(6, "deferred", reason=BUSY),
         "72 hours have not passed since the first deferral on record", "記録上の最初の延期から72時間は経過しておらず", "", PUT_OFF, SLOW, *STILL_TRYING),
    Told("waiting_past_window", (activity(7, "processed", 0, processed=OLD),),
         "More than 72 hours have passed since its first record", "最初の記録から72時間以上が経過していますが", ENDING, "", RECORDS, *NOT_KNOWN),
    Told("waiting_past_window_deferred", (activity(8, "deferred", 0, processed=OLD, reason=BUSY),),
         "More than 72 hours have passed since the first deferral", "最初の延期から72時間以上が経過していますが", ENDING, PUT_OFF, RECORDS, *NOT_KNOWN),
    Told("unknown", (activity(9, "processed", 0, processed=OLDER),),
         "SendGrid has the mail below, and nothing that was loaded says how it ended.", "読み込んだデータからは最終結果が分かりません。", ENDING, "", RECORDS, *NOT_KNOWN),
    Told("unknown_no_provider", (),
         "says that SendGrid took the request for the mail below. No SendGrid event", "送信リクエストはSendGridに受け付けられています。", IN_LOGS, "", RECORDS, *NOT_KNOWN),
    Told("unknown_not_understood", (),
         "does not say whether SendGrid took the request. No SendGrid event", "受け付けたかどうかはログから分かりません。", "", "", RECORDS, *NOT_KNOWN),
    Told("unknown_ambiguous", tuple(activity(12, "delivered", n, message_id=f"{str(n) * 22}.recvd-5bd4c9fb6-p2x8q-1-6907495B-1.0", recv_message_id=str(n) * 22, reason="250 ok") for n in (1, 2)),
         "more rows like the one below than SendGrid has messages", "どの行かは特定できません。", IN_LOGS, "", RECORDS, *NOT_KNOWN),
    Told(BY_DESIGN, (), "is one of Kuroco's trigger addresses", "Kurocoのトリガー用アドレスです。", "", "", "Please confirm that this is as intended", "", ""),
    Told("not_handed_over", (), "says that SendGrid refused the request for the mail below.", "送信リクエストはSendGridに拒否されています。",
         "", "", "find the setting in Kuroco", "our mail service did not take our request", "送信の受け付けがされず"),
    Told("suppressed_bounces", rows(15, "drop", reason="Bounced Address"), "gave a bounced address as the reason", "（Bounced Address）であることを理由に",
         DROPPED, "", IN_BOUNCES, "that earlier mail to this address came back", "メールが戻ってきたことを理由に"),
    Told("suppressed_spam_reports", rows(16, "drop", reason="Spam Reporting Address"), "gave an earlier spam report as the reason", "過去の迷惑メール報告を理由に",
         DROPPED, "", IN_LISTS, "gives an earlier spam report as the reason", "迷惑メールとして報告されたことを理由に"),
    Told("suppressed_unsubscribes", rows(17, "drop", reason="Unsubscribed Address"), "gave an unsubscription as the reason", "配信停止の登録を理由に、SendGridが",
         DROPPED, "", IN_LISTS, "gives an unsubscription as the reason", "配信停止の登録を理由に、メール配信サービスが"),
    Told("suppressed_invalid_emails", rows(18, "drop", reason="Invalid"), "gave an invalid address as the reason", "無効なアドレスであることを理由に",
         DROPPED, "", IN_LISTS, "takes the address for invalid", "無効なアドレスと判断したため"),
    Told("suppressed_other", rows(19, "drop", reason="Spam Content"), "The reason it gave is below.", "理由の記録は以下に",
         DROPPED, "", RECORDS, "our mail service held it back. We will look into the reason", "メール配信サービスが送信を止めたため"),
    Told("bounced", rows(20, "bounce", reason=GONE, type="bounce"), *BOUNCE, CONFIRM, REFUSED, IN_BOUNCES, *NOT_IN_USE),
    Told("bounced", rows(21, "bounce", type="bounce"), *UNANSWERED, CONFIRM, REFUSED, IN_BOUNCES, *PLEASE_CHECK),
    Told("bounced", rows(22, "bounce", reason="552 5.2.2 Mailbox full", type="bounce"), *BOUNCE, CONFIRM, REFUSED, IN_BOUNCES, *MAILBOX),
    Told("bounced_not_the_address", rows(23, "bounce", reason="550 5.7.1 Blocked: message content rejected as spam", type="bounce"),
         "does not read as if the address was the reason", "アドレス以外が原因と推定されます", FITS, REFUSED, IN_BOUNCES, *NOT_ITS_FAULT),
    Told("bounced_untyped", rows(24, "bounce", reason=""), "does not say of which type: a refusal of the address", "種別は読み込んだデータにありません", CONFIRM, REFUSED, IN_BOUNCES, *PLEASE_CHECK),
    Told("blocked", rows(25, "bounce", reason="554 5.7.1 Client host [192.0.2.9] blocked using bl.example", type="blocked"), *BLOCK, CONFIRM, REFUSED, RECORDS, *NOT_ITS_FAULT),
    Told("blocked", rows(26, "bounce", reason="452 4.2.2 The email account that you tried to reach is over quota", type="blocked"), *BLOCK, CONFIRM, REFUSED, RECORDS, *MAILBOX),
    Told("blocked_by_the_address", rows(27, "bounce", reason=GONE, type="blocked"), "but the recorded reply reads as if the address was the reason", "宛先アドレスが原因と推定されます", FITS, REFUSED, RECORDS, *NOT_IN_USE),
    Told("blocked_after_retries", (activity(28, "deferred", 0, processed=OLD, reason=BUSY), activity(28, "bounce", 0, reason=BUSY, type="blocked")),
         "at the end of the 72 hours in which SendGrid retries", "再送期間（72時間）の終わりにブロックの記録", CONFIRM, PUT_OFF, RECORDS, *GIVEN_UP),
    Told("blocked_unanswered", rows(29, "bounce", reason="error dialing remote address: dial tcp 203.0.113.25:25: i/o timeout", type="blocked"),
         "gave up the mail below and filed it as a block", "配信を打ち切り、ブロックに分類しています", MET, REACHED, RECORDS, *NO_ANSWER),
    Told("no_mail_server", rows(32, "bounce", reason="unable to get mx info: failed to get IPs from PTR record: lookup <nil>: unrecognized address", type="blocked"),
         "reads as if it found no mail server", "メールサーバーが見つからなかったものと推定されます", "what your look-up of the domain's mail servers (MX) returned", "", RECORDS, *NOT_IN_USE),
    Told("blocked", rows(33, "bounce", reason="550 5.7.1 <u>: Recipient refuses mail from this sender", type="blocked"), *BLOCK, CONFIRM, REFUSED, RECORDS,
         "your mailbox, or a setting for it, refused our mail", "メールボックスまたはその設定により、受信が拒否された"),
    Told("expired", rows(30, "bounce", reason=BUSY, type="expired"), "gave up the mail below as expired. The last recorded reply is below.", "SendGridが配信を打ち切っています。最後の応答の記録は以下に記載しています。", CONFIRM, PUT_OFF, RECORDS, *GIVEN_UP),
    Told("expired_unanswered", rows(31, "bounce", reason="error dialing remote address: dial tcp 203.0.113.25:25: i/o timeout", type="expired"),
         "gave up the mail below as expired. What it noted has no SMTP code", "SendGridが配信を打ち切っています。記録にSMTPコードがない", MET, REACHED, RECORDS, *NO_ANSWER),
)  # fmt: skip
ROWS = {"unknown_no_provider": 10, "unknown_not_understood": 11, BY_DESIGN: 13, "not_handed_over": 14}
LOG = [
    mail_log(10, 0),
    (*mail_log(11, 0)[:3], "", "", *mail_log(11, 0)[5:]),
    *(mail_log(12, second) for second in (0, 1, 2)),
    (*mail_log(13, 0)[:2], "room@slack.r-cms.jp", *mail_log(13, 0)[3:]),
    (*mail_log(14, 0)[:3], "401", '{"errors":[{"message":"authorization required"}]}', *mail_log(14, 0)[5:]),
]
LISTED_MS = 1793620804000
"""2026-11-02 12:00:04 UTC, when the messages of the table end."""
HELD = (
    "[Before sending: by the loaded data, SendGrid holds back mail to this address",
    "［ご送信の前に：読み込んだデータでは、SendGridがこのアドレス宛てのメールの配信を止めています。",
)
CAME_BACK = (
    "[Before sending: mail to this address did not get through, so this letter may not arrive either.",
    "［ご送信の前に：このアドレス宛てのメールは配信できておらず、この文面も届かない可能性があります。",
)
ARRIVES = ("", "")
"""It does, or nothing of it is known."""
BEFORE = {
    **dict.fromkeys(("suppressed_bounces", "suppressed_spam_reports"), HELD),
    **dict.fromkeys(("suppressed_unsubscribes", "suppressed_invalid_emails"), HELD),
    **dict.fromkeys(("bounced", "bounced_not_the_address", "bounced_untyped", "accepted_then_bounced"), CAME_BACK),
    **dict.fromkeys(("blocked", "blocked_by_the_address", "blocked_after_retries", "blocked_unanswered"), CAME_BACK),
    "no_mail_server": CAME_BACK,
    **dict.fromkeys(("expired", "expired_unanswered"), CAME_BACK),
    **dict.fromkeys(("accepted", "accepted_from_engagement", "waiting", "waiting_deferred"), ARRIVES),
    **dict.fromkeys(("waiting_past_window", "waiting_past_window_deferred", "unknown"), ARRIVES),
    **dict.fromkeys(("unknown_no_provider", "unknown_not_understood", "unknown_ambiguous"), ARRIVES),
    # A request that was refused, or dropped for what it held, says nothing of the address.
    **dict.fromkeys(("not_handed_over", "suppressed_other"), ARRIVES),
}
LISTS = Lists(STOP_LISTS[:2], STOP_LISTS[2:])
IDS = [f"{number}-{told.name}" for number, told in enumerate(TABLE)]


def recipient_of(told: Told) -> str:
    if told.name == BY_DESIGN:
        return "room@slack.r-cms.jp"
    return told.rows[0][ACTIVITY.index("email")] if told.rows else f"user{ROWS[told.name]}@mail.example"


@pytest.fixture(scope="module")
def dossiers(tmp_path_factory: pytest.TempPathFactory) -> list[Dossier]:
    folder = tmp_path_factory.mktemp("table")
    workspace = Workspace(folder / "workspace")
    export = table(ACTIVITY, [row for told in TABLE for row in told.rows]).encode()
    log = table(MAIL_LOG, LOG).encode("cp932")
    load(workspace, folder / "files", [("activity.csv", export), ("mail_log.csv", log)])
    with look(workspace) as snapshot:
        return [dossier(snapshot, each, hints=False) for each in every_message(snapshot)]


def of(told: Told, dossiers: list[Dossier]) -> Dossier:
    """The message of the case: the one of its recipient that is of this variant."""
    found = [known for known in dossiers if known.message.recipient == recipient_of(told)]
    (known,) = (known for known in found if variant(known) == told.name)
    return known


def letters_of(known: Dossier, case: Case | None = None) -> dict[str, str]:
    """Desk and language -> text."""
    collector = Collector(case or Case("c"), zone="Asia/Tokyo", as_of_ms=known.as_of_ms, lists=LISTS)
    collector.take(known)
    return {f"{letter.desk}.{letter.language}": letter.text for letter in collector.letters()}


def wanted(told: Told) -> dict[str, tuple[str, ...]]:
    """Desk and language -> the sentences that must be there; a desk that is not named gets no letter."""
    made = {
        "sendgrid.en": (told.says, told.sendgrid),
        "receiver.en": (told.says, told.receiver),
        "kuroco.en": (told.says, told.kuroco),
        "kuroco.ja": (told.ja,),
        "person.en": (told.person,),
        "person.ja": (told.person_ja,),
    }
    return {name: sentences for name, sentences in made.items() if all(sentences)}


def every_sentence() -> Iterator[str]:
    for told in TABLE:
        for sentences in wanted(told).values():
            yield from sentences


@pytest.mark.parametrize("told", TABLE, ids=IDS)
def test_each_letter_says_what_holds_and_nothing_that_another_case_says(told: Told, dossiers: list[Dossier]) -> None:
    made = letters_of(of(told, dossiers))
    expected = wanted(told)
    assert set(made) == set(expected)
    for name, text in made.items():
        for sentence in expected[name]:
            assert text.count(sentence) == 1, (name, sentence)
        strange = [each for each in set(every_sentence()) if each in text and each not in expected[name]]
        assert not strange, (name, strange)
        assert "None" not in text, name


@pytest.mark.parametrize("told", [told for told in TABLE if told.person], ids=lambda told: told.name)
def test_the_sender_is_told_first_that_a_letter_to_the_person_will_not_arrive(
    told: Told, dossiers: list[Dossier]
) -> None:
    known = of(told, dossiers)
    for language, advice in zip(("en", "ja"), BEFORE[told.name], strict=True):
        text = letters_of(known)[f"person.{language}"]
        assert text.startswith(advice or ("Hello", "お世話に")[language == "ja"])
        assert sum(each in text for each in ("Before sending", "ご送信の前に")) == bool(advice)
    # A stop list that holds the address since holds back any mail; a block holds back none.
    listed = [{"stop_list": "bounces", "time_ms": known.message.sent_ms + 1}]
    assert letters_of(replace(known, stop_lists=listed))["person.ja"].startswith(HELD[1])
    blocks = [{"stop_list": "blocks", "time_ms": known.message.sent_ms + 1}]
    assert letters_of(replace(known, stop_lists=blocks))["person.en"] == letters_of(known)["person.en"]


@pytest.mark.parametrize("later", ["accepted", "bounced"])
def test_the_newest_mail_says_whether_a_letter_arrives(later: str, dossiers: list[Dossier]) -> None:
    """In whatever order the messages come."""
    both = [of(next(told for told in TABLE if told.name == name), dossiers) for name in ("accepted", "bounced")]
    newest = {True: 2_000_000_000_000, False: 1_000_000_000_000}
    both = [
        replace(known, message=replace(known.message, recipient="u@mail.example", sent_ms=newest[name == later]))
        for known, name in zip(both, ("accepted", "bounced"), strict=True)
    ]
    for order in (both, both[::-1]):
        collector = Collector(Case("c"), zone="UTC", as_of_ms=None, lists=LISTS)
        for known in order:
            collector.take(known)
        (text,) = (letter.text for letter in collector.letters() if (letter.desk, letter.language) == ("person", "en"))
        assert text.startswith(CAME_BACK[0]) == (later == "bounced")


def test_every_entry_of_a_verdict_is_in_the_table() -> None:
    names = {told.name for told in TABLE}
    assert {str(entry) for entry in Entry} - {"suppressed", "no_events"} <= names


def test_a_desk_without_a_letter_is_told_why(dossiers: list[Dossier]) -> None:
    for told in TABLE:
        collector = Collector(Case("c"), zone="UTC", as_of_ms=None, lists=LISTS)
        collector.take(of(told, dossiers))
        without = {"sendgrid", "receiver", "kuroco", "person"} - {name.partition(".")[0] for name in wanted(told)}
        assert {each.desk for each in collector.not_made} == without, told.name
        assert all(each.why and each.messages == 1 for each in collector.not_made)


def test_a_bounce_that_may_be_of_either_is_told_of_both_and_counted_for_none(tmp_path: Path) -> None:
    events = [webhook(1, "delivered", second, sg_message_id=f"{mark * 22}.recvd-5bd4c9fb6-p2x8q-1-6907495B-1.0",
                      sg_event_id=f"id{mark}", response="250 ok") for mark, second in (("a", 0), ("b", 60))]  # fmt: skip
    orphan = webhook(1, "bounce", 900, sg_message_id="", sg_event_id="idc", reason=GONE, type="bounce")
    workspace = Workspace(tmp_path / "workspace")
    load(workspace, tmp_path / "files", [("hook.json", json.dumps([*events, orphan]).encode())])
    with look(workspace) as snapshot:
        both = [dossier(snapshot, each, hints=False) for each in every_message(snapshot)]
    assert [variant(known) for known in both] == ["accepted", "accepted"]
    for known in both:
        made = letters_of(known)
        assert "not counted here: 2026-11-02 12:15:00 UTC bounce, type bounce\n" in made["receiver.en"]
        assert "判断に含めていません：2026-11-02 12:15:00 UTC bounce, type bounce\n" in made["kuroco.ja"]
        assert "a record of a mail to you that came back; we cannot tell which one it was." in made["person.en"]
        assert (
            "お送りしたメールが戻ってきた記録がございますが、どのメールかは特定できておりません。" in made["person.ja"]
        )
        assert GONE not in made["receiver.en"] + made["sendgrid.en"]
        assert all("bounce is on record" not in text for text in made.values())


@pytest.mark.parametrize("stop_list", STOP_LISTS)
def test_kuroco_reads_which_loaded_list_holds_the_recipient(stop_list: str, dossiers: list[Dossier]) -> None:
    known = of(TABLE[IDS.index("14-suppressed_bounces")], dossiers)
    made = letters_of(replace(known, stop_lists=[{"stop_list": stop_list, "time_ms": LISTED_MS}]))
    since = "2026-11-02 21:00:04 UTC+09:00"
    assert f"that hold the recipient: {stop_list} since {since} (as of their export)" in made["kuroco.en"]
    assert f"（読み込んだもの、エクスポート時点）：{stop_list}（{since}から）" in made["kuroco.ja"]
    # What the list tells is not asked for: only whether it still holds.
    asked = (IN_BOUNCES in made["kuroco.en"], STILL in made["kuroco.en"], "現在も登録されているか" in made["kuroco.ja"])
    assert asked == ((False, True, True) if stop_list == "bounces" else (True, False, False))
    undated = letters_of(replace(known, stop_lists=[{"stop_list": stop_list, "time_ms": None}]))
    assert f"that hold the recipient: {stop_list}, date not known (as of their export)" in undated["kuroco.en"]
    # The reason stays the one that SendGrid gave: that a list holds the address does not make it the reason.
    assert "gave a bounced address as the reason" in made["kuroco.en"]
    assert f": {stop_list}" not in made["person.en"] + made["person.ja"]
    assert "that hold the recipient: none (as of their export)" in letters_of(known)["kuroco.en"]
