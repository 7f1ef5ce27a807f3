"""What a pull from SendGrid's APIs keeps: one JSON object a line, as ``live`` writes it.

    {"pulled": "sendgrid_logs", "row": {…}, "detail": {…}}       a message: its row in the list, and all of it if asked
    {"pulled": "sendgrid_stop_lists", "list": "bounces", "row": {…}}

``row`` and ``detail`` are the service's own records, untouched. Their times are UTC.
"""

from lasthop.read.formats.format import Format

LOGS = Format(
    name="sendgrid_logs",
    title="SendGrid Email Logs",
    family="sendgrid_events",
    json=True,
    fields={
        "time": ("timestamp",),
        "event": ("event",),
        "type": ("type",),
        "recipient": ("email", "to_email"),
        "sender": ("from_email",),
        "subject": ("subject",),
        "provider_message_id": ("sg_message_id",),
        "provider_event_id": ("sg_event_id",),
        "x_message_id": ("recv_msgid",),
        "message_id_header": ("smtp-id",),
        "reply": ("reason", "response"),
        "status": ("status",),
        "attempt": ("attempt",),
        "ip": ("ip",),
        "template": ("template_id",),
        "category": ("category",),
    },
    required=("time", "event"),
)

MESSAGES = Format(
    name="sendgrid_messages",
    title="SendGrid Email Activity API",
    family="sendgrid_events",
    json=True,
    fields={
        "time": ("processed",),
        "event": ("event_name",),
        "type": ("bounce_type",),
        "recipient": ("to_email",),
        "sender": ("from_email",),
        "subject": ("subject",),
        "provider_message_id": ("msg_id",),
        "reply": ("reason",),
        "attempt": ("attempt_num",),
        "host": ("mx_server",),
        "ip": ("outbound_ip",),
        "template": ("template_id",),
        "category": ("categories",),
    },
    required=("time", "event"),
)

STOP_LISTS = Format(
    name="sendgrid_stop_lists",
    title="Stop lists over the API",
    family="sendgrid_suppressions",
    json=True,
    fields={
        "time": ("created", "created_at"),
        "recipient": ("email",),
        "status": ("status",),
        "reply": ("reason",),
        "ip": ("ip",),
    },
    required=("recipient",),
)

PULLED = (LOGS, MESSAGES, STOP_LISTS)
