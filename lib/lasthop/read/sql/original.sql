-- A row is one server's note in the header of a received mail that it took the mail over (kind hop), or what a bounce
-- mail reports of one recipient (a bounce, a deferral, a delivery). Times come as epoch milliseconds: both kinds of mail
-- are read by our own reader, and a stamp without a zone makes no row.
SELECT
    source_line,
    try_cast(time AS BIGINT) AS time_ms,
    time_raw,
    CASE WHEN time IS NOT NULL THEN 'offset_given' END AS time_basis,
    vantage,
    kind,
    kind_raw,
    address(recipient) AS recipient,
    sender,
    subject,
    provider_message_id,
    coalesce(x_message_id, x_id_of_smtp(message_id_header)) AS x_message_id,
    message_id_header,
    reply_code_of(NULL, reply) AS reply_code,
    enhanced_code_of(status, reply) AS enhanced_code,
    reply,
    host,
    ip,
    as_object(extra) AS extra
FROM rows
