"""The synthetic samples: reproducible to the byte, complete, true to shape, and nobody's real data."""

import base64
import csv
import gzip
import io
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "samples"
TRUTH = ROOT / "tests" / "samples_truth.csv"
NEWEST = datetime(2026, 11, 20, 8, tzinfo=UTC)
JST = timedelta(hours=9)
FILES = {
    "asm_groups_12_suppressions.csv",
    "bounce_mail.eml",
    "hostile.csv",
    "kuroco_mail_log_2026-10.csv",
    "kuroco_mail_log_2026-11.csv",
    "kuroco_mail_log_old.csv",
    "kuroco_sendgrid_log_2026-11.csv",
    "original.eml",
    "sendgrid_activity_2026-10.csv",
    "sendgrid_activity_2026-11.csv",
    "sendgrid_webhook_2026-11.ndjson.gz",
    "suppression_blocks.csv",
    "suppression_bounces.csv",
    "suppression_invalid_emails.csv",
    "suppression_spam_reports.csv",
    "suppression_unsubscribes.csv",
}
CP932 = {"kuroco_mail_log_2026-11.csv", "kuroco_sendgrid_log_2026-11.csv"}
OUTCOMES = {
    "not_handed_over",
    "suppressed",
    "waiting",
    "bounced",
    "blocked",
    "expired",
    "accepted",
    "accepted_then_bounced",
    "complained",
    "unknown",
}
STORIES = {
    "ambiguous-one-row": {"accepted", "blocked"},
    "ambiguous-pair": {"accepted", "blocked"},
    "api-key-refused": {"not_handed_over"},
    "app-row-deleted": {"accepted"},
    "async-bounce": {"accepted_then_bounced"},
    "async-bounce-two-candidates": {"accepted"},
    "blank-body": {"not_handed_over"},
    "blank-site-address": {"not_handed_over"},
    "blocked-content": {"blocked"},
    "blocked-list": {"blocked"},
    "blocked-policy": {"blocked"},
    "blocked-quota": {"blocked"},
    "blocked-reputation": {"blocked"},
    "bounced": {"bounced"},
    "bounced-then-dropped": {"bounced", "suppressed"},
    "case-differs": {"accepted"},
    "clear-pair": {"accepted", "blocked"},
    "complaint": {"complained"},
    "deferred-40h-accepted": {"accepted"},
    "deferred-then-silence": {"unknown"},
    "delivered-then-bounced": {"accepted_then_bounced"},
    "dropped-bounced": {"suppressed"},
    "dropped-invalid": {"suppressed"},
    "dropped-spam-report": {"suppressed"},
    "dropped-unsubscribed": {"suppressed"},
    "expired-mailbox-full": {"expired"},
    "group-resubscribed": {"accepted"},
    "newest-event": {"accepted"},
    "nothing-at-all": {"unknown"},
    "open-without-delivered": {"accepted"},
    "outage": {"accepted"},
    "outage-expired": {"expired"},
    "outage-expired-as-blocked": {"blocked"},
    "processed-then-silence": {"unknown"},
    "provider-only": {"accepted"},
    "refused-then-resent": {"accepted", "not_handed_over"},
    "retry-ended-as-blocked": {"blocked"},
    "sender-not-verified": {"not_handed_over"},
    "typo": {"blocked", "bounced"},
    "typo-corrected": {"accepted"},
    "waiting": {"waiting"},
    "waiting-overdue": {"waiting"},
    "waiting-processed": {"waiting"},
    "wrong-to": {"not_handed_over"},
}
HELP_PAGES = {"support.google.com", "sendgrid.com"}
DOCUMENTATION_NETWORKS = ("192.0.2.", "198.51.100.", "203.0.113.")
Row = dict[str, str]


def content(name: str) -> str:
    raw = (SAMPLES / name).read_bytes()
    if name.endswith(".gz"):
        raw = gzip.decompress(raw)
    return raw.decode("cp932" if name in CP932 else "utf-8-sig")


def rows(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def activity() -> list[Row]:
    unique: dict[tuple[str, ...], Row] = {}
    for month in ("10", "11"):
        for row in rows(content(f"sendgrid_activity_2026-{month}.csv")):
            unique[tuple(row.values())] = row
    return list(unique.values())


def webhook() -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in content("sendgrid_webhook_2026-11.ndjson.gz").splitlines()]
    return [line.get("raw_event", line) for line in lines]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def is_reserved(domain: str) -> bool:
    return domain.endswith(".example") or bool(re.fullmatch(r"(?:.*\.)?example\.(?:com|net|org)", domain))


@pytest.fixture(scope="module")
def truth() -> list[Row]:
    return rows(TRUTH.read_bytes().decode("utf-8"))


def test_the_generator_writes_the_same_bytes_again(tmp_path: Path) -> None:
    out, truth_file = tmp_path / "samples", tmp_path / "truth.csv"
    tool = ROOT / "tools" / "make_samples.py"
    command = [sys.executable, "-B", str(tool), "--out", str(out), "--truth", str(truth_file)]
    subprocess.run(command, check=True, timeout=60)
    assert truth_file.read_bytes() == TRUTH.read_bytes()
    assert {path.name for path in out.iterdir()} == {path.name for path in SAMPLES.iterdir()} == FILES
    for name in FILES:
        again, kept = (out / name).read_bytes(), (SAMPLES / name).read_bytes()
        if name.endswith(".gz"):  # another zlib may pack the same lines differently
            again, kept = gzip.decompress(again), gzip.decompress(kept)
        assert again == kept, name


def test_the_samples_stay_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 6_000_000


def test_every_outcome_and_every_story_is_told(truth: list[Row]) -> None:
    assert {row["outcome"] for row in truth} == OUTCOMES
    assert {row["link"] for row in truth} == {"exact", "heuristic", "ambiguous", "none"}
    told: defaultdict[str, set[str]] = defaultdict(set)
    for row in truth:
        told[row["story"]].add(row["outcome"])
    crowds = {"everyday", "campaign", "hostile"}
    assert {story: outcomes for story, outcomes in told.items() if story not in crowds} == STORIES
    assert crowds <= set(told)


def test_no_message_is_told_twice(truth: list[Row]) -> None:
    keys = Counter((row["recipient"], row["x_message_id"] or row["request_id"]) for row in truth)
    assert max(keys.values()) == 1
    assert 1900 < len(truth) < 2100


@pytest.mark.parametrize("name", sorted(FILES))
def test_only_reserved_domains_and_networks_occur(name: str) -> None:
    text = content(name)
    for domain in re.findall(r"@([A-Za-z0-9.-]+\.[A-Za-z]{2,})", text):
        assert is_reserved(domain.lower()), domain
    for host in re.findall(r"https?://([A-Za-z0-9.-]+)", text):
        assert is_reserved(host) or host in HELP_PAGES, host
    browsers = r"\b(?:Chrome|Safari)/[\d.]+"
    for address in re.findall(r"(?<![\d.-])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", re.sub(browsers, "", text)):
        assert address.startswith(DOCUMENTATION_NETWORKS), address


def test_exports_of_the_mail_log_repeat_three_days_exactly() -> None:
    october = [tuple(row.values()) for row in rows(content("kuroco_mail_log_2026-10.csv"))]
    november = [tuple(row.values()) for row in rows(content("kuroco_mail_log_2026-11.csv"))]
    shared = [row for row in october if row[0] >= "2026-10-31"]
    assert len({row[0][:10] for row in shared}) == 3
    assert shared == [row for row in november if row[0] < "2026-11-03"]


def test_exports_of_the_activity_repeat_two_days_exactly() -> None:
    october = rows(content("sendgrid_activity_2026-10.csv"))
    november = rows(content("sendgrid_activity_2026-11.csv"))
    shared = [row for row in october if row["processed"] >= "2026-10-31"]
    assert len({row["processed"][:10] for row in shared}) == 2
    assert shared == [row for row in november if row["processed"] < "2026-11-02"]


def test_nothing_is_newer_than_the_newest_event() -> None:
    posted = [event["timestamp"] / (1000 if event["timestamp"] > 10**11 else 1) for event in webhook()]
    assert max(posted) == NEWEST.timestamp()
    assert max(moment(row["processed"]) for row in activity()) < NEWEST
    for name in ("kuroco_mail_log_2026-11.csv", "kuroco_sendgrid_log_2026-11.csv"):
        newest = max(next(iter(row.values())) for row in rows(content(name)))
        assert moment(newest) - JST < NEWEST


def test_message_ids_hold_the_short_id_and_the_second_of_creation() -> None:
    shape = re.compile(r"([\w-]{22})\.recvd-[0-9a-f]{10}-[a-z0-9]{5}-\d+-([0-9A-F]{8})-[0-9A-F]+\.(\d+)")
    first: dict[str, datetime] = {}
    for row in activity():
        found = shape.fullmatch(row["message_id"])
        assert found, row["message_id"]
        assert found[1] == row["recv_message_id"]
        assert len(base64.urlsafe_b64decode(found[1] + "==")) == 16
        when = moment(row["processed"])
        first[row["message_id"]] = min(first.get(row["message_id"], when), when)
    for message_id, when in first.items():
        created = int(message_id.split("-")[-2], 16)
        assert timedelta(0) <= when - datetime.fromtimestamp(created, UTC) < timedelta(seconds=5)


def test_event_ids_of_deliveries_can_be_read() -> None:
    words = {"dropped": "drop"}
    readable = 0
    for event in webhook():
        raw = base64.urlsafe_b64decode(event["sg_event_id"] + "=" * (-len(event["sg_event_id"]) % 4))
        if len(raw) == 16:  # opens and clicks, events posted again, bounces without an id
            continue
        xid, _, rest = event["sg_message_id"].partition(".")
        kind = words.get(event["event"], event["event"])
        assert raw.decode().startswith(f"{kind}-")
        assert raw.decode().endswith(f"-{xid}-{rest.rpartition('.')[2]}")
        readable += 1
    assert readable > 1500


def test_the_webhook_doubles_reorders_and_wraps() -> None:
    lines = [json.loads(line) for line in content("sendgrid_webhook_2026-11.ndjson.gz").splitlines()]
    assert 0 < sum("raw_event" in line for line in lines) < len(lines)
    events = webhook()
    times = [event["timestamp"] for event in events]
    assert times != sorted(times)
    assert 0 < sum(time > 10**11 for time in times) < len(times) / 20
    assert {type(event["category"]) for event in events if "category" in event} == {str, list}
    assert {type(event["attempt"]) for event in events if event["event"] == "deferred"} == {str}
    ids: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for event in events:
        second = str(event["timestamp"])[:10]
        ids[event["email"], event["event"], second, event["sg_message_id"]].add(event["sg_event_id"])
    assert any(len(names) > 1 for names in ids.values())
    assert sum(event["sg_message_id"] == "" and "ip" not in event for event in events) == 2


def test_a_heuristic_link_has_one_candidate_and_an_ambiguous_one_has_more(truth: list[Row]) -> None:
    near = timedelta(seconds=5)
    begun: defaultdict[tuple[str, str], dict[str, datetime]] = defaultdict(dict)
    for row in activity():
        times = begun[row["email"], row["subject"]]
        when = moment(row["processed"])
        times[row["recv_message_id"]] = min(times.get(row["recv_message_id"], when), when)
    for row in truth:
        sent = datetime.fromisoformat(row["sent_utc"])
        times = begun[row["recipient"], row["subject"]]
        candidates = {xid for xid, when in times.items() if abs(when - sent) < near}
        if row["link"] in {"exact", "heuristic"}:
            assert candidates == {row["x_message_id"]}, row
        elif row["link"] == "ambiguous":
            assert len(candidates) > 1, row


def test_exact_links_rest_on_the_request_id_among_the_custom_arguments(truth: list[Row]) -> None:
    told = {
        (row["recv_message_id"], row["email"]): json.loads(row["unique_args"]).get("request_id", "")
        for row in activity()
    }
    for row in truth:
        named = told.get((row["x_message_id"], row["recipient"]), "")
        assert (row["link"] == "exact") == bool(named and named == row["request_id"]), row


def test_the_hostile_file_is_sound_except_where_it_means_not_to_be(truth: list[Row]) -> None:
    text = content("hostile.csv")
    assert "\x00" in text
    assert not text.endswith("\n")
    assert text.rpartition("\n")[2].count('"') % 2 == 1
    table = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in table[:-1]} == {29}
    read = {row[4] for row in table}
    assert {row["x_message_id"] for row in truth if row["story"] == "hostile"} < read
