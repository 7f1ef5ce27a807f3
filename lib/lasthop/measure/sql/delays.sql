-- One row per duration and end: how many attempted messages were accepted (1) or refused (2) so many seconds after they
-- were sent, or are still open (0) after so long. Whole seconds up to ten minutes, whole minutes after that, both cut
-- off. Where no source tells when a message was sent, no time can be told. One that is unknown was followed until its
-- last event: how it went on is missing from the data, which is not the same as nothing having happened.
SELECT CASE WHEN ms < 600000 THEN ms // 1000 ELSE ms // 60000 * 60 END AS seconds, ending, count(*) AS n
FROM (
    SELECT
        greatest(CASE ending WHEN 1 THEN accepted_ms WHEN 2 THEN refused_ms ELSE followed_ms END - sent_ms, 0) AS ms,
        ending
    FROM (
        SELECT
            sent_ms,
            accepted_ms,
            refused_ms,
            CASE outcome WHEN 'unknown' THEN provider_last_ms ELSE {as_of_ms} END AS followed_ms,
            CASE WHEN accepted_ms IS NOT NULL THEN 1 WHEN outcome IN ({refused}) THEN 2 ELSE 0 END AS ending
        FROM messages
        WHERE sent_basis <> 'first_event' AND outcome NOT IN ('suppressed', 'not_handed_over') AND provider_last_ms IS NOT NULL
            AND (accepted_ms IS NOT NULL OR outcome NOT IN ({taken})) AND {condition}
    )
)
GROUP BY ALL
ORDER BY seconds, ending
