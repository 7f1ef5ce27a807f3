"""``watch``: lines, exit codes and what is remembered between runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from lasthop.load import load_files
from lasthop.measure.views import from_params
from lasthop.measure.watch_state import entries, kept_rules
from lasthop.store import Workspace
from lasthop.trace import count_by_outcome, look
from tests.cli.conftest import Command
from tests.measure.conftest import ACTIVITY, Rows, provider

RULES = """
[[rule]]
name = "Failed at a domain"
of = "failed"
by = "domain"
over = 0.05
quiet = 24
remind = 24
"""


def day_of_mail(day: int, failed: dict[str, int]) -> Rows:
    """Sixty messages to each domain on that day of November, so many of them bounced."""
    rows = []
    for domain, n in failed.items():
        for i in range(60):
            number, to = f"{day}-{domain[0]}-{i}", f"r{i}@{domain}"
            rows.append(provider(f"2026-11-{day:02} 10:00:00", "processed", number, to))
            bounced = ("bounce", number, to, "550 5.1.1 no such user", "bounce")
            rows.append(provider(f"2026-11-{day:02} 10:00:05", *(bounced if i < n else ("delivered", number, to))))
    return rows


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "watch.toml").write_text(RULES)
    return tmp_path / "w"


def load(place: Path, name: str, rows: Rows) -> None:
    path = place.parent / f"{name}.csv"
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in (ACTIVITY, *rows)) + "\n")
    assert not load_files(Workspace(place), [path], Workspace(place).folder("scratch")).failed


def test_a_finding_is_reported_when_it_opens_and_again_daily_and_when_it_is_over(lasthop: Command, place: Path) -> None:
    watch = ("watch", "--rule", "watch.toml")
    load(place, "one", day_of_mail(2, {"x.example": 30, "y.example": 0}))
    first = lasthop(*watch, workspace=place)
    assert first.code == 3
    (line,) = first.out.splitlines()
    assert line.startswith("new: Failed at a domain, x.example: failed 50.0% (30 of 60 attempted and finished; 95 %: ")
    assert "over 5%, 2 groups looked at" in line
    assert line.endswith("sent in the 24 hours to 2026-11-02 10:00:05 UTC")
    assert lasthop(*watch, workspace=place) == type(first)(0, "", "")

    load(place, "two", day_of_mail(3, {"x.example": 30}))
    again = lasthop(*watch, workspace=place)
    assert again.code == 3
    assert again.out.startswith("still since 2026-11-02 10:00:05 UTC: Failed at a domain, x.example: ")

    load(place, "three", day_of_mail(4, {"x.example": 0}))
    over = lasthop(*watch, workspace=place)
    assert (over.code, over.err) == (0, "")
    assert over.out == (
        "over: Failed at a domain, x.example: it fired from 2026-11-02 10:00:05 UTC to 2026-11-03 10:00:05 UTC\n"
    )
    assert lasthop(*watch, workspace=place).out == ""


def test_all_shows_what_was_told_and_notes_nothing(lasthop: Command, place: Path) -> None:
    load(place, "one", day_of_mail(2, {"x.example": 30}))
    seen = lasthop("watch", "--rule", "watch.toml", "--all", workspace=place)
    assert (seen.code, seen.out[:4]) == (3, "new:")
    assert not entries(Workspace(place))
    assert lasthop("watch", "--rule", "watch.toml", workspace=place).code == 3
    seen = lasthop("watch", "--rule", "watch.toml", "--all", workspace=place)
    assert (seen.code, seen.out[:11]) == (3, "still since")


def test_all_says_when_nothing_fires_and_which_rule_could_not_look(lasthop: Command, place: Path) -> None:
    load(place, "one", day_of_mail(2, {"x.example": 0}))
    said = lasthop("watch", "--rule", "watch.toml", "--all", workspace=place)
    assert (said.code, said.out) == (0, "")
    assert said.err == "lasthop: nothing fires as of 2026-11-02 10:00:05 UTC.\n"
    Path("few.toml").write_text(RULES + "least = 61\n")
    said = lasthop("watch", "--rule", "few.toml", "--all", workspace=place)
    assert "Failed at a domain: no group with 61 messages in its 24 hours, so it is silent" in said.err


def test_json_holds_the_same_findings_and_the_way_to_their_messages(lasthop: Command, place: Path) -> None:
    load(place, "one", day_of_mail(2, {"x.example": 30}))
    said = lasthop("watch", "--rule", "watch.toml", "--json", workspace=place)
    assert said.code == 3
    assert said.json["as_of"] == "2026-11-02T10:00:05.000Z"
    assert said.json["rules"] == [
        {"rule": "Failed at a domain", "as_of": "2026-11-02T10:00:05.000Z", "groups_looked_at": 1}
    ]
    (finding,) = said.json["findings"]
    assert (finding["state"], finding["group"], finding["part"], finding["whole"]) == ("new", "x.example", 30, 60)
    assert finding["low"] < finding["share"] == 0.5 < finding["high"]
    with look(Workspace(place)) as snapshot:
        assert sum(count_by_outcome(snapshot, from_params(finding["messages"]).query).values()) == 60
    load(place, "two", day_of_mail(4, {"x.example": 0}))
    said = lasthop("watch", "--rule", "watch.toml", "--json", workspace=place)
    assert (said.code, [each["state"] for each in said.json["findings"]]) == (0, ["over"])


def test_times_are_shown_in_the_zone_asked_for(lasthop: Command, place: Path) -> None:
    load(place, "one", day_of_mail(2, {"x.example": 30}))
    said = lasthop("watch", "--rule", "watch.toml", "--timezone", "Asia/Tokyo", workspace=place)
    assert said.out.endswith("2026-11-02 19:00:05 JST (UTC+09:00)\n")


def test_hostile_names_cannot_act_on_the_terminal(lasthop: Command, place: Path) -> None:
    load(place, "one", day_of_mail(2, {"x.example": 30}))
    Path("watch.toml").write_text(RULES.replace("at a domain", "\\u202e\\u009b31m\\n at a domain"))
    said = lasthop("watch", "--rule", "watch.toml", workspace=place)
    assert said.code == 3
    assert "\u202e" not in said.out
    assert "\u009b" not in said.out
    assert len(said.out.splitlines()) == 1


def test_data_that_is_too_old_is_a_finding_of_its_own(lasthop: Command, place: Path) -> None:
    load(place, "one", day_of_mail(2, {"x.example": 0}))
    old = lasthop("watch", "--stale", "1", workspace=place)
    assert old.code == 3
    assert old.out.startswith("new: no newer data: the newest is of 2026-11-02 10:00:05 UTC, more than 1 hour before ")
    assert lasthop("watch", "--stale", "1", workspace=place).code == 0
    assert (
        lasthop("watch", "--stale", "1", "--all", "--json", workspace=place).json["findings"][0]["rule"]
        == "no newer data"
    )
    assert lasthop("watch", "--stale", "1000000", "--all", workspace=place).code == 0


def test_findings_in_old_data_are_told_once_beside_its_age(lasthop: Command, place: Path) -> None:
    """The clock of the data may lie years behind that of the machine: neither may be taken for the other."""
    load(
        place,
        "one",
        [tuple(cell.replace("2026-", "2024-") for cell in row) for row in day_of_mail(2, {"x.example": 30})],
    )
    words = ("watch", "--rule", "watch.toml", "--stale", "1")
    assert [line[:9] for line in lasthop(*words, workspace=place).out.splitlines()] == ["new: Fail", "new: no n"]
    assert lasthop(*words, workspace=place).code == 0
    assert lasthop("watch", "--stale", "1", workspace=place).code == 0
    assert lasthop("watch", "--rule", "watch.toml", workspace=place).code == 0


def test_an_empty_workspace_is_stale_and_else_silent(lasthop: Command, place: Path) -> None:
    said = lasthop("watch", "--rule", "watch.toml", workspace=place)
    assert (said.code, said.out, said.err) == (0, "", "")
    said = lasthop("watch", "--rule", "watch.toml", "--stale", "36", workspace=place)
    assert said.code == 3
    assert "nothing is loaded" in said.out


def test_kept_rules_are_those_of_later_runs_and_of_the_pages(lasthop: Command, place: Path) -> None:
    load(place, "one", day_of_mail(2, {"x.example": 30}))
    assert lasthop("watch", "--rule", "watch.toml", "--keep", workspace=place).code == 3
    assert [rule.name for rule in kept_rules(Workspace(place))] == ["Failed at a domain"]
    assert lasthop("watch", "--all", workspace=place).code == 3


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "There are no rules to watch"),
        (("--keep",), "--keep needs the rules"),
        (("--rule", "none.toml"), "none.toml cannot be read"),
        (("--rule", "."), "cannot be read"),
        (("--rule", "wrong.toml"), "wrong.toml, rule 1 ('Failed at a domain'): 'ower' is no key"),
        (("--rule", "watch.toml", "--stale", "0"), "--stale"),
        (("--rule", "watch.toml", "--timezone", "Mars"), "not a time zone"),
    ],
)
def test_wrong_use_ends_with_2_and_one_line(lasthop: Command, place: Path, words: tuple[str, ...], says: str) -> None:
    Path("wrong.toml").write_text(RULES + "ower = 1\n")
    said = lasthop("watch", *words, workspace=place)
    assert (said.code, said.out) == (2, "")
    assert says in said.err
    assert len(said.err.splitlines()) == 1


def test_a_damaged_state_ends_with_2_and_says_what_to_do(lasthop: Command, place: Path) -> None:
    load(place, "one", day_of_mail(2, {"x.example": 30}))
    (Workspace(place).folder("watch") / "state.toml").write_text("[[")
    said = lasthop("watch", "--rule", "watch.toml", workspace=place)
    assert said.code == 2
    assert "Move it away" in said.err


WATCHER = """
import sys
from lasthop.cli import run
print("ready", flush=True)
sys.stdin.readline()
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.slow
def test_two_watchers_at_once_report_each_finding_once(place: Path) -> None:
    load(place, "one", day_of_mail(2, {"x.example": 30}))
    words = ["watch", "--rule", str(place.parent / "watch.toml"), "--workspace", str(place)]
    both = [
        subprocess.Popen(
            [sys.executable, "-c", WATCHER, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate()[0] for process in both]
    assert sorted(process.returncode for process in both) == [0, 3]
    assert sorted(line[:4] for line in said) == ["", "new:"]
    assert list(entries(Workspace(place))) == [("Failed at a domain", "x.example")]
