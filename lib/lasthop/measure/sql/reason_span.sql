-- One row: how many messages were sent in the period, whatever became of them, and when the first and the last.
SELECT count(*) AS n, min(sent_ms) AS first_ms, max(sent_ms) AS last_ms
FROM messages
WHERE {condition}
