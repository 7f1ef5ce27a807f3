-- How the messages of the cohorts of a case fared that were sent in a span of time: one row per cohort (recipient, domain,
-- receiver, template, sender, everything) and its name, with the number of messages, of the accepted ones, of those of
-- each outcome that failed, of all of them, of the waiting and the unknown, and when the first was sent. The names are
-- those of the messages of the case, which "scope_case" holds; the messages of the case itself are counted too.
WITH sent AS (
    SELECT recipient, domain, receiver, template, sender, outcome, sent_ms
    FROM messages
    WHERE sent_ms >= $from_ms AND sent_ms <= $until_ms
),
counted AS (
    SELECT 'recipient' AS cohort, recipient AS name, {counts}
    FROM sent WHERE recipient IN (SELECT recipient FROM scope_case) GROUP BY recipient
    UNION ALL
    SELECT 'domain', domain, {counts}
    FROM sent WHERE domain IN (SELECT domain FROM scope_case) GROUP BY domain
    UNION ALL
    SELECT 'receiver', receiver, {counts}
    FROM sent WHERE receiver IN (SELECT receiver FROM scope_case) GROUP BY receiver
    UNION ALL
    SELECT 'template', template, {counts}
    FROM sent WHERE template IN (SELECT template FROM scope_case) GROUP BY template
    UNION ALL
    SELECT 'sender', sender, {counts}
    FROM sent WHERE sender IN (SELECT sender FROM scope_case) GROUP BY sender
    UNION ALL
    SELECT 'everything', '', {counts} FROM sent HAVING count(*) > 0
)
SELECT * FROM counted
ORDER BY list_position([{kinds}], cohort), messages DESC, first_ms, name
