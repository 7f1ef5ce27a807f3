-- A row is one address on one of SendGrid's suppression lists: created says since when, the reason why. Dirty
-- addresses occur and are kept: they are what the list holds.
SELECT
    source_line,
    time_ms_of(time) AS time_ms,
    time AS time_raw,
    time_basis_of(time) AS time_basis,
    'provider' AS vantage,
    'listed' AS kind,
    stop_list AS kind_raw,
    address(recipient) AS recipient,
    reply_code_of(status, reply) AS reply_code,
    enhanced_code_of(status, reply) AS enhanced_code,
    reply,
    ip,
    stop_list,
    as_object(concat_ws(',', extra, entry('status', odd_status(status)))) AS extra
FROM rows
