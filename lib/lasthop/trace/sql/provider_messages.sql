-- One row per message that the provider knows: X-Message-Id and recipient, with what its events say together.
-- A late bounce (without an id, adopted; or a bounce mail) is no attempt: the message had been handed over before. A bounce
-- mail refuses or accepts, but its clock is not the provider's: it does not tell when that began or was last heard of.
-- Of two events in one millisecond the later stage has the last word, then the longer reply, then the event's id: a
-- choice that does not depend on what was loaded first.
-- refusal and put_off name the events whose replies tell why it failed, as a sort key that ends in the event's id: of
-- refusals a bounce before a drop, then one with a text, then the one that decides the outcome, then the newest; of
-- deferrals the newest with a text.
SELECT
    x_message_id,
    recipient,
    min(CASE WHEN kind = 'processed' THEN time_ms END) AS processed_ms,
    min(CASE WHEN kind = 'deferred' AND vantage = 'provider' THEN time_ms END) AS deferred_ms,
    min(CASE WHEN kind = 'delivered' AND vantage = 'provider' THEN time_ms END) AS accepted_ms,
    min(CASE WHEN kind IN ({bounces}) OR kind = 'dropped' THEN time_ms END) AS refused_ms,
    min(CASE WHEN vantage = 'provider' THEN time_ms END) AS first_ms,
    max(time_ms) AS last_ms,
    max(CASE WHEN vantage = 'provider' THEN time_ms END) AS provider_last_ms,
    count(*) AS events,
    count(DISTINCT CASE WHEN kind IN ({attempts}) AND NOT late THEN time_ms // 1000 END) AS attempts,
    min(sender) AS sender,
    min(subject) AS subject,
    min(template) AS template,
    min(category) AS category,
    min(provider_message_id) AS provider_message_id,
    min(message_id_header) AS message_id_header,
    arg_max(reply, {order} || event_id) AS last_reply,
    arg_max(kind, {order} || event_id) AS last_kind,
    max(host) AS host,
    max(CASE WHEN kind IN ({bounces}) OR kind = 'dropped' THEN
        CASE WHEN kind = 'dropped' THEN '0' ELSE '1' END || CASE WHEN reply IS NULL THEN '0' ELSE '1' END
            || {weight} || {order} || event_id
    END) AS refusal,
    max(CASE WHEN kind = 'deferred' AND reply IS NOT NULL THEN {order} || event_id END) AS put_off,
    CASE
        WHEN max(CASE WHEN kind = 'spam_report' THEN 1 ELSE 0 END) = 1 THEN 'complained'
        WHEN max(CASE WHEN kind IN ({acceptance}) THEN 1 ELSE 0 END) = 1 THEN
            CASE WHEN max(CASE WHEN kind IN ({bounces}) THEN 1 ELSE 0 END) = 1 THEN 'accepted_then_bounced' ELSE 'accepted' END
        WHEN max(CASE WHEN kind = 'bounce_hard' THEN 1 ELSE 0 END) = 1 THEN 'bounced'
        WHEN max(CASE WHEN kind = 'bounce_blocked' THEN 1 ELSE 0 END) = 1 THEN 'blocked'
        WHEN max(CASE WHEN kind = 'bounce_expired' THEN 1 ELSE 0 END) = 1 THEN 'expired'
        WHEN max(CASE WHEN kind = 'bounce_untyped' THEN 1 ELSE 0 END) = 1 THEN 'bounced'
        WHEN max(CASE WHEN kind = 'dropped' THEN 1 ELSE 0 END) = 1 THEN 'suppressed'
    END AS settled
FROM provider_event
GROUP BY x_message_id, recipient
