-- One row per reason: how many messages, how many forms of reply, when the first and last of the messages were sent.
SELECT
    reason,
    count(*) AS n,
    count(DISTINCT reply_form) AS forms,
    min(sent_ms) AS first_ms,
    max(sent_ms) AS last_ms
FROM failure
GROUP BY reason
ORDER BY n DESC, reason
