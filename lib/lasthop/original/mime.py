"""The MIME tree of a message, by the stdlib under ``policy.compat32``; under ``policy.default`` it has changed senders.

A body of one part is taken as it stands: the stdlib would go through it line by line, of which there may be millions.
"""

import re
from email import policy
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from typing import TypeAlias

Mail: TypeAlias = "Message[str, str]"

_END = re.compile(rb"(?:\r\n|\r(?!\n)|\n)(?:\r\n|\r|\n)")
_NESTED = re.compile(rb"^content-type[ \t]*:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)


def mime_tree(data: bytes) -> Mail:
    """The parts of a message. Never raises for bad content, but the stdlib may where a part is asked for its text."""
    end = _END.search(data)
    if end is None or _NESTED.search(data, 0, end.end()):
        return BytesParser(policy=policy.compat32).parsebytes(data)
    mail: Mail = BytesHeaderParser(policy=policy.compat32).parsebytes(data[: end.end()])
    if mail.get_payload():  # what follows a line that is no field is body to the stdlib
        return BytesParser(policy=policy.compat32).parsebytes(data)
    mail.set_payload(data[end.end() :].decode("ascii", "surrogateescape"))
    return mail
