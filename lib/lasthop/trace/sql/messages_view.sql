-- The table of messages with the outcome as of one instant: what no event has settled is waiting inside the retry
-- window and its grace, and unknown after them.
SELECT
    *,
    coalesce(
        settled, CASE WHEN {as_of_ms} - open_since_ms > {patience_ms} THEN 'unknown' ELSE 'waiting' END
    ) AS outcome
FROM message_rows
