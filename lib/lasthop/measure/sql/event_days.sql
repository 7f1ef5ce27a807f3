-- One row per vantage and UTC day (counted from 1970-01-01) that has at least one mail event.
SELECT DISTINCT vantage, time_ms // 86400000 AS day
FROM events
WHERE time_ms IS NOT NULL AND kind NOT IN ('listed', 'account_status_change')
ORDER BY vantage, day
