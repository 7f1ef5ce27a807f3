-- One row: the messages at each step of the way, for shares with a named denominator. Messages whose start lies before
-- the data are left out.
SELECT
    CAST(coalesce(sum(CASE WHEN requested THEN n END), 0) AS BIGINT) AS requested,
    CAST(coalesce(sum(CASE WHEN requested AND outcome <> 'not_handed_over' THEN n END), 0) AS BIGINT) AS handed_over,
    CAST(coalesce(sum(CASE WHEN processed THEN n END), 0) AS BIGINT) AS processed,
    CAST(coalesce(sum(CASE WHEN processed AND outcome <> 'suppressed' THEN n END), 0) AS BIGINT) AS attempted,
    CAST(coalesce(sum(CASE WHEN outcome IN ({taken}, {refused}) THEN n END), 0) AS BIGINT) AS finished,
    CAST(coalesce(sum(CASE WHEN outcome IN ({taken}) THEN n END), 0) AS BIGINT) AS accepted,
    CAST(coalesce(sum(CASE WHEN outcome IN ({kept}) THEN n END), 0) AS BIGINT) AS kept,
    CAST(coalesce(sum(CASE WHEN outcome IN ({open}) THEN n END), 0) AS BIGINT) AS open
FROM {tally}
WHERE NOT truncated
