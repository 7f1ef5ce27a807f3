-- One row: how well the application's rows and the provider's messages meet. A message whose id begins with "a" is an
-- application row to which no provider message is tied.
WITH app_span AS (
    SELECT min(time_ms) AS from_ms, max(time_ms) AS until_ms FROM events WHERE vantage = 'app'
), provider_span AS (
    SELECT min(first_ms) AS from_ms, max(provider_last_ms) AS until_ms FROM messages WHERE provider_last_ms IS NOT NULL
)
SELECT
    count(CASE WHEN m.provider_last_ms IS NULL AND m.last_kind <> 'refused'
        AND m.sent_ms BETWEEN p.from_ms AND p.until_ms THEN 1 END) AS unlinked_app,
    count(CASE WHEN m.provider_last_ms IS NULL AND m.last_kind <> 'refused'
        AND (p.from_ms IS NULL OR m.sent_ms < p.from_ms OR m.sent_ms > p.until_ms) THEN 1 END) AS app_outside,
    count(CASE WHEN m.link_confidence = 'ambiguous' THEN 1 END) AS ambiguous,
    count(CASE WHEN m.provider_last_ms IS NOT NULL AND m.link_key IS NULL
        AND m.first_ms BETWEEN a.from_ms AND a.until_ms THEN 1 END) AS provider_only
FROM messages m
CROSS JOIN app_span a
CROSS JOIN provider_span p
