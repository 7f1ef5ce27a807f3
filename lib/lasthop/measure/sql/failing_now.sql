-- One row per receiving domain and failed outcome among the messages that are chosen: how many failed so, how many
-- messages to the domain there are in all, the newest reply, and when the first and last of the failed were sent.
WITH cohort AS (
    SELECT domain, outcome, sent_ms, last_ms, last_reply, message FROM messages WHERE {condition}
), total AS (
    SELECT domain, count(*) AS in_all FROM cohort GROUP BY domain
), failed AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY domain, outcome
            ORDER BY CASE WHEN last_reply IS NULL THEN 1 ELSE 0 END, last_ms DESC, message
        ) AS newest
    FROM cohort
    WHERE outcome IN ({failed})
)
SELECT
    f.domain,
    f.outcome,
    count(*) AS n,
    max(t.in_all) AS in_all,
    max(CASE WHEN f.newest = 1 THEN f.last_reply END) AS newest_reply,
    min(f.sent_ms) AS first_ms,
    max(f.sent_ms) AS last_ms
FROM failed f
JOIN total t ON t.domain = f.domain OR (t.domain IS NULL AND f.domain IS NULL)
GROUP BY f.domain, f.outcome
ORDER BY n DESC, last_ms DESC, f.domain, f.outcome
