-- One row: when the first and the last of the messages were sent, and as of when their outcomes are stated.
SELECT min(sent_ms) AS first_ms, max(sent_ms) AS last_ms, (SELECT as_of_ms FROM edge) AS as_of_ms
FROM messages
WHERE {condition}
