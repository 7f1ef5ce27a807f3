"""Looks for addresses in the members of a pack, in every form in which they could hide."""

import base64
import json
import quopri
import re
from collections.abc import Iterable, Mapping
from email.header import Header
from urllib.parse import quote

WORDS = frozenset(("user", "mail", "info", "unknown"))


def forms(text: str) -> dict[str, bytes]:
    """Name of a form -> the bytes to look for; base64 in all three alignments, without what its neighbours decide."""
    plain = text.encode()
    found = {"plain": plain, "utf-16-le": text.encode("utf-16-le"), "utf-16-be": text.encode("utf-16-be")}
    for charset in ("iso2022_jp", "cp932"):
        if not text.isascii():
            found[charset] = text.encode(charset, "replace")
    found["url"] = quote(text, safe="").encode()
    found["quoted-printable"] = quopri.encodestring(plain).strip()
    found["q"] = plain.replace(b"@", b"=40")
    found["url, every byte"] = b"".join(b"%%%02X" % byte for byte in plain)
    found["q, every byte"] = b"".join(b"=%02X" % byte for byte in plain)
    found["soft break"] = plain[:3] + b"=\r\n" + plain[3:]
    found["html"] = "".join(f"&#{ord(each)};" for each in text).encode()
    found["json, every character"] = "".join(f"\\u{ord(each):04x}" for each in text).encode()
    if text.isascii():
        wide = "".join(chr(ord(each) + 0xFEE0) for each in text)
        found["full-width"] = wide.encode()
        for charset in ("iso2022_jp", "cp932", "euc_jp", "utf-16-le"):
            # What begins and ends two-byte text in ISO-2022-JP depends on what stands beside.
            # Two of them know the sign minus, and no full-width hyphen.
            written = wide.replace("－", "−") if charset in ("iso2022_jp", "euc_jp") else wide
            coded = written.encode(charset, "replace")
            found[f"full-width {charset}"] = coded.removeprefix(b"\x1b$B").removesuffix(b"\x1b(B")
    found["encoded word"] = Header(text, "utf-8", maxlinelen=2000).encode().encode()
    found["json"] = json.dumps(text)[1:-1].replace("@", "\\u0040").encode()
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain).rstrip(b"=")
        found[f"base64-{shift}"] = coded[(0, 2, 3)[shift] : len(coded) - (1 if (shift + len(plain)) % 3 else 0)]
    return found


def leaks(members: Mapping[str, bytes], addresses: Iterable[str]) -> list[tuple[str, str, str]]:
    """Member, what leaked, and its form."""
    wanted: dict[str, bool] = {}
    for address in addresses:
        wanted[address] = False
        local = address.rpartition("@")[0]
        if len(local) >= 4 and local not in WORDS:
            wanted[local] = True
    found = []
    for name, content in members.items():
        low = content.lower()
        for text, alone in wanted.items():
            for form, coded in forms(text).items():
                if coded.lower() not in low:
                    continue
                edge = rb"[A-Za-z0-9]" if alone and form == "plain" else rb"[^\x00-\xff]"
                if re.search(rb"(?<!" + edge + rb")" + re.escape(coded) + rb"(?!" + edge + rb")", content, re.I):
                    found.append((name, text, form))
    return found
