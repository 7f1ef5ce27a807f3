"""The rules themselves: each decides its own example, none can run away, wrong ones are named."""

import re
from pathlib import Path

import pytest

from lasthop.errors import InputError
from lasthop.reply import LABELS, Reply, builtin, classify, load_rules, reasons
from lasthop.reply.codespec import expanded
from lasthop.reply.phrases import of_phrase, of_regex

RULES = builtin().rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_decides_its_own_example(rule):
    reason = classify(Reply(**rule.example))
    assert reason.rule == rule.id
    assert reason.label == rule.label
    assert reason.matched


def test_every_rule_has_an_id_of_its_own():
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_the_catalogue_holds_the_33_reasons_in_full():
    assert len(LABELS) == 33
    for meaning in reasons().values():
        assert meaning.permanence in ("hard", "soft", "temporary", "none")
        assert meaning.meaning.endswith(".")
        assert meaning.next_step.endswith(".")
        assert meaning.who


def test_examples_stand_on_example_domains_or_say_whose_host_they_need():
    for rule in RULES:
        for domain in re.findall(r"@([\w.-]+)", rule.example["reply"]):
            assert re.search(r"(^|\.)(example(\.[\w.]+)?|invalid|messaging\.microsoft\.com)$", domain), rule.id


@pytest.mark.parametrize("regex", [r"(a+)+", r"a*b", r"(ab)+", r"(a|b){3}", r"a{2,}", r"a{1,900}", r"[ab]+", "("])
def test_a_regex_that_could_take_more_than_linear_time_is_refused(regex):
    with pytest.raises(ValueError, match="regex"):
        of_regex(regex, "abc")


def test_a_regex_needs_an_anchor():
    with pytest.raises(ValueError, match="anchor"):
        of_regex(r"a{1,9}", "")
    assert of_regex(r"code [0-9]{1,9} here", "code ").pattern


@pytest.mark.parametrize("phrase", ["User unknown", "ab", "…", "full … "])
def test_a_phrase_that_says_too_little_is_refused(phrase):
    with pytest.raises(ValueError, match="phrase"):
        of_phrase(phrase)


@pytest.mark.parametrize(
    ("spec", "codes"),
    [("5.1.1", ["5.1.1"]), ("x.2.2", ["4.2.2", "5.2.2"]), ("5.7.606-608", ["5.7.606", "5.7.607", "5.7.608"])],
)
def test_codes_are_written_out(spec, codes):
    assert expanded(spec) == codes
    with pytest.raises(ValueError, match="not of the form"):
        expanded(spec + "x")


OWN = """
[[rule]]
id = "own.kiosk"
label = "policy_related"
phrases = ["user unknown"]
permanence = "temporary"

[[rule]]
id = "own.ticket"
label = "rate_limited"
regexes = ['ticket [0-9]{1,6} is open']
anchor = "ticket "
"""


def test_a_users_own_rules_come_first(tmp_path: Path):
    file = tmp_path / "own.toml"
    file.write_text(OWN, encoding="utf-8")
    rules = load_rules(file)
    reply = Reply("550 5.1.1 user unknown at the kiosk")
    assert classify(reply).label == "invalid_recipient"
    own = classify(reply, rules)
    assert (own.label, own.rule, own.permanence, own.matched) == (
        "policy_related", "own.kiosk", "temporary", "user unknown",
    )  # fmt: skip
    assert "5.1.1" in (own.conflict or "")
    assert classify(Reply("550 Ticket 42 is open"), rules).rule == "own.ticket"
    assert classify(Reply("552 mailbox full"), rules).rule == "full.quota"


NEAR = """
[[rule]]
id = "own.hut"
label = "policy_related"
words = ["closed", "shut*"]
near = ["hut", "cabin"]
unless = ["door"]
"""


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("the hut is closed now", "hut is closed"),
        ("Closed, this cabin", "Closed, this cabin"),
        ("a cabin, shuttered", "cabin, shut"),
        ("the hut is cl osed", None),
        ("the huts are closed", None),
        ("the hut's door is closed", None),
        ("closed" + " -" * 31 + " hut", None),
    ],
)
def test_words_near_each_other_decide_in_either_order(tmp_path: Path, text, matched):
    file = tmp_path / "own.toml"
    file.write_text(NEAR, encoding="utf-8")
    reason = classify(Reply(text), load_rules(file))
    assert (reason.matched if reason.rule == "own.hut" else None) == matched


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[rule]]\nid = 'a'\nlabel = 'mailbox_ful'\nphrases = ['abc']", "mailbox_ful"),
        ("[[rule]]\nid = 'a'\nlabel = 'mailbox_full'", "nothing to decide by"),
        ("[[rule]]\nid = 'a'\nphrases = ['abc']", "'label' is missing"),
        ("[[rule]]\nid = 'a'\nlabel = 'mailbox_full'\nphrase = ['abc']", "unknown key 'phrase'"),
        ("[[rule]]\nid = 'a'\nlabel = 'mailbox_full'\nphrases = ['abc']\nprovider = 'nobody'", "nobody"),
        ("[[rule]]\nid = 'a'\nlabel = 'mailbox_full'\nphrases = ['abc']\npermanence = 'often'", "often"),
        ("[[rule]]\nid = 'a'\nlabel = 'mailbox_full'\nregexes = ['(a+)+']\nanchor = 'aaa'", "repeat single"),
        ("[[rule]]\nid = 'a'\nlabel = 'mailbox_full'\nwords = ['abc']", "go together"),
        ("[[rule]]\nid = 'a'\nlabel = 'mailbox_full'\nwords = ['abc … def']\nnear = ['ghi']", "no gap"),
        ("[[rule]\n", "own.toml"),
        ("rule = 7", "own.toml"),
        ("rule = [7]", "number 1"),
        ("[[rule]]\nid = 'a'\nlabel = 7\nphrases = ['abc']", "label"),
        ("[[rule]]\nid = 'a'\nlabel = 'mailbox_full'\nphrases = [7]", "rule a"),
    ],
)
def test_a_wrong_rule_is_named(tmp_path: Path, text, says):
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(says)):
        load_rules(file)


def test_a_file_that_is_not_there_or_no_text_is_an_input_error(tmp_path: Path):
    with pytest.raises(InputError):
        load_rules(tmp_path / "absent.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError):
        load_rules(tmp_path / "binary.toml")
