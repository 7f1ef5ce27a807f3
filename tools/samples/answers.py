"""Refusals of a send request, as the application writes them down: the body of the provider's answer."""

import json

from samples.model import Answer

_HELP = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#"


def _refused(code: int, message: str, field: str | None, anchor: str = "") -> Answer:
    error = {"message": message, "field": field, "help": _HELP + anchor if anchor else None}
    return Answer(code, json.dumps({"errors": [error]}, separators=(",", ":")))


BLANK_SENDER = _refused(400, "The from email does not contain a valid address.", "from.email", "message.from")
BLANK_BODY = _refused(
    400,
    "The content value must be a string at least one character in length.",
    "content.0.value",
    "message.content.value",
)
WRONG_TO = _refused(
    400, "Does not contain a valid address.", "personalizations.0.to.0.email", "message.personalizations.to"
)
NOT_VERIFIED = _refused(
    403,
    "The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.",
    "from",
)
KEY_REFUSED = _refused(401, "The provided authorization grant is invalid, expired, or revoked", None)
