-- One row per quarter of an hour of sending (counted from 1970-01-01, UTC), outcome, and what is known of a message's
-- start: how many messages, and when the first and the last of them were sent.
SELECT
    sent_ms // {slot_ms} AS slot,
    outcome,
    truncated,
    sent_basis = 'app' AS requested,
    provider_last_ms IS NOT NULL AS processed,
    count(*) AS n,
    min(sent_ms) AS first_ms,
    max(sent_ms) AS last_ms
FROM messages
WHERE {condition}
GROUP BY ALL
