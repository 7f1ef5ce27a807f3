-- One row: The event whose reply is shown as the example. The days keep the search to the partitions of one message.
SELECT reply, time_ms, host
FROM events
WHERE day BETWEEN $from_day AND $until_day AND event_id = $event
