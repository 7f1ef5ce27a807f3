-- One row per group, outcome, and whether the start of the message is known: how many messages, and when the first and
-- the last of them were sent.
SELECT {key} AS key, outcome, truncated, count(*) AS n, min(sent_ms) AS first_ms, max(sent_ms) AS last_ms
FROM messages
WHERE {condition}
GROUP BY {key}, outcome, truncated
