"""Rules over the data: what fires, what does not, and what has been told already."""

import datetime as dt
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lasthop.errors import InputError
from lasthop.measure.local import HOUR_MS
from lasthop.measure.rate import Pair
from lasthop.measure.watch import Counted, Looked, firing, watch
from lasthop.measure.watch_rules import Rule, load_rules_to_watch
from lasthop.measure.watch_state import Checked, entries, keep_rules, kept_rules, tell
from lasthop.model.outcomes import Outcome
from lasthop.store import Workspace
from lasthop.trace import count_by_outcome, look
from tests.measure.conftest import Loader, Rows, app, provider

RULE = Rule("Failed", "failed", (Outcome.BOUNCED, Outcome.BLOCKED, Outcome.EXPIRED), over=0.05)
UP = replace(RULE, over=None, above_usual=True)
NO_USER, SPAM = "550 5.1.1 no such user", "554 5.7.1 spam"


def sent(day: str, n: int, failed: int, domain: str = "x.example", reply: str = NO_USER) -> Rows:
    """``n`` messages at ten o'clock of that day, of which the first ``failed`` bounced and the others were accepted."""
    rows = []
    for i in range(n):
        number, to = f"{day[5:]}-{domain[0]}-{i}", f"r{i}@{domain}"
        rows.append(provider(f"{day} 10:00:00", "processed", number, to))
        ending = ("bounce", number, to, reply, "bounce") if i < failed else ("delivered", number, to)
        rows.append(provider(f"{day} 10:00:05", *ending))
    return rows


def looked(workspace: Workspace, *rules: Rule) -> tuple[Looked, ...]:
    with look(workspace) as snapshot:
        return watch(snapshot, rules)


def test_nothing_is_found_in_an_empty_workspace(workspace: Workspace) -> None:
    (found,) = looked(workspace, RULE)
    assert (found.as_of_ms, found.groups, found.findings) == (None, 0, ())


def test_the_lower_bound_has_to_exceed_the_threshold(workspace: Workspace, load: Loader) -> None:
    # 5 of 50 is 10 %, but its interval begins at 4.3 %; 9 of 50 begins at 9.8 % (Wilson).
    load(activity=[*sent("2026-11-09", 50, 5), *sent("2026-11-09", 50, 9, "y.example")])
    (found,) = looked(workspace, replace(RULE, by="domain"))
    (finding,) = found.findings
    assert (found.groups, finding.group, finding.now.part, finding.now.whole) == (2, "y.example", 9, 50)
    assert 0.09 < finding.now.low < 0.1
    assert finding.as_of_ms == int(dt.datetime(2026, 11, 9, 10, 0, 5, tzinfo=dt.UTC).timestamp() * 1000)


def test_groups_with_fewer_than_least_are_not_looked_at(workspace: Workspace, load: Loader) -> None:
    load(activity=sent("2026-11-09", 49, 49))
    assert looked(workspace, RULE)[0].groups == 0
    assert len(looked(workspace, replace(RULE, least=49))[0].findings) == 1


def test_the_window_ends_at_the_edge_of_the_data(workspace: Workspace, load: Loader) -> None:
    load(activity=[*sent("2026-11-08", 60, 60), *sent("2026-11-09", 60, 0)])
    assert not looked(workspace, RULE)[0].findings
    (finding,) = looked(workspace, replace(RULE, hours=25))[0].findings
    assert (finding.now.part, finding.now.whole) == (60, 120)


def test_the_messages_behind_a_finding_are_those_it_counts(workspace: Workspace, load: Loader) -> None:
    load(activity=[*sent("2026-11-08", 60, 60), *sent("2026-11-09", 60, 20), *sent("2026-11-09", 60, 30, "y.example")])
    with look(workspace) as snapshot:
        for by in ("domain", "reason", "provider", "none"):
            (found,) = watch(snapshot, [replace(RULE, by=by)])
            assert found.findings, by
            for finding in found.findings:
                counts = count_by_outcome(snapshot, finding.query)
                assert sum(counts[outcome] for outcome in finding.query.outcomes) == finding.now.part, by


def test_a_reason_is_a_share_of_all_that_was_attempted(workspace: Workspace, load: Loader) -> None:
    load(activity=[*sent("2026-11-09", 60, 30), *sent("2026-11-09", 60, 30, "y.example", SPAM)])
    (found,) = looked(workspace, replace(RULE, by="reason"))
    assert [(finding.now.part, finding.now.whole) for finding in found.findings] == [(30, 120), (30, 120)]
    assert len({finding.group for finding in found.findings}) == 2


def test_a_filter_leaves_only_its_messages(workspace: Workspace, load: Loader) -> None:
    load(activity=[*sent("2026-11-09", 60, 0), *sent("2026-11-09", 60, 30, "y.example")])
    only_x, only_y = (replace(RULE, name=d, only=replace(RULE.only, domain=d)) for d in ("x.example", "y.example"))
    first, second = looked(workspace, only_x, only_y)
    assert not first.findings
    assert second.findings[0].query.domain == "y.example"


def test_a_weekly_batch_that_fails_as_always_is_not_above_the_usual(workspace: Workspace, load: Loader) -> None:
    mondays = ["2026-10-12", "2026-10-19", "2026-10-26", "2026-11-02", "2026-11-09"]
    load(activity=[row for day in mondays for row in sent(day, 60, 12)])
    assert not looked(workspace, UP)[0].findings
    assert looked(workspace, RULE)[0].findings  # though it is over 5 %


def test_clearly_more_than_on_the_same_weekdays_fires(workspace: Workspace, load: Loader) -> None:
    days = ["2026-10-26", "2026-11-02", "2026-11-05"]  # the last is another weekday: it does not count
    load(activity=[*(r for d in days for r in sent(d, 60, 60 if d == days[2] else 2)), *sent("2026-11-09", 60, 15)])
    (finding,) = looked(workspace, UP)[0].findings
    assert finding.usual is not None
    assert (finding.now.part, finding.now.whole, finding.usual.part, finding.usual.whole) == (15, 60, 4, 120)
    assert not looked(workspace, replace(UP, over=0.5))[0].findings  # with a threshold both have to hold


def test_without_weeks_before_nothing_is_above_the_usual(workspace: Workspace, load: Loader) -> None:
    load(activity=sent("2026-11-09", 60, 60))
    assert not looked(workspace, UP)[0].findings


def test_what_waits_is_a_share_of_what_is_old_enough(workspace: Workspace, load: Loader) -> None:
    rows = [provider("2026-11-09 06:00:00", "processed", f"old{i}", f"r{i}@x.example") for i in range(60)]
    rows += [provider("2026-11-09 06:01:00", "delivered", f"old{i}", f"r{i}@x.example") for i in range(20, 60)]
    rows += [provider("2026-11-09 11:30:00", "processed", f"new{i}", f"s{i}@x.example") for i in range(60)]
    load(activity=[*rows, provider("2026-11-09 12:00:00", "deferred", "old0", "r0@x.example", "451 later")])
    rule = Rule("Stuck", "waiting longer than 4 hours", (Outcome.WAITING,), waiting_hours=4, over=0.05)
    (finding,) = looked(workspace, rule)[0].findings
    assert (finding.now.part, finding.now.whole) == (20, 60)
    with look(workspace) as snapshot:
        assert count_by_outcome(snapshot, finding.query)[Outcome.WAITING] == 20


def test_refused_requests_are_seen_while_sendgrid_tells_of_nothing(workspace: Workspace, load: Loader) -> None:
    """A key that is revoked ends SendGrid's events: the clock of these rules is the application's newest row."""
    load(activity=sent("2026-11-05", 5, 0))
    load(mail_log=[app(f"2026/11/09 10:{i:02}:00", i, f"r{i}@x.example", "401", "401 Unauthorized") for i in range(60)])
    rule = Rule("Refused", "not_handed_over", (Outcome.NOT_HANDED_OVER,), over=0.05)
    (finding,) = looked(workspace, rule)[0].findings
    assert (finding.now.part, finding.now.whole) == (60, 60)
    assert finding.as_of_ms == int(dt.datetime(2026, 11, 9, 1, 59, tzinfo=dt.UTC).timestamp() * 1000)


def test_suppressed_is_a_share_of_what_sendgrid_knows(workspace: Workspace, load: Loader) -> None:
    dropped = [
        provider("2026-11-09 10:00:00", "dropped", f"d{i}", f"d{i}@x.example", "Bounced Address") for i in range(20)
    ]
    load(activity=[*sent("2026-11-09", 60, 30), *dropped])
    rule = Rule("Suppressed", "suppressed", (Outcome.SUPPRESSED,), over=0.05)
    found, failed = looked(workspace, rule, RULE)
    assert (found.findings[0].now.part, found.findings[0].now.whole) == (20, 80)
    assert (failed.findings[0].now.part, failed.findings[0].now.whole) == (30, 60)


def _alarms(n: int, true_share: float, groups: int = 4_000) -> float:
    parts = np.random.default_rng(20261109).binomial(n, true_share, groups)
    pairs = tuple(Pair(int(part), n, 0, 0) for part in parts)
    counted = Counted(replace(RULE, by="domain"), 0, tuple(map(str, range(groups))), pairs)
    return len(firing(counted, [True] * groups)) / groups


@pytest.mark.parametrize("n", [20, 30, 50, 75, 100, 150, 200])
def test_a_true_share_below_the_threshold_gives_hardly_any_false_alarm(n: int) -> None:
    assert _alarms(n, 0.02) <= 0.02


def test_a_true_share_far_above_it_is_caught() -> None:
    assert _alarms(50, 0.15) >= 0.78
    assert _alarms(100, 0.15) >= 0.93


def test_forty_healthy_domains_hardly_ever_give_an_alarm() -> None:
    assert _alarms(50, 0.02) * 40 < 0.1


CHECKED = Checked("Failed", 1_000 * HOUR_MS, quiet=6, remind=24, groups=("x.example",))


def at(hours: float, *groups: str | None) -> Checked:
    return replace(CHECKED, clock_ms=int((1_000 + hours) * HOUR_MS), groups=groups)


def names(told: tuple[object, ...]) -> list[object]:
    return [entry.identity[1] for entry in told]  # type: ignore[attr-defined]


def test_a_finding_is_told_once_then_daily_and_closes_after_its_quiet(workspace: Workspace) -> None:
    steps = []
    runs = [(0, "x"), (1, "x"), (23, "x"), (24, "xy"), (24.5, "xy"), (25, "y"), (30, "y"), (30.5, "y"), (31, "xy")]
    for hours, groups in runs:
        told = tell(workspace, [at(hours, *groups)])
        steps.append((hours, names(told.new), names(told.again), names(told.over)))
    assert steps == [
        (0, ["x"], [], []),
        (1, [], [], []),
        (23, [], [], []),
        (24, ["y"], ["x"], []),
        (24.5, [], [], []),
        (25, [], [], []),
        (30, [], [], []),
        (30.5, [], [], ["x"]),  # it fired last at 24.5, six hours ago
        (31, ["x"], [], []),
    ]


def test_a_finding_that_flickers_stays_one(workspace: Workspace) -> None:
    for hours, groups in [(0, "x"), (2, ""), (4, "x"), (8, ""), (9, "x")]:
        told = tell(workspace, [at(hours, *groups)])
        assert not told.over
        assert bool(told.new) == (hours == 0)
    (entry,) = entries(workspace).values()
    assert (entry.since_ms, entry.fired_ms) == (1_000 * HOUR_MS, 1_009 * HOUR_MS)


def test_rules_that_were_not_looked_at_keep_their_findings(workspace: Workspace) -> None:
    tell(workspace, [at(0, "x"), replace(at(0, None), name="Other")])
    assert not tell(workspace, [at(10, "x")]).over
    assert ("Other", None) in entries(workspace)
    assert names(tell(workspace, [replace(at(10), name="Other")]).over) == [None]


def test_a_clock_that_jumps_back_neither_silences_nor_repeats(workspace: Workspace) -> None:
    """A source with a wrong zone was loaded and removed again."""
    tell(workspace, [at(9, "x")])
    assert not tell(workspace, [at(0, "x")]).again
    tell(workspace, [at(500, "x")])
    assert names(tell(workspace, [at(1, "x")]).again) == ["x"]


def test_hostile_names_of_groups_come_back_as_they_were(workspace: Workspace) -> None:
    hostile = 'a"]]\n[[entry]]\x1b[31m\u202e\x00日本'
    tell(workspace, [at(0, hostile)])
    assert list(entries(workspace)) == [("Failed", hostile)]
    assert not tell(workspace, [at(1, hostile)]).new


def test_two_watchers_at_once_tell_each_finding_once(workspace: Workspace) -> None:
    told, start = [], threading.Barrier(8)

    def one(number: int) -> None:
        start.wait()
        told.append(tell(workspace, [at(0, "x"), replace(at(0, "y"), name=f"Rule {number}")]))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(names(each.new).count("x") for each in told) == 1
    assert len(entries(workspace)) == 9


@pytest.mark.parametrize(
    "content", [b"entry = 5", b"[[entry]]\nrule = 1", b"\xff", b"= [", b"[[entry]]\nrule='a'\nsince_ms='x'"]
)
def test_a_damaged_state_is_said_and_left(workspace: Workspace, content: bytes) -> None:
    path = workspace.folder("watch") / "state.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"watch/state\.toml"):
        tell(workspace, [at(0, "x")])
    assert path.read_bytes() == content


GOOD = '[[rule]]\nname = "a"\nof = "bounced"\nover = 0.05\n'


def rules(folder: Path, text: str) -> tuple[Rule, ...]:
    path = folder / "watch.toml"
    path.write_text(text, encoding="utf-8")
    return load_rules_to_watch(path)


def test_a_rule_says_what_it_does_not_leave_open(tmp_path: Path) -> None:
    (rule,) = rules(tmp_path, GOOD)
    assert (rule.by, rule.hours, rule.least, rule.quiet, rule.remind, rule.above_usual) == (
        "none",
        24,
        50,
        24,
        24,
        False,
    )
    (rule,) = rules(
        tmp_path, '[[rule]]\nname="b"\nof="waiting longer than 1 hour"\nover=0\nby="domain"\nsender="a@example.com"'
    )
    assert (rule.waiting_hours, rule.over, rule.only.sender) == (1, 0.0, "a@example.com")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "no rules"),
        ("x = 1", "no rules"),
        ("rule = 5", "no rules"),
        ("rule = [5]", "not a table"),
        ("[[rule", "not a TOML"),
        (GOOD + "ovr = 1", "'ovr' is no key"),
        (GOOD.replace("bounced", "accepted"), "of = 'accepted' is none of failed"),
        (GOOD.replace("bounced", "waiting longer than 0 hours"), "of = "),
        (GOOD.replace("over = 0.05", ""), "it needs over"),
        (GOOD.replace("0.05", "5"), "share from 0 to below 1"),
        (GOOD.replace("0.05", "true"), "share from 0"),
        (GOOD.replace("0.05", "nan"), "share from 0"),
        (GOOD + "least = 19", "least = 19"),
        (GOOD + "hours = 1.5", "hours = 1.5"),
        (GOOD + "quiet = true", "quiet = True"),
        (GOOD + 'by = "weekday"', "by = 'weekday'"),
        (GOOD + "by = [1]", "by = "),
        (GOOD + "above_usual = 1", "above_usual = 1"),
        (GOOD + "above_usual = true\nhours = 169", "at most 168"),
        (GOOD + "domain = 3", "domain has to be a text"),
        (GOOD.replace('"a"', '" "'), "name has to be a text"),
        (GOOD.replace('"a"', '"no newer data"'), "no newer data"),
        (GOOD + GOOD, "two rules named 'a'"),
        (GOOD.replace("bounced", "waiting longer than 30 hours"), "nothing sent in the last 24 hours"),
        (GOOD.replace("bounced", "waiting longer than 3 hours") + "above_usual = true", "above_usual cannot"),
    ],
)
def test_a_wrong_rule_is_named_with_its_file_and_what_is_wrong(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(InputError) as caught:
        rules(tmp_path, text)
    said = str(caught.value)
    assert wrong in said
    assert "watch.toml" in said


def test_the_second_rule_is_named_by_place_and_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"watch\.toml, rule 2 \('b'\): hours = 0"):
        rules(tmp_path, GOOD + GOOD.replace('"a"', '"b"') + "hours = 0")


def test_rules_are_kept_only_when_they_are_right(workspace: Workspace, tmp_path: Path) -> None:
    assert kept_rules(workspace) == ()
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    keep_rules(workspace, path)
    assert [rule.name for rule in kept_rules(workspace)] == ["a"]
    path.write_text(GOOD + "ovr = 1")
    with pytest.raises(InputError):
        keep_rules(workspace, path)
    assert [rule.name for rule in kept_rules(workspace)] == ["a"]
