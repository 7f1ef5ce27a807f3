-- One row per domain that took messages and could have been meant: how many it took. A domain can be meant by another
-- of about its length, by its own beginning, or by a text that ends with it (an address that lost its @).
SELECT domain, count(*) AS accepted
FROM messages
WHERE outcome IN ('accepted', 'complained')
    AND (abs(length(domain) - {length}) <= 4 OR starts_with(domain, ?) OR (domain <> '' AND ends_with(?, domain)))
GROUP BY domain
