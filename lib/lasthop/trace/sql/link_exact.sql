-- One row per application row and the provider message that an id ties it to. One request can send several mails to
-- one recipient: a request id ties only what has the same subject and was taken up within a day.
SELECT
    s.event_id, p.x_message_id, p.recipient, '{by_id}' AS key, 'exact' AS confidence, p.first_ms - s.time_ms AS gap_ms,
    1::BIGINT AS rows_in_burst, 1::BIGINT AS messages_in_burst, false AS surplus
FROM scope s
JOIN provider_message p ON p.x_message_id = s.x_message_id AND p.recipient = s.recipient
WHERE s.vantage = 'app' AND s.kind <> 'refused'
UNION ALL
SELECT
    min(s.event_id), p.x_message_id, p.recipient, '{by_request}', 'exact', min(p.first_ms - s.time_ms), 1, 1, false
FROM scope s
JOIN tagged t ON t.request_id = s.request_id AND t.recipient = s.recipient
JOIN provider_message p ON p.x_message_id = t.x_message_id AND p.recipient = t.recipient
WHERE s.vantage = 'app' AND s.kind <> 'refused' AND s.x_message_id IS NULL
    AND coalesce({subject_of_row} = {subject_of_message}, true)
    AND p.first_ms BETWEEN s.time_ms - {before_ms} AND s.time_ms + {day_ms}
GROUP BY p.x_message_id, p.recipient
HAVING count(*) = 1
