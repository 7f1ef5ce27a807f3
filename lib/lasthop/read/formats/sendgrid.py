"""What SendGrid exports: Email Activity, suppression lists, Event Webhook.

Their times are UTC. The 28 columns of the Activity export agree in four public importers; order varies, so columns
are read by name. Suppression lists give ``created`` in Unix seconds.
"""

from lasthop.read.formats.format import Format

ACTIVITY = Format(
    name="sendgrid_activity",
    title="SendGrid activity",
    family="sendgrid_events",
    fields={
        "time": ("processed",),
        "provider_message_id": ("message_id",),
        "event": ("event",),
        "api_key_id": ("api_key_id",),
        "x_message_id": ("recv_message_id",),
        "credential_id": ("credential_id",),
        "subject": ("subject",),
        "sender": ("from",),
        "recipient": ("email",),
        "asm_group_id": ("asm_group_id",),
        "template": ("template_id",),
        "originating_ip": ("originating_ip",),
        "reply": ("reason",),
        "ip": ("outbound_ip",),
        "outbound_ip_type": ("outbound_ip_type",),
        "host": ("mx",),
        "attempt": ("attempt",),
        "url": ("url",),
        "user_agent": ("user_agent",),
        "type": ("type",),
        "is_unique": ("is_unique",),
        "username": ("username",),
        "category": ("categories",),
        "marketing_campaign_id": ("marketing_campaign_id",),
        "marketing_campaign_name": ("marketing_campaign_name",),
        "marketing_campaign_split_id": ("marketing_campaign_split_id",),
        "marketing_campaign_version": ("marketing_campaign_version",),
        "unique_args": ("unique_args",),
    },
    also={
        "time": ("timestamp", "processed_at", "event_time"),
        "event": ("event_name", "event type"),
        "recipient": ("email id", "email address", "to", "to_email", "recipient"),
        "sender": ("from_email", "sender"),
        "provider_message_id": ("sg_message_id", "msg_id"),
        "provider_event_id": ("sg_event_id",),
        "message_id_header": ("smtp-id",),
        "x_message_id": ("x-message-id",),
        "reply": ("response",),
        "status": ("status",),
        "type": ("bounce_type",),
        "host": ("mx_server",),
        "attempt": ("attempt_num",),
        "category": ("category",),
        "template": ("sg_template_id",),
    },
    required=("time", "event", "recipient"),
    beside=frozenset(
        {
            "api_key_id",
            "credential_id",
            "asm_group_id",
            "originating_ip",
            "outbound_ip_type",
            "url",
            "user_agent",
            "is_unique",
            "username",
            "marketing_campaign_id",
            "marketing_campaign_name",
            "marketing_campaign_split_id",
            "marketing_campaign_version",
            "unique_args",
        }
    ),
)

WEBHOOK = Format(
    name="sendgrid_webhook",
    title="SendGrid webhook",
    family="sendgrid_events",
    json=True,
    fields={
        "time": ("timestamp",),
        "event": ("event",),
        "type": ("type",),
        "recipient": ("email",),
        "sender": ("from",),
        "subject": ("subject",),
        "provider_message_id": ("sg_message_id",),
        "provider_event_id": ("sg_event_id",),
        "x_message_id": ("recv_msgid",),
        "message_id_header": ("smtp-id",),
        "reply": ("reason", "response"),
        "status": ("status",),
        "attempt": ("attempt",),
        "host": ("mx_server",),
        "ip": ("ip",),
        "template": ("template_id", "sg_template_id"),
        "category": ("category",),
    },
    required=("time", "event"),
)

_REASON, _EMAIL, _CREATED = ("reason",), ("email",), ("created",)


def _suppression(name: str, title: str, file_name: str, fields: dict[str, tuple[str, ...]]) -> Format:
    return Format(
        name=f"sendgrid_{name}",
        title=f"Stop list: {title}",
        family="sendgrid_suppressions",
        fields=fields,
        also={"recipient": ("email_address",), "time": ("created", "created_at")},
        required=tuple(each for each in fields if each != "time"),
        closed=True,
        file_name=file_name,
        stop_list=name,
    )


SUPPRESSIONS = (
    _suppression(
        "bounces",
        "bounces",
        "bounces",
        {"status": ("status",), "reply": _REASON, "recipient": _EMAIL, "time": _CREATED},
    ),
    _suppression(
        "blocks",
        "blocks",
        "blocks",
        {"status": ("status",), "reply": _REASON, "recipient": _EMAIL, "time": _CREATED},
    ),
    _suppression(
        "invalid_emails",
        "invalid addresses",
        "invalid",
        {"reply": _REASON, "recipient": _EMAIL, "time": _CREATED},
    ),
    _suppression(
        "spam_reports",
        "spam reports",
        "spam",
        {"ip": ("ip",), "recipient": _EMAIL, "time": _CREATED},
    ),
    _suppression(
        "unsubscribes",
        "global unsubscribes",
        r"(?<!group_)unsubscribes",
        {"recipient": _EMAIL, "time": _CREATED},
    ),
    # Called asm_groups_<id>_suppressions.csv; its header is not known, importers read the first column only.
    _suppression(
        "group_unsubscribes",
        "group unsubscribes",
        r"asm_group|group_(unsub|suppress)",
        {"recipient": _EMAIL},
    ),
)

SENDGRID = (ACTIVITY, WEBHOOK, *SUPPRESSIONS)
