-- One row per address of one domain that took messages and shares its beginning, its middle or its end with another:
-- how many it took. Addresses that differ from the other in digits only are members of a numbered family.
SELECT recipient, count(*) AS accepted
FROM messages
WHERE domain = ?
    AND outcome IN ('accepted', 'complained')
    AND abs(length(recipient) - length(?)) <= 2
    AND (starts_with(recipient, ?) OR contains(recipient, ?) OR ends_with(recipient, ?))
    AND translate(recipient, '0123456789', '') <> translate(?, '0123456789', '')
GROUP BY recipient
