"""Every entry of the catalogue, from the file that somebody loads to the sentence and the steps that they read."""

import json
from pathlib import Path

import pytest

from lasthop.explain import Dossier, dossier, reasons_for_silence, symptoms
from lasthop.explain.advice import causes
from lasthop.explain.causes import refusal_causes
from lasthop.explain.receipt import receipt
from lasthop.reply import LABELS, builtin, reasons
from lasthop.store import Workspace
from lasthop.trace import look, resolve
from tests.store.exports import activity_row, load, mail_log_row, write_activity, write_mail_log


def error(message: str, field: str | None = None, anchor: str = "") -> str:
    """SendGrid's answer to a bad request, as its API gives it."""
    told = {"message": message, "field": field}
    if anchor:
        told["help"] = f"http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#{anchor}"
    return json.dumps({"errors": [told]})


REFUSED = [
    ("request.sender_blank", "400", error("The from email does not contain a valid address.", "from.email"), "管理者メール"),
    ("request.sender_blank", "400", error("Something new about it.", None, "message.from"), "管理者メール"),
    ("request.sender_blank", "400", "The from email does not contain a valid address.", "管理者メール"),
    ("request.body_blank", "400", error("The content value must be a string at least one character in length.",
     "content.0.value", "message.content.value"), "ボディ"),
    ("request.recipient_wrong", "400", error("Does not contain a valid address.", "personalizations.0.to.0.email"), "あて先"),
    ("request.recipient_twice", "400", error("Each email address in the personalization block should be unique between to, "
     "cc, and bcc. We found the first duplicate instance of [x] in the personalizations.0 field.", "personalizations.0"), "RCMS-X-CC"),
    ("request.sender_identity", "403", error("The from address does not match a verified Sender Identity.", "from"), "送信許可ドメイン"),
    ("request.key", "401", error("The provided authorization grant is invalid, expired, or revoked"), "API key"),
    ("request.forbidden", "403", error("access forbidden"), "permissions"),
    ("request.too_large", "413", "Payload Too Large", "smaller"),
    ("request.too_many", "429", error("too many requests"), "later"),
    ("request.service_down", "503", "Service Unavailable", "status page"),
]  # fmt: skip
DROPPED = [
    ("drop.bounces", "Bounced Address", "Kuroco's shared account: ask Kuroco support"),
    ("drop.spam_reports", "Spam Reporting Address", "Spam Reports"),
    ("drop.unsubscribes", "Unsubscribed Address", "unsubscribes"),
    ("drop.invalid", "Invalid", "typing error"),
    ("drop.invalid", "Invalid Address", "typing error"),
    ("drop.spam_content", "Spam Content", "spam check"),
    ("drop.header", "Invalid SMTPAPI header", "X-SMTPAPI"),
    ("drop.quota", "Recipient List over Package Quota", "plan"),
    ("drop.duplicate", "Duplicate message", "other message"),
]
EXAMPLES = {rule.label: rule.example for rule in reversed(builtin().rules) if set(rule.example) == {"reply"}}
REPLIED = sorted(LABELS - {"unclassified", "suppressed", "message_expired", "auto_reply", "complaint"})
UNREADABLE = '{"errors":[{"message":"A fault that nobody has described yet.","field":"mystery.7"}]}'


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("catalogue")
    refused = [*((status, answer) for _, status, answer, _ in REFUSED), ("400", UNREADABLE)]
    log = [mail_log_row(n, n, status, answer.replace('"', '""')) for n, (status, answer) in enumerate(refused, 100)]
    rows = [activity_row(n, "drop", 3, reason) for n, (_, reason, _) in enumerate(DROPPED, 200)]
    for n, label in enumerate(REPLIED, 300):
        rows += [activity_row(n, "bounce", 9, EXAMPLES[label]["reply"].replace('"', '""'), "blocked")]
    workspace = Workspace(folder / "workspace")
    load(workspace, write_mail_log(folder / "log.csv", log), write_activity(folder / "activity.csv", rows))
    return workspace


def known_of(workspace: Workspace, number: int) -> Dossier:
    with look(workspace) as snapshot:
        (found,) = resolve(snapshot, f"user{number}@mail.example")
        return dossier(snapshot, found)


@pytest.mark.parametrize(("place", "case"), list(enumerate(REFUSED)), ids=[case[0] for case in REFUSED])
def test_a_refused_request_is_explained(workspace: Workspace, place: int, case: tuple[str, str, str, str]) -> None:
    name, status, answer, step = case
    said = known_of(workspace, 100 + place).verdict
    entry = next(cause for cause in causes("requests") if cause.id == name)

    assert (said.outcome, said.cause_id, said.cause, said.who) == ("not_handed_over", name, entry.cause, entry.who)
    assert said.sentence.startswith("SendGrid refused the application's request at 2026-11-02 12:0")
    assert said.sentence.endswith(f"with status {status}: the message was never handed over. {entry.says}")
    assert step in " ".join(f"{each.text} {each.place}" for each in said.next_steps)
    by_status_alone = '"field"' not in answer and "errors" not in answer and status != "400"
    assert said.confidence.startswith("probable" if by_status_alone or name == "request.too_many" else "certain")


def test_an_answer_that_nobody_described_stays_unexplained(workspace: Workspace) -> None:
    known = known_of(workspace, 100 + len(REFUSED))

    assert (known.verdict.cause_id, known.verdict.cause) == (None, "request refused")
    assert "Read the response below" in known.verdict.next_steps[0].text
    assert known.message.last_reply == UNREADABLE


def test_several_errors_of_one_answer_are_all_said(tmp_path: Path) -> None:
    both = (
        '{""errors"":[{""message"":""a"",""field"":""content.0.value""},{""message"":""b"",""field"":""from.email""}]}'
    )
    workspace = Workspace(tmp_path / "workspace")
    load(workspace, write_mail_log(tmp_path / "log.csv", [mail_log_row(1, 0, "400", both)]))
    said = known_of(workspace, 1).verdict

    assert said.cause_id == "request.body_blank"
    assert "the body of the mail was empty" in said.sentence
    assert "SendGrid names the From address" in said.sentence
    assert {step.text[:12] for step in said.next_steps} >= {"Fill in ボディ ", "Fill in 管理者メ"}


@pytest.mark.parametrize(("place", "case"), list(enumerate(DROPPED)), ids=[case[1] for case in DROPPED])
def test_a_drop_is_explained(workspace: Workspace, place: int, case: tuple[str, str, str]) -> None:
    name, _, step = case
    said = known_of(workspace, 200 + place).verdict
    entry = next(cause for cause in causes("drops") if cause.id == name)

    assert (said.outcome, said.cause_id, said.who) == ("suppressed", name, entry.who)
    assert said.sentence == (
        "SendGrid took the request but did not try to deliver: it dropped the message at 2026-11-02 12:00:03 UTC. "
        + entry.says
    )
    assert step in " ".join(each.text for each in said.next_steps)


@pytest.mark.parametrize(("place", "label"), list(enumerate(REPLIED)), ids=REPLIED)
def test_a_reply_is_explained(workspace: Workspace, place: int, label: str) -> None:
    known, meaning = known_of(workspace, 300 + place), reasons()[label]
    said = known.verdict

    assert (known.message.reason, said.reason, said.cause_id, said.who) == (label, label, label, meaning.who)
    assert meaning.meaning[1:] in said.sentence
    assert said.next_steps[0].text == meaning.next_step
    assert said.clauses[1].evidence == (known.timeline[-1]["event_id"],)


def test_no_entry_is_left_without_a_case() -> None:
    assert {name for name, *_ in REFUSED} == {cause.id for cause in causes("requests")}
    assert {name for name, *_ in DROPPED} == {cause.id for cause in causes("drops")}


@pytest.mark.parametrize("host", ["slack.r-cms.jp", "text.line.r-cms.jp", "twilio.r-cms.jp", "batch.r-cms.jp"])
def test_mail_to_a_trigger_address_is_no_failure(tmp_path: Path, host: str) -> None:
    row = list(mail_log_row(1, 0))
    row[2] = f"general@{host}"
    workspace = Workspace(tmp_path / "workspace")
    load(workspace, write_mail_log(tmp_path / "log.csv", [row]))
    with look(workspace) as snapshot:
        said = dossier(snapshot, *resolve(snapshot, f"general@{host}")).verdict

    assert (said.cause_id, said.who) == ("silence.trigger_address", "nobody needs to")
    assert "never leaves as mail" in said.sentence
    assert [cause.id for cause in reasons_for_silence(f"general@{host}")] == ["silence.trigger_address"]


def test_where_there_is_no_row_everything_that_can_be_looked_at_is_named() -> None:
    told = " ".join(
        f"{cause.says} {step.in_words}" for cause in reasons_for_silence("a@b.example") for step in cause.next_steps
    )

    for word in ("35 days", "RCMS-X-AVOID", "$avoid_sending", "お礼メール送信", "send_email_flg", "メルマガ拒否", "編集中",
                 "100 mails an hour", "API request log", "Webhook URL"):  # fmt: skip
        assert word in told
    assert "trigger addresses" not in told


def test_what_is_seen_although_it_was_accepted_is_offered_not_concluded() -> None:
    seen = {cause.symptom: cause for cause in symptoms()}

    assert all(cause.next_steps and cause.says for cause in seen.values())
    for word in ("inbox", "via besender-s.jp", "ct.sendgrid.net", "opens", "spaces", "never wrote", "CSV"):
        assert any(word in symptom for symptom in seen), word


@pytest.mark.parametrize("name", ["requests", "drops", "silence", "symptoms"])
def test_every_claim_names_its_source_and_who_can_act(name: str) -> None:
    parties = {meaning.who for meaning in reasons().values()}
    for cause in causes(name):
        assert cause.who in parties, cause.id
        assert cause.next_steps, cause.id
        assert all(step.source and step.text.endswith((".", "?")) for step in cause.next_steps), cause.id


def test_menus_are_named_as_they_are_and_as_they_were(workspace: Workspace) -> None:
    step = known_of(workspace, 100).verdict.next_steps[0]

    assert step.place == "[チャネル] → [メール] → [SendGrid] (before: [External system integration] → [SendGrid])"
    assert "noreply@kuroco-mail.app where it is not" in step.text


@pytest.mark.parametrize(
    ("reply", "known"),
    [
        ("250 2.0.0 Ok: queued as 4XyZ8k1Qzz", "4XyZ8k1Qzz"),
        ("250 2.0.0 Ok: 4711 bytes queued as 9F1B2C3D4E", "9F1B2C3D4E"),
        (
            "250 2.6.0 <a@b.example> [InternalId=12345678901, Hostname=AB1.prod.example] 99 bytes in 0.1, 8 KB/sec Queued mail",
            "12345678901",
        ),
        ("250 2.0.0 OK  1793534400 d9443c01a7336-23f.12 - gsmtp", "d9443c01a7336-23f.12"),
        ("250 OK id=1rAbCd-0001Ab-2C", "1rAbCd-0001Ab-2C"),
        ("250 ok 1793534400 qp 12345", "12345"),
        ("250 2.0.0 <a@b.example> qYyyBMsl9FRuZQAAA15QOA Saved", "qYyyBMsl9FRuZQAAA15QOA"),
        ("250 2.0.0 3AB1c2d3012345 Message accepted for delivery", "3AB1c2d3012345"),
        ("250 ok dirdel", None),
        ("250 2.0.0 OK", None),
        ("", None),
        (None, None),
    ],
)
def test_the_receivers_own_id(reply: str | None, known: str | None) -> None:
    assert receipt(reply) == known


@pytest.mark.parametrize(
    "answer", ['"' * 200_000, '"field"' * 40_000, '"field":' * 40_000, "{" * 100_000 + '"field":"from.email"']
)
def test_a_hostile_answer_is_read_in_linear_time(answer: str) -> None:
    assert len(refusal_causes(answer, "400")) <= 1
