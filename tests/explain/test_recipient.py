"""The dossier of one address: its numbers, its last success and failure, and whether its neighbours fare better."""

from pathlib import Path

import pytest

from lasthop.explain.neighbours import ENOUGH, Neighbours
from lasthop.explain.recipient import RecipientDossier, recipient_dossier
from lasthop.model.outcomes import Outcome
from lasthop.store import Workspace
from lasthop.trace import look, resolve
from tests.explain.listings import BLOCKED, BOUNCED, DAY, HOUR, NOON, TAKEN, bounce_entry, dropped, mail, workspace_of
from tests.store.exports import x_id

ANNA = "anna@mail.example"
OVERDUE = ("bounce", "421 4.4.2 connection timed out", "expired")


def known_of(workspace: Workspace, address: str, zone: str = "UTC") -> RecipientDossier:
    with look(workspace) as snapshot:
        return recipient_dossier(snapshot, address, zone)


def others(*numbers: int) -> list[tuple[str, ...]]:
    return [row for n in numbers for row in mail(100 + n, f"other{n}@mail.example", DAY, TAKEN)]


def said(known: RecipientDossier) -> str:
    assert known.neighbours is not None
    return known.neighbours.sentence(known.in_trouble)


def test_the_numbers_and_the_newest_of_both_kinds(tmp_path: Path) -> None:
    rows = [
        *mail(1, ANNA, 0, TAKEN),
        *mail(2, ANNA, HOUR, TAKEN),
        *mail(3, ANNA, DAY, BLOCKED),
        *mail(4, ANNA, 2 * DAY),
    ]
    workspace = workspace_of(tmp_path, rows)

    known = known_of(workspace, "  Anna@Mail.example ")

    assert known.messages == 4
    assert {outcome: n for outcome, n in known.counts.items() if n} == {
        Outcome.ACCEPTED: 2,
        Outcome.BLOCKED: 1,
        Outcome.WAITING: 1,
    }
    assert (known.first_ms, known.last_ms) == (NOON * 1000, (NOON + 2 * DAY) * 1000)
    with look(workspace) as snapshot:
        second, third = (resolve(snapshot, x_id(n))[0] for n in (2, 3))
    assert known.last_success is not None
    assert known.last_success.message == second
    assert known.last_failure is not None
    assert (known.last_failure.message, known.last_failure.reason) == (third, "spam_content")
    assert known.in_trouble


@pytest.mark.parametrize(
    ("rows", "headline", "trouble"),
    [
        (mail(1, ANNA, 0, TAKEN), "The newest settled message to this address, sent 2026-11-02 12:00:00 UTC, was accepted by the "
         "receiving server.", False),
        ([*mail(1, ANNA, 0, BLOCKED), *mail(2, ANNA, HOUR, TAKEN)], "The newest settled message to this address, sent 2026-11-02 13:00:00 "
         "UTC, was accepted by the receiving server; the last one that failed was sent 2026-11-02 12:00:00 UTC.", False),
        (mail(1, ANNA, 0, BLOCKED), "The newest settled message to this address, sent 2026-11-02 12:00:00 UTC, failed (blocked: spam "
         "content).", True),
        (mail(1, ANNA, 0), "No message to this address is settled: none was accepted, and none failed.", False),
        (dropped(1, ANNA, 0), "SendGrid dropped mail to this address at 2026-11-02 12:00:00 UTC because of its list “bounces”; no loaded "
         "list names the address (inferred from the drop).", True),
        (mail(1, ANNA, 0, TAKEN, ("spamreport", "", "")), "The message sent 2026-11-02 12:00:00 UTC arrived, and its recipient reported "
         "it as spam.", True),
        (mail(1, "bert@mail.example", 0, TAKEN), "Nothing that was loaded names this address.", False),
    ],
)  # fmt: skip
def test_the_headline(tmp_path: Path, rows: list[tuple[str, ...]], headline: str, trouble: bool) -> None:
    known = known_of(workspace_of(tmp_path, rows), ANNA)

    assert (known.headline, known.in_trouble) == (headline, trouble)


def test_an_address_on_a_list_says_so_first(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, 0, BOUNCED), *dropped(2, ANNA, DAY), *others(1)]
    known = known_of(workspace_of(tmp_path, rows, bounces=[bounce_entry(ANNA, 1)]), ANNA, "Asia/Tokyo")

    assert known.headline == (
        "SendGrid drops mail to this address: it is on the stop list “bounces” since 2026-11-02 21:00:01 JST (UTC+09:00); "
        "1 message dropped since."
    )
    assert said(known) == (
        "1 message to 1 other address at mail.example was accepted in the 30 days before the newest data, and none "
        "failed: the trouble is this address, not the domain."
    )


def test_a_list_that_mail_has_passed_since_is_not_the_headline(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, 0, BOUNCED), *mail(2, ANNA, DAY, TAKEN)]
    known = known_of(workspace_of(tmp_path, rows, bounces=[bounce_entry(ANNA, 1)]), ANNA)

    assert "was accepted" in known.headline
    assert not known.in_trouble


def test_nobody_else_there_cannot_tell(tmp_path: Path) -> None:
    known = known_of(workspace_of(tmp_path, [*mail(1, ANNA, 0, BOUNCED), *mail(2, "x@other.example", 0, TAKEN)]), ANNA)

    assert "cannot be told" in said(known)


def test_others_that_fail_with_the_same_reason_point_at_the_domain(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, 0, OVERDUE), *mail(2, "bert@mail.example", 0, OVERDUE), *others(1)]
    known = known_of(workspace_of(tmp_path, rows), ANNA)

    assert known.neighbours is not None
    assert known.neighbours.own_reason == "connection_failed"
    assert known.neighbours.reasons == {"connection_failed": 1}
    assert "1 with the reason of this address (connection failed): others fail too with the same reason" in said(known)


def test_a_mailbox_that_is_missing_is_each_addresss_own(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, 0, BOUNCED), *mail(2, "bert@mail.example", 0, BOUNCED), *others(1)]

    assert "each address's own: the trouble is this address" in said(known_of(workspace_of(tmp_path, rows), ANNA))


def test_others_that_fail_for_other_reasons_leave_it_to_the_address(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, 0, BOUNCED), *mail(2, "bert@mail.example", 0, OVERDUE), *others(1)]

    assert "none with the reason of this address" in said(known_of(workspace_of(tmp_path, rows), ANNA))


def test_nothing_that_gets_through_is_said_before_any_reason(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, 0, BOUNCED), *mail(2, "bert@mail.example", 0, BOUNCED)]

    assert "nothing got through to the domain" in said(known_of(workspace_of(tmp_path, rows), ANNA))


def test_what_never_reached_the_domain_is_no_failure_of_it(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, 0, BOUNCED), *dropped(2, "bert@mail.example", 0), *mail(3, "carl@mail.example", DAY)]
    known = known_of(workspace_of(tmp_path, rows), ANNA)

    assert known.neighbours is not None
    assert (known.neighbours.failed, known.neighbours.stopped, known.neighbours.waiting) == (0, 1, 1)
    assert "none is settled" in said(known)


def test_the_days_are_those_of_the_address_when_its_mail_is_older(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, -40 * DAY, BOUNCED), *mail(2, "bert@mail.example", -41 * DAY, TAKEN), *others(1)]
    rows = [(_moved(row[0]), *row[1:]) for row in rows]
    known = known_of(workspace_of(tmp_path, rows), ANNA)

    assert known.neighbours is not None
    assert not known.neighbours.at_edge
    assert known.neighbours.messages == 1
    assert "before the newest message to this address" in said(known)


def _moved(time: str) -> str:
    """Rows before the month's first day come out of ``activity_row`` as days below 1: put them into September."""
    day = int(time[8 : time.index(" ")])
    return time if day > 0 else f"2026-09-{day + 61:02d}{time[time.index(' ') :]}"


@pytest.mark.parametrize(("accepted", "share"), [(ENOUGH - 2, ""), (ENOUGH - 1, " (95 %)")])
def test_few_messages_make_no_percentage(accepted: int, share: str) -> None:
    some = Neighbours("mail.example", 0, True, accepted + 1, 3, accepted, 2, 1, 0, 0, {"mailbox_full": 1}, None)

    assert f"{accepted} were accepted{share} and 1 failed" in some.sentence(in_trouble=False)
    assert ("%" in some.sentence(in_trouble=False)) == bool(share)


def test_an_address_without_a_domain_has_no_neighbours(tmp_path: Path) -> None:
    assert known_of(workspace_of(tmp_path, mail(1, "=1+1", 0)), "=1+1").neighbours is None


def test_a_mistyped_domain_is_asked_about(tmp_path: Path) -> None:
    rows = [row for n in range(5) for row in mail(n, f"someone{n}@mailbox.example", n, TAKEN)]
    rows += mail(9, "someone9@mailbx.example", 9, ("bounce", "550 5.1.2 domain not found", "bounce"))

    typo = known_of(workspace_of(tmp_path, rows), "someone9@mailbx.example").typo

    assert typo is not None
    assert typo.suggestion == "someone9@mailbox.example"
