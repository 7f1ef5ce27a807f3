-- One row per event that belongs to one message to the address and no other: by its id, else by the tie that was made for
-- it, else because the message stands for an event without any id. "asked": the events.
WITH asked AS (
    SELECT
        unnest($recipients) AS recipient, unnest($events) AS event_id, unnest($times::BIGINT[]) AS time_ms,
        unnest($x_message_ids::VARCHAR[]) AS x_message_id
)
SELECT a.event_id, min(m.message) AS message
FROM asked a
JOIN messages m
    ON m.recipient = a.recipient
    AND CASE
        WHEN a.x_message_id IS NOT NULL THEN m.x_message_id = a.x_message_id
        ELSE contains(m.links, '"' || a.event_id || '"') OR m.reason_event = a.event_id
            OR (m.x_message_id IS NULL AND starts_with(m.message, 'o') AND a.time_ms BETWEEN m.first_ms AND m.last_ms)
    END
GROUP BY a.event_id
HAVING count(DISTINCT m.message) = 1
