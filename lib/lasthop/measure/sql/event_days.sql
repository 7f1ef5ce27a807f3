-- One row per vantage and UTC day (such as 2026-11-02, as the events are filed) that has at least one mail event.
-- Stop-list entries are no mail events: some are years old. Single received mails and bounce mails cover no days.
SELECT DISTINCT vantage, day
FROM events
WHERE day <> 'undated' AND kind NOT IN ('listed', 'account_status_change')
    AND vantage IN ('app', 'provider')
ORDER BY vantage, day
