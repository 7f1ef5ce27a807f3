"""Kuroco's Admin MCP, spoken by a stand-in at the network's edge; what a person gets of it."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from lasthop.errors import InputError
from lasthop.live.kuroco import pull_kuroco, span
from lasthop.pull.faults import Refused, Unanswered
from lasthop.pull.keys import Key
from lasthop.pull.kuroco import MAIL_LOG, PATH, SENDGRID_LOG, AdminMcp, NotOffered
from lasthop.pull.session import Circumstances
from lasthop.store import Workspace
from lasthop.store.sources import rejected, sources

NOON = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC).timestamp()
TOKEN = "invented-token-of-a-test"  # noqa: S105


class Site(BaseAdapter):
    """A site with some tools; keeps what it was asked and when."""

    def __init__(self, tools: dict[str, list[dict[str, Any]]], schema: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.tools, self.schema = tools, schema
        self.clock, self.asked = NOON, list[tuple[float, str, dict[str, Any]]]()
        self.answer: Callable[[dict[str, Any]], Any] = self.speak
        self.status = 200

    def circumstances(self) -> Circumstances:
        def sleep(seconds: float) -> None:
            self.clock += seconds

        return Circumstances(now=lambda: self.clock, sleep=sleep, chance=lambda: 0.0, transport=self)

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        assert request.url == f"https://shop.g.kuroco.app{PATH}"
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        call = json.loads(request.body or b"{}")
        assert call["jsonrpc"] == "2.0"
        self.asked.append((self.clock, call["method"], call["params"]))
        response = requests.Response()
        response.status_code, response.request, response.url = self.status, request, request.url or ""
        said = self.answer(call)
        content = said if isinstance(said, bytes) else json.dumps({"jsonrpc": "2.0", "id": call["id"], **said}).encode()
        response.raw = io.BytesIO(content)
        return response

    def close(self) -> None:
        pass

    def speak(self, call: dict[str, Any]) -> dict[str, Any]:
        if call["method"] == "tools/list":
            schema = {"inputSchema": {"properties": self.schema}} if self.schema is not None else {}
            return {"result": {"tools": [{"name": name, **schema} for name in self.tools]}}
        arguments = call["params"]["arguments"]
        first = (arguments.get("pageID", 1) - 1) * arguments.get("cnt", 100)
        rows = self.tools[call["params"]["name"]][first : first + arguments.get("cnt", 100)]
        return {"result": {"content": [{"type": "text", "text": json.dumps({"list": rows})}]}}


def mcp(site: Site) -> AdminMcp:
    return AdminMcp("shop", Key(TOKEN, "a test"), circumstances=site.circumstances())


def mail(number: int) -> dict[str, Any]:
    return {
        "timestamp": f"2026-11-24 {10 + number % 2}:{number % 60:02d}:05",
        "Recipient": f"user{number}@example.jp",
        "HTTP status code": 202,
        "Response": "202 Accepted",
        "Subject": "ご注文",
        "rcms_request_id": f"request{number}",
        "unknown": {"kept": [number]},
    }


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def test_a_site_without_these_logs_points_to_the_csv(workspace: Workspace) -> None:
    site = Site({"api_log-list": [], "front_log-list": []})
    with pytest.raises(NotOffered, match=r"offers neither the mail log nor the SendGrid log.*CSV"):
        pull_kuroco(workspace, mcp(site), "Asia/Tokyo", zone_assumed=True)
    assert [method for _, method, _ in site.asked] == ["tools/list"]


def test_rows_become_events_that_lead_back_to_the_row(workspace: Workspace) -> None:
    site = Site({MAIL_LOG: [mail(n) for n in range(250)]})
    pulled = pull_kuroco(workspace, mcp(site), "Asia/Tokyo", zone_assumed=True)
    (source,) = sources(workspace)
    assert (source.rows, source.added, source.rejected, source.timezone) == (250, 250, 0, "Asia/Tokyo")
    assert pulled.logs == (MAIL_LOG,)
    assert not pulled.strangers
    kept = (workspace.root / "raw" / source.sha256).read_text().splitlines()
    with workspace.snapshot() as snapshot:
        rows = snapshot.rows("SELECT * FROM events WHERE recipient = 'user42@example.jp'")
    assert json.loads(kept[rows[0]["source_line"] - 1]) == mail(42)
    assert (rows[0]["kind"], rows[0]["request_id"], rows[0]["subject"]) == ("handed_over", "request42", "ご注文")
    assert json.loads(rows[0]["extra"])["unknown"] == '{"kept":[42]}'
    assert rows[0]["time_ms"] == datetime(2026, 11, 24, 1, 42, 5, tzinfo=UTC).timestamp() * 1000  # Tokyo is UTC+9


def test_a_second_pull_adds_only_what_is_new(workspace: Workspace) -> None:
    site = Site({MAIL_LOG: [mail(n) for n in range(5)]})
    pull_kuroco(workspace, mcp(site), "Asia/Tokyo", zone_assumed=True)
    site.tools[MAIL_LOG] = [mail(n) for n in range(8)]
    pulled = pull_kuroco(workspace, mcp(site), "Asia/Tokyo", zone_assumed=True)
    assert (pulled.report.sources[0].added, pulled.report.sources[0].duplicates) == (3, 5)


def test_it_is_asked_once_in_five_seconds_for_pages_of_a_hundred_of_twelve_hours(workspace: Workspace) -> None:
    site = Site({MAIL_LOG: [mail(n) for n in range(230)], SENDGRID_LOG: []})
    pull_kuroco(workspace, mcp(site), "Asia/Tokyo", zone_assumed=True)
    times = [when for when, _, _ in site.asked]
    assert all(later - earlier >= 5 for earlier, later in pairwise(times))
    arguments = [params["arguments"] for _, method, params in site.asked if method == "tools/call"]
    assert [one["pageID"] for one in arguments] == [1, 2, 3, 1]
    assert arguments[0] == {
        "timestamp_start": "2026-11-24 09:01",
        "timestamp_end": "2026-11-24 21:00",
        "cnt": 100,
        "pageID": 1,
    }


def test_arguments_that_a_tool_does_not_name_are_not_sent(workspace: Workspace) -> None:
    site = Site({MAIL_LOG: [mail(1)]}, schema={"timestamp_start": {}, "timestamp_end": {}, "cnt": {}})
    pull_kuroco(workspace, mcp(site), "UTC", zone_assumed=False)
    assert set(site.asked[-1][2]["arguments"]) == {"timestamp_start", "timestamp_end", "cnt"}
    with pytest.raises(Refused, match="does not take timestamp_end and timestamp_start"):
        pull_kuroco(workspace, mcp(Site({MAIL_LOG: []}, schema={"from": {}})), "UTC", zone_assumed=False)


def test_the_sendgrid_log_is_read_too(workspace: Workspace) -> None:
    row = {"timestamp": "2026-11-24 11:00:00", "sg_event": "delivered", "Recipient": "a@example.com", "Message ID": "x"}
    pull_kuroco(workspace, mcp(Site({SENDGRID_LOG: [row]})), "UTC", zone_assumed=False)
    with workspace.snapshot() as snapshot:
        assert snapshot.rows("SELECT recipient, kind FROM events") == [
            {"recipient": "a@example.com", "kind": "delivered"}
        ]


def test_rows_with_unknown_columns_are_kept_and_rejected(workspace: Workspace) -> None:
    row = {"when": "2026-11-24", "who": "a@example.com"}
    pulled = pull_kuroco(workspace, mcp(Site({MAIL_LOG: [row]})), "UTC", zone_assumed=False)
    (source,) = sources(workspace)
    (line,) = rejected(workspace, source)
    assert (line["line"], line["reason"]) == (1, "no time")
    assert json.loads(line["text"]) == row
    assert pulled.strangers == {MAIL_LOG: ("when", "who")}


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (
            {"error": {"code": -32601, "message": "no\x1b[2J such method"}},
            Refused,
            "no\N{REPLACEMENT CHARACTER}.2J such",
        ),
        ({"result": {"isError": True, "content": [{"text": "slot taken"}]}}, Refused, "slot taken"),
        ({"result": 7}, Unanswered, "no JSON-RPC result"),
        (b"<!DOCTYPE html><title>Sign in</title>", Unanswered, "a page"),
        (b'{"jsonrpc": "2.0", "res', Unanswered, "breaks off"),
    ],
)
def test_odd_answers_are_said_in_a_sentence(
    answer: Any, error: type[Exception], words: str, workspace: Workspace
) -> None:
    site = Site({MAIL_LOG: []})
    site.answer = lambda _: answer
    with pytest.raises(error, match=words):
        pull_kuroco(workspace, mcp(site), "UTC", zone_assumed=False)
    assert not sources(workspace)


@pytest.mark.parametrize(("status", "words"), [(401, "static token"), (403, "mcp:tools.read")])
def test_a_token_that_is_not_let_in_tells_what_it_needs(status: int, words: str, workspace: Workspace) -> None:
    site = Site({})
    site.status = status
    with pytest.raises(Refused, match=words) as told:
        pull_kuroco(workspace, mcp(site), "UTC", zone_assumed=False)
    assert TOKEN not in str(told.value)


def test_rows_that_are_no_list_are_not_guessed_at(workspace: Workspace) -> None:
    site = Site({MAIL_LOG: []})
    speak = site.speak

    def answer(call: dict[str, Any]) -> dict[str, Any]:
        listed = call["method"] == "tools/list"
        return speak(call) if listed else {"result": {"content": [{"type": "text", "text": "3 rows found"}]}}

    site.answer = answer
    with pytest.raises(Unanswered, match="No rows were found"):
        pull_kuroco(workspace, mcp(site), "UTC", zone_assumed=False)


def test_a_page_that_comes_again_ends_in_a_sentence(workspace: Workspace) -> None:
    site = Site({MAIL_LOG: [mail(n) for n in range(100)]}, schema=None)
    speak = site.speak

    def same(call: dict[str, Any]) -> dict[str, Any]:
        call["params"].get("arguments", {}).pop("pageID", None)
        return speak(call)

    site.answer = same
    with pytest.raises(Refused, match="the same page again"):
        pull_kuroco(workspace, mcp(site), "UTC", zone_assumed=False)


def test_only_a_site_key_becomes_a_host() -> None:
    with pytest.raises(InputError, match="no site key"):
        AdminMcp("evil.example/", Key(TOKEN, "a test"))


def test_the_span_is_never_older_than_twelve_hours() -> None:
    assert span(NOON, "Asia/Tokyo") == ("2026-11-24 09:01", "2026-11-24 21:00")
    assert span(NOON, "UTC") == ("2026-11-24 00:01", "2026-11-24 12:00")
