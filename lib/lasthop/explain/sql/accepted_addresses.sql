-- One row per address of a list that took messages: how many it took.
SELECT recipient, count(*) AS accepted
FROM messages
WHERE recipient IN (SELECT unnest(?)) AND outcome IN ('accepted', 'complained')
GROUP BY recipient
