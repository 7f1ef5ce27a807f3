"""Logs that Kuroco's management screen exports.

The labels are those of its screens, in Japanese and English; the header of the exported file itself is not
documented, nor is the zone of its times. Older screens call the columns ``message1`` to ``message5``: see
``read/messages.py``.
"""

from lasthop.read.formats.format import Format

_TIME = ("ログ日時", "Timestamp", "日時", "log datetime", "log time")
_RECIPIENT = ("宛先メールアドレス", "Recipient", "宛先", "recipient e-mail", "recipient email")
_CLIENT_IP = ("送信元IPアドレス", "Client IP address", "Client IP")
_USER_AGENT = ("ユーザーエージェント", "User agent", "request_user_agent")

MAIL_LOG = Format(
    name="kuroco_mail_log",
    title="Kuroco mail log",
    family="kuroco_mail_log",
    vantage="app",
    asks_zone=True,
    strips_tabs=True,
    fields={
        "time": _TIME,
        "host": ("ホスト", "Host"),
        "level": ("ログレベル", "Log level", "level"),
        "recipient": _RECIPIENT,
        "status": ("HTTPレスポンスコード", "HTTP response status code", "HTTP response code", "HTTP status code"),
        "reply": ("レスポンス", "Response", "HTTP response", "HTTPレスポンス"),
        "subject": ("件名", "Subject"),
        "uri": ("URI",),
        "ip": _CLIENT_IP,
        "member_id": ("メンバーID", "Member ID"),
        "request_id": (
            "アプリケーション・リクエストID",
            "アプリケーションリクエストID",
            "Application request ID",
            "rcms_request_id",
        ),
        "user_agent": _USER_AGENT,
        "sender": ("差出人", "From", "From address"),
        "x_message_id": ("X-Message-Id",),
    },
    required=("time", "recipient"),
    any_of=("status", "reply"),
    beside=frozenset({"level", "uri", "member_id", "user_agent"}),
)

SENDGRID_LOG = Format(
    name="kuroco_sendgrid_log",
    title="Kuroco SendGrid log",
    family="sendgrid_events",
    asks_zone=True,
    strips_tabs=True,
    fields={
        "time": _TIME,
        "event": ("イベント種別", "Event type", "SendGrid event", "sg_event"),
        "recipient": _RECIPIENT,
        "provider_message_id": ("メッセージID", "Message ID", "Message ID in SendGrid"),
        "ip": _CLIENT_IP,
        "user_agent": _USER_AGENT,
        "machine_open": (
            "開封済み（Apple Mail Privacy Protection）",
            "Open event generated (Apple Mail Privacy Protection)",
        ),
        "url": ("URL",),
        "url_offset": ("URL offset",),
        "notification_id": ("配信のID", "Notification ID"),
        "notification_message_id": ("配信メッセージID", "Notification message ID"),
    },
    required=("time", "event", "recipient"),
    beside=frozenset({"user_agent", "machine_open", "url", "url_offset", "notification_id", "notification_message_id"}),
)

KUROCO = (MAIL_LOG, SENDGRID_LOG)
