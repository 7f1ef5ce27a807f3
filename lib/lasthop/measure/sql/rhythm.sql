-- One row per weekday (0 is Monday) and hour of the zone's clock in which something was sent: messages, and of those with
-- a known start that were attempted and finished, how many were accepted.
SELECT
    {place} // 24 AS weekday,
    {place} % 24 AS hour,
    CAST(sum(n) AS BIGINT) AS n,
    CAST(coalesce(sum(CASE WHEN NOT truncated AND outcome IN ({taken}, {refused}) THEN n END), 0) AS BIGINT) AS attempted,
    CAST(coalesce(sum(CASE WHEN NOT truncated AND outcome IN ({taken}) THEN n END), 0) AS BIGINT) AS taken
FROM {tally}
WHERE slot IS NOT NULL
GROUP BY 1, 2
ORDER BY 1, 2
