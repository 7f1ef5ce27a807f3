-- One row per reason and {column}: how many messages. place counts the names from the most frequent in all reasons;
-- names after the first {kept} are one row, without a name and with the next place.
WITH ranked AS (
    SELECT {column} AS name, row_number() OVER (ORDER BY count(*) DESC, {column}) AS place FROM failure GROUP BY {column}
)
SELECT
    f.reason,
    CASE WHEN r.place <= {kept} THEN r.place ELSE {kept} + 1 END AS place,
    CASE WHEN r.place <= {kept} THEN r.name END AS name,
    count(*) AS n
FROM failure f
JOIN ranked r ON r.name IS NOT DISTINCT FROM f.{column}
GROUP BY 1, 2, 3
ORDER BY f.reason, place
