-- One row per loaded export of a stop list: its list, and the newest entry that has a time (NULL when none has).
SELECT stop_list, source_id, max(time_ms) AS newest_ms
FROM listed
GROUP BY stop_list, source_id
