-- One row per address and stop list: the newest entry of the loaded lists, or none where only drops tell of it
-- (basis), with the messages that SendGrid dropped since with that list's words. The newest first.
WITH entry AS (
    SELECT recipient, stop_list, time_ms AS since_ms, reply AS why
    FROM (
        SELECT
            *,
            row_number() OVER (
                PARTITION BY recipient, stop_list ORDER BY coalesce(time_ms, 0) DESC, event_id
            ) AS newest
        FROM listed
    )
    WHERE newest = 1
), dropped AS (
    SELECT m.recipient, r.stop_list, m.last_ms
    FROM messages m
    JOIN drop_reason r ON r.reply = lower(trim(m.last_reply))
    WHERE m.outcome = 'suppressed' AND m.recipient IS NOT NULL
), told AS (
    SELECT recipient, stop_list, since_ms, why, 'verified' AS basis FROM entry
    UNION ALL
    SELECT DISTINCT d.recipient, d.stop_list, NULL, NULL, 'inferred'
    FROM dropped d
    LEFT JOIN entry e ON e.recipient = d.recipient AND e.stop_list = d.stop_list
    WHERE e.recipient IS NULL
)
SELECT
    t.recipient,
    t.stop_list,
    t.basis,
    t.since_ms,
    t.why,
    count(d.last_ms) AS drops,
    max(d.last_ms) AS last_drop_ms
FROM told t
LEFT JOIN dropped d
    ON d.recipient = t.recipient AND d.stop_list = t.stop_list AND d.last_ms >= coalesce(t.since_ms, 0)
GROUP BY t.recipient, t.stop_list, t.basis, t.since_ms, t.why
