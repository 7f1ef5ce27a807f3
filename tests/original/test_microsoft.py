"""Microsoft's fields: read whole, and each value with its meaning and how well that is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasthop.original.microsoft import microsoft_fields, microsoft_verdicts
from lasthop.original.results import authentication_results
from lasthop.original.verdict import catalogue, meaning
from tests.original.headers import evidence, header

FOREFRONT = "CIP:192.0.2.7;CTRY:JP;LANG:ja;SCL:5;SRV:;IPV:NLI;SFV:SPM;H:mail.example.com;PTR:mail.example.com;CAT:SPM;SFS:(13230031)(286005);DIR:INB;"
BY_MICROSOFT = (
    "Received",
    "from mail.example.com (192.0.2.7) by AA1.eop-example.prod.protection.outlook.com with SMTP id 15.20.1.1; Tue, 22 Oct 2024 06:47:50 +0000",
)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("X-Forefront-Antispam-Report", FOREFRONT, {"CIP": "192.0.2.7", "SCL": "5", "SRV": "", "SFV": "SPM", "CAT": "SPM", "SFS": "(13230031)(286005)"}),
        ("X-Forefront-Antispam-Report", " CIP:2001:db8::7;CTRY:;\t SCL:-1; SFV:SKN ", {"CIP": "2001:db8::7", "CTRY": "", "SCL": "-1", "SFV": "SKN"}),
        ("X-Forefront-Antispam-Report", "=?us-ascii?Q?CIP:192.0.2.7=3BSCL:1;SFV:NS?= =?us-ascii?Q?PM;CAT:NONE;?=", {"SCL": "1", "SFV": "NSPM", "CAT": "NONE"}),
        ("X-Microsoft-Antispam", "BCL:0;PCL:0;RULEID:(2390118)(7020095);SRVR:AA1;", {"BCL": "0", "PCL": "0", "RULEID": "(2390118)(7020095)"}),
        ("x-microsoft-antispam", "BCL:7", {"BCL": "7"}),
        ("X-Microsoft-Antispam-Mailbox-Delivery", "ucf:0;jmr:0;auth:0;dest:J;OFR:SpamFilterAuthJ;ENG:(910001)(944506478);RF:JunkEmail;", {"dest": "J", "OFR": "SpamFilterAuthJ", "RF": "JunkEmail", "ucf": "0"}),
        ("X-MS-Exchange-Organization-SCL", " -1 ", {"SCL": "-1"}),
    ],
)  # fmt: skip
def test_a_field_gives_its_values(name: str, value: str, wanted: dict[str, str]) -> None:
    (found,) = microsoft_fields(header((name, value)))
    assert {key: found.get(key) for key in wanted} == wanted
    assert found.get("nothing") is None


def test_what_the_senders_own_system_wrote_is_left_out() -> None:
    given = header(("X-Forefront-Antispam-Report-Untrusted", FOREFRONT), ("X-Microsoft-Antispam-Message-Info", "BCL:9"))
    assert microsoft_fields(given) == ()


@pytest.mark.parametrize(
    ("name", "value", "key", "says", "strength", "spam"),
    [
        ("X-Forefront-Antispam-Report", "SCL:9", "SCL", "High confidence spam", "documented", True),
        ("X-Forefront-Antispam-Report", "SCL:-1", "SCL", "skipped spam filtering", "documented", False),
        ("X-Forefront-Antispam-Report", "SFV:SKB", "SFV", "blocks the sender", "documented", True),
        ("X-Forefront-Antispam-Report", "CAT:SPOOF", "CAT", "Spoofing", "documented", True),
        ("X-Forefront-Antispam-Report", "SFTY:9.25", "SFTY", "first contact", "documented", None),
        ("X-Forefront-Antispam-Report", "IPV:CAL", "IPV", "allow list", "documented", False),
        ("X-Forefront-Antispam-Report", "CTRY:JP", "CTRY", "country of the connecting IP address", "documented", None),
        ("X-Microsoft-Antispam", "BCL:8", "BCL", "many complaints", "documented", None),
        ("X-Microsoft-Antispam-Mailbox-Delivery", "dest:J", "dest", "Junk Email folder", "vendor_tool", True),
        ("X-Microsoft-Antispam-Mailbox-Delivery", "dest:I", "dest", "inbox", "vendor_tool", False),
        ("X-Microsoft-Antispam-Mailbox-Delivery", "dest:C", "dest", "another folder", "seen_only", None),
    ],
)  # fmt: skip
def test_a_value_has_its_meaning(name: str, value: str, key: str, says: str, strength: str, spam: bool | None) -> None:
    (verdict,) = microsoft_verdicts(header((name, value)))
    assert verdict.name == key
    assert verdict.meaning is not None and says in verdict.meaning.says
    assert (verdict.strength, verdict.spam) == (strength, spam)


def test_what_nobody_tells_is_not_explained() -> None:
    (verdict,) = microsoft_verdicts(header(("X-Forefront-Antispam-Report", "SFV:XYZ;SFS:(1);SRV:;ARA:2")))
    assert (verdict.value, verdict.meaning, verdict.strength) == ("XYZ", None, "not_documented")


@pytest.mark.parametrize(
    ("reason", "says"),
    [("000", "explicit"), ("001", "implicit"), ("010", "receiver's own"), ("130", "ARC"), ("109", "It passed"), ("202", "softly"), ("451", "bypassed"), ("601", "implicit"), ("703", "It passed"), ("905", "bypassed")],
)  # fmt: skip
def test_the_reason_of_composite_authentication_is_told(reason: str, says: str) -> None:
    given = header(("Authentication-Results", f"spf=fail smtp.mailfrom=example.com;compauth=fail reason={reason}"))
    compauth, why = microsoft_verdicts(given, authentication_results(given))
    assert (compauth.name, compauth.value, why.name, why.value) == ("compauth", "fail", "reason", reason)
    assert why.meaning is not None and says in why.meaning.says


def test_only_microsofts_own_servers_are_believed() -> None:
    received = evidence(BY_MICROSOFT, ("X-Forefront-Antispam-Report", "SCL:5;DIR:INB"))
    assert {received.verdict_standing(each) for each in received.verdicts} == {"border"}
    elsewhere = evidence(
        (
            "Received",
            "from mail.example.com (mail.example.com [192.0.2.7]) by mx.example.net; Tue, 22 Oct 2024 06:47:50 +0000",
        ),
        ("X-Forefront-Antispam-Report", "SCL:1"),
    )
    assert {elsewhere.verdict_standing(each) for each in elsewhere.verdicts} == {"claim"}
    outgoing = evidence(BY_MICROSOFT, ("X-Forefront-Antispam-Report", "SCL:1;DIR:OUT"))
    assert {outgoing.verdict_standing(each) for each in outgoing.verdicts} == {"claim"}


def test_every_row_of_the_catalogues_has_a_sentence_a_source_and_a_strength() -> None:
    rows = [
        row
        for table in catalogue("microsoft").values()
        for row in (*table.get("values", {}).values(), *([table["any"]] if "any" in table else []))
    ]
    rows += [row for forms in catalogue("filters").values() for row in forms]
    rows += list(catalogue("display").values())
    for row in rows:
        said = meaning(row)
        assert said.says.endswith((".", "?")) and said.source, row
        assert said.strength in ("documented", "vendor_tool", "seen_only", "not_documented")


@given(st.text(alphabet=st.sampled_from("SCL:BF;()-1 =?q\udc80"), max_size=80))
def test_any_text_gives_a_result(value: str) -> None:
    given = header(
        *(
            (name, value)
            for name in ("X-Forefront-Antispam-Report", "X-Microsoft-Antispam", "X-MS-Exchange-Organization-SCL")
        )
    )
    assert len(microsoft_fields(given)) == 3
    microsoft_verdicts(given)
