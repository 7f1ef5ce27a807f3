"""Who sent the message, by everything that names a sender, and what a reader may be misled by."""

from collections.abc import Iterator

from lasthop.explain.original.said import Said, cite, quoted
from lasthop.original.domains import domain_of
from lasthop.original.evidence import Evidence
from lasthop.original.field import Field
from lasthop.original.identity import Identity, same_organization


def sender_said(evidence: Evidence) -> tuple[Said, ...]:
    """The author, then each other name in the order sender, envelope, signature, answers, account; then the defects."""
    who = evidence.identity
    return (
        *_author(who),
        *_sender(who),
        *_envelope(evidence),
        *_signed(evidence),
        *_answers(who),
        *_account(evidence),
        *_defects(evidence),
    )


def _author(who: Identity) -> Iterator[Said]:
    author = who.author
    if author is None:
        return
    name = f', shown with the name "{quoted(author.name)}"' if author.name else ""
    yield Said(f"From says {quoted(author.address)}{name}.", cite(author.field), "stated")
    for shown in author.in_name[:3]:
        text = (
            f"The name in From shows another address, {quoted(shown)}. It is only a name: the message is from "
            f"{quoted(author.address)}. Programs that show the name alone mislead their readers."
        )
        yield Said(text, cite(author.field), "stated")


def _sender(who: Identity) -> Iterator[Said]:
    if who.sender is None or not who.sender.address or who.author is None:
        return
    if who.sender.address.lower() != who.author.address.lower():
        text = f"Sender says {quoted(who.sender.address)}: it sent the message for the author (RFC 5322 §3.6.2)."
        yield Said(text, cite(who.sender.field, who.author.field), "stated")


def _envelope(evidence: Evidence) -> Iterator[Said]:
    who = evidence.identity
    path, author = who.return_path, who.author
    if path is None:
        return
    if not path.address:
        text = "The envelope's sender is empty, as in bounces and automatic answers: nobody is told if it fails."
        yield Said(text, cite(path.field), "stated")
        return
    domain = domain_of(path.address)
    same = same_organization(domain, who.author_domain)
    if author and same is False:
        text = (
            f"Bounces go to {quoted(domain)}, not to the domain of From, {quoted(who.author_domain)}. SPF speaks of "
            "the former, so it does not count for DMARC."
        )
        yield Said(text, cite(path.field, author.field), "stated")
    elif author and same:
        text = f"Bounces go to {quoted(domain)}, which is of the same registered domain as From."
        yield Said(text, cite(path.field, author.field), "stated")
    recipient = evidence.original.sendgrid.recipient if evidence.original.sendgrid else None
    if recipient:
        text = f"The envelope's sender names the recipient that SendGrid sent it to: {quoted(recipient)}."
        yield Said(text, cite(path.field), "stated")


def _signed(evidence: Evidence) -> Iterator[Said]:
    who = evidence.identity
    if not evidence.signatures:
        yield Said("No DKIM signature stands in this header.", (), "stated")
        return
    for domain in who.signed_by[:6]:
        fields = [signed.field for signed in evidence.signatures if signed.domain == domain]
        same = same_organization(domain, who.author_domain)
        of = "of the domain of From" if same else "of another domain than From's" if same is False else ""
        stands = f"A DKIM signature of {quoted(domain)} stands in this header{', ' + of if of else ''}."
        yield Said(f"{stands} Its key was not asked for, so it is not verified here.", cite(*fields[:4]), "stated")


def _answers(who: Identity) -> Iterator[Said]:
    for each in who.reply_to[:4]:
        if not each.address or who.author is None or each.address.lower() == who.author.address.lower():
            continue
        same = same_organization(domain_of(each.address), who.author_domain)
        other = ", at another domain than From's" if same is False else ""
        yield Said(f"Answers go to {quoted(each.address)}{other}.", cite(each.field, who.author.field), "stated")


def _account(evidence: Evidence) -> Iterator[Said]:
    sendgrid = evidence.original.sendgrid
    if sendgrid is None or sendgrid.user_id is None:
        return
    where = {"received": "the hop where SendGrid took it in", "return_path": "the envelope's sender"}
    by = where.get(sendgrid.user_id_from or "", "Feedback-ID")
    text = f"It was sent by the SendGrid account {quoted(sendgrid.user_id)}, by {by}."
    yield Said(text, cite(_account_field(evidence)), "inferred")


def _account_field(evidence: Evidence) -> Field | None:
    """The header that names the account."""
    sendgrid, header = evidence.original.sendgrid, evidence.original.header
    if sendgrid and sendgrid.user_id_from == "received" and sendgrid.taken_in:
        line = sendgrid.taken_in.line
        return next((found for found in header.fields if found.line == line), None)
    if sendgrid and sendgrid.user_id_from == "return_path":
        return header.first("Return-Path")
    return header.first("Feedback-ID") or header.first("X-Feedback-ID")


def _defects(evidence: Evidence) -> Iterator[Said]:
    lines = {found.line: found for found in evidence.original.header.fields}
    for defect in evidence.identity.defects:
        yield Said(defect.says, cite(lines.get(defect.line or 0)), "stated")
