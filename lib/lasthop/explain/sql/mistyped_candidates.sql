-- One row per address to which mail failed and of which a slip may have made another address, the one that is asked
-- for: how many messages failed. Either it begins with the same mailbox (or has it before its @), or it is at the same
-- domain and shares the beginning, the middle or the end of the mailbox. Most of them are no slip: that is told later.
SELECT recipient, count(*) AS failed
FROM messages
WHERE outcome IN (SELECT unnest($failed))
    AND recipient <> $address
    AND abs(length(recipient) - length($address)) <= 8
    AND (
        starts_with(recipient, $mailbox)
        OR contains(recipient, $mailbox || '@')
        OR (
            domain = $domain
            AND (
                starts_with(recipient, $head)
                OR contains(recipient, $middle)
                OR ends_with(recipient, $tail || '@' || $domain)
            )
        )
    )
GROUP BY recipient
ORDER BY failed DESC, recipient
LIMIT 1000
