-- One row per event whose reply was asked about: its reason and the form of its reply.
SELECT a.event_id, n.reason, n.form
FROM asked a
LEFT JOIN receiver_of h ON h.name = a.host
LEFT JOIN receiver_of d ON d.name = a.domain
JOIN answer n
    ON n.reply = a.reply
    AND n.reply_code IS NOT DISTINCT FROM a.reply_code
    AND n.enhanced_code IS NOT DISTINCT FROM a.enhanced_code
    AND n.by_host IS NOT DISTINCT FROM h.receiver
    AND n.by_domain IS NOT DISTINCT FROM d.receiver
    AND n.vantage = a.vantage
