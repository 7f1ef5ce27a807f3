-- One row per host and recipient domain, of messages and of the replies that are asked about.
SELECT host AS name FROM provider_message WHERE host IS NOT NULL
UNION
SELECT host FROM asked WHERE host IS NOT NULL
UNION
SELECT regexp_extract(recipient, '@([^@]*)$', 1) FROM provider_message WHERE recipient IS NOT NULL
UNION
SELECT regexp_extract(recipient, '@([^@]*)$', 1) FROM scope WHERE vantage = 'app' AND recipient IS NOT NULL
