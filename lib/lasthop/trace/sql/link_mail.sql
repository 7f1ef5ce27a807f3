-- One row per event of a received mail or a bounce mail and provider message that it may belong to. Of three keys the
-- surest that can be compared counts: SendGrid's X-Message-Id in the header (an id that is another one is another message),
-- the Message-ID header, then the subject with the time: a received mail was sent within {near_ms} before its first stamp,
-- a returned one within the five days before (RFC 5321 §4.5.4.1), and the known sender is of no other domain. Hops of one
-- mail go together. A Message-ID alone, SendGrid's own form of it too, can be written by anybody: such an id stands in no
-- Received of SendGrid, so it has no part of its second server, and it is no surer than subject and time. Where two of
-- subject, sender and time are others besides, nothing is decided by it.
WITH mail AS (
    SELECT
        source_id, recipient, sender, x_message_id, message_id_header, subject, vantage,
        provider_message_id IS NULL AND starts_with(message_id_header, '<' || x_message_id || '@') IS TRUE AS claimed,
        CASE WHEN vantage = 'receiver' THEN event_id END AS report,
        min(time_ms) AS at_ms
    FROM scope
    WHERE vantage IN ('receiver', 'original') AND recipient IS NOT NULL
    GROUP BY ALL
), known AS (
    SELECT
        x_message_id, recipient, coalesce(min(CASE WHEN kind = 'processed' THEN time_ms END), min(time_ms)) AS sent_ms,
        min(subject) AS subject, min(message_id_header) AS message_id_header, min(sender) AS sender
    FROM scope
    WHERE vantage = 'provider' AND x_message_id IS NOT NULL AND recipient IN (SELECT recipient FROM mail)
    GROUP BY x_message_id, recipient
), fitting AS (
    SELECT
        m.*, k.x_message_id AS known_id, k.sent_ms,
        CASE
            WHEN m.x_message_id IS NOT NULL THEN CASE WHEN m.x_message_id = k.x_message_id THEN 1 END
            WHEN m.message_id_header IS NOT NULL AND k.message_id_header IS NOT NULL
                THEN CASE WHEN m.message_id_header = k.message_id_header THEN 2 END
            WHEN {subject_of_mail} = {subject_of_message} AND m.at_ms - k.sent_ms BETWEEN -{before_ms}
                AND CASE WHEN m.vantage = 'receiver' THEN 432000000 ELSE {near_ms} END
                AND NOT {other_sender}
                THEN 3
        END AS tier,
        ({subject_of_mail} <> {subject_of_message}) IS TRUE AS other_subject,
        {other_address} AS other_address,
        abs(m.at_ms - k.sent_ms) > {patience_ms} AS other_time
    FROM mail m
    JOIN known k ON k.recipient = m.recipient
), counted AS (
    SELECT
        *, count(*) OVER (
            PARTITION BY source_id, recipient, sender, claimed, x_message_id, message_id_header, subject, vantage, report
        ) AS candidates
    FROM fitting
    WHERE tier IS NOT NULL
    QUALIFY tier = min(tier) OVER (
        PARTITION BY source_id, recipient, sender, claimed, x_message_id, message_id_header, subject, vantage, report
    )
)
SELECT
    s.event_id, c.known_id AS x_message_id, c.recipient,
    CASE c.tier WHEN 1 THEN '{by_id}' WHEN 2 THEN '{by_header}' ELSE '{by_subject}' END AS key,
    CASE
        WHEN c.candidates > 1 THEN 'ambiguous'
        WHEN (c.tier = 2 OR c.claimed) AND c.other_subject::INT + c.other_address::INT + c.other_time::INT > 1
            THEN 'ambiguous'
        WHEN c.tier > 1 OR c.claimed THEN 'medium'
        ELSE 'exact'
    END AS confidence,
    c.at_ms - c.sent_ms AS gap_ms, 1::BIGINT AS rows_in_burst, c.candidates AS messages_in_burst, false AS surplus,
    s.vantage
FROM counted c
JOIN scope s
    ON s.source_id = c.source_id AND s.recipient = c.recipient AND s.vantage = c.vantage
    AND s.sender IS NOT DISTINCT FROM c.sender
    AND s.x_message_id IS NOT DISTINCT FROM c.x_message_id
    AND s.message_id_header IS NOT DISTINCT FROM c.message_id_header
    AND s.subject IS NOT DISTINCT FROM c.subject
    AND (c.report IS NULL OR c.report = s.event_id)
