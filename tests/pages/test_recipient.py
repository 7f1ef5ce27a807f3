import csv
import io
import json
import re
from pathlib import Path

import pytest
from streamlit.runtime.state import QueryParamsProxy as QueryParams
from streamlit.testing.v1 import AppTest

from lasthop.app import listed_addresses
from lasthop.explain.stop_lists.addresses import ListQuery, find_listed
from lasthop.pack.csv import restore
from lasthop.store import Workspace
from lasthop.trace import look
from tests.explain.listings import BOUNCED, DAY, NOON, bounce_entry, dropped, mail, workspace_of
from tests.pages.opening import Opener, figures_of, fine, markdown_of, select, texts_of
from tests.pages.test_hostile import harmless
from tests.store.exports import load

PAGE = "pages/recipient.py"


def words(text: str) -> str:
    """Markdown without its backslashes and joiners, as a person reads it."""
    return text.replace("\\", "").replace("\u2060", "")


def one(samples: Path, sql: str) -> str:
    with look(Workspace(samples)) as snapshot:
        return str(snapshot.value(sql))


def dropped_address(samples: Path) -> str:
    return one(
        samples,
        "SELECT m.recipient FROM messages m JOIN messages b USING (recipient) WHERE m.last_reply = 'Bounced Address' "
        "AND b.outcome = 'bounced' ORDER BY 1",
    )


def test_an_address_that_is_held_back_says_so_and_how_it_comes_off(opened: Opener, samples: Path) -> None:
    address = dropped_address(samples)
    at = opened(samples, PAGE, recipient=address)

    said = words(markdown_of(at))
    assert "SendGrid drops mail to this address: it is on the stop list “bounces” since" in said
    assert "Put there by a bounce at" in said
    assert "Kuroco's shared SendGrid account: only Kuroco's support" in said
    assert address in texts_of(at)
    steps = [words(box.label) for box in at.checkbox]
    removal = next(n for n, step in enumerate(steps) if "Only then remove it" in step)
    assert "Ask the recipient" in "".join(steps[:removal])
    assert "ask Kuroco's support" in steps[removal - 1]
    assert [step.partition(".")[0] for step in steps] == [str(n) for n in range(1, len(steps) + 1)]
    assert "**Either** by hand: SendGrid, [Suppressions] → [Bounces]" in said
    assert "**Or** by the API" in said
    assert all(":gray[" in box.label for box in at.checkbox), "each step names its source"


def calls_on(at: AppTest) -> list[str]:
    return [each.value for each in at.code if "/v3/" in each.value]


def test_what_is_copied_holds_no_unseen_character(opened: Opener, samples: Path) -> None:
    address = dropped_address(samples)
    at = opened(samples, PAGE, recipient=address)

    assert calls_on(at) == [f"DELETE /v3/suppression/bounces/{address.replace('@', '%40')}"]
    assert "\u2060" not in texts_of(at)
    assert "/v3/" not in markdown_of(at)
    mailbox, _, domain = address.partition("@")
    assert mailbox not in words(markdown_of(at)), "Markdown outside of code would carry joiners"
    assert domain not in words(markdown_of(at))


@pytest.mark.parametrize(
    ("address", "written"),
    [("sho_kubo@yaho.example", "sho_kubo@yaho.example"), ("info@aozora-store,example", "info@aozora-store,example")],
)
def test_the_addresses_of_a_hint_can_be_copied(opened: Opener, samples: Path, address: str, written: str) -> None:
    (hint,) = opened(samples, PAGE, recipient=address).warning
    outside = re.sub(r"`[^`]*`", "", hint.value)
    assert not re.search(r"\w\S*[@.]\S*example", words(outside)), outside


def test_the_group_of_a_loaded_list_is_named(opened: Opener, tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, [], groups=[("anna@mail.example",)])
    at = opened(workspace.root, PAGE, recipient="anna@mail.example")

    assert calls_on(at) == ["DELETE /v3/asm/groups/12/suppressions/anna%40mail.example"]
    assert "The loaded file is of group 12" in words(markdown_of(at))


def test_a_group_that_no_file_names_is_to_be_looked_up(opened: Opener, tmp_path: Path) -> None:
    path = tmp_path / "group_unsubscribes.csv"
    path.write_text("email,created\r\nanna@mail.example,1793620800\r\n", encoding="utf-8")
    workspace = Workspace(tmp_path / "workspace")
    load(workspace, path)
    at = opened(workspace.root, PAGE, recipient="anna@mail.example")

    assert calls_on(at) == [
        "DELETE /v3/asm/groups/GROUP_NUMBER/suppressions/anna%40mail.example",
        "GET /v3/asm/suppressions/anna%40mail.example",
    ]
    assert "No loaded file tells the number of the group." in words(markdown_of(at))


def test_a_right_address_leads_to_the_mistyped_one_that_failed(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, recipient="rie_toda@gmail.example")

    (hint,) = at.warning
    assert hint.value.count("rie_toda@gmai.example`: 1 message failed") == 1
    assert "Was this address meant?" in hint.value
    links = [link.proto for link in at.main.get("page_link")]
    (link,) = [link for link in links if "gmai.example" in link.label]
    assert link.query_string == "recipient=rie_toda%40gmai.example"


def test_the_url_follows_a_link_from_the_page_to_itself(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, recipient="sho_kubo@yaho.example")
    sent: list[str] = []
    at.query_params["recipient"] = "sho_kubo@yahoo.example"  # what the link asks for; the browser keeps its own
    with pytest.MonkeyPatch.context() as patch:
        real = QueryParams.from_dict

        def told(self: QueryParams, params: dict[str, str]) -> None:
            sent.append(params.get("recipient", ""))
            real(self, params)

        patch.setattr(QueryParams, "from_dict", told)
        fine(at.run())
        fine(at.run())
        at.query_params.clear()
        fine(at.run())
    assert sent == ["sho_kubo@yahoo.example", ""]


def test_its_messages_are_drawn_listed_and_opened(opened: Opener, samples: Path) -> None:
    address = dropped_address(samples)
    at = opened(samples, PAGE, recipient=address)

    assert {"Suppressed", "Bounced"} <= {trace["name"] for trace in json.loads(figures_of(at))[0]["data"]}
    shown = at.dataframe[-1].value
    assert set(shown["recipient"]) == {address}
    at = select(at, "recipient_messages_", cell=(0, "subject"))
    assert at.title[0].value == "Message"
    assert at.query_params["message"]


def test_an_address_in_capitals_is_the_same(opened: Opener, samples: Path) -> None:
    address = dropped_address(samples)
    assert address in texts_of(opened(samples, PAGE, recipient=address.upper()))


def test_a_mistyped_address_is_asked_about(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, recipient="sho_kubo@yaho.example")

    assert "sho_kubo@yahoo.example" in words(at.warning[0].value)
    assert "Ask the recipient" in at.warning[0].value


def test_the_domain_is_compared(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, recipient=dropped_address(samples))
    assert "Are others at the domain fine?" in [each.value for each in at.subheader]
    assert "the trouble is this address, not the domain" in texts_of(at)


def test_an_unknown_address_says_what_to_do(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, recipient="nobody@nowhere.example")
    said = words(markdown_of(at))
    assert "Nothing that was loaded names this address" in said
    assert "Loaded, and without it: Kuroco mail log (2026-10-16 to 2026-11-20), SendGrid activity (" in said
    assert "6 stop lists" in said
    assert "none is loaded" not in said
    assert not at.get("plotly_chart")


def test_an_unknown_address_without_a_mail_log_says_that_none_is_loaded(opened: Opener, tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, mail(1, "anna@mail.example", 0, BOUNCED))
    said = words(markdown_of(opened(workspace.root, PAGE, recipient="nobody@nowhere.example")))

    assert "Loaded, and without it: SendGrid activity (2026-11-02)." in said
    assert "stands in Kuroco's mail log alone, and none is loaded" in said


def test_an_empty_workspace_leads_to_sources(opened: Opener, empty: Path) -> None:
    at = opened(empty, PAGE)
    assert "Nothing is loaded yet" in texts_of(at)
    assert "Go to Sources" in [link.value for link in at.main.get("page_link")]


def test_hostile_addresses_stay_text(opened: Opener, samples: Path) -> None:
    with look(Workspace(samples)) as snapshot:
        hostile = snapshot.rows(
            "SELECT DISTINCT recipient FROM events WHERE recipient IS NOT NULL AND source_id IN "
            "(SELECT source_id FROM events WHERE subject LIKE '%phish.example%') ORDER BY 1"
        )
    assert len(hostile) > 10
    for row in hostile:
        at = harmless(opened(samples, PAGE, recipient=row["recipient"]))
        assert at.text[0].value


@pytest.mark.parametrize(
    "asked", ["![x](http://phish.example/p.png)", ":red[x]@md.example", "<b>@x.example", "a" * 5000]
)
def test_a_hostile_link_is_harmless(opened: Opener, samples: Path, asked: str) -> None:
    harmless(opened(samples, PAGE, recipient=asked))


def test_a_hostile_stop_list_is_harmless(opened: Opener, tmp_path: Path) -> None:
    evil = "![x](http://phish.example/p.png) **bold** :red[x] <script>alert(1)</script>"
    address = "![x]_**bold**_:red[x]@md.example"
    workspace = workspace_of(tmp_path, [], bounces=[("5.1.1", evil, address, str(NOON))])
    harmless(opened(workspace.root, PAGE))
    at = harmless(opened(workspace.root, PAGE, recipient=address))
    assert evil in texts_of(at)


def test_typing_an_address_shows_it(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    at.text_input[0].set_value(" sho_kubo@yaho.example ")
    at.button[0].click()
    fine(at.run())
    assert at.query_params["recipient"] == "sho_kubo@yaho.example"
    assert "sho_kubo@yaho.example" in texts_of(at)


def test_without_an_address_all_listed_ones_are_shown(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    with look(Workspace(samples)) as snapshot:
        found = find_listed(snapshot, ListQuery())
    assert len(at.dataframe[0].value) == len(found)
    at.get("pills")[0].set_value(["spam_reports"])
    fine(at.run())
    assert set(at.dataframe[0].value["list"]) == {"Spam reports"}
    at.text_input(key="listed_domain").set_value("nowhere.example")
    fine(at.run())
    assert "No entry fits these filters." in texts_of(at)


def test_a_click_shows_the_address(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    address = at.dataframe[0].value["recipient"][2]
    at = select(at, "listed_addresses_", cell=(2, "recipient"))
    assert at.query_params["recipient"] == address
    assert address in texts_of(at)


def test_ticked_addresses_become_files_behind_a_reminder(
    opened: Opener, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, bytes] = {}

    def kept(label: str, *, data: object, file_name: str, **_: object) -> None:
        files[file_name] = data() if callable(data) else data  # type: ignore[assignment]

    monkeypatch.setattr(listed_addresses.st, "download_button", kept)
    at = opened(samples, PAGE)
    assert "addresses-to-remove.csv" not in files
    files.clear()
    at.get("pills")[0].set_value(["bounces", "unsubscribes"])
    fine(at.run())
    shown = at.dataframe[0].value
    rows = (list(shown["list"]).index("Bounces"), list(shown["list"]).index("Unsubscribes"))
    at = select(at, "listed_addresses_", rows=rows)

    assert "Settle the cause of each address first" in at.warning[0].value
    assert "consent" in at.warning[0].value
    assert sorted(files) == ["addresses-to-remove.csv", "delete-bounces.json", "stop_lists.csv"]
    table = list(csv.DictReader(io.StringIO(files["addresses-to-remove.csv"].decode("utf-8-sig"), newline="")))
    assert list(table[0]) == ["email", "list", "since UTC", "reason", "cause settled?"]
    assert {row["list"] for row in table} == {"bounces", "unsubscribes"}
    assert {row["cause settled?"] for row in table} == {""}
    assert all(row["since UTC"].endswith("Z") for row in table)
    bounced = [restore(row["email"]) for row in table if row["list"] == "bounces"]
    assert json.loads(files["delete-bounces.json"]) == {"emails": bounced}
    assert any("Unsubscribes: SendGrid's API takes these addresses one by one" in each.value for each in at.caption)


def test_drops_alone_are_shown_as_inferred(opened: Opener, tmp_path: Path) -> None:
    workspace = workspace_of(
        tmp_path, [*mail(1, "anna@mail.example", 0, BOUNCED), *dropped(2, "anna@mail.example", DAY)]
    )
    at = opened(workspace.root, PAGE)
    assert list(at.dataframe[0].value["basis"]) == ["inferred"]

    at = opened(workspace.root, PAGE, recipient="anna@mail.example")
    said = words(markdown_of(at))
    assert "inferred from the drop" in said
    assert "No list of this sort was loaded" in said


def test_no_list_and_no_drop_says_how_to_get_the_lists(opened: Opener, tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, mail(1, "anna@mail.example", 0, BOUNCED))
    assert "No stop list was loaded" in texts_of(opened(workspace.root, PAGE))
    at = opened(workspace.root, PAGE, recipient="anna@mail.example")
    assert "whether SendGrid holds the address on a list is not known" in texts_of(at)


def test_an_address_known_from_a_list_alone_has_its_checklist(opened: Opener, tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, [], bounces=[bounce_entry("anna@mail.example", 0)])
    at = opened(workspace.root, PAGE, recipient="anna@mail.example")
    assert "What put it there is not in the loaded data." in words(markdown_of(at))
    assert at.checkbox
