"""An original message as one JSON object: the shape that scripts rely on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lasthop.explain.original.candidate import Candidate
from lasthop.original.alignment import Check
from lasthop.original.display import Trouble, troubles
from lasthop.original.evidence import Evidence
from lasthop.original.field import Defect
from lasthop.original.forwarded import Forwarded
from lasthop.original.identity import Identity
from lasthop.original.mailboxes import Mailbox
from lasthop.original.results import MethodResult, Results
from lasthop.original.route import Leg, Route
from lasthop.original.sendgrid import SendGrid
from lasthop.original.summary import Result, Summary
from lasthop.original.verdict import FilterVerdict

Document = dict[str, Any]


def original_document(
    file: str,
    evidence: Evidence,
    route: Route,
    messages: Iterable[Candidate] | None = None,
    inside: Forwarded | None = None,
) -> Document:
    """All that was read of one message. Times are ISO 8601 in UTC, durations seconds; null: not in the message.

    ``messages``: those of a workspace that it may be; None: no workspace was asked, and the object has no such field.
    ``inside``: the message that it passes on.
    """
    original = evidence.original
    checks = {id(check.said): check for check in evidence.checks}
    document = {
        "file": file,
        "message_id": original.message_id,
        "date": iso_time(original.date.time) if original.date else None,
        "hops": [_hop(leg) for leg in route.legs],
        "route": _route(route),
        "auth": [
            _result(given, said, evidence, checks.get(id(said))) for given in evidence.results for said in given.results
        ],
        "sendgrid": _sendgrid(original.sendgrid),
        "verdicts": [_verdict(verdict, evidence) for verdict in evidence.verdicts],
        "identity": _identity(evidence.identity),
        "display": [_trouble(trouble) for trouble in troubles(original.header)],
        "defects": _defects(original.defects),
        "summary": _summary(original.summary),
        "forwarded": _forwarded(inside),
    }
    if messages is not None:
        document["messages"] = [_candidate(one) for one in messages]
    return {key: shown(value) for key, value in document.items()}


def iso_time(time: datetime) -> str:
    """``2024-11-19T08:00:05Z``, with a fraction where the stamp has one."""
    return time.isoformat().replace("+00:00", "Z")


def _hop(leg: Leg) -> Document:
    hop = leg.hop
    return {
        "from": hop.from_,
        "by": hop.by,
        "with": hop.with_,
        "id": hop.id,
        "time": iso_time(hop.stamp.time) if hop.stamp else None,
        "helo": hop.peer.helo,
        "ptr": hop.peer.ptr,
        "ip": hop.peer.ip,
        "for": hop.for_,
        "via": hop.via,
        "tls": str(hop.tls) if hop.tls else None,
        "delay_s": leg.delay,
        "delay_low_s": leg.low,
        "delay_high_s": leg.high,
        "share": leg.share,
        "local": hop.local,
        "zone": hop.stamp.zone if hop.stamp else None,
        "line": hop.line,
        "defects": _defects(hop.defects),
    }


def _route(route: Route) -> Document:
    phases = route.phases
    return {
        "total_s": route.total,
        "slowest_line": route.slowest.hop.line if route.slowest else None,
        "phases": phases
        and {"inside_s": phases.inside, "hand_over_s": phases.hand_over, "after_s": phases.after},
        "clocks": [
            {
                "clock": reading.source,
                "host": reading.host,
                "time": iso_time(reading.time),
                "line": reading.line,
                "standing": reading.standing,
            }
            for reading in route.clocks
        ],
        "clocks_off": [
            {
                "host": skew.host,
                "clock": skew.reading.source,
                "line": skew.reading.line,
                "ahead_low_s": skew.low,
                "ahead_high_s": skew.high,
                "certain": skew.certain,
            }
            for skew in route.skews
        ],
    }  # fmt: skip


def _result(given: Results, said: MethodResult, evidence: Evidence, check: Check | None) -> Document:
    return {
        "method": said.method,
        "result": said.result,
        "domain": _domain(said, check),
        "aligned": _ALIGNED[check.aligned] if check else None,
        "alignment": check.aligned if check else None,
        "source": given.field.name,
        "by": given.authserv,
        "standing": evidence.standing(given),
        "properties": [list(pair) for pair in said.properties],
        "line": given.field.line,
    }


_ALIGNED = {"strict": True, "relaxed": True, "no": False, "unknown": None}


def _domain(said: MethodResult, check: Check | None) -> str | None:
    return check.domain if check else said.value("header.from", "header.d")


def _sendgrid(sendgrid: SendGrid | None) -> Document | None:
    if sendgrid is None:
        return None
    return {
        "x_message_id": sendgrid.x_message_id,
        "x_message_id_from": sendgrid.x_message_id_from,
        "message_id_prefix": sendgrid.message_id_prefix,
        "user_id": sendgrid.user_id,
        "user_id_from": sendgrid.user_id_from,
        "recipient": sendgrid.recipient,
        "sent_on": iso_time(sendgrid.sent_on_time) if sendgrid.sent_on_time else None,
    }


def _verdict(verdict: FilterVerdict, evidence: Evidence) -> Document:
    meaning = verdict.meaning
    return {
        "filter": verdict.filter,
        "name": verdict.name,
        "value": verdict.value,
        "title": verdict.title,
        "says": meaning.says if meaning else None,
        "source": meaning.source if meaning else None,
        "strength": verdict.strength,
        "spam": verdict.spam,
        "score": verdict.score,
        "threshold": verdict.threshold,
        "standing": evidence.verdict_standing(verdict),
        "line": verdict.field.line,
    }


def _identity(identity: Identity) -> Document:
    return {
        "from": [_mailbox(each) for each in identity.from_],
        "sender": _mailbox(identity.sender) if identity.sender else None,
        "reply_to": [_mailbox(each) for each in identity.reply_to],
        "return_path": identity.return_path.address if identity.return_path else None,
        "signed_by": list(identity.signed_by),
        "defects": _defects(identity.defects),
    }


def _candidate(one: Candidate) -> Document:
    return {
        "message": one.message,
        "key": one.key,
        "confidence": one.confidence,
        "for": list(one.speaks_for),
        "against": list(one.speaks_against),
    }


def _mailbox(mailbox: Mailbox) -> Document:
    return {"name": mailbox.name, "address": mailbox.address}


def _trouble(trouble: Trouble) -> Document:
    return {
        "code": trouble.code,
        "says": trouble.says,
        "field": trouble.field.name if trouble.field else None,
        "line": trouble.field.line if trouble.field else None,
        "part": trouble.part,
        "bytes": trouble.shown.hex(" ") or None,
        "seems": trouble.seems,
    }


def _summary(summary: Summary | None) -> Document | None:
    if summary is None:
        return None
    return {
        "message_id": summary.message_id,
        "created": summary.created_text,
        "delivered_after_s": summary.delivered_after,
        "from": summary.sender,
        "to": summary.recipient,
        "subject": summary.subject,
        "spf": _page_result(summary.spf),
        "dkim": _page_result(summary.dkim),
        "dmarc": _page_result(summary.dmarc),
    }


def _forwarded(inside: Forwarded | None) -> Document | None:
    if inside is None:
        return None
    return {
        "attached": inside.attached,
        "received": inside.hops if inside.attached else None,
        "from": inside.sender,
        "date": inside.date,
        "subject": inside.subject,
        "to": inside.recipient,
        "line": inside.line,
    }


def _page_result(result: Result | None) -> Document | None:
    return {"result": result.result, "of": result.of} if result else None


def _defects(defects: Iterable[Defect]) -> list[Document]:
    return [{"code": defect.code, "says": defect.says, "line": defect.line} for defect in defects]


def shown(value: Any) -> Any:
    """The same without surrogates: a byte that is no UTF-8 shows as U+FFFD, for no output can hold it."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if isinstance(value, dict):
        return {key: shown(held) for key, held in value.items()}
    if isinstance(value, list):
        return [shown(held) for held in value]
    return value
