-- One row per record of read_events: its row id (r), its time and the event it is (event_id).
-- A provider event is the same event when message, recipient, kind, second, attempt, reply, subject and sender are the
-- same in exports of the same columns: its sg_event_id changes between repeats and so does not count. The same event in
-- another kind of export stays an event of its own: each knows what the other does not (the webhook has no subject, the
-- CSV no smtp-id), and which of them was loaded first must not decide what is known.
-- Application rows carry no id of the message, and two equal ones may be two mails: the n-th equal row of a file is
-- the n-th event, so that an overlapping export numbers them alike (unless it was cut between two equal rows).
SELECT
    rowid AS r,
    time_ms,
    md5(concat_ws(
        chr(31), CASE WHEN kind = 'listed' THEN stop_list ELSE {columns} END, coalesce(x_message_id, ''),
        coalesce(recipient, ''), kind, coalesce((time_ms // 1000)::VARCHAR, ''),
        CASE
            WHEN kind = 'deferred' THEN attempt::VARCHAR
            WHEN kind IN ('open', 'click', 'hop') THEN extra
            WHEN kind = 'other' THEN kind_raw
        END,
        trim(reply), subject, sender
    )) AS event_id
FROM read_events
WHERE vantage <> 'app'
UNION ALL
SELECT
    r,
    time_ms,
    md5(concat_ws(chr(31), identity, row_number() OVER (PARTITION BY identity ORDER BY r)))
FROM (
    SELECT
        rowid AS r,
        time_ms,
        concat_ws(
            chr(31), 'app', coalesce(recipient, ''), kind, time_ms::VARCHAR, coalesce(request_id, ''),
            coalesce(subject, ''), coalesce(reply_code, ''), trim(reply)
        ) AS identity
    FROM read_events
    WHERE vantage = 'app'
)
