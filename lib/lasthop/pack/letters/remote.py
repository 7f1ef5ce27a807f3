"""The address of the receiving server, where what SendGrid recorded states it."""

import re
from ipaddress import ip_address

# An address in brackets is most often the sending one ("Client host [192.0.2.1] blocked"): only forms that name the
# far end count.
_FORMS = (
    re.compile(r"(?<!client )\bhost [\w.-]{1,253} ?\[(?P<ip>[0-9A-Fa-f:.]{3,45})\] (?:said|refused)\b", re.IGNORECASE),
    re.compile(r"\bconnect(?:ed)? to [\w.-]{1,253} ?\[(?P<ip>[0-9A-Fa-f:.]{3,45})\]", re.IGNORECASE),
    re.compile(r"\bdial tcp (?:\S{1,60}->)?\[?(?P<ip>[0-9A-Fa-f:.]{3,45}?)\]?:\d{1,5}:"),
)
_LOOKED_AT = 4_096


def remote_ip(reply: str | None, sending_ip: str | None) -> str | None:
    """The IP address of the far end in its plain form; None where no form that we know states it."""
    text = (reply or "")[:_LOOKED_AT]
    for form in _FORMS:
        for found in form.finditer(text):
            try:
                stated = str(ip_address(found["ip"]))
            except ValueError:
                continue
            if stated != sending_ip:
                return stated
    return None
