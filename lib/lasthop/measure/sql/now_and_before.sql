-- One row per group: the messages that are counted and those they are a share of, now and in the same hours of the same
-- weekdays before. A group is a value of a column, a reason among all messages, or everything; with {least} 1 only those
-- of which something is counted, now or before. The messages are read once: what is whole is summed from the groups.
WITH cohort AS (
    SELECT {group} AS key, sent_ms > {now_ms} AS is_now, outcome IN ({outcomes}) AS counted
    FROM messages
    WHERE NOT truncated AND ({windows}) AND {whole} AND {condition}
), grouped AS (
    SELECT
        key,
        count(CASE WHEN is_now AND counted THEN 1 END) AS part,
        count(CASE WHEN is_now THEN 1 END) AS whole,
        count(CASE WHEN NOT is_now AND counted THEN 1 END) AS before,
        count(CASE WHEN NOT is_now THEN 1 END) AS whole_before
    FROM cohort
    GROUP BY key
), shared AS (
    SELECT
        key,
        part,
        CAST(sum(whole) OVER ({share_of}) AS BIGINT) AS whole,
        before,
        CAST(sum(whole_before) OVER ({share_of}) AS BIGINT) AS whole_before
    FROM grouped
)
SELECT *
FROM shared
WHERE key IS NOT NULL AND key <> '' AND part + before >= {least}
ORDER BY part DESC, key
