-- One row per reason and form of its reply in a case: how many other messages, at any time, have both, to how many
-- addresses that are not in the case, and when the first and the last of them were sent.
SELECT
    c.reason,
    c.reply_form,
    count(m.message) AS n,
    count(DISTINCT CASE WHEN a.recipient IS NULL THEN m.recipient END) AS recipients,
    min(m.sent_ms) AS first_ms,
    max(m.sent_ms) AS last_ms
FROM (SELECT DISTINCT reason, reply_form FROM scope_case WHERE reason IS NOT NULL) c
LEFT JOIN messages m
    ON m.reason = c.reason AND m.reply_form IS NOT DISTINCT FROM c.reply_form
    AND m.message NOT IN (SELECT message FROM scope_case)
LEFT JOIN (SELECT DISTINCT recipient FROM scope_case WHERE recipient IS NOT NULL) a ON a.recipient = m.recipient
GROUP BY c.reason, c.reply_form
ORDER BY n DESC, c.reason, c.reply_form
