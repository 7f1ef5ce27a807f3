-- A row is one event that SendGrid reports of one recipient's copy of one message: a line of the Email Activity
-- export, an object of the Event Webhook, or a line of Kuroco's SendGrid log, which is that webhook stored by Kuroco.
-- The inner steps name what is used more than once: a macro is written out at every mention, and planning a statement
-- that mentions one inside another three times over takes seconds.
SELECT
    source_line,
    time_ms_of(time) AS time_ms,
    time AS time_raw,
    coalesce(basis, time_basis_of(time)) AS time_basis,
    'provider' AS vantage,
    kind,
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
    CASE WHEN NOT of_reader THEN ip END AS ip,
    host,
    template,
    category,
    try_number AS attempt,
    as_object(concat_ws(
        ',',
        extra,
        entry('ip', CASE WHEN of_reader THEN ip END),
        entry('attempt', CASE WHEN try_number IS NULL THEN attempt END),
        entry('status', odd_status(status))
    )) AS extra
FROM (
    SELECT *, is_reader_kind(kind) AS of_reader, try_cast(attempt AS INTEGER) AS try_number
    FROM (
        SELECT
            *,
            CASE
                WHEN event IS NULL THEN NULL
                WHEN word = 'bounce_untyped' THEN coalesce(bounce_kind(type), word)
                ELSE coalesce(word, 'other')
            END AS kind
        FROM (SELECT *, word_kind(event) AS word FROM rows)
    )
)
