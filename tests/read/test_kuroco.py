"""Kuroco's mail log and SendGrid log: labels in two languages, an older screen, a clock that must be asked for."""

import json

import pytest

from lasthop.errors import UnreadableFile
from tests.read.taking import lines, take

JAPANESE = (
    "ログ日時,ホスト,ログレベル,宛先メールアドレス,HTTPレスポンスコード,レスポンス,件名,URI,送信元IPアドレス,"
    "メンバーID,アプリケーション・リクエストID,ユーザーエージェント"
)
ENGLISH = (
    "Timestamp,Host,Log level,Recipient,HTTP response status code,Response,Subject,URI,Client IP address,"
    "Member ID,Application request ID,User agent"
)
ROW = (
    "2026/07/01 09:00:00,example.g.kuroco.app,info,User@X.jp,202,202 Accepted,お問い合わせ,/api/form,203.0.113.7,"
    "\t001,req-1,Mozilla/5.0"
)


@pytest.mark.parametrize("header", [JAPANESE, ENGLISH, ENGLISH.lower(), JAPANESE.replace("HTTP", "ＨＴＴＰ")])
def test_the_twelve_columns(header: str) -> None:
    taken = take(lines(header, ROW), "log.csv")

    event = taken.event
    assert taken.sniffed.format == "kuroco_mail_log"
    assert taken.sniffed.asks_zone
    assert event["vantage"] == "app"
    assert event["time_ms"] == 1_782_864_000_000
    assert event["time_basis"] == "assumed"
    assert (event["kind"], event["reply_code"], event["reply"]) == ("handed_over", "202", "202 Accepted")
    assert (event["recipient"], event["subject"]) == ("user@x.jp", "お問い合わせ")
    assert (event["host"], event["ip"]) == ("example.g.kuroco.app", "203.0.113.7")
    assert event["request_id"] == "req-1"
    labels = header.split(",")
    assert json.loads(event["extra"]) == {
        labels[2]: "info",
        labels[7]: "/api/form",
        labels[9]: "001",
        labels[11]: "Mozilla/5.0",
    }


def test_shift_jis_as_the_export_offers_it() -> None:
    taken = take(lines(JAPANESE, ROW, ROW).encode("cp932"), "log.csv")

    assert taken.sniffed.encoding == "cp932"
    assert taken.result.fast
    assert [event["subject"] for event in taken.events] == ["お問い合わせ"] * 2


def test_the_tab_of_the_excel_option_is_taken_off_everywhere() -> None:
    tabbed = "2026/07/01 09:00:00,h,info,a@x.jp,\t400,error\t,件名\t,/,,\t,\treq-1,ua"
    event = take(lines(JAPANESE, tabbed), "log.csv").event

    assert (event["reply_code"], event["reply"], event["subject"]) == ("400", "error", "件名")
    assert event["request_id"] == "req-1"
    assert "メンバーID" not in json.loads(event["extra"])


@pytest.mark.parametrize(
    ("status", "reply", "kind", "code"),
    [
        ("202", "202 Accepted", "handed_over", "202"),
        ("200", "", "handed_over", "200"),
        ("", "202 Accepted", "handed_over", "202"),
        ("400", '{""errors"":[{""message"":""x""}]}', "refused", "400"),
        ("", '{""errors"":[{""message"":""x""}]}', "refused", None),
        ("", "401 Unauthorized", "refused", "401"),
        ("", "", "logged", None),
        ("abc", "something", "logged", None),
    ],
)
def test_what_the_provider_answered(status: str, reply: str, kind: str, code: str | None) -> None:
    text = lines(
        "Timestamp,Recipient,HTTP response status code,Response", f'2026-07-01 09:00,a@x.jp,{status},"{reply}"'
    )
    event = take(text, "log.csv").event

    assert (event["kind"], event["reply_code"]) == (kind, code)


def test_a_refused_request_without_recipient_is_kept_for_it_is_the_evidence() -> None:
    header = "Timestamp,Recipient,HTTP response status code,Response"
    taken = take(lines(header, "2026-07-01 09:00,,400,bad To", "2026-07-01 09:00,,202,202 Accepted"), "log.csv")

    assert (taken.event["kind"], taken.event["recipient"]) == ("refused", None)
    assert (taken.reject["line"], taken.reject["reason"]) == (3, "no recipient")


OLD = "timestamp,host,level,message1,message2,message3,message4,uri"


def test_the_older_screen_is_told_by_what_stands_in_its_columns() -> None:
    first = "2026-07-01 09:00:00,h,info,注文 123,202 Accepted,a@x.jp,202,/"
    second = '2026-07-01 09:01:00,h,warn,,"{""errors"":[{""field"":""from.email""}]}",b@x.jp,400,/'
    taken = take(lines(OLD, first, second), "log.csv")

    assert taken.sniffed.mapping["message3"] == "recipient"
    assert [(e["kind"], e["recipient"], e["subject"]) for e in taken.events] == [
        ("handed_over", "a@x.jp", "注文 123"),
        ("refused", "b@x.jp", None),
    ]


def test_message_columns_that_look_alike_are_asked_for() -> None:
    row = "2026-07-01 09:00:00,h,info,a@x.jp,202 Accepted,b@x.jp,202,/"
    with pytest.raises(UnreadableFile, match="cannot be told apart") as caught:
        take(lines(OLD, row), "log.csv")
    assert "message3" in caught.value.message
    assert "map" in caught.value.hint

    event = take(lines(OLD, row), "log.csv", mapping={"message3": "recipient", "message1": "sender"}).event
    assert (event["recipient"], event["sender"], event["kind"]) == ("b@x.jp", "a@x.jp", "handed_over")


def test_the_older_screen_without_rows_is_simply_empty() -> None:
    taken = take(lines("timestamp,宛先メールアドレス,message1,message2,レスポンス"), "log.csv")

    assert (taken.events, taken.sniffed.format) == ([], "kuroco_mail_log")


SENDGRID_LOG = (
    "ログ日時,イベント種別,宛先メールアドレス,メッセージID,送信元IPアドレス,ユーザーエージェント,"
    "開封済み（Apple Mail Privacy Protection）,URL,URL offset,配信のID,配信メッセージID"
)


def test_the_sendgrid_log_of_kuroco_is_the_providers_voice() -> None:
    bounced = "2026/07/01 09:00:00,Bounce,a@x.jp,XBg2anf2TqCy6WXKQFhieQ.recvd-1-2-3.0,198.51.100.3,,,,,5,77"
    opened = "2026/07/01 09:10:00,Spam report,a@x.jp,XBg2anf2TqCy6WXKQFhieQ.recvd-1-2-3.0,203.0.113.3,UA,true,,,5,77"
    taken = take(lines(SENDGRID_LOG, bounced, opened), "log.csv")

    bounce, report = taken.events
    assert taken.sniffed.format == "kuroco_sendgrid_log"
    assert taken.sniffed.asks_zone
    assert bounce["vantage"] == "provider"
    assert (bounce["kind"], report["kind"]) == ("bounce_untyped", "spam_report")
    assert bounce["x_message_id"] == "XBg2anf2TqCy6WXKQFhieQ"
    assert (bounce["ip"], report["ip"]) == ("198.51.100.3", None)
    assert json.loads(bounce["extra"]) == {"配信のID": "5", "配信メッセージID": "77"}


def test_the_sendgrid_log_in_english() -> None:
    taken = take(lines("Timestamp,Event type,Recipient,Message ID", "2026-07-01 09:00:00,Open,a@x.jp,abc"), "log.csv")

    assert (taken.sniffed.format, taken.event["kind"]) == ("kuroco_sendgrid_log", "open")
