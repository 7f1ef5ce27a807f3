"""Pulls of every kind into a workspace: what they bring, what they refuse, and what is remembered of them."""

from pathlib import Path

import pytest

from lasthop.errors import Failure
from lasthop.live.memory import alone
from lasthop.live.progress import WHATS, Wants
from lasthop.live.sendgrid import last_pull, start
from lasthop.pull import Records, SendGrid
from lasthop.standin import SCOPES, Account, by_number
from lasthop.store import Workspace
from lasthop.store.sources import rejected, sources
from tests.live.pulling import in_store, in_table, pulled, sent
from tests.pull.wire import START, Clock, connected, wire_of

DAY = 86_400


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def account(count: int = 6) -> Account:
    """Messages of one day: delivered ones, and one that bounced, was blocked, and left."""
    mail = [sent(number, START + 60 * number, ("processed", 0), ("delivered", 2)) for number in range(count)]
    mail.append(sent(90, START + 7_000, ("processed", 0), ("bounce", 2, None, {"type": "bounce", "reason": "550 no"})))
    mail.append(sent(91, START + 7_001, ("processed", 0), ("bounce", 2, None, {"type": "blocked", "reason": "554 no"})))
    mail.append(sent(92, START + 7_002, ("processed", 0), ("delivered", 1), ("group_unsubscribe", 5)))
    return Account(mail)


def listed(workspace: Workspace) -> list[tuple[str, str]]:
    with workspace.snapshot() as snapshot:
        rows = snapshot.rows("SELECT stop_list, recipient FROM events WHERE kind = 'listed'")
    return sorted((row["stop_list"], row["recipient"]) for row in rows)


def test_every_kind_is_brought_and_remembered_by_itself(workspace: Workspace) -> None:
    held, clock = account(), Clock(START + DAY)
    last = pulled(workspace, connected(held, clock), Wants(WHATS, details="all"))
    assert (last.stage, last.brought.refused, last.brought.notes) == ("done", {}, [])
    assert set(in_store(held)) <= set(
        in_table(workspace, "provider_message_id IS NOT NULL AND time_basis = 'explicit'")
    )
    assert listed(workspace) == [
        ("blocks", "user91@mail.example"),
        ("bounces", "user90@mail.example"),
        ("group_unsubscribes", "user92@mail.example"),
    ]
    assert last.brought.totals["delivered"] == 7
    remembered = {one.what: one for one in last_pull(workspace)}
    assert {what: one.rows for what, one in remembered.items()} == {
        "activity": 9, "logs": 9, "stats": 1, "suppressions": 3,
    }  # fmt: skip
    assert remembered["suppressions"].events == 3
    assert all(one.finished and not one.stopped for one in remembered.values())


def test_a_second_pull_brings_only_what_is_new(workspace: Workspace) -> None:
    held, clock = account(), Clock(START + DAY)
    pulled(workspace, connected(held, clock), Wants(("logs", "suppressions"), details="all"))
    held.mail.append(sent(93, START + DAY + 60, ("processed", 0), ("delivered", 1)))
    clock.time += 3_600
    client = connected(held, clock)
    last = pulled(workspace, client, Wants(("logs", "suppressions"), details="all"))
    assert last.brought.added == 2
    asked = [one.path_url for one in wire_of(client).sent if "/v3/logs/" in (one.url or "")]
    assert asked == [f"/v3/logs/{held.mail[-1].message_id}"]


def test_what_the_key_may_not_read_is_named_and_the_rest_is_pulled(workspace: Workspace) -> None:
    held = account()
    held.scopes = tuple(
        one for one in SCOPES if one not in ("suppression.read", "suppression.blocks.read", "stats.read")
    )
    held.scopes = tuple(one for one in held.scopes if one != "stats.global.read")
    held.add_on = False
    last = pulled(workspace, connected(held, Clock(START + DAY)), Wants(WHATS))
    assert sorted(last.brought.refused) == ["activity", "stats"]
    assert "add-on" in str(last.brought.refused["activity"])
    assert "stats.read or stats.global.read" in str(last.brought.refused["stats"])
    assert any("the stop list blocks" in note for note in last.brought.notes)
    assert ("bounces", "user90@mail.example") in listed(workspace)
    assert last.brought.rows > 9


def test_a_key_that_is_not_known_is_asked_no_further(workspace: Workspace) -> None:
    held = account()
    client = connected(held, Clock(START + DAY))
    held.key = "SG.another-key"
    last = pulled(workspace, client, Wants(WHATS))
    assert list(last.brought.refused) == ["logs"]
    assert held.requests == ["GET /v3/scopes"]


@pytest.mark.parametrize("trouble", ["page", "half", "empty"])
def test_what_cannot_be_read_is_kept_and_nothing_before_it_is_lost(workspace: Workspace, trouble: str) -> None:
    held = account()
    held.trouble = lambda number, _path: trouble if number > 4 else None
    client = connected(held, Clock(START + DAY))
    client.limit = 5
    last = pulled(workspace, client, Wants(("logs",), since=START, details="none"))
    assert "logs" in last.brought.refused
    unread = [path.read_bytes() for path in (workspace.root / "pulls" / "unread").glob("*")]
    assert len(unread) == (trouble != "empty")
    assert 0 < last.brought.rows < 9
    held.trouble = by_number({})
    assert pulled(workspace, connected(held, Clock(START + DAY)), Wants(("logs",), details="none")).stage == "done"
    with workspace.snapshot() as snapshot:
        assert snapshot.value("SELECT count(DISTINCT provider_message_id) FROM events") == 9


def test_a_second_that_holds_more_than_is_told_is_reported(workspace: Workspace) -> None:
    held = Account([sent(number, START, ("processed", 0)) for number in range(9)])
    client = connected(held, Clock(START + DAY))
    client.limit = 4
    last = pulled(workspace, client, Wants(("logs",), details="none"))
    assert last.brought.cut == [START]
    assert last_pull(workspace)[0].cut == (START,)


ODD = [
    {"sg_message_id": 7, "status": None},
    {"sg_message_id": "a.recvd-1-2-3-6ADEFEF0-1.0", "status": "teleported", "sg_message_id_created_at": str(START)},
    {"sg_message_id": "b.recvd-1-2-3-6ADEFEF0-1.0", "status": "delivered", "sg_message_id_created_at": -5, "x": [{"y": 1}]},
    {"sg_message_id": "c.recvd-1-2-3-6ADEFEF0-1.0", "status": "bounced", "sg_message_id_created_at": "2999-01-01T00:00:00Z"},
    "no record", None, 7, [],
]  # fmt: skip


def test_odd_rows_are_kept_or_rejected_with_their_text(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SendGrid, "logs", lambda *_: Records(list(ODD), b""))
    last = pulled(workspace, connected(Account(), Clock(START + DAY)), Wants(("logs",), details="none"))
    assert (last.stage, last.brought.refused) == ("done", {})
    (source,) = sources(workspace)
    kept = (workspace.root / "raw" / source.sha256).read_text(encoding="utf-8")
    assert len(kept.splitlines()) == len(ODD)
    assert "teleported" in kept
    assert len(list(rejected(workspace, source))) + source.events >= len(ODD)


def test_two_pulls_of_one_account_do_not_go_on_at_once(workspace: Workspace) -> None:
    client = connected(account(), Clock(START + DAY))
    with alone(workspace, "sendgrid-global"), pytest.raises(Failure, match="going on in another window"):
        list(start(workspace, client))
