-- A row is one request to send one message to one recipient, as Kuroco logged the provider's HTTP answer to it.
-- 2xx: the provider has taken the message over; any other status or an error body: it never had it.
SELECT
    source_line,
    time_ms_of(time) AS time_ms,
    time AS time_raw,
    time_basis_of(time) AS time_basis,
    'app' AS vantage,
    CASE
        WHEN code LIKE '2__' THEN 'handed_over'
        WHEN code IS NOT NULL OR is_error_body(reply) THEN 'refused'
        ELSE 'logged'
    END AS kind,
    coalesce(status, code) AS kind_raw,
    address(recipient) AS recipient,
    sender,
    subject,
    request_id,
    x_message_id,
    code AS reply_code,
    reply,
    host,
    ip,
    as_object(extra) AS extra
FROM (SELECT *, http_code_of(status, reply) AS code FROM rows)
