"""``lasthop outcomes``: the same numbers as on the page and in a notebook, for scripts."""

import json
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest

from lasthop.load import load_files
from lasthop.measure import By, outcomes_by
from lasthop.model.outcomes import Outcome
from lasthop.store import Workspace
from lasthop.trace import Query, look
from tests.cli.conftest import Command
from tests.measure.conftest import ACTIVITY, provider

COUNTS = (
    "n", "not_handed_over", "suppressed", "waiting", "bounced", "blocked", "expired", "accepted", "accepted_then_bounced",
    "complained", "unknown", "finished",
)  # fmt: skip
SHARES = ("rate", "low", "high")
FIELDS = {"key", *COUNTS, *SHARES, "mature"}
HOUR = 3_600_000
NOV_2 = 1_793_577_600_000
BYS = get_args(By)


@pytest.fixture(scope="session")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workspace with 19 messages at 10:00 UTC of 1 November and 25 at 20:00 of the 2nd; five of these bounced."""
    folder = tmp_path_factory.mktemp("two_days")
    rows = []
    for day, hour, count, bounced in ((1, 10, 19, 0), (2, 20, 25, 5)):
        for n in range(count):
            to = f"u{n}@d{day}.example"
            end = ("bounce", "550 5.1.1 no such user", "bounce") if n < bounced else ("delivered", "250 ok", "")
            rows.append(provider(f"2026-11-0{day} {hour}:{n:02d}:00", "processed", f"{day}x{n}", to))
            rows.append(provider(f"2026-11-0{day} {hour}:{n:02d}:05", end[0], f"{day}x{n}", to, *end[1:]))
    path = folder / "activity.csv"
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in (ACTIVITY, *rows)) + "\n")
    assert not load_files(Workspace(folder / "workspace"), [path], folder).failed
    return folder / "workspace"


def by_key(said: Any) -> dict[str, Any]:
    assert (said.code, said.err) == (0, "")
    return {row["key"]: row for row in said.json}


def test_each_record_has_the_agreed_fields(lasthop: Command, two_days: Path) -> None:
    first, second = lasthop("outcomes", "--json", workspace=two_days).json
    assert first.keys() >= FIELDS
    assert first.keys() == second.keys()
    assert {name: second[name] for name in FIELDS - {"low", "high"}} == {
        "key": "2026-11-02", "n": 25, "not_handed_over": 0, "suppressed": 0, "waiting": 0, "bounced": 5, "blocked": 0,
        "expired": 0, "accepted": 20, "accepted_then_bounced": 0, "complained": 0, "unknown": 0, "finished": 25,
        "rate": 0.8, "mature": False,
    }  # fmt: skip
    assert (round(second["low"], 3), round(second["high"], 3)) == (0.609, 0.911)  # Wilson, 20 of 25
    assert [type(second[name]) for name in COUNTS] == [int] * len(COUNTS)


def test_the_rate_of_19_is_null(lasthop: Command, two_days: Path) -> None:
    first, _ = lasthop("outcomes", "--json", workspace=two_days).json
    assert (first["n"], first["accepted"], first["finished"]) == (19, 19, 19)
    assert [first[name] for name in SHARES] == [None] * 3
    assert "too few" in lasthop("outcomes", workspace=two_days).out


@pytest.mark.parametrize("by", BYS)
def test_the_same_numbers_as_from_the_library(lasthop: Command, samples_workspace: Workspace, by: By) -> None:
    said = lasthop("outcomes", "--by", by, "--timezone", "Asia/Tokyo", "--json", workspace=samples_workspace.root)
    with look(samples_workspace) as snapshot:
        expected = outcomes_by(snapshot, by, None, "Asia/Tokyo").to_dict("records")
    assert (said.code, said.err) == (0, "")
    assert said.json == [{k: None if pd.isna(v) else v for k, v in row.items()} for row in expected]
    assert sum(row["n"] for row in said.json) > 0
    for row in said.json:
        assert row["n"] == sum(row[outcome] for outcome in Outcome)
        assert (row["rate"] is None) == (row["attempted"] < 20)


def test_json_has_no_nan(lasthop: Command, two_days: Path, shop: Path) -> None:
    def not_json(name: str) -> None:
        raise AssertionError(name)

    for workspace in (two_days, shop):
        for by in BYS:
            json.loads(lasthop("outcomes", "--by", by, "--json", workspace=workspace).out, parse_constant=not_json)


def test_the_zone_moves_the_days_and_hours(lasthop: Command, two_days: Path) -> None:
    tokyo = by_key(lasthop("outcomes", "--timezone", "Asia/Tokyo", "--json", workspace=two_days))
    assert {key: row["n"] for key, row in tokyo.items()} == {"2026-11-01": 19, "2026-11-03": 25}
    hours = by_key(lasthop("outcomes", "--by", "hour", "--timezone", "Asia/Tokyo", "--json", workspace=two_days))
    assert {key: row["n"] for key, row in hours.items()} == {"2026-11-01T19": 19, "2026-11-03T05": 25}


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (["--since", "2026-11-02T20:00"], 25),
        (["--since", "2026-11-02T20:00:01"], 24),
        (["--until", "2026-11-02T20:00"], 19),
        (["--until", "2026-11-02T20:00:01"], 20),
        (["--since", "2026-11-03T05:20", "--timezone", "Asia/Tokyo"], 5),
        (["--until", "2026-11-03T05:20", "--timezone", "Asia/Tokyo"], 39),
        (["--since", "2026-11-02T20:20+00:00", "--timezone", "Asia/Tokyo"], 5),
        (["--since", "2026-11-01T10:10", "--until", "2026-11-02T20:02"], 11),
        (["--since", "2026-11-04"], 0),
    ],
)
def test_since_is_included_and_until_is_not(lasthop: Command, two_days: Path, words: list[str], sent: int) -> None:
    found = by_key(lasthop("outcomes", *words, "--json", workspace=two_days))
    assert sum(row["n"] for row in found.values()) == sent


def test_the_period_is_that_of_the_query(lasthop: Command, two_days: Path) -> None:
    said = lasthop("outcomes", "--by", "domain", "--since", "2026-11-02", "--json", workspace=two_days)
    with look(Workspace(two_days)) as snapshot:
        expected = outcomes_by(snapshot, "domain", Query(since_ms=NOV_2))
    assert [row["key"] for row in said.json] == expected["key"].tolist() == ["d2.example"]
    assert said.json[0]["rate"] == expected["rate"].iloc[0]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--timezone", "Asia/Tokio"], "'Asia/Tokio'"),
        (["--timezone", "+09:00"], "'+09:00'"),
        (["--since", "yesterday"], "'yesterday'"),
        (["--until", "2026-13-01"], "'2026-13-01'"),
        (["--by", "weather"], "'weather'"),
    ],
)
def test_what_cannot_be_understood_is_wrong_input(
    lasthop: Command, two_days: Path, words: list[str], named: str
) -> None:
    said = lasthop("outcomes", *words, "--json", workspace=two_days)
    assert (said.code, said.out) == (2, "")
    assert named in said.err


def test_an_empty_workspace_has_no_groups(lasthop: Command, tmp_path: Path) -> None:
    for by in BYS:
        said = lasthop("outcomes", "--by", by, "--json", workspace=tmp_path / "w")
        assert (said.code, said.json, said.err) == (0, [], "")
    assert lasthop("outcomes", workspace=tmp_path / "w").code == 0


@pytest.mark.parametrize("command", ["outcomes", "messages"])
@pytest.mark.parametrize("until", ["2026-11-01", "2026-11-30"])
def test_a_period_that_ends_before_it_begins_is_refused(
    lasthop: Command, two_days: Path, command: str, until: str
) -> None:
    said = lasthop(command, "--since", "2026-11-30", "--until", until, workspace=two_days)
    assert (said.code, said.out) == (2, "")
    assert "--since is not before --until." in said.err


def test_people_get_the_outcomes_that_occur(lasthop: Command, two_days: Path) -> None:
    said = lasthop("outcomes", workspace=two_days)
    assert said.code == 0
    assert "80.0%" in said.out
    assert "60.9% to 91.1%" in said.out
    assert "Bounced" in said.out
    assert "Complained" not in said.out
