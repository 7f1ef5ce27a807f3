-- One row per standing and reason of the messages to the other addresses at a domain that were sent in a span of time:
-- how many messages, to how many addresses. Standing: accepted (complaints too: they arrived), failed at the domain,
-- waiting, or stopped (dropped, not handed over, unknown: the domain has not spoken). Only failures have a reason. The
-- row with the standing "all" counts every address once.
WITH cohort AS (
    SELECT
        recipient,
        CASE
            WHEN outcome IN ('accepted', 'complained') THEN 'accepted'
            WHEN outcome IN ('bounced', 'blocked', 'expired', 'accepted_then_bounced') THEN 'failed'
            WHEN outcome = 'waiting' THEN 'waiting'
            ELSE 'stopped'
        END AS standing,
        coalesce(reason, 'unclassified') AS reason
    FROM messages
    WHERE domain = $domain AND recipient <> $recipient AND sent_ms > $from_ms AND sent_ms <= $until_ms
)
SELECT standing, CASE WHEN standing = 'failed' THEN reason END AS reason, count(*) AS n, count(DISTINCT recipient) AS addresses
FROM cohort
GROUP BY standing, CASE WHEN standing = 'failed' THEN reason END
UNION ALL
SELECT 'all', NULL, count(*), count(DISTINCT recipient)
FROM cohort
ORDER BY n DESC, reason
