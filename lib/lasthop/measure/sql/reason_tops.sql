-- One row per reason and each of its {kept} most frequent {column}s: how many messages, and how many names there are.
WITH counted AS (
    SELECT reason, {column} AS name, count(*) AS n FROM failure GROUP BY reason, {column}
), ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY reason ORDER BY n DESC, name) AS place,
        count(*) OVER (PARTITION BY reason) AS names
    FROM counted
)
SELECT reason, name, n, names FROM ranked WHERE place <= {kept} ORDER BY reason, place
