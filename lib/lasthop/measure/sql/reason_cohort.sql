-- One row per message that counts as failed (or, when asked for, waits): why, at whom, when. What has no reason is kept
-- apart: a request that the provider refused was never mail, and of the rest no source tells a reply.
SELECT
    CASE
        WHEN reason IS NOT NULL THEN reason WHEN outcome = 'not_handed_over' THEN '{refused}' ELSE '{untold}'
    END AS reason,
    reply_form,
    reason_event,
    receiver,
    CASE WHEN domain <> '' THEN domain END AS domain,
    message,
    sent_ms,
    first_ms,
    last_ms
FROM messages
WHERE {condition}
