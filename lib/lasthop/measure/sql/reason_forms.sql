-- One row per form of the replies of one reason: how many messages, to how many domains, when the first and the last
-- were sent, and the newest of them with the event that holds its reply. Most first.
WITH chosen AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY reply_form ORDER BY sent_ms DESC, message) AS newest
    FROM failure
    WHERE reason = $reason
)
SELECT
    reply_form,
    count(*) AS n,
    count(DISTINCT domain) AS domains,
    min(sent_ms) AS first_ms,
    max(sent_ms) AS last_ms,
    min(CASE WHEN newest = 1 THEN message END) AS message,
    min(CASE WHEN newest = 1 THEN reason_event END) AS reason_event,
    min(CASE WHEN newest = 1 THEN first_ms END) AS events_from_ms,
    min(CASE WHEN newest = 1 THEN last_ms END) AS events_until_ms
FROM chosen
GROUP BY reply_form
ORDER BY n DESC, last_ms DESC, reply_form
LIMIT {kept}
