"""Why the message may not show as it should, with the bytes that show it; and whether the body is the one signed."""

from collections.abc import Iterator

from lasthop.explain.original.said import Said, Strength, cite, quoted
from lasthop.original.body import BodyCheck, check_bodies
from lasthop.original.display import Trouble, troubles
from lasthop.original.evidence import Evidence
from lasthop.original.field import Header


def display_said(header: Header) -> tuple[Said, ...]:
    """One sentence for each trouble. Reads the whole body: ask for it where it is shown."""
    kind = header.first("Content-Type")
    return tuple(
        Said(
            _sentence(each),
            cite(each.field or (kind if each.part == "1" or each.place is None else None)),
            "stated",
            each.source,
        )
        for each in troubles(header)
    )


def _sentence(trouble: Trouble) -> str:
    where = f"{quoted(trouble.field.name)}: " if trouble.field else f"Part {trouble.part}: " if trouble.part else ""
    shown = f" {_place(trouble)}{in_hexadecimal(trouble.shown)}." if trouble.shown else ""
    seems = f" They are valid {_NAMES.get(trouble.seems, trouble.seems)}." if trouble.seems and trouble.shown else ""
    return f"{where}{trouble.says}{shown}{seems} {trouble.effect}"


_NAMES = {"utf_8": "UTF-8", "cp932": "Shift_JIS (CP932)", "euc_jp": "EUC-JP", "cp50220": "ISO-2022-JP (CP50220)"}


def _place(trouble: Trouble) -> str:
    return "The bytes: " if trouble.place is None else f"From byte {trouble.place + 1}: "


def in_hexadecimal(raw: bytes) -> str:
    """Bytes as people compare them: each in hexadecimal, and beside it what of them is ASCII (``·`` for the rest)."""
    plain = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in raw)
    return f"{raw.hex(' ')} ({plain})"


def body_said(evidence: Evidence) -> tuple[Said, ...]:
    """Whether the body is the one that was signed, one sentence for each signature. Hashes the whole body."""
    return tuple(_bodies(check_bodies(evidence.original.header, evidence.signatures[:10])))


_BODY = {
    "whole": "The body is exactly the one that {domain} signed: nothing in it was changed on the way.",
    "cut": (
        "The body is not the one that {domain} signed, because a piece of it is missing: it was not given whole. "
        "Whether anything was changed on the way cannot be told from it."
    ),
    "changed": (
        "The body is not the one that {domain} signed: it was changed on the way, or while it was copied. Give the "
        "message as a downloaded file to be sure."
    ),
    "not_given": "Only a header was given: whether the body is the one that {domain} signed cannot be told.",
    "not_checked": "The body hash in the signature of {domain} cannot be made again: its form or kind is not known.",
}


def _bodies(checks: tuple[BodyCheck, ...]) -> Iterator[Said]:
    for check in checks:
        domain = quoted(check.signature.domain) or "a domain without a name"
        text = _BODY[check.outcome].format(domain=domain)
        if check.unsigned:
            text += (
                f" The last {check.unsigned} bytes are not covered by the signature (l=): anybody may have added them."
            )
        known: Strength = "inferred" if check.outcome in ("whole", "cut", "changed") else "not_found_out"
        yield Said(text, cite(check.signature.field), known, "RFC 6376 §3.7")
