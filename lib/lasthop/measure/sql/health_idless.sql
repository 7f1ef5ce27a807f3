-- One row: the mail events of the provider that name no message.
SELECT count(*) AS n
FROM events
WHERE vantage = 'provider' AND x_message_id IS NULL AND kind NOT IN ('listed', 'account_status_change')
