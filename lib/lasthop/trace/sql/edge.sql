-- One row: how far the data reaches. as_of_ms is the newest provider event, else the newest event of all; left_ms the first
-- event of a provider's message; starts counts the messages of which a provider tells when it took them. NULLs and 0 in an
-- empty workspace.
SELECT
    coalesce(max(provider_last_ms), max(last_ms)) AS as_of_ms,
    min(CASE WHEN provider_last_ms IS NOT NULL THEN first_ms END) AS left_ms,
    count(CASE WHEN sent_basis = 'processed' THEN 1 END) AS starts
FROM message_rows
