-- One row per provider event without any id and without any candidate, and the group it is counted under: exports that
-- were saved again without their id columns still hold one "processed" per message, which opens a new group.
SELECT
    event_id,
    CASE WHEN nth = 0 THEN 'event:' || event_id
        ELSE 'idless:' || md5(concat_ws(chr(31), recipient, coalesce(subject, ''), nth::VARCHAR)) END AS x_message_id
FROM (
    SELECT
        event_id, recipient, subject,
        sum(CASE WHEN kind = 'processed' THEN 1 ELSE 0 END) OVER (
            PARTITION BY recipient, subject ORDER BY time_ms, CASE WHEN kind = 'processed' THEN 0 ELSE 1 END, event_id
        ) AS nth
    FROM orphan
    WHERE event_id NOT IN (SELECT event_id FROM orphan_candidate)
)
