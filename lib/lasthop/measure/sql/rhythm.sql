-- One row per weekday (0 is Monday) and hour of the zone's clock in which something was sent: messages, and of those with
-- a known start that were attempted and finished, how many were accepted.
SELECT
    ({local} // 86400000 + 3) % 7 AS weekday,
    {local} // 3600000 % 24 AS hour,
    count(*) AS n,
    count(CASE WHEN NOT truncated AND outcome IN ({taken}, {refused}) THEN 1 END) AS attempted,
    count(CASE WHEN NOT truncated AND outcome IN ({taken}) THEN 1 END) AS taken
FROM messages
WHERE {condition}
GROUP BY 1, 2
ORDER BY 1, 2
