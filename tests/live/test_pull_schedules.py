"""Nothing lost, nothing doubled: whatever is late, whatever goes wrong, and wherever a pull is stopped or killed."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lasthop.live.coverage import LATE_SECONDS
from lasthop.live.sendgrid import last_pull, start
from lasthop.pull import Unanswered
from lasthop.standin import PASSING, Account, Sent, by_number
from lasthop.store import Workspace
from tests.live.pulling import ALL, in_store, in_table, pulled, sent
from tests.pull.wire import START, Clock, connected, wire_of

HOUR = 3_600
FATES = (
    [("processed", 0), ("delivered", 2)],
    [("processed", 0), ("delivered", 2), ("open", 300), ("click", 360)],
    [("processed", 0), ("deferred", 5), ("deferred", 900), ("delivered", 4_000)],
    [("processed", 0), ("deferred", 5), ("bounce", 70 * HOUR)],
    [("processed", 0), ("delivered", 2), ("bounce", 20 * HOUR)],
    [("dropped", 0)],
    [("received", 0), ("processed", 1)],
)
ENTRIES = {
    "deferred": {"response": "451 later", "attempt": "0"},
    "bounce": {"type": "bounce", "reason": "550 no"},
    "dropped": {"reason": "Bounced Address"},
}


@st.composite
def stores(draw: st.DrawFn) -> list[Sent]:
    """Up to fourteen messages of two days; each event may be told up to three days after its message was made."""
    made = draw(st.lists(st.integers(0, 48 * HOUR) | st.integers(7_200, 7_203), min_size=1, max_size=14))
    mail = []
    for number, after in enumerate(sorted(made)):
        late = st.sampled_from([0, 0, 0, HOUR, 30 * HOUR, 72 * HOUR])
        events = [(word, at, max(at, draw(late)), ENTRIES.get(word, {})) for word, at in draw(st.sampled_from(FATES))]
        mail.append(sent(number, START + after, *events))
    return mail


@dataclass(frozen=True)
class Pulled:
    """One pull: when, what goes wrong with which request, and after which one it ends before its time, and how."""

    at: int
    trouble: dict[int, str]
    ends: tuple[int, str] | None


@st.composite
def pulls(draw: st.DrawFn) -> list[Pulled]:
    hours = sorted(draw(st.lists(st.integers(1, 100), min_size=1, max_size=3)))
    troubles = st.dictionaries(st.integers(1, 30), st.sampled_from(PASSING), max_size=6)
    ends = st.none() | st.tuples(st.integers(1, 25), st.sampled_from(["stop", "kill", "fail"]))
    return [Pulled(START + hour * HOUR, draw(troubles), draw(ends)) for hour in hours]


class Killed(BaseException):
    """The process is gone: nothing after this may count."""


def run(folder: Path, workspace: Workspace, account: Account, plan: Pulled, number: int) -> Workspace:
    """One pull as planned; the workspace as it is afterwards."""
    clock = Clock(plan.at)
    stop: list[bool] = []
    client = connected(account, clock, stopped=lambda: bool(stop))
    client.limit = 3
    done = len(account.requests)
    account.trouble = by_number({done + at: trouble for at, trouble in plan.trouble.items()})
    left = folder / f"left-{number}"

    def before(_request: object) -> None:
        if plan.ends and len(wire_of(client).sent) == plan.ends[0]:
            if plan.ends[1] == "stop":
                stop.append(True)
            elif plan.ends[1] == "kill":
                shutil.copytree(workspace.root, left)
                raise Killed
            else:
                account.trouble = lambda _number, _path: "page"

    wire_of(client).before = before
    try:
        for _ in start(workspace, client, ALL):
            pass
    except Killed:
        return Workspace(left)
    except Unanswered:
        pass
    return workspace


def in_cut_seconds(workspace: Workspace, mail: list[Sent]) -> set[str]:
    """Messages of seconds of which the workspace says that they hold more than the service tells."""
    cut = {second for pull in last_pull(workspace) for second in pull.cut}
    return {message.message_id for message in mail if message.created in cut}


FOUR_IN_A_SECOND = [
    sent(number, START + 7_200, ("processed", 0, 0, {}), ("delivered", 2, 2, {})) for number in range(4)
]
"""One more than the service tells of any second."""


@example(mail=FOUR_IN_A_SECOND, plans=[Pulled(START + 91 * HOUR, {}, None)], order="newest")
@given(mail=stores(), plans=pulls(), order=st.sampled_from(["newest", "oldest", "any"]))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_after_the_last_pull_the_table_is_the_store(mail: list[Sent], plans: list[Pulled], order: str) -> None:
    account = Account(mail, order=order)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace = Workspace(folder / "workspace")
        for number, plan in enumerate(plans):
            workspace = run(folder, workspace, account, plan, number)
            table = in_table(workspace)
            assert len(table) == len(set(table))
        account.trouble = by_number({})
        last = pulled(workspace, connected(account, Clock(START + 48 * HOUR + LATE_SECONDS + 2 * HOUR)))

        assert last.stage == "done"
        assert last.brought.refused == {}
        told, store = in_table(workspace, "time_basis <> 'of_message'"), in_store(account)
        assert len(told) == len(set(told)), "nothing doubled"
        # An event that was inferred first may be the one that came later.
        lost = {message for message, _, _ in set(store) - set(told)}
        assert lost <= in_cut_seconds(workspace, mail), "nothing lost, but of a second that is said to be cut"
        assert set(in_table(workspace)) <= set(store), "nothing invented"
        assert {word for _, word, _ in set(told) - set(store)} <= {"processed"}, "inferred from the time of its making"
