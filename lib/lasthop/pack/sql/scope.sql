-- How the messages of the cohorts of a case fared that were sent in a span of time: one row per cohort (recipient, domain,
-- receiver, template, sender, everything), its name and outcome. The names are those of the messages of the case, which
-- "scope_case" holds; the messages of the case itself are counted too.
WITH sent AS (
    SELECT recipient, domain, receiver, template, sender, outcome
    FROM messages
    WHERE sent_ms >= $from_ms AND sent_ms <= $until_ms
)
SELECT 'recipient' AS cohort, recipient AS name, outcome, count(*) AS n
FROM sent WHERE recipient IN (SELECT recipient FROM scope_case) GROUP BY recipient, outcome
UNION ALL
SELECT 'domain', domain, outcome, count(*)
FROM sent WHERE domain IN (SELECT domain FROM scope_case) GROUP BY domain, outcome
UNION ALL
SELECT 'receiver', receiver, outcome, count(*)
FROM sent WHERE receiver IN (SELECT receiver FROM scope_case) GROUP BY receiver, outcome
UNION ALL
SELECT 'template', template, outcome, count(*)
FROM sent WHERE template IN (SELECT template FROM scope_case) GROUP BY template, outcome
UNION ALL
SELECT 'sender', sender, outcome, count(*)
FROM sent WHERE sender IN (SELECT sender FROM scope_case) GROUP BY sender, outcome
UNION ALL
SELECT 'everything', '', outcome, count(*) FROM sent GROUP BY outcome
