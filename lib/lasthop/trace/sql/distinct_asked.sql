-- One row per distinct reply, its codes, and who runs the server that gave it; host and domain are one of many.
SELECT
    a.reply,
    a.reply_code,
    a.enhanced_code,
    h.receiver AS by_host,
    d.receiver AS by_domain,
    a.vantage,
    min(a.host) AS host,
    min(a.domain) AS domain
FROM asked a
LEFT JOIN receiver_of h ON h.name = a.host
LEFT JOIN receiver_of d ON d.name = a.domain
GROUP BY a.reply, a.reply_code, a.enhanced_code, h.receiver, d.receiver, a.vantage
