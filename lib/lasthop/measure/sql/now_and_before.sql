-- One row per {group}: the messages that are counted and those they are a share of, now and in the same hours of the same
-- weekdays before: of a reason all messages, of any other group its own. With {least} 1 only those of which something is
-- counted, now or before.
WITH grouped AS (
    SELECT
        {group} AS key,
        CAST(coalesce(sum(CASE WHEN is_now AND counted THEN n END), 0) AS BIGINT) AS part,
        coalesce(sum(CASE WHEN is_now THEN n END), 0) AS own,
        CAST(coalesce(sum(CASE WHEN NOT is_now AND counted THEN n END), 0) AS BIGINT) AS before,
        coalesce(sum(CASE WHEN NOT is_now THEN n END), 0) AS own_before
    FROM {recent}
    GROUP BY key
), shared AS (
    SELECT
        key,
        part,
        CAST(sum(own) OVER ({share_of}) AS BIGINT) AS whole,
        before,
        CAST(sum(own_before) OVER ({share_of}) AS BIGINT) AS whole_before
    FROM grouped
)
SELECT *
FROM shared
WHERE key IS NOT NULL AND key <> '' AND part + before >= {least}
ORDER BY part DESC, key
