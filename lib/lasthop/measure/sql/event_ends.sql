-- One row per vantage: its first and last mail event among those of {days}.
SELECT vantage, min(time_ms) AS first_ms, max(time_ms) AS last_ms
FROM events
WHERE day IN ({days}) AND kind NOT IN ('listed', 'account_status_change')
    AND vantage IN ('app', 'provider')
GROUP BY vantage
