-- A row is one event that SendGrid reports of one recipient's copy of one message: a line of the Email Activity
-- export, an object of the Event Webhook, or a line of Kuroco's SendGrid log, which is that webhook stored by Kuroco.
SELECT
    source_line,
    time_ms_of(time) AS time_ms,
    time AS time_raw,
    time_basis_of(time) AS time_basis,
    'provider' AS vantage,
    kind_of(event, type) AS kind,
    event || coalesce('/' || type, '') AS kind_raw,
    address(recipient) AS recipient,
    sender,
    subject,
    provider_message_id,
    x_message_id_of(x_message_id, provider_message_id, provider_event_id, message_id_header) AS x_message_id,
    provider_event_id,
    message_id_header,
    reply_code_of(status, reply) AS reply_code,
    enhanced_code_of(status, reply) AS enhanced_code,
    reply,
    try_cast(attempt AS INTEGER) AS attempt,
    host,
    CASE WHEN NOT is_reader_kind(kind_of(event, type)) THEN ip END AS ip,
    template,
    category,
    also(
        also(
            also(extra, 'ip', CASE WHEN is_reader_kind(kind_of(event, type)) THEN ip END),
            'attempt', CASE WHEN try_cast(attempt AS INTEGER) IS NULL THEN attempt END
        ),
        'status', CASE WHEN NOT regexp_full_match(status, '[1-5]\d\d|[245]\.\d{1,3}\.\d{1,3}') THEN status END
    ) AS extra
FROM rows
