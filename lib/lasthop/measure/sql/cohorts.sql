-- One row per group, outcome, and whether the start of the message is known: how many messages, and when the
-- last of them was sent.
SELECT {key} AS key, outcome, truncated, count(*) AS n, max(sent_ms) AS last_ms
FROM messages
WHERE {condition}
GROUP BY {key}, outcome, truncated
