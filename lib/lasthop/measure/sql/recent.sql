-- One row per group, now or before, counted or not: how many messages of the hours that are looked at, and of the same
-- hours of the same weekdays before.
SELECT {groups}, sent_ms > {now_ms} AS is_now, outcome IN ({outcomes}) AS counted, count(*) AS n
FROM messages
WHERE NOT truncated AND ({windows}) AND {whole} AND {condition}
GROUP BY ALL
