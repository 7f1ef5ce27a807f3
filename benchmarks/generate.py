"""A seeded activity export of any size: the 28 columns, every cell quoted, about three events a message."""

from pathlib import Path

import duckdb

COLUMNS = """
    strftime(moment, '%Y-%m-%d %H:%M:%S.%g') AS processed,
    xid || '.recvd-86b77d8cc7-8d6gn-1-' || printf('%X', epoch(sent)::BIGINT) || '-' || (i % 50) || '.0' AS message_id,
    event, 'key' || (i % 3) AS api_key_id, xid AS recv_message_id,
    'credential' AS credential_id, subject, 'noreply@shop.example' AS "from", email, '' AS asm_group_id,
    'd-' || md5((i % 12)::VARCHAR) AS template_id, '203.0.113.' || (i % 200) AS originating_ip, reason,
    '198.51.100.' || (i % 20) AS outbound_ip, 'dedicated' AS outbound_ip_type, 'mx' || (i % 4) || '.example' AS mx,
    attempt, '' AS url,
    CASE WHEN event = 'open' THEN 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0)' ELSE '' END AS user_agent,
    CASE WHEN event = 'bounce' THEN CASE WHEN i % 3 = 0 THEN 'blocked' ELSE 'bounce' END ELSE '' END AS type,
    CASE WHEN event = 'open' THEN 'true' ELSE '' END AS is_unique, 'shop' AS username, '["order"]' AS categories,
    '' AS marketing_campaign_id, '' AS marketing_campaign_name, '' AS marketing_campaign_split_id,
    '' AS marketing_campaign_version, '{"site_id":"1","magazine_id":"' || (i % 9) || '"}' AS unique_args
"""

QUERY = """
WITH message AS (
    SELECT
        i, i % 20 AS fate,
        substr(translate(to_base64(unhex(md5(i::VARCHAR || 'seed'))), '+/', '-_'), 1, 22) AS xid,
        'user' || (i * 7919 % (1 + {messages} // 3)) || '@'
        || ['gmail.example', 'yahoo.example', 'docomo.example', 'corp' || (i % 6000) || '.example'][1 + i % 4] AS email,
        'ご注文ありがとうございます #' || i AS subject,
        TIMESTAMP '2026-08-01' + to_milliseconds(i * 7776000000 // {messages}) AS sent
    FROM range({messages}) numbers(i)
), event AS (
    SELECT
        *, sent AS moment, 'processed' AS event, '' AS reason, '' AS attempt, 0 AS step FROM message
    UNION ALL
    SELECT
        *, sent + to_seconds(2 + i % 5),
        CASE fate WHEN 0 THEN 'bounce' WHEN 1 THEN 'deferred' WHEN 2 THEN 'drop' ELSE 'delivered' END,
        CASE fate
            WHEN 0 THEN '550 5.1.1 The account that you tried to reach does not exist, check "it". ' || md5(i::VARCHAR)
            WHEN 1 THEN '451 4.7.1 Try again later ' || md5(i::VARCHAR)
            WHEN 2 THEN 'Bounced Address'
            ELSE '250 2.0.0 OK ' || md5(i::VARCHAR) || ' - mx' END,
        CASE WHEN fate = 2 THEN '' ELSE '0' END, 1
    FROM message
    UNION ALL
    SELECT
        *, sent + to_seconds(300), CASE fate WHEN 1 THEN 'delivered' ELSE 'open' END,
        CASE fate WHEN 1 THEN '250 2.0.0 OK ' || md5(i::VARCHAR) ELSE '' END, CASE fate WHEN 1 THEN '1' ELSE '' END, 2
    FROM message
    WHERE fate NOT IN (0, 2)
)
SELECT {columns} FROM event ORDER BY moment, i, step LIMIT {rows}
"""


def write_activity(path: Path, rows: int) -> Path:
    """Write an activity export of ``rows`` events over 90 days, in the order of time; the same bytes every time."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        query = QUERY.format(columns=COLUMNS, rows=rows, messages=rows * 10 // 28 + 1)
        with duckdb.connect() as con:
            con.execute(f"COPY ({query}) TO '{partial}' (HEADER, FORCE_QUOTE *)")
        partial.rename(path)
    return path
