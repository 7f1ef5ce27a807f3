-- One row per message that the provider knows: X-Message-Id and recipient, with what its events say together.
-- A late bounce (without an id, adopted) is no attempt: the message had been handed over before.
-- Of two replies in one millisecond the later stage has the last word, then the longer one: a stable choice.
SELECT
    x_message_id,
    recipient,
    min(CASE WHEN kind = 'processed' THEN time_ms END) AS processed_ms,
    min(CASE WHEN kind = 'deferred' THEN time_ms END) AS deferred_ms,
    min(time_ms) AS first_ms,
    max(time_ms) AS last_ms,
    count(*) AS events,
    count(DISTINCT CASE WHEN kind IN ({attempts}) AND NOT late THEN time_ms // 1000 END) AS attempts,
    min(sender) AS sender,
    min(subject) AS subject,
    min(template) AS template,
    min(category) AS category,
    min(provider_message_id) AS provider_message_id,
    min(message_id_header) AS message_id_header,
    arg_max(reply, (time_ms * 8 + {stage}) * 1024 + length(reply) % 1024) AS last_reply,
    arg_max(kind, time_ms * 8 + {stage}) AS last_kind,
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
