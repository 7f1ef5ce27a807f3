-- A row is one record that cannot stand as an event, with the reason in words. ceiling_ms: a day after now;
-- floor_ms: 1995-01-01. A stop-list entry may do without a time, an event about no single message without a recipient.
SELECT rowid AS ordinal, source_line, reason FROM (
    SELECT
        rowid,
        source_line,
        CASE
            WHEN time_raw IS NULL AND kind IS DISTINCT FROM 'listed' THEN 'no time'
            WHEN time_raw IS NOT NULL AND time_ms IS NULL THEN 'a time that cannot be: ' || left(time_raw, 80)
            WHEN time_ms < {floor_ms} THEN 'a time before 1995: ' || left(time_raw, 80)
            WHEN time_ms > {ceiling_ms} THEN 'a time in the future: ' || left(time_raw, 80)
            WHEN kind IS NULL THEN 'no event'
            WHEN recipient IS NULL AND kind NOT IN ('received', 'account_status_change', 'refused', 'hop') THEN 'no recipient'
        END AS reason
    FROM {table}
)
WHERE reason IS NOT NULL
ORDER BY ordinal
