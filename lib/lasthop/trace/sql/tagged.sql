-- One row per message whose sender passed the application's request id along as the custom argument "request_id", where
-- that names one message to the recipient. The webhook flattens custom arguments, the activity export nests them as text.
SELECT recipient, request_id, min(x_message_id) AS x_message_id
FROM (
    SELECT
        recipient,
        x_message_id,
        coalesce(
            try(json_extract_string(extra, '$.request_id')),
            try(json_extract_string(json_extract_string(extra, '$.unique_args'), '$.request_id'))
        ) AS request_id
    FROM scope
    WHERE vantage = 'provider' AND x_message_id IS NOT NULL AND contains(extra, 'request_id')
)
WHERE request_id IS NOT NULL
GROUP BY recipient, request_id
HAVING count(DISTINCT x_message_id) = 1
