-- One row per group that has a failure, now or before: failures and messages now and in the same weekdays before. A
-- group is a receiving domain, or a reason among all messages. Groups that no longer fail are needed too: how many
-- were looked at decides what is clear.
WITH cohort AS (
    SELECT
        {group} AS key,
        sent_ms >= {now_ms} AS is_now,
        outcome IN ({failed}) {told} AS failed
    FROM messages
    WHERE NOT truncated AND ({windows}) AND {condition}
), total AS (
    SELECT
        {total_key} AS key,
        count(CASE WHEN is_now THEN 1 END) AS whole,
        count(CASE WHEN NOT is_now THEN 1 END) AS whole_before
    FROM cohort
    GROUP BY 1
)
SELECT
    c.key,
    count(CASE WHEN is_now THEN 1 END) AS part,
    max(t.whole) AS whole,
    count(CASE WHEN NOT is_now THEN 1 END) AS before,
    max(t.whole_before) AS whole_before
FROM cohort c
JOIN total t ON t.key = {joined}
WHERE failed AND c.key IS NOT NULL
GROUP BY c.key
ORDER BY part DESC, c.key
