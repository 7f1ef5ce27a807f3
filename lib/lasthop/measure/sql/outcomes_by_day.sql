-- One row per day of sending and outcome that occurs: how many messages. "send_day" holds the days of the zone as
-- half-open spans of epoch milliseconds, so days of 23 and 25 hours count right.
SELECT d.day, m.outcome, count(*) AS n
FROM messages m
JOIN send_day d ON m.sent_ms >= d.from_ms AND m.sent_ms < d.until_ms
GROUP BY d.day, m.outcome
