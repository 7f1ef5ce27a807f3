"""The stop lists of an address: what a loaded list says, what follows from drops alone, and what is not known."""

import json
from pathlib import Path

import pytest

from lasthop.explain.stop_lists import Listing, stop_lists
from lasthop.explain.stop_lists.addresses import ListQuery, bulk_delete, count_listed, find_listed
from lasthop.explain.stop_lists.calls import calls_of, groups_of
from lasthop.explain.stop_lists.meanings import drop_reasons, removers, stop_list_meanings
from lasthop.explain.stop_lists.words import basis_words, put_by_words, since_words
from lasthop.model.kinds import STOP_LISTS
from lasthop.store import Workspace
from lasthop.trace import look, resolve, stop_list_entries
from tests.explain.listings import (
    BLOCKED,
    BOUNCED,
    DAY,
    HOUR,
    NOON,
    TAKEN,
    bounce_entry,
    dropped,
    mail,
    workspace_of,
)
from tests.store.exports import activity_row, x_id

ANNA, BERT = "anna@mail.example", "bert@mail.example"


def listings(workspace: Workspace, recipient: str) -> tuple[Listing, ...]:
    with look(workspace) as snapshot:
        return stop_lists(snapshot, recipient)


def message_id(workspace: Workspace, number: int) -> str:
    with look(workspace) as snapshot:
        (found,) = resolve(snapshot, x_id(number))
        return found


def test_an_entry_names_the_bounce_behind_it_and_what_was_dropped_since(tmp_path: Path) -> None:
    rows = [
        *mail(1, ANNA, 0, TAKEN),
        *mail(2, ANNA, HOUR, BOUNCED),
        *dropped(3, ANNA, DAY),
        *dropped(4, ANNA, 2 * DAY),
        *mail(5, BERT, DAY, TAKEN),
    ]
    workspace = workspace_of(tmp_path, rows, bounces=[bounce_entry(ANNA, HOUR + 1)])

    (listing,) = listings(workspace, ANNA)

    assert (listing.stop_list, listing.basis, listing.since_ms) == ("bounces", "verified", (NOON + HOUR + 1) * 1000)
    assert listing.reason == BOUNCED[1]
    assert [(entry["kind"], entry["source_line"]) for entry in listing.entries] == [("listed", 2)]
    assert listing.put_by is not None
    assert (listing.put_by.kind, listing.put_by.message) == ("bounce_hard", message_id(workspace, 2))
    assert listing.put_by.fits_time
    assert (listing.drops, listing.accepted) == (2, 0)
    assert (listing.first_drop_ms, listing.last_drop_ms) == ((NOON + DAY) * 1000, (NOON + 2 * DAY) * 1000)
    assert not listing.probably_gone
    assert "2 messages dropped since" in since_words(listing, "UTC")
    assert listings(workspace, BERT) == ()


def test_a_drop_tells_of_an_entry_where_no_list_is_loaded(tmp_path: Path) -> None:
    workspace = workspace_of(
        tmp_path, [*mail(1, ANNA, 0, BOUNCED), *dropped(2, ANNA, DAY), *mail(3, ANNA, -DAY, TAKEN)]
    )

    (listing,) = listings(workspace, ANNA)

    assert (listing.stop_list, listing.basis, listing.since_ms, listing.drops) == ("bounces", "inferred", None, 1)
    assert listing.put_by is not None
    assert listing.put_by.message == message_id(workspace, 1)
    assert not listing.put_by.fits_time
    assert listing.accepted == 0, "what was accepted before the drop proves nothing"
    assert "No list of this sort was loaded" in basis_words(listing, "UTC")
    assert "Probably put there" in put_by_words(listing.put_by, "UTC")


@pytest.mark.parametrize(("newest", "said"), [(0, "may be older"), (3 * DAY, "may have been removed since")])
def test_a_loaded_list_that_does_not_name_the_address_is_older_or_newer(tmp_path: Path, newest: int, said: str) -> None:
    workspace = workspace_of(tmp_path, dropped(1, ANNA, DAY), bounces=[bounce_entry(BERT, newest)])

    (listing,) = listings(workspace, ANNA)

    assert (listing.basis, listing.put_by) == ("inferred", None)
    assert said in basis_words(listing, "UTC")
    assert put_by_words(None, "UTC") == "What put it there is not in the loaded data."


def test_mail_that_got_through_later_makes_the_entry_doubtful(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, 0, BOUNCED), *dropped(2, ANNA, HOUR), *mail(3, ANNA, DAY, TAKEN)]
    workspace = workspace_of(tmp_path, rows, bounces=[bounce_entry(ANNA, 1)])

    (listing,) = listings(workspace, ANNA)

    assert (listing.accepted, listing.probably_gone) == (1, True)
    assert "probably gone" in since_words(listing, "UTC")


def test_a_list_newer_than_that_mail_is_believed(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, 0, BOUNCED), *mail(3, ANNA, DAY, TAKEN)]
    workspace = workspace_of(tmp_path, rows, bounces=[bounce_entry(ANNA, 1), bounce_entry(BERT, 2 * DAY)])

    (listing,) = listings(workspace, ANNA)

    assert (listing.accepted, listing.probably_gone) == (1, False)
    assert "bypassed" in since_words(listing, "UTC")


def test_a_drop_after_the_accepted_mail_means_that_it_is_still_listed(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, 0, BOUNCED), *mail(2, ANNA, HOUR, TAKEN), *dropped(3, ANNA, DAY)]
    workspace = workspace_of(tmp_path, rows, bounces=[bounce_entry(ANNA, 1)])

    (listing,) = listings(workspace, ANNA)

    assert (listing.accepted, listing.drops, listing.probably_gone) == (1, 1, False)


def test_a_block_stops_no_mail(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, 0, BLOCKED), *mail(2, ANNA, DAY, TAKEN)]
    workspace = workspace_of(tmp_path, rows, blocks=[("5.7.1", BLOCKED[1], ANNA, str(NOON + 1))])

    (listing,) = listings(workspace, ANNA)

    assert not listing.meaning.stops_mail
    assert not listing.probably_gone
    assert listing.put_by is not None
    assert listing.put_by.kind == "bounce_blocked"
    meaning = listing.meaning
    assert "Nothing has to be removed" in meaning.removal.step.text
    said = (*meaning.before, meaning.removal.step, *meaning.after, removers().kuroco_account)
    assert not [step.text for step in said if "dropped" in step.text]


@pytest.mark.parametrize(("second", "found"), [(0, True), (HOUR - 2, True), (HOUR + 10, False), (-70, False)])
def test_only_an_event_of_the_entrys_hour_counts_as_its_origin(tmp_path: Path, second: int, found: bool) -> None:
    workspace = workspace_of(tmp_path, mail(1, ANNA, 0, BOUNCED), bounces=[bounce_entry(ANNA, second + 1)])

    (listing,) = listings(workspace, ANNA)

    assert (listing.put_by is not None) == found


def test_reports_and_unsubscribes_are_put_by_their_own_events(tmp_path: Path) -> None:
    rows = [
        *mail(1, ANNA, 0, TAKEN, ("spamreport", "", "")),
        *mail(2, BERT, 0, TAKEN, ("unsubscribe", "", "")),
        *dropped(3, ANNA, DAY, "Spam Reporting Address"),
        *dropped(4, BERT, DAY, "Unsubscribed Address"),
    ]
    workspace = workspace_of(
        tmp_path,
        rows,
        spam_reports=[("192.0.2.1", ANNA, str(NOON + 2))],
        unsubscribes=[(BERT, str(NOON + 2))],
    )
    found = {who: listings(workspace, who)[0] for who in (ANNA, BERT)}

    assert {who: (each.stop_list, each.drops) for who, each in found.items()} == {
        ANNA: ("spam_reports", 1),
        BERT: ("unsubscribes", 1),
    }
    assert [each.put_by and each.put_by.kind for each in found.values()] == ["spam_report", "unsubscribe"]


def test_a_group_list_without_dates_is_told_without_one(tmp_path: Path) -> None:
    rows = mail(1, ANNA, 0, TAKEN, ("group_unsubscribe", "", ""))
    workspace = workspace_of(tmp_path, rows, groups=[(ANNA,), (BERT,)])

    (listing,) = listings(workspace, ANNA)

    assert (listing.stop_list, listing.basis, listing.since_ms) == ("group_unsubscribes", "verified", None)
    assert listing.put_by is not None
    assert not listing.put_by.fits_time
    assert "a time that the list does not give" in basis_words(listing, "UTC")
    assert listings(workspace, BERT)[0].put_by is None


def test_drops_for_other_reasons_tell_of_no_list(tmp_path: Path) -> None:
    rows = [*dropped(1, ANNA, 0, "Invalid SMTPAPI header"), *dropped(2, BERT, 0, "Invalid")]
    workspace = workspace_of(tmp_path, rows)

    assert listings(workspace, ANNA) == ()
    (listing,) = listings(workspace, BERT)
    assert (listing.stop_list, listing.put_by) == ("invalid_emails", None)


def test_a_bounce_without_an_id_still_leads_to_its_message(tmp_path: Path) -> None:
    late = activity_row(1, "bounce", HOUR, BOUNCED[1], "bounce")
    rows = [*mail(1, ANNA, 0, TAKEN), (late[0], "", "bounce", "", "Order 1", ANNA, *late[6:])]
    workspace = workspace_of(tmp_path, rows, bounces=[bounce_entry(ANNA, HOUR)])

    (listing,) = listings(workspace, ANNA)

    assert listing.put_by is not None
    assert listing.put_by.message == message_id(workspace, 1)


def test_the_newest_list_comes_first(tmp_path: Path) -> None:
    rows = [*mail(1, ANNA, 0, BLOCKED), *mail(2, ANNA, DAY, BOUNCED)]
    lists = {"blocks": [("5.7.1", BLOCKED[1], ANNA, str(NOON + 1))], "bounces": [bounce_entry(ANNA, DAY + 1)]}

    assert [each.stop_list for each in listings(workspace_of(tmp_path, rows, **lists), ANNA)] == ["bounces", "blocks"]


def test_entries_are_gathered_once_for_all_recipients(tmp_path: Path) -> None:
    workspace = workspace_of(
        tmp_path, [], bounces=[bounce_entry(ANNA, 0), bounce_entry(ANNA, DAY), bounce_entry(BERT, 0)]
    )
    with look(workspace) as snapshot:
        assert [entry["time_ms"] for entry in stop_list_entries(snapshot, ANNA)] == [
            (NOON + DAY) * 1000,
            NOON * 1000,
        ]
        snapshot.cursor.execute("DROP VIEW events")
        assert [entry["recipient"] for entry in stop_list_entries(snapshot, BERT)] == [BERT]
        assert stop_list_entries(snapshot, None) == []


def test_all_addresses_are_found_counted_and_filtered(tmp_path: Path) -> None:
    rows = [
        *mail(1, ANNA, 0, BOUNCED),
        *dropped(2, ANNA, DAY),
        *dropped(3, "carl@other.example", 2 * DAY, "Spam Reporting Address"),
    ]
    workspace = workspace_of(tmp_path, rows, bounces=[bounce_entry(ANNA, 1), bounce_entry(BERT, 5)])
    with look(workspace) as snapshot:
        found = find_listed(snapshot, ListQuery())
        assert found[["recipient", "stop_list", "basis", "drops"]].values.tolist() == [
            ["carl@other.example", "spam_reports", "inferred", 1],
            [BERT, "bounces", "verified", 0],
            [ANNA, "bounces", "verified", 1],
        ]
        assert list(find_listed(snapshot, ListQuery(domain="Other.example"))["recipient"]) == ["carl@other.example"]
        assert list(find_listed(snapshot, ListQuery(text="BERT"))["recipient"]) == [BERT]
        assert len(find_listed(snapshot, ListQuery(lists=("bounces",), text="not exist"))) == 2
        assert len(find_listed(snapshot, ListQuery(), limit=1)) == 1
        counts = count_listed(snapshot, ListQuery(lists=("blocks",), domain="mail.example"))
    assert counts == {**dict.fromkeys(STOP_LISTS, 0), "bounces": 2}


def test_the_body_for_the_bulk_call_is_made_where_there_is_one() -> None:
    body = bulk_delete("bounces", [ANNA, BERT, ANNA])
    assert body is not None
    assert json.loads(body) == {"emails": [ANNA, BERT]}
    assert [name for name in STOP_LISTS if bulk_delete(name, [ANNA]) is None] == ["unsubscribes", "group_unsubscribes"]


def test_every_list_has_its_checklist_with_sources_and_the_cause_comes_first() -> None:
    assert list(stop_list_meanings()) == list(STOP_LISTS)
    assert set(drop_reasons().values()) <= set(STOP_LISTS)
    for meaning in stop_list_meanings().values():
        removal = meaning.removal
        ways = (removal.step, removal.screen, removal.call)
        assert all(step.source for step in (meaning.means, meaning.drops_says, *meaning.before, *ways, *meaning.after))
        assert len(meaning.before) >= 2, "what put it there is settled before anything is removed"
        assert "[Suppressions]" in removal.screen.text
        assert removal.call.text.startswith("DELETE /v3/")
        assert any("Kuroco's shared account: you cannot do it" in step.text for step in meaning.before) == (
            meaning.name != "blocks"
        )
    for consent in ("spam_reports", "unsubscribes", "group_unsubscribes"):
        assert "Without a yes" in stop_list_meanings()[consent].before[0].text
    assert [m.name for m in stop_list_meanings().values() if not m.stops_mail] == ["blocks", "group_unsubscribes"]
    assert "Kuroco's support" in removers().kuroco_account.text


def test_a_call_names_the_address_url_encoded_and_each_group() -> None:
    bounces, groups = (stop_list_meanings()[name].removal.call for name in ("bounces", "group_unsubscribes"))

    assert calls_of(bounces, "a/b+c@mail.example") == ("DELETE /v3/suppression/bounces/a%2Fb%2Bc%40mail.example",)
    assert calls_of(groups, ANNA, ["3", "12"]) == (
        "DELETE /v3/asm/groups/3/suppressions/anna%40mail.example",
        "DELETE /v3/asm/groups/12/suppressions/anna%40mail.example",
    )
    assert "GROUP_NUMBER" in calls_of(groups, ANNA)[0]


def test_the_number_of_a_group_is_that_of_the_files_name() -> None:
    files = [
        "x.zip/asm_groups_12_suppressions.csv",
        "asm_groups_12_suppressions (1).csv",
        "asm_groups_7_suppressions.csv",
    ]

    assert groups_of([*files, "groups_9.csv", "asm_groups_x_suppressions.csv", ""]) == ("12", "7")
