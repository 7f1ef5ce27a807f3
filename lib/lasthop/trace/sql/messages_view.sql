-- The table of messages with the outcome as of one instant: what no event has settled is waiting inside the retry
-- window and its grace, and unknown after them. truncated: its start lies before the data, so that what is known of it is
-- a remainder: no source tells when it was sent, and either the sources do tell that of other messages, or its first
-- event lies inside the retry window after the first of the data. A drop needs no start: it may be the only row.
SELECT
    *,
    coalesce(
        settled, CASE WHEN {as_of_ms} - open_since_ms > {patience_ms} THEN 'unknown' ELSE 'waiting' END
    ) AS outcome,
    sent_basis = 'first_event' AND coalesce(settled, '') <> 'suppressed'
        AND ({has_starts} OR first_ms < {left_ms} + {patience_ms}) AS truncated
FROM message_rows
