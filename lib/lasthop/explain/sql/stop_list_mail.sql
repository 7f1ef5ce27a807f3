-- One row per address and stop list that has something to tell: messages that SendGrid dropped with that list's reason
-- since the entry (dropped, first and last time), and messages sent after the entry, or after the last such drop, that a
-- receiving server took (accepted, last time). "asked": addresses and lists, each with the time of its entry or NULL.
WITH asked AS (
    SELECT unnest($recipients) AS recipient, unnest($lists) AS stop_list, unnest($since::BIGINT[]) AS since_ms
), mail AS (
    SELECT recipient, outcome, sent_ms, last_ms, lower(trim(last_reply)) AS reply
    FROM messages
    WHERE recipient IN (SELECT recipient FROM asked)
        AND outcome IN ('suppressed', 'accepted', 'accepted_then_bounced', 'complained')
), dropped AS (
    SELECT a.recipient, a.stop_list, count(*) AS n, min(m.last_ms) AS first_ms, max(m.last_ms) AS last_ms
    FROM asked a
    JOIN drop_reason r ON r.stop_list = a.stop_list
    JOIN mail m ON m.recipient = a.recipient AND m.reply = r.reply AND m.last_ms >= coalesce(a.since_ms, 0)
    WHERE m.outcome = 'suppressed'
    GROUP BY a.recipient, a.stop_list
), accepted AS (
    SELECT a.recipient, a.stop_list, count(*) AS n, max(m.sent_ms) AS last_ms
    FROM asked a
    LEFT JOIN dropped d ON d.recipient = a.recipient AND d.stop_list = a.stop_list
    JOIN mail m ON m.recipient = a.recipient AND m.sent_ms > coalesce(a.since_ms, d.last_ms)
    WHERE m.outcome <> 'suppressed'
    GROUP BY a.recipient, a.stop_list
)
SELECT
    a.recipient,
    a.stop_list,
    coalesce(d.n, 0) AS dropped,
    d.first_ms AS first_dropped_ms,
    d.last_ms AS last_dropped_ms,
    coalesce(t.n, 0) AS accepted,
    t.last_ms AS last_accepted_ms
FROM asked a
LEFT JOIN dropped d ON d.recipient = a.recipient AND d.stop_list = a.stop_list
LEFT JOIN accepted t ON t.recipient = a.recipient AND t.stop_list = a.stop_list
WHERE d.n > 0 OR t.n > 0
