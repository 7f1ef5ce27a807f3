-- One row: what the events tell about their own completeness. Stop-list entries are no mail events: some are years old.
SELECT
    min(time_ms) AS first_ms,
    max(time_ms) AS last_ms,
    count(DISTINCT CASE WHEN vantage = 'app' THEN source_id END) AS app_sources,
    count(CASE WHEN vantage = 'provider' AND x_message_id IS NULL THEN 1 END) AS idless
FROM events
WHERE kind NOT IN ('listed', 'account_status_change')
