-- One row per group: the messages that are counted and those they are a share of, now and in the same hours of the same
-- weekdays before. A group is a value of a column, a reason among all messages, or everything; with {least} 1 only those
-- of which something is counted, now or before.
WITH cohort AS (
    SELECT {group} AS key, sent_ms > {now_ms} AS is_now, outcome IN ({outcomes}) AS counted
    FROM messages
    WHERE NOT truncated AND ({windows}) AND {whole} AND {condition}
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
    count(CASE WHEN is_now AND counted THEN 1 END) AS part,
    max(t.whole) AS whole,
    count(CASE WHEN NOT is_now AND counted THEN 1 END) AS before,
    max(t.whole_before) AS whole_before
FROM cohort c
JOIN total t ON t.key = {joined}
WHERE c.key IS NOT NULL AND c.key <> ''
GROUP BY c.key
HAVING count(CASE WHEN counted THEN 1 END) >= {least}
ORDER BY part DESC, c.key
