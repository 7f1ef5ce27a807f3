-- One row per question and event that may have put its address on a stop list, the newest of each question with those
-- shortly before it, newest first. "asked": number of the question, address, list, a kind that fills the list, and the
-- two instants between which the event lies. A drop counts only with the list's own words.
WITH asked AS (
    SELECT
        unnest($numbers) AS number, unnest($recipients) AS recipient, unnest($lists) AS stop_list,
        unnest($kinds) AS kind, unnest($from_ms::BIGINT[]) AS from_ms, unnest($until_ms::BIGINT[]) AS until_ms
), told AS (
    SELECT recipient, event_id, kind, time_ms, reply, x_message_id
    FROM events
    WHERE recipient IN (SELECT recipient FROM asked) AND kind IN (SELECT kind FROM asked)
        {in_days}
), found AS (
    SELECT
        a.number, e.recipient, e.event_id, e.kind, e.time_ms, e.reply, e.x_message_id,
        max(e.time_ms) OVER (PARTITION BY a.number) AS newest_ms
    FROM asked a
    JOIN told e ON e.recipient = a.recipient AND e.kind = a.kind AND e.time_ms BETWEEN a.from_ms AND a.until_ms
    LEFT JOIN drop_reason r ON r.stop_list = a.stop_list AND r.reply = lower(trim(e.reply))
    WHERE e.kind <> 'dropped' OR r.reply IS NOT NULL
)
SELECT number, recipient, event_id, kind, time_ms, reply, x_message_id
FROM found
WHERE newest_ms - time_ms <= $same_ms
ORDER BY number, time_ms DESC, event_id
