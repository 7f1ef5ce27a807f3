"""The address that was probably meant, asked of a workspace; and a right address, told of its mistyped ones."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasthop.explain.typo import find_typo
from lasthop.explain.typo.domains import mail_domains
from lasthop.explain.typo.mistyped import mistyped_as
from lasthop.store import Workspace
from lasthop.trace import look
from tests.store.exports import activity_row, load, write_activity

NAME = "hanako.test"
KNOWN = sorted(mail_domains().well_known)
REAL = sorted(mail_domains().real)
FAILED = "550 5.1.1 no such user"
NO_HOST = "unable to get mx info: failed to get IPs from PTR record: lookup exmaple.com: no such host"
STORY = [
    # address, event, reply, type
    *[("hanako.test@example.com", "delivered", "250 OK", "")] * 12,
    ("suzuki.ichiro@example.com", "delivered", "250 OK", ""),
    ("user7@example.com", "delivered", "250 OK", ""),
    ("jiro.test@exmaple.com", "bounce", NO_HOST, "bounce"),
    ("saburo@exmaple.com", "deferred", NO_HOST, ""), ("saburo@exmaple.com", "deferred", NO_HOST, ""),
    ("shiro@exmaple.com", "deferred", NO_HOST, ""),
    ("goro@gmial.com", "bounce", "error dialing remote address: i/o timeout", "blocked"),
    ("rokuro@gmial.com", "bounce", "554 5.7.1 Service unavailable; blocked using zen.spamhaus.org", "blocked"),
    ("nanako@gmial.com", "drop", "Unsubscribed Address", ""),
    ("hachiro@gmial.com", "drop", "Bounced Address", ""),
    ("kuro@gmial.com", "bounce", "552 5.2.2 mailbox is full", "bounce"),
    ("kuro@gmial.com", "bounce", "error dialing remote address: i/o timeout", "blocked"),
    ("suzuki.ichrio@example.com", "bounce", FAILED, "bounce"), ("suzuki.ichrio@example.com", "delivered", "250 OK", ""),
    ("momoko.testexample.com", "drop", "Invalid", ""),
    ("tooru@gmial.com", "processed", "", ""),
    ("suzuki.ihciro@example.com", "bounce", FAILED, "bounce"),
    ("suzuki.icihro@example.com", "bounce", "554 5.7.1 message refused as spam", "blocked"),
    ("user8@example.com", "bounce", FAILED, "bounce"),
    ("ｈａｎａｋｏ.test＠example.com", "drop", "Invalid", ""),
    ("mailto:ichiko@gmial.com", "drop", "Invalid", ""),
    ("ichiko@unknown,example", "drop", "Invalid", ""),
    ("nikogmail.com", "drop", "Invalid", ""),
    ("back@hotmial.com", "bounce", FAILED, "bounce"), ("back@hotmial.com", "delivered", "250 OK", ""),
    ("late@hotmial.co.jp", "delivered", "250 OK", ""), ("spam@hotmial.co.uk", "delivered", "250 OK", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("typos")
    rows = []
    numbers: dict[str, int] = {}
    for number, (address, event, reply, kind) in enumerate(STORY, 1):
        # Deferrals are tries of one message, everything else is a message of its own.
        message = numbers.setdefault(address, number) if event == "deferred" else number
        row = list(activity_row(message, event, 10 * number, reply, kind))
        row[5] = address
        rows.append(row)
    later = list(activity_row(900, "processed", 3600))
    workspace = Workspace(folder / "workspace")
    load(workspace, write_activity(folder / "a.csv", [*rows, later]))
    return workspace


@pytest.mark.parametrize(
    ("address", "suggestion", "why"),
    [
        ("jiro.test@exmaple.com", "jiro.test@example.com", "15 messages were accepted at example.com, none at exmaple.com."),
        ("JIRO.test@exmaple.com", "jiro.test@example.com", "exmaple.com is example.com with two characters swapped"),
        ("saburo@exmaple.com", "saburo@example.com", "15 messages were accepted"),
        ("goro@gmial.com", "goro@gmail.com", "gmail.com with two characters swapped, which is a well-known mail domain"),
        ("hachiro@gmial.com", "hachiro@gmail.com", "no message was accepted at gmial.com"),
        ("suzuki.ihciro@example.com", "suzuki.ichiro@example.com", "1 message was accepted there, none at the address as written."),
        ("ｈａｎａｋｏ.test＠example.com", "hanako.test@example.com", "has full-width characters and reads hanako.test@example.com without: "
         "12 messages were accepted there."),
        ("mailto:ichiko@gmial.com", "ichiko@gmail.com", "reads ichiko@gmial.com without; gmial.com is gmail.com"),
        ("nikogmail.com", "niko@gmail.com", "has no @ and reads niko@gmail.com without; gmail.com is a well-known mail domain."),
        ("momoko.testexample.com", "momoko.test@example.com", "reads momoko.test@example.com without; 15 messages were accepted at example.com."),
    ],
)  # fmt: skip
def test_a_failed_address_gets_a_suggestion_with_its_evidence(
    workspace: Workspace, address: str, suggestion: str, why: str
) -> None:
    with look(workspace) as snapshot:
        found = find_typo(snapshot, address)

    assert found is not None
    assert found.suggestion == suggestion
    assert why in found.why


@pytest.mark.parametrize(
    ("address", "because"),
    [
        ("hanako.test@example.com", "it took messages"),
        ("back@hotmial.com", "it took a later message"),
        ("shiro@exmaple.com", "it was tried once and is still waiting"),
        ("rokuro@gmial.com", "the sender's reputation is at fault"),
        ("nanako@gmial.com", "who unsubscribes has had mail"),
        ("suzuki.ichrio@example.com", "it took a later message"),
        ("kuro@gmial.com", "a full mailbox exists"),
        ("tooru@gmial.com", "nothing failed yet"),
        ("suzuki.icihro@example.com", "the content is at fault"),
        ("user8@example.com", "it is one of a numbered family"),
        ("ichiko@unknown,example", "nobody is known to have mail there"),
        ("nobody@gmial.com", "there is no message to it"),
        ("", "there is no address"),
        (None, "there is no address"),
    ],
)  # fmt: skip
def test_nothing_is_suggested_when(workspace: Workspace, address: str | None, because: str) -> None:
    with look(workspace) as snapshot:
        assert find_typo(snapshot, address) is None, because


def test_no_accepted_address_is_ever_corrected(workspace: Workspace, samples_workspace: Workspace) -> None:
    taken = "SELECT DISTINCT recipient FROM messages WHERE outcome IN ('accepted', 'complained') ORDER BY md5(recipient) LIMIT 150"
    for one in (workspace, samples_workspace):
        with look(one) as snapshot:
            assert [row["recipient"] for row in snapshot.rows(taken) if find_typo(snapshot, row["recipient"])] == []


def test_the_samples_mistyped_addresses_are_found_and_no_other_failed_one(samples_workspace: Workspace) -> None:
    with look(samples_workspace) as snapshot:
        rows = snapshot.rows("SELECT DISTINCT recipient FROM messages WHERE outcome NOT IN ('accepted', 'waiting')")
        found = {row["recipient"]: find_typo(snapshot, row["recipient"]) for row in rows}

    assert {address: typo.suggestion for address, typo in found.items() if typo} == {
        "hanako_mori@gmial.example": "hanako_mori@gmail.example",
        "kei_wada@gmial.example": "kei_wada@gmail.example",
        "rie_toda@gmai.example": "rie_toda@gmail.example",
        "jun_ueda@docmo.example": "jun_ueda@docomo.example",
        "sho_kubo@yaho.example": "sho_kubo@yahoo.example",
        "info@aozora-store,example": "info@aozora-store.example",
        "k_mori@mori-design..example": "k_mori@mori-design.example",
    }


@pytest.mark.parametrize(
    ("meant", "written"),
    [
        ("jiro.test@example.com", {"jiro.test@exmaple.com": 1}),
        ("HACHIRO@gmail.com", {"hachiro@gmial.com": 1}),
        ("suzuki.ichiro@example.com", {"suzuki.ihciro@example.com": 1}),
        ("momoko.test@example.com", {"momoko.testexample.com": 1}),
        ("ichiko@gmail.com", {"mailto:ichiko@gmial.com": 1}),
        ("hanako.test@example.com", {}),  # written with full-width characters: no cheap look-up leads there
        ("saburo@example.com", {}),  # the mistyped one waits
        ("jiro.test@exmapple.com", {}),  # near by its letters, but another domain took messages
        ("nanako@gmail.com", {}),  # who unsubscribes has had mail
        ("user7@example.com", {}), ("user8@example.com", {}),
        ("nobody@example.com", {}), ("nobody", {}), ("@", {}), ("", {}),
    ],
)  # fmt: skip
def test_a_right_address_is_told_of_its_mistyped_ones(
    workspace: Workspace, meant: str, written: dict[str, int]
) -> None:
    with look(workspace) as snapshot:
        assert {each.address: each.failed for each in mistyped_as(snapshot, meant)} == written


def test_the_samples_mistyped_addresses_are_found_from_the_right_ones(samples_workspace: Workspace) -> None:
    with look(samples_workspace) as snapshot:
        rows = snapshot.rows("SELECT DISTINCT recipient FROM messages WHERE recipient LIKE '%_@_%'")
        suggested = {
            row["recipient"]: typo.suggestion
            for row in rows
            if (typo := find_typo(snapshot, row["recipient"])) is not None
        }
        back = {
            meant: [each.address for each in mistyped_as(snapshot, meant)] for meant in sorted(set(suggested.values()))
        }
        taken = snapshot.rows("SELECT DISTINCT recipient FROM messages WHERE outcome = 'accepted' LIMIT 150")
        others = [row["recipient"] for row in taken if mistyped_as(snapshot, row["recipient"])]
    assert back == {meant: [written] for written, meant in suggested.items()}
    assert set(others) <= set(back)


ADDRESS = st.from_regex(r"[a-z0-9._-]{1,14}@[a-z0-9]{1,8}\.(com|co\.jp|con|example)", fullmatch=True)
ANY = st.one_of(
    st.text(max_size=40), ADDRESS, st.builds("{}@{}".format, st.text(max_size=12), st.sampled_from([*KNOWN, *REAL]))
)


@settings(max_examples=40)
@given(st.text(max_size=30))
def test_the_workspace_is_asked_about_any_text(workspace: Workspace, text: str) -> None:
    with look(workspace) as snapshot:
        assert find_typo(snapshot, text) is None
