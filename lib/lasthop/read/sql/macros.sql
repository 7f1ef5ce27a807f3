-- Small functions that every family of formats shares. word_kind, bounce_kind, local_ms and local_basis are made in
-- read/macros.py: they hold the words of model.kinds and the zone of the file that is read.

-- Reader events come from the recipient's side: their ip is the reader's, not the one that sent. (A CASE, for the
-- engine makes a join of an IN list, and a join loses the order of the lines.)
CREATE OR REPLACE TEMP MACRO is_reader_kind(kind) AS CASE kind
    WHEN 'open' THEN true
    WHEN 'click' THEN true
    WHEN 'spam_report' THEN true
    WHEN 'unsubscribe' THEN true
    WHEN 'group_unsubscribe' THEN true
    WHEN 'group_resubscribe' THEN true
    ELSE false
END;

-- Times. Ten digits are seconds, thirteen milliseconds since 1970. What none of these shapes fits stays NULL and
-- goes through read/times.py.
CREATE OR REPLACE TEMP MACRO is_plain_time(t) AS
    t LIKE '____-__-__ __:__:__.___' OR t LIKE '____-__-__ __:__:__';
CREATE OR REPLACE TEMP MACRO is_local_time(t) AS
    regexp_full_match(t, '\d{4}([-/])\d{1,2}[-/]\d{1,2}[ T]\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?');
CREATE OR REPLACE TEMP MACRO is_zoned_time(t) AS
    regexp_full_match(t, '\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})');
CREATE OR REPLACE TEMP MACRO time_ms_of(t) AS CASE
    WHEN is_plain_time(t) THEN local_ms(try_cast(t AS TIMESTAMP))
    WHEN regexp_full_match(t, '\d{10}') THEN try_cast(t AS BIGINT) * 1000
    WHEN regexp_full_match(t, '\d{13}') THEN try_cast(t AS BIGINT)
    WHEN is_zoned_time(t) THEN epoch_ms(try_cast(t AS TIMESTAMPTZ))
    WHEN is_local_time(t) THEN local_ms(try_cast(t AS TIMESTAMP))
END;
CREATE OR REPLACE TEMP MACRO time_basis_of(t) AS CASE
    WHEN is_plain_time(t) THEN local_basis()
    WHEN regexp_full_match(t, '\d{10}|\d{13}') THEN 'explicit'
    WHEN is_zoned_time(t) THEN CASE WHEN t LIKE '%Z' THEN 'explicit' ELSE 'offset_given' END
    WHEN is_local_time(t) THEN local_basis()
END;

-- An address in lower case without space around it. White space and control characters inside become U+FFFD one by
-- one: no table, header or line can be broken with it, and the line itself still shows what stood there.
CREATE OR REPLACE TEMP MACRO clean_address(x) AS
    nullif(lower(regexp_replace(
        regexp_replace(x, '^[\x00-\x20\x7f\p{Z}\p{Cc}\p{Cf}]+|[\x00-\x20\x7f\p{Z}\p{Cc}\p{Cf}]+$', '', 'g'),
        '[\x00-\x20\x7f\p{Z}\p{Cc}\p{Cf}]', chr(65533), 'g')), '');
CREATE OR REPLACE TEMP MACRO address(x) AS
    CASE WHEN regexp_matches(x, '[^!-~]') THEN clean_address(x) ELSE lower(x) END;

-- Codes at the head of a reply. The enhanced code (RFC 3463) may stand further on, but is no part of an IP address.
CREATE OR REPLACE TEMP MACRO reply_code_of(code, reply) AS CASE
    WHEN regexp_full_match(code, '[1-5]\d\d') THEN code
    WHEN reply IS NOT NULL THEN nullif(regexp_extract(reply, '^\s*([245]\d\d)(?:\D|$)', 1), '')
END;
CREATE OR REPLACE TEMP MACRO enhanced_code_of(code, reply) AS CASE
    WHEN regexp_full_match(code, '[245]\.\d{1,3}\.\d{1,3}') THEN code
    WHEN reply IS NOT NULL THEN nullif(regexp_extract(
        reply, '(?:^|[\s(\[#:-])([245]\.\d{1,3}\.\d{1,3})(?:$|[^\d.]|\.(?:\D|$))', 1), '')
END;

-- X-Message-Id out of the ids that SendGrid gives. sg_message_id: what stands before .filter or .recvd, old ids hold
-- dots themselves; without either, 22 characters of base64url before the first dot; else all of it.
CREATE OR REPLACE TEMP MACRO x_id_of_message(id) AS CASE
    WHEN instr(id, '.recvd') > 1 THEN left(id, instr(id, '.recvd') - 1)
    WHEN instr(id, '.filter') > 1 THEN left(id, instr(id, '.filter') - 1)
    WHEN regexp_matches(id, '^[A-Za-z0-9_-]{22}\.') THEN left(id, 22)
    ELSE id
END;
-- sg_event_id: base64url of event[-attempt]-user-XMessageId-index; the id in it may hold hyphens, the user is digits.
-- Opens, clicks and late bounces have sixteen random bytes there instead.
CREATE OR REPLACE TEMP MACRO event_id_text(id) AS
    try(decode(from_base64(translate(id, '-_', '+/') || repeat('=', (4 - length(id) % 4) % 4))));
CREATE OR REPLACE TEMP MACRO x_id_of_event(id) AS CASE
    WHEN id IS NOT NULL THEN nullif(regexp_extract(
        event_id_text(id), '^(?:(?:processed|drop|dropped)-\d+|[a-z_]+-\d+-\d+)-([\w.-]+)-\d+$', 1), '')
END;
-- smtp-id: holds the id only when SendGrid made the header itself.
CREATE OR REPLACE TEMP MACRO x_id_of_smtp(id) AS CASE
    WHEN id IS NOT NULL THEN nullif(regexp_extract(
        id, '^<?([^@<>\s]+)@(?:geopod-ismtpd-[^>\s]*|ismtpd[^>\s]*sendgrid\.net)>?$', 1), '')
END;
CREATE OR REPLACE TEMP MACRO x_message_id_of(given, message_id, event_id, smtp_id) AS CASE
    WHEN given IS NOT NULL THEN given
    WHEN message_id IS NOT NULL THEN x_id_of_message(message_id)
    ELSE coalesce(x_id_of_event(event_id), x_id_of_smtp(smtp_id))
END;

-- The JSON object of extra columns: rows bring its entries, and values that have no column of their own after all
-- are added to them.
CREATE OR REPLACE TEMP MACRO entry(label, value) AS '"' || label || '":' || to_json(value);
CREATE OR REPLACE TEMP MACRO as_object(entries) AS nullif('{' || entries || '}', '{}');
CREATE OR REPLACE TEMP MACRO odd_status(status) AS
    CASE WHEN NOT regexp_full_match(status, '[1-5]\d\d|[245]\.\d{1,3}\.\d{1,3}') THEN status END;

-- Kuroco's mail log: the HTTP status, from its own column or from an answer like «202 Accepted».
CREATE OR REPLACE TEMP MACRO http_code_of(status, reply) AS CASE
    WHEN regexp_full_match(status, '[1-5]\d\d') THEN status
    WHEN reply IS NOT NULL THEN nullif(regexp_extract(reply, '^\s*"?([1-5]\d\d)(?: [A-Za-z]|\s*$)', 1), '')
END;
CREATE OR REPLACE TEMP MACRO is_error_body(reply) AS coalesce(contains(reply, '"errors"'), false);
