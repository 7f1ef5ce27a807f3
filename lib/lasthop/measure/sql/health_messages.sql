-- One row: how well the application's rows and the provider's messages meet. A message whose id begins with "a" is an
-- application row to which no provider message is tied. The bounds are NULL for a system of which nothing is loaded.
SELECT
    count(CASE WHEN provider_last_ms IS NULL AND last_kind <> 'refused'
        AND sent_ms BETWEEN {provider_first_ms} AND {provider_last_ms} THEN 1 END) AS unlinked_app,
    count(CASE WHEN provider_last_ms IS NULL AND last_kind <> 'refused'
        AND NOT coalesce(sent_ms BETWEEN {provider_first_ms} AND {provider_last_ms}, false) THEN 1 END) AS app_outside,
    count(CASE WHEN link_confidence = 'ambiguous' THEN 1 END) AS ambiguous,
    count(CASE WHEN provider_last_ms IS NOT NULL AND link_key IS NULL
        AND first_ms BETWEEN {app_first_ms} AND {app_last_ms} THEN 1 END) AS provider_only
FROM messages
