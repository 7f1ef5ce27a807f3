"""What is this file? Encoding, delimiter, format and columns, from its first 256 KB."""

import re
import zipfile
from collections.abc import Mapping

from lasthop.errors import UnreadableFile
from lasthop.read.formats import FORMATS, Format
from lasthop.read.formats.sendgrid_api import PULLED
from lasthop.read.header import SAMPLE_BYTES, Head, Sample, possible_heads, take_sample
from lasthop.read.mail import looks_like_mail
from lasthop.read.member import Member
from lasthop.read.pulled import MARK
from lasthop.read.reading import Sniffed
from lasthop.read.recognise import Match, check_given, choose, format_named, match, not_recognised
from lasthop.read.sheet import sheet_head
from lasthop.read.webhook import glance

_ADDRESS_LIKE = re.compile(r'"?[^@\s,;"]+@[^@\s,;"]+\.[^@\s,;"]+"?')
_PULLED = re.compile(rf'\{{\s*"{MARK}"\s*:\s*"({"|".join(fmt.name for fmt in PULLED)})"')
_LIST_FORMATS = ("sendgrid_group_unsubscribes", "sendgrid_unsubscribes")


def sniff(member: Member, format: str | None = None, mapping: Mapping[str, str] | None = None) -> Sniffed:
    """Find out how a member is to be read.

    ``format`` is what a person says it is; ``mapping`` (label -> field) what they say of single columns, which wins
    over the labels we know. A table with a header and no rows is fine. Raises ``UnreadableFile`` for what is empty,
    binary, in none of our formats or without a required column, with the columns seen and the next step;
    ``InputError`` for a format that does not exist.
    """
    wanted, given, name = format_named(format) if format else None, dict(mapping or {}), member.name
    if _is_zip(member):
        head = sheet_head(member.path, name)
        return _table([head], "xlsx", wanted, given, member)
    if (wanted is None and not given and _is_mail(member)) or (wanted and wanted.mail):
        return Sniffed("original", ("original",), "utf-8", None, (), 0, {}, False)
    sample = take_sample(member.path, name)
    text = sample.text.lstrip("\ufeff \t\r\n")
    if text[:1] in ("{", "[") and (wanted is None or wanted.json):
        return _json(sample, text, name)
    if wanted and wanted.json:
        raise UnreadableFile(f"{name} is not JSON.", "It begins with other text.", "Choose the format of a table.")
    heads = possible_heads(sample, name)
    return _plain_list(sample, heads, wanted, given, member) or _table(heads, sample.encoding, wanted, given, member)


def _is_zip(member: Member) -> bool:
    with member.path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04" and zipfile.is_zipfile(member.path)


def _is_mail(member: Member) -> bool:
    with member.path.open("rb") as file:
        return looks_like_mail(file.read(SAMPLE_BYTES))


def _table(heads: list[Head], encoding: str, wanted: Format | None, given: dict[str, str], member: Member) -> Sniffed:
    """Recognise the header; of several delimiters the one counts whose columns fit best."""
    formats = [wanted] if wanted else [fmt for fmt in FORMATS.values() if fmt.table]
    if given:
        heads = [head for head in heads if all(label in head.labels for label in given)] or heads[:1]
        check_given(given, heads[0].labels, member.name)
    fits: list[tuple[Head, list[Match]]] = []
    for head in heads:
        matches = [found for fmt in formats if (found := match(fmt, head.labels, head.rows, given))]
        fits.append((head, choose(matches, _file_name(member))))
    head, best = max(fits, key=lambda fit: fit[1][0].score if fit[1] else -1)
    if not best:
        raise not_recognised(head.labels, head.rows, given, wanted, member.name)
    sure = best[0].format if len(best) == 1 else None
    return Sniffed(
        format=sure.name if sure else None,
        candidates=tuple(one.format.name for one in best),
        encoding=encoding,
        delimiter=head.delimiter or None,
        header=head.labels,
        header_line=head.line,
        mapping=best[0].mapping,
        asks_zone=best[0].format.asks_zone,
    )


def _plain_list(
    sample: Sample, heads: list[Head], wanted: Format | None, given: dict[str, str], member: Member
) -> Sniffed | None:
    """A list of addresses, one a line, without a header: only group unsubscribes come so."""
    first = heads[0] if heads else None
    if given or first is None or len(first.labels) != 1 or (wanted and wanted.name not in _LIST_FORMATS):
        return None
    if not _ADDRESS_LIKE.fullmatch(first.labels[0].strip()):
        return None
    formats = [wanted] if wanted else [FORMATS[name] for name in _LIST_FORMATS]
    matches = choose([Match(fmt, {"column 1": "recipient"}, 0) for fmt in formats], _file_name(member))
    return Sniffed(
        format=matches[0].format.name if len(matches) == 1 else None,
        candidates=tuple(one.format.name for one in matches),
        encoding=sample.encoding,
        delimiter=",",
        header=("column 1",),
        header_line=0,
        mapping=matches[0].mapping,
        asks_zone=False,
    )


def _json(sample: Sample, text: str, shown: str) -> Sniffed:
    if (found := _PULLED.match(text)) and FORMATS[found[1]].json:
        return Sniffed(found[1], (found[1],), sample.encoding, None, (), 0, {}, False)
    seen = glance(text)
    unseen = not sample.whole and seen.others == 0  # the first object is larger than the sample
    if not seen.events and not unseen:
        keys = f"Its objects have: {', '.join(seen.keys)}." if seen.keys else "It holds no object that could be read."
        raise UnreadableFile(
            f"{shown} is JSON without events.", keys, 'Load a dump of the Event Webhook: every event has an "event".'
        )
    return Sniffed("sendgrid_webhook", ("sendgrid_webhook",), sample.encoding, None, (), 0, {}, False)


def _file_name(member: Member) -> str:
    return member.name.rsplit("/", 1)[-1]
