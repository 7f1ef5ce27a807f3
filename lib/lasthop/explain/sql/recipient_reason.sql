-- One row at most: why the newest message of an address failed at the receiving server; drops do not count, for the
-- domain was not asked.
SELECT reason
FROM messages
WHERE recipient = ?
    AND outcome IN ('bounced', 'blocked', 'expired', 'accepted_then_bounced', 'waiting')
    AND reason IS NOT NULL
ORDER BY sent_ms DESC, message
LIMIT 1
