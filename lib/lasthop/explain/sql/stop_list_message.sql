-- One row per message to the address that an event may belong to: by its id, else by the tie that was made for it, else
-- because the message stands for an event without any id.
SELECT message
FROM messages
WHERE recipient = $recipient
    AND CASE
        WHEN $x_message_id IS NOT NULL THEN x_message_id = $x_message_id
        ELSE contains(links, '"' || $event || '"') OR reason_event = $event
            OR (x_message_id IS NULL AND starts_with(message, 'o') AND $time_ms BETWEEN first_ms AND last_ms)
    END
ORDER BY message
LIMIT 2
