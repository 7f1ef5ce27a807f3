-- One row: the messages at each step of the way, for shares with a named denominator. Messages whose start lies before
-- the data are left out.
SELECT
    count(CASE WHEN sent_basis = 'app' THEN 1 END) AS requested,
    count(CASE WHEN sent_basis = 'app' AND outcome <> 'not_handed_over' THEN 1 END) AS handed_over,
    count(CASE WHEN provider_last_ms IS NOT NULL THEN 1 END) AS processed,
    count(CASE WHEN provider_last_ms IS NOT NULL AND outcome <> 'suppressed' THEN 1 END) AS attempted,
    count(CASE WHEN outcome IN ({taken}, {refused}) THEN 1 END) AS finished,
    count(CASE WHEN outcome IN ({taken}) THEN 1 END) AS accepted,
    count(CASE WHEN outcome IN ({kept}) THEN 1 END) AS kept
FROM messages
WHERE NOT truncated AND {condition}
