-- One row per message: what the provider knows, with its application row where one is tied to it, and the application
-- rows that nothing is tied to.
WITH tied AS (
    SELECT
        l.x_message_id,
        l.recipient,
        min(CASE WHEN l.confidence <> 'ambiguous' AND a.vantage = 'app' THEN a.time_ms END) AS app_ms,
        min(CASE WHEN l.confidence <> 'ambiguous' THEN a.request_id END) AS request_id,
        min(CASE WHEN {telling} THEN a.subject END) AS subject,
        min(CASE WHEN {telling} THEN a.sender END) AS sender,
        min(CASE WHEN a.vantage = 'app' THEN {confidence_rank} || l.key END) AS best,
        to_json(list({{
            'event': l.event_id, 'key': l.key, 'confidence': l.confidence, 'gap_ms': l.gap_ms,
            'rows': l.rows_in_burst, 'messages': l.messages_in_burst, 'vantage': a.vantage
        }} ORDER BY l.event_id))::VARCHAR AS links
    FROM link l
    JOIN tied_event a ON a.event_id = l.event_id
    GROUP BY l.x_message_id, l.recipient
)
SELECT
    CASE WHEN starts_with(p.x_message_id, 'event:') OR starts_with(p.x_message_id, 'idless:') THEN 'o' ELSE 'm' END
        || substr(md5(p.x_message_id || chr(31) || coalesce(p.recipient, '')), 1, 16) AS message,
    p.recipient,
    nullif(regexp_extract(p.recipient, '@([^@]*)$', 1), '') AS domain,
    coalesce(p.sender, t.sender) AS sender,
    coalesce(p.subject, t.subject) AS subject,
    p.template,
    p.category,
    coalesce(t.app_ms, p.processed_ms, p.first_ms) AS sent_ms,
    CASE
        WHEN t.app_ms IS NOT NULL THEN 'app' WHEN p.processed_ms IS NOT NULL THEN 'processed' ELSE 'first_event'
    END AS sent_basis,
    p.accepted_ms,
    p.refused_ms,
    p.settled,
    coalesce(p.deferred_ms, p.processed_ms, p.first_ms) AS open_since_ms,
    CASE WHEN p.recipient IS NOT NULL THEN coalesce(h.receiver, d.receiver, '{other}') END AS receiver,
    y.reason,
    y.reason_event,
    y.reply_form,
    p.last_reply,
    p.last_kind,
    p.attempts,
    least(coalesce(t.app_ms, p.first_ms), p.first_ms) AS first_ms,
    greatest(coalesce(t.app_ms, p.last_ms), p.last_ms) AS last_ms,
    p.provider_last_ms,
    p.events,
    t.request_id,
    p.provider_message_id,
    CASE WHEN NOT starts_with(p.x_message_id, 'event:') AND NOT starts_with(p.x_message_id, 'idless:') THEN p.x_message_id END
        AS x_message_id,
    p.message_id_header,
    substr(t.best, 2) AS link_key,
    CASE substr(t.best, 1, 1) WHEN '0' THEN 'exact' WHEN '1' THEN 'high' WHEN '2' THEN 'medium' WHEN '3' THEN 'ambiguous' ELSE 'none' END
        AS link_confidence,
    t.links
FROM provider_message p
LEFT JOIN tied t ON t.x_message_id = p.x_message_id AND t.recipient IS NOT DISTINCT FROM p.recipient
LEFT JOIN why y ON y.x_message_id = p.x_message_id AND y.recipient IS NOT DISTINCT FROM p.recipient
LEFT JOIN receiver_of h ON h.name = p.host
LEFT JOIN receiver_of d ON d.name = regexp_extract(p.recipient, '@([^@]*)$', 1)
UNION ALL
SELECT
    'a' || substr(a.event_id, 1, 16),
    a.recipient,
    nullif(regexp_extract(a.recipient, '@([^@]*)$', 1), ''),
    a.sender,
    a.subject,
    a.template,
    a.category,
    a.time_ms,
    'app',
    NULL,
    CASE WHEN a.kind = 'refused' THEN a.time_ms END,
    CASE WHEN a.kind = 'refused' THEN 'not_handed_over' ELSE 'unknown' END,
    a.time_ms,
    CASE WHEN a.recipient IS NOT NULL THEN coalesce(d.receiver, '{other}') END,
    NULL,
    f.event_id,
    f.form,
    a.reply,
    a.kind,
    0,
    a.time_ms,
    a.time_ms,
    NULL,
    0,
    a.request_id,
    NULL,
    a.x_message_id,
    NULL,
    NULL,
    CASE WHEN s.event_id IS NULL THEN 'none' ELSE 'ambiguous' END,
    NULL
FROM scope a
LEFT JOIN (SELECT DISTINCT event_id FROM link WHERE surplus) s ON s.event_id = a.event_id
LEFT JOIN telling f ON f.event_id = a.event_id
LEFT JOIN receiver_of d ON d.name = regexp_extract(a.recipient, '@([^@]*)$', 1)
WHERE a.vantage = 'app' AND (s.event_id IS NOT NULL OR a.event_id NOT IN (SELECT event_id FROM link))
