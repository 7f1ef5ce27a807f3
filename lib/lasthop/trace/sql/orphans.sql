-- One row per bounce that names no message and message it could belong to: asynchronous bounces come without any id.
-- (Where the same export holds a "processed" without an id before it, the bounce belongs to that one: see idless.sql.) Candidates are messages to the same recipient, sent up to five days before (RFC 5321 §4.5.4.1: senders give
-- up after 4 to 5 days) and not refused by another event.
WITH known AS (
    SELECT
        x_message_id, recipient, min(time_ms) AS sent_ms, min(subject) AS subject,
        max(CASE WHEN kind IN ({bounces}, 'dropped') THEN 1 ELSE 0 END) AS failed
    FROM scope
    WHERE vantage = 'provider' AND x_message_id IS NOT NULL AND recipient IN (SELECT recipient FROM orphan)
    GROUP BY x_message_id, recipient
)
SELECT
    o.event_id, o.recipient, k.x_message_id, o.time_ms - k.sent_ms AS gap_ms,
    count(*) OVER (PARTITION BY o.event_id) AS candidates
FROM orphan o
JOIN known k ON o.recipient = k.recipient AND o.time_ms BETWEEN k.sent_ms AND k.sent_ms + 432000000
WHERE k.failed = 0
    AND o.kind IN ({bounces})
    AND coalesce(o.subject = k.subject, true)
    AND NOT EXISTS (
        SELECT 1 FROM orphan p
        WHERE p.kind = 'processed' AND p.recipient = o.recipient AND coalesce(p.subject = o.subject, true)
            AND p.time_ms BETWEEN o.time_ms - 432000000 AND o.time_ms
    )
