-- One row per outcome: how many messages, without those whose start lies before the data.
SELECT outcome, count(*) AS n
FROM messages
WHERE NOT truncated AND {condition}
GROUP BY outcome
