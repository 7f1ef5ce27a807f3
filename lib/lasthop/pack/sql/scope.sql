-- How the messages of the cohorts of a case fared that were sent in a span of time: one row per cohort (recipient, domain,
-- receiver, template, sender, everything) and its name, with the number of messages, of the accepted ones, of those of
-- each outcome that failed, of all of them, and of the waiting and the unknown. The names are those of the messages of
-- the case, which "scope_case" holds; the messages of the case itself are counted too.
WITH sent AS (
    SELECT recipient, domain, receiver, template, sender, outcome
    FROM messages
    WHERE sent_ms >= $from_ms AND sent_ms <= $until_ms
), counted AS (
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
)
SELECT
    cohort,
    name,
    sum(n)::BIGINT AS messages,
    sum(CASE WHEN outcome = 'accepted' THEN n ELSE 0 END)::BIGINT AS accepted,
    sum(CASE WHEN outcome IN ({outcomes}) THEN n ELSE 0 END)::BIGINT AS failed,
    {failed},
    sum(CASE WHEN outcome = 'waiting' THEN n ELSE 0 END)::BIGINT AS waiting,
    sum(CASE WHEN outcome = 'unknown' THEN n ELSE 0 END)::BIGINT AS unknown
FROM counted
GROUP BY cohort, name
