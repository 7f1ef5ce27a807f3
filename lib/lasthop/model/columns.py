"""The columns of an event, once: name, type in the engine, meaning.

Instants are integers, milliseconds since 1970-01-01 UTC; text is plain; a value that the source does not give is
NULL, never an empty string and never a guess.
"""

READ_COLUMNS: dict[str, tuple[str, str]] = {
    "source_line": ("BIGINT", "physical line of the source where the record begins, counted from 1 (row of a sheet)"),
    "time_ms": ("BIGINT", "when it happened, epoch milliseconds UTC; NULL only for stop-list entries without a date"),
    "time_raw": ("VARCHAR", "the time as the source writes it"),
    "time_basis": ("VARCHAR", "explicit, offset_given, inferred, assumed or of_message: how sure the instant is"),
    "vantage": ("VARCHAR", "who says it: app, provider, receiver or original"),
    "kind": ("VARCHAR", "one of model.kinds.Kind"),
    "kind_raw": ("VARCHAR", "the source's own word, with its type after a slash"),
    "recipient": ("VARCHAR", "address, lower-cased and trimmed"),
    "sender": ("VARCHAR", "From address"),
    "subject": ("VARCHAR", "subject as the source gives it"),
    "request_id": ("VARCHAR", "the application's request id"),
    "provider_message_id": (
        "VARCHAR",
        "sg_message_id; a received mail's header has it without its end",
    ),
    "x_message_id": ("VARCHAR", "X-Message-Id: one per API request; with the recipient it names the message"),
    "provider_event_id": ("VARCHAR", "sg_event_id; changes between repeats of one event"),
    "message_id_header": ("VARCHAR", "smtp-id: the Message-ID header, with angle brackets"),
    "reply_code": ("VARCHAR", "SMTP or HTTP reply code, three digits"),
    "enhanced_code": ("VARCHAR", "enhanced status code, RFC 3463"),
    "reply": ("VARCHAR", "what the other side answered, unaltered"),
    "attempt": ("INTEGER", "SendGrid's attempt number, zero-based; NULL where not told"),
    "host": ("VARCHAR", "receiving MX host, or the application's host"),
    "ip": ("VARCHAR", "sending IP of the provider; for app rows the client that made the request"),
    "template": ("VARCHAR", "template id"),
    "category": ("VARCHAR", "category or categories, as text"),
    "stop_list": ("VARCHAR", "for kind listed: which suppression list"),
    "extra": ("VARCHAR", "every other column of the source, a JSON object of texts; NULL when there is none"),
}
"""What a reader makes of one record."""

EVENT_COLUMNS: dict[str, tuple[str, str]] = {
    "event_id": ("VARCHAR", "hash of what makes two records the same event; stable over loads and machines"),
    "source_id": ("VARCHAR", "SHA-256 of the source's bytes"),
    "batch": ("BIGINT", "number of the commit that brought it; the messages table knows the last one it has seen"),
    **READ_COLUMNS,
}
"""What the store keeps."""
