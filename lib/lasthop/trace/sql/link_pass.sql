-- One row per application row and provider message that fit by key (recipient with or without subject) and time.
-- "decided" pairs are each other's nearest by a clear margin, and the k-th row meets the k-th message where a burst has
-- as many rows as messages. "surplus" rows are more than the messages of their burst: at least so many have none.
WITH item AS (
    SELECT key, time_ms AS at_ms, event_id, NULL AS x_message_id, NULL AS recipient FROM app_open
    UNION ALL
    SELECT key, sent_ms, NULL, x_message_id, recipient FROM provider_open
    WHERE key IN (SELECT key FROM app_open)
), stepped AS (
    SELECT *, CASE WHEN at_ms - lag(at_ms) OVER in_time <= {after_ms} THEN 0 ELSE 1 END AS step
    FROM item
    WINDOW in_time AS (PARTITION BY key ORDER BY at_ms, event_id, x_message_id)
), burst AS (
    SELECT *, sum(step) OVER (PARTITION BY key ORDER BY at_ms, event_id, x_message_id ROWS UNBOUNDED PRECEDING) AS nth
    FROM stepped
), placed AS (
    SELECT
        *,
        count(event_id) OVER (PARTITION BY key, nth) AS rows_in_burst,
        count(x_message_id) OVER (PARTITION BY key, nth) AS messages_in_burst,
        row_number() OVER (
            PARTITION BY key, nth, CASE WHEN event_id IS NULL THEN 1 ELSE 0 END ORDER BY at_ms, event_id, x_message_id
        ) AS place
    FROM burst
), pair AS (
    SELECT
        a.key, a.nth, a.event_id, p.x_message_id, p.recipient, p.at_ms - a.at_ms AS gap_ms, abs(p.at_ms - a.at_ms) AS far_ms,
        a.place AS row_place, p.place AS message_place, a.rows_in_burst, a.messages_in_burst
    FROM (SELECT *, unnest([at_ms // {bucket_ms} - 1, at_ms // {bucket_ms}, at_ms // {bucket_ms} + 1]) AS bucket FROM placed WHERE event_id IS NOT NULL) a
    JOIN (SELECT *, at_ms // {bucket_ms} AS bucket FROM placed WHERE event_id IS NULL) p
        ON a.key = p.key AND a.nth = p.nth AND a.bucket = p.bucket
    WHERE p.at_ms BETWEEN a.at_ms - {before_ms} AND a.at_ms + {after_ms}
), ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY event_id ORDER BY far_ms, x_message_id) AS for_row,
        row_number() OVER (PARTITION BY x_message_id, recipient ORDER BY far_ms, event_id) AS for_message,
        lead(far_ms) OVER (PARTITION BY event_id ORDER BY far_ms, x_message_id) AS next_for_row,
        lead(far_ms) OVER (PARTITION BY x_message_id, recipient ORDER BY far_ms, event_id) AS next_for_message
    FROM pair
), judged AS (
    SELECT
        *,
        for_row = 1 AND for_message = 1
        AND coalesce(next_for_row - far_ms >= greatest({margin_ms}, 2 * far_ms), true)
        AND coalesce(next_for_message - far_ms >= greatest({margin_ms}, 2 * far_ms), true)
        AND (rows_in_burst <> messages_in_burst OR row_place = message_place) AS decided
    FROM ranked
), open_pair AS (
    SELECT * FROM judged
    WHERE NOT decided
        AND event_id NOT IN (SELECT event_id FROM judged WHERE decided)
        AND (x_message_id, recipient) NOT IN (SELECT (x_message_id, recipient) FROM judged WHERE decided)
), spare AS (
    SELECT key, nth, count(DISTINCT x_message_id) AS open_messages FROM open_pair GROUP BY key, nth
)
SELECT
    event_id, x_message_id, recipient, gap_ms, rows_in_burst, messages_in_burst, true AS decided, false AS surplus
FROM judged
WHERE decided
UNION ALL
SELECT
    o.event_id, o.x_message_id, o.recipient, o.gap_ms, o.rows_in_burst, o.messages_in_burst, false,
    dense_rank() OVER (PARTITION BY o.key, o.nth ORDER BY o.row_place) > s.open_messages
FROM open_pair o
JOIN spare s ON s.key = o.key AND s.nth = o.nth
