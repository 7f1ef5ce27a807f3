-- One row per outcome of one address: its messages, and when the first and the last of them were sent.
SELECT outcome, count(*) AS n, min(sent_ms) AS first_ms, max(sent_ms) AS last_ms
FROM messages
WHERE recipient = ?
GROUP BY outcome
