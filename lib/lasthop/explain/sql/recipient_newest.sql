-- One row per standing of one address (accepted, failed): the message with it that was sent last.
SELECT standing, message, sent_ms, outcome, reason, last_reply
FROM (
    SELECT
        standing, message, sent_ms, outcome, reason, last_reply,
        row_number() OVER (PARTITION BY standing ORDER BY sent_ms DESC, message) AS newest
    FROM (
        SELECT
            *,
            CASE WHEN outcome = 'accepted' THEN 'accepted' WHEN outcome IN ({failed}) THEN 'failed' END AS standing
        FROM messages
        WHERE recipient = ?
    )
    WHERE standing IS NOT NULL
)
WHERE newest = 1
