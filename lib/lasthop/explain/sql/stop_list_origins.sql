-- One row per event that may have put an address on a stop list, newest first: of the kinds that do, between two
-- instants; a drop counts only with the list's own words.
SELECT event_id, kind, time_ms, reply, x_message_id
FROM events
WHERE recipient = $recipient
    AND kind IN (SELECT unnest($kinds))
    AND time_ms BETWEEN $from_ms AND $until_ms
    AND (kind <> 'dropped' OR lower(trim(reply)) IN (SELECT unnest($reasons)))
    {in_days}
ORDER BY time_ms DESC, event_id
LIMIT 20
