-- One row per outcome and reply of one address, from its newest messages of each outcome: how it fared, and the most
-- tries that one message took. An outcome that occurs is never left out, however many messages there are.
WITH fared AS (
    SELECT
        outcome,
        last_reply,
        attempts,
        row_number() OVER (PARTITION BY outcome ORDER BY sent_ms DESC, message) AS newest
    FROM messages
    WHERE recipient = ?
)
SELECT outcome, last_reply, max(attempts) AS attempts
FROM fared
WHERE newest <= 20
GROUP BY outcome, last_reply
ORDER BY outcome, last_reply
