"""Headers for tests, written by hand on example domains."""

from lasthop.original.evidence import Evidence, read_evidence
from lasthop.original.field import Field, Header
from lasthop.original.reading import read_original


def field(name: str, value: str, line: int = 1) -> Field:
    return Field(name, value, line)


def header(*fields: tuple[str, str], body: bytes = b"") -> Header:
    """A header whose fields stand on lines 1, 2, 3 …"""
    return Header(tuple(Field(name, value, line) for line, (name, value) in enumerate(fields, start=1)), (), body)


def message(*fields: tuple[str, str], body: bytes = b"Hello\r\n") -> bytes:
    """The bytes of a message with these fields."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return lines.encode("utf-8", "surrogateescape") + b"\r\n" + body


def evidence(*fields: tuple[str, str], body: bytes = b"Hello\r\n") -> Evidence:
    """What is read from a message with these fields."""
    return read_evidence(read_original(message(*fields, body=body)))


STAMP = "Tue, 22 Oct 2024 06:47:50 +0000"

BORDER = (
    "Received",
    f"from mail.sender.example (mail.sender.example [192.0.2.7]) by mx.example.net with ESMTPS id 1; {STAMP}",
)
"""The receiver's border at example.net takes the message from outside."""
