-- One row per provider message that failed or waits and of which something tells why: the refusal, or the newest
-- deferral while it waits and where the refusal only says that time ran out. A refusal of the address without a text is
-- not explained by an earlier deferral: that may have had another cause.
SELECT
    x_message_id,
    recipient,
    CASE WHEN settled = 'complained' THEN 'complaint' WHEN by_deferral THEN put_off_reason ELSE reason END AS reason,
    CASE WHEN settled = 'complained' THEN NULL WHEN by_deferral THEN put_off_event ELSE event_id END AS reason_event,
    CASE WHEN settled = 'complained' THEN NULL WHEN by_deferral THEN put_off_form ELSE form END AS reply_form
FROM (
    SELECT
        p.x_message_id,
        p.recipient,
        p.settled,
        f.event_id,
        f.reason,
        f.form,
        w.event_id AS put_off_event,
        w.reason AS put_off_reason,
        w.form AS put_off_form,
        w.event_id IS NOT NULL AND (
            p.settled IS NULL
            OR p.settled <> 'accepted_then_bounced' AND (p.settled = 'expired' OR f.reason = 'message_expired') AND (
                f.event_id IS NULL OR f.reason IN ('message_expired', 'unclassified')
                AND w.reason NOT IN ('message_expired', 'unclassified')
            )
        ) AS by_deferral
    FROM provider_message p
    LEFT JOIN telling f ON f.event_id = right(p.refusal, 32)
    LEFT JOIN telling w ON w.event_id = right(p.put_off, 32)
    WHERE p.settled IS NULL OR p.settled <> 'accepted'
)
WHERE settled = 'complained' OR event_id IS NOT NULL OR put_off_event IS NOT NULL
