-- One row per reason and span of {step} local days since day {first_day} that has any: how many messages were sent in it.
SELECT reason, ({local_ms} // 86400000 - {first_day}) // {step} AS place, count(*) AS n
FROM failure
GROUP BY 1, 2
