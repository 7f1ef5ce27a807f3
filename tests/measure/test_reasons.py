import datetime as dt
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lasthop.measure import (
    NO_REPLY,
    REQUEST_REFUSED,
    Failures,
    example_of,
    failures,
    forms_of,
    is_reason,
    meaning_of,
    rule_for,
    title_of,
)
from lasthop.reply import load_rules, normalised, reasons
from lasthop.store import Snapshot, Workspace
from lasthop.trace import Query, count_by_outcome, look
from lasthop.trace.rules import rules_file
from tests.measure.conftest import Loader, Rows, app, provider

NO_USER = "550 5.1.1 <{}>: Recipient address rejected: User unknown in local recipient table"
FULL = "552 5.2.2 The mailbox is full"
ODD = "554 zonk frobnicated the wibble {}"


@contextmanager
def failing(workspace: Workspace, query: Query | None = None, zone: str = "UTC", **how: bool) -> Iterator[Failures]:
    with look(workspace) as snapshot:
        yield failures(snapshot, query or Query(), zone, **how)


def counts(found: Failures) -> dict[str, int]:
    return dict(zip(found.rows["reason"], found.rows["n"], strict=True))


def bounces(number: int, to: str, reply: str, day: int = 9, kind: str = "bounce", first: int = 0) -> Rows:
    """So many messages, one a minute from noon, each to an address of its own at ``to``."""
    names = [f"u{first + n}@{to}" for n in range(number)]
    return [
        provider(f"2026-11-{day:02d} 12:{n:02d}:00", "bounce", f"{to}{first + n}", name, reply.format(name), kind)
        for n, name in enumerate(names)
    ]


def test_nothing_loaded_is_nothing_failed(workspace: Workspace) -> None:
    with failing(workspace) as found:
        assert (found.sent, found.total, len(found.rows)) == (0, 0, 0)
        assert found.by_time.empty
        assert found.by_receiver.empty


def test_each_message_counts_once_under_its_reason(workspace: Workspace, load: Loader) -> None:
    load(
        activity=[
            *bounces(3, "x.example", NO_USER),
            *bounces(1, "gmail.com", NO_USER, day=10),
            *bounces(2, "gmail.com", FULL, kind="blocked", first=50),
            provider("2026-11-09 13:00:00", "deferred", "d", "d@x.example", FULL),
            provider("2026-11-09 14:00:00", "bounce", "d", "d@x.example", NO_USER.format("d@x.example"), "bounce"),
            provider("2026-11-10 00:00:00", "delivered", "ok", "ok@x.example", "250 ok"),
        ]
    )
    with failing(workspace) as found:
        assert (found.sent, found.total) == (8, 7)
        assert counts(found) == {"invalid_recipient": 5, "mailbox_full": 2}
        assert found.rows["share"].isna().all(), "seven messages make no percentage"
        assert found.by_receiver.loc["invalid_recipient"].to_dict() == {"other": 4, "google": 1}
        assert found.by_domain.loc["mailbox_full"].to_dict() == {"x.example": 0, "gmail.com": 2}
        first, last = found.rows.loc[0, ["first_ms", "last_ms"]]
        assert last - first == 86_400_000


def test_shares_begin_at_twenty(workspace: Workspace, load: Loader) -> None:
    load(activity=[*bounces(15, "x.example", NO_USER), *bounces(5, "y.example", FULL, kind="blocked")])
    with failing(workspace) as found:
        assert found.rows["share"].tolist() == [0.75, 0.25]
    with failing(workspace, Query(domain="x.example")) as found:
        assert (found.total, found.rows["share"].isna().all()) == (15, True)


def test_what_has_no_reason_is_kept_apart_and_comes_last(workspace: Workspace, load: Loader) -> None:
    load(
        mail_log=[app("2026-11-09 20:00:00", n, f"r{n}@x.example", "400", "400 Bad Request") for n in range(3)],
        activity=[
            *bounces(1, "x.example", NO_USER),
            provider("2026-11-09 13:00:00", "bounce", "n1", "n1@x.example", "", "bounce"),
            provider("2026-11-09 13:01:00", "bounce", "n2", "n2@x.example", "", "bounce"),
        ],
    )
    with failing(workspace) as found:
        assert list(counts(found).items()) == [("invalid_recipient", 1), (REQUEST_REFUSED, 3), (NO_REPLY, 2)]
    assert not {REQUEST_REFUSED, NO_REPLY} & set(reasons())
    assert title_of(REQUEST_REFUSED) == "Request refused by SendGrid"
    assert meaning_of(REQUEST_REFUSED).who == "sender config"


def test_those_that_wait_count_when_asked_for(workspace: Workspace, load: Loader) -> None:
    load(
        activity=[
            *bounces(1, "x.example", NO_USER),
            provider("2026-11-09 13:00:00", "deferred", "w", "w@x.example", FULL.replace("552 5", "452 4")),
            provider("2026-11-09 13:00:00", "processed", "p", "p@x.example"),
        ]
    )
    with failing(workspace) as found:
        assert counts(found) == {"invalid_recipient": 1}
    with failing(workspace, waiting=True) as found:
        assert counts(found) == {"invalid_recipient": 1, "mailbox_full": 1, NO_REPLY: 1}


def test_period_receiver_and_domain_restrict(workspace: Workspace, load: Loader) -> None:
    load(activity=[*bounces(2, "x.example", NO_USER, day=1), *bounces(3, "gmail.com", NO_USER, day=9)])
    noon = round(dt.datetime(2026, 11, 9, tzinfo=dt.UTC).timestamp() * 1000)
    for query, expected in (
        (Query(since_ms=noon), 3), (Query(until_ms=noon), 2), (Query(receiver="google"), 3),
        (Query(domain="x.example"), 2), (Query(receiver="google", domain="x.example"), 0),
    ):  # fmt: skip
        with failing(workspace, query) as found:
            assert (found.sent, found.total) == (expected, expected)


def test_days_of_the_zone_and_days_without_failures(workspace: Workspace, load: Loader) -> None:
    load(
        activity=[
            provider("2026-11-01 14:59:59", "bounce", 1, "a@x.example", NO_USER, "bounce"),  # 23:59:59 in Tokyo
            provider("2026-11-01 15:00:00", "bounce", 2, "b@x.example", NO_USER, "bounce"),  # 00:00:00 of the next day
            provider("2026-11-03 15:00:00", "delivered", 3, "c@x.example", "250 ok"),
        ]
    )
    with failing(workspace, zone="Asia/Tokyo") as found:
        days = {f"{day:%m-%d}": n for day, n in found.by_time.T["invalid_recipient"].items()}
    assert (found.step, days) == (1, {"11-01": 1, "11-02": 1, "11-03": 0, "11-04": 0})


def test_a_day_of_25_hours_is_one_day(workspace: Workspace, load: Loader) -> None:
    load(
        activity=[
            provider("2026-10-24 22:00:00", "bounce", 1, "a@x.example", NO_USER, "bounce"),
            provider("2026-10-25 22:59:59", "bounce", 2, "b@x.example", NO_USER, "bounce"),
            provider("2026-10-25 23:00:00", "bounce", 3, "c@x.example", NO_USER, "bounce"),
        ]
    )
    with failing(workspace, zone="Europe/Berlin") as found:
        assert found.by_time.to_numpy().tolist() == [[2, 1]]


@pytest.mark.parametrize(("days", "step"), [(31, 1), (32, 7), (217, 7), (218, 28)])
def test_longer_periods_have_longer_spans(workspace: Workspace, load: Loader, days: int, step: int) -> None:
    last = dt.date(2026, 3, 1) + dt.timedelta(days=days - 1)
    load(
        activity=[
            provider("2026-03-01 12:00:00", "bounce", 1, "a@x.example", NO_USER, "bounce"),
            provider(f"{last} 12:00:00", "bounce", 2, "b@x.example", NO_USER, "bounce"),
        ]
    )
    with failing(workspace) as found:
        row = found.by_time.T["invalid_recipient"]
        assert (found.step, sum(row), row.iloc[0], row.iloc[-1]) == (step, 2, 1, 1)
        assert len(row) == -(-days // step)


def test_many_domains_become_the_most_frequent_and_the_rest(workspace: Workspace, load: Loader) -> None:
    rows = [row for n in range(12) for row in bounces(12 - n, f"d{n:02d}.example", NO_USER)]
    load(activity=rows)
    with failing(workspace) as found:
        row = found.by_domain.loc["invalid_recipient"]
        assert list(row.index) == [*(f"d{n:02d}.example" for n in range(6)), "more domains"]
        assert row.tolist() == [12, 11, 10, 9, 8, 7, 6 + 5 + 4 + 3 + 2 + 1]
        tops = found.domains
        assert (len(tops), tops["names"].unique().tolist()) == (10, [12])


def test_pictures_add_up_to_the_table(samples_workspace: Workspace) -> None:
    with look(samples_workspace) as snapshot:
        found = failures(snapshot, Query(), "Asia/Tokyo")
        outcomes = count_by_outcome(snapshot, Query())
    n = found.rows.set_index("reason")["n"]
    assert found.total == n.sum() == sum(outcomes.values()) - sum(
        outcomes[name] for name in ("accepted", "waiting", "unknown")
    )  # fmt: skip
    for part in (found.by_receiver, found.by_domain, found.by_time):
        assert part.sum(axis="columns").to_dict() == n.to_dict()


def test_forms_count_replies_of_one_kind_and_lead_to_a_real_one(workspace: Workspace, load: Loader) -> None:
    load(activity=[*bounces(3, "x.example", NO_USER), *bounces(1, "y.example", "550 5.1.1 no such user", day=10)])
    with look(workspace) as snapshot:
        failures(snapshot, Query())
        forms = forms_of(snapshot, "invalid_recipient")
        assert forms["n"].tolist() == [3, 1]
        assert forms["reply_form"][0] == normalised(NO_USER.format("u0@x.example"))
        example = example_of(snapshot, forms.iloc[0])
        assert example.reply == NO_USER.format("u2@x.example"), "the newest, unaltered"
        assert example.message == snapshot.value("SELECT message FROM messages WHERE recipient = 'u2@x.example'")
        assert forms_of(snapshot, "mailbox_full").empty


def test_messages_without_a_reply_have_one_form_and_no_example(workspace: Workspace, load: Loader) -> None:
    load(activity=[provider("2026-11-09 13:00:00", "bounce", n, f"{n}@x.example", "", "bounce") for n in range(2)])
    with look(workspace) as snapshot:
        failures(snapshot, Query())
        forms = forms_of(snapshot, NO_REPLY)
        assert forms["n"].tolist() == [2]
        assert forms["reply_form"].isna().all()
        assert example_of(snapshot, forms.iloc[0]).reply is None


def unclassified(snapshot: Snapshot) -> int:
    return counts(failures(snapshot, Query())).get("unclassified", 0)


def test_the_offered_rule_names_the_reason_at_the_next_look(workspace: Workspace, load: Loader) -> None:
    load(activity=[row for n in range(3) for row in bounces(1, "x.example", ODD.format(8831 + n), first=n)])
    with look(workspace) as snapshot:
        assert unclassified(snapshot) == 3
        (form,) = forms_of(snapshot, "unclassified")["reply_form"]
    rule = rule_for(form, "policy_related")
    assert rule is not None
    rules_file(workspace).write_text(rule, encoding="utf-8")
    with look(workspace) as snapshot:
        assert counts(failures(snapshot, Query())) == {"policy_related": 3}


@pytest.mark.parametrize(
    "reply",
    [
        'he said "go away" \\ [x](http://phish.example) and that was all',
        "お客様のメールは届きませんでした",
        "554 5.7.1 short 12 but this is the longest part of the reply * … 33",
        "x" * 300 + " " + "y" * 300,
        "\x00\x1b[31mred\x7f alert",
    ],
)
def test_any_wording_makes_a_rule_that_can_be_read(reply: str, tmp_path: Path) -> None:
    rule = rule_for(normalised(reply), "policy_related")
    assert rule is not None
    assert tomllib.loads(rule)["rule"][0]["label"] == "policy_related"
    path = tmp_path / "rules.toml"
    path.write_text(rule, encoding="utf-8")
    load_rules(path)


@pytest.mark.parametrize("reply", ["550 5.7.1", "554 192.0.2.1", "", "550 [1]"])
def test_no_wording_no_rule(reply: str) -> None:
    assert rule_for(normalised(reply), "policy_related") is None


def test_every_reason_has_a_title_and_a_meaning() -> None:
    titles = [title_of(label) for label in (*reasons(), REQUEST_REFUSED, NO_REPLY)]
    assert len(set(titles)) == len(titles)
    assert title_of("mailbox_full") == "Mailbox full"
    assert title_of("reverse_dns_failure") == "Reverse DNS failure"
    assert all(meaning_of(label).next_step for label in (*reasons(), REQUEST_REFUSED, NO_REPLY))
    assert not is_reason("<script>")
