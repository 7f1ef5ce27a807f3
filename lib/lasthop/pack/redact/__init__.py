"""What of people leaves with a pack, and in what form: full, masked, or metadata."""

from lasthop.pack.redact.redaction import Level, Redaction
from lasthop.pack.redact.redactor import Redactor, known_of
from lasthop.pack.redact.secret import workspace_secret

__all__ = ["Level", "Redaction", "Redactor", "known_of", "workspace_secret"]
