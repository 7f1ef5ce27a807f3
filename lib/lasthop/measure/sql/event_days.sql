-- One row per vantage and UTC day (such as 2026-11-02, as the events are filed) that has at least one mail event.
-- Stop-list entries are no mail events: some are years old.
SELECT DISTINCT vantage, day
FROM events
WHERE day <> 'undated' AND kind NOT IN ('listed', 'account_status_change')
ORDER BY vantage, day
