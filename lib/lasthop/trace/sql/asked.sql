-- One row per reply that tells why a message failed or waits, with what of it never decides made alike: addresses, IPs
-- and long ids. A million bounces have few of these: reply/ is asked once for each. A reply
-- stays as it is where a rule looks for words of which that would take something away (8BITMIME is no id).
SELECT
    event_id,
    CASE WHEN {protected} THEN reply ELSE regexp_replace(
        regexp_replace(reply, '[A-Za-z0-9._+-]{{1,64}}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*', '{address}', 'g'),
        '\b([0-9][0-9A-Za-z]{{7,}}|[0-9a-f]{{16,}}|[0-9]{{1,3}}(\.[0-9]{{1,3}}){{3}})\b', '{number}', 'g'
    ) END AS reply,
    reply_code,
    enhanced_code,
    host,
    regexp_extract(recipient, '@([^@]*)$', 1) AS domain,
    vantage
FROM scope
WHERE reply IS NOT NULL AND event_id IN (
    SELECT right(refusal, 32) FROM provider_message
    UNION ALL SELECT right(put_off, 32) FROM provider_message WHERE settled IS NULL OR settled <> 'accepted'
    UNION ALL SELECT event_id FROM scope WHERE kind = 'refused'
)
