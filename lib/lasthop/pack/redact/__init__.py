"""What of people leaves with a pack, and in what form: full, masked, or metadata."""

from lasthop.pack.redact.from_values import known_of
from lasthop.pack.redact.headers import header_of, people_in
from lasthop.pack.redact.preview import Leaving, preview
from lasthop.pack.redact.redaction import Level, Redaction
from lasthop.pack.redact.redactor import Redactor
from lasthop.pack.redact.secret import workspace_secret

__all__ = [
    "Leaving",
    "Level",
    "Redaction",
    "Redactor",
    "header_of",
    "known_of",
    "people_in",
    "preview",
    "workspace_secret",
]
