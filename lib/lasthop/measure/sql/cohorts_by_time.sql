-- One row per day or hour of the zone's clock, outcome, and whether the start of the message is known: how many messages,
-- and when the last of them was sent.
SELECT {key} AS key, outcome, truncated, CAST(sum(n) AS BIGINT) AS n, max(last_ms) AS last_ms
FROM {tally}
WHERE slot IS NOT NULL
GROUP BY {key}, outcome, truncated
