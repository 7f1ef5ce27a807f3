"""Where a text has addresses: from the sign ``@`` outwards, each sign looked at once."""

import re
from collections.abc import Collection, Iterator

from lasthop.pack.redact.known import Known
from lasthop.pack.redact.masks import MASK, canonical
from lasthop.pack.redact.view import Span, View

LOCAL = 1000
"""Characters of a local part that are looked at; RFC 5321 allows 64, what carries other addresses has more."""
_QUOTED = 128
_PERCENT = re.compile(r"%(?:25)*[2-7][0-9A-F]", re.IGNORECASE)
_AT = re.compile(r"[@＠﹫]")
_NOT_LOCAL = "\\s<>\"',;:()\\[\\]@＠﹫\\\\/?&|`、。，；：（）「」『』【】＜＞"
_OF_SENDGRID = re.compile(r"[A-Za-z0-9_-]{22}@(?:geopod-)?ismtpd[A-Za-z0-9-]{1,40}(?:\.sendgrid\.net)?")
"""A Message-ID of SendGrid's own: an X-Message-Id and the host that took the message in."""
_BESIDE = frozenset(("", " ", "<", ">", ",", ";", ":", "\n", "@", "'", "/"))
_LOCAL = re.compile(f"[^{_NOT_LOCAL}]+")
_DOMAIN = re.compile(
    r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?=[^\x00-\x7f．。｡０-９Ａ-Ｚａ-ｚ])"  # text in Japanese goes on
    r"|(?:[^\W_]|[-−.．]|[。｡](?=[A-Za-z0-9]))+|\[[0-9A-Fa-f:.]{2,60}\]"
)
_SIMPLE = re.compile(r"[A-Za-z0-9.+-]+")
_FILE = re.compile(r"(?<=\w)\.(?:csv|jsonl?|txt|log|eml|msg|mbox|xlsx?|zip|gz|pdf|png|jpe?g|html?|xml|md|toml)$", re.I)
_FILE_PREFIX = re.compile(r"(?:logs?|export|report|e?mail|activity|events?|bounces?|backup|file)[_-](?=.)", re.I)
_NAMED = re.compile(r"(?:[\w.-]*(?:to|from|mail|rcpt|recipient|sender|user|addr|address|e))=(?=.)", re.I)
_PROSE = re.compile(r".*[\u3040-\u309f\u3000-\u303f](?=[A-Za-z0-9.+_-]+$)", re.DOTALL)
_INNER = re.compile(
    r"srs0[=+-][^=]+=[^=]+=(?P<d1>[^=]+)=(?P<l1>.+)"  # Sender Rewriting Scheme, first and second hop
    r"|srs1[=+-][^=]+=[^=]+==[^=]+=[^=]+=(?P<d2>[^=]+)=(?P<l2>.+)"
    r"|(?:prvs|btv1)=[^=]+=+(?P<l3>.+)"  # Bounce Address Tag Validation
    r"|(?:bounces?\+[0-9]+-[0-9a-f]{4}-|[^=]*?(?:bounces?|return)(?:-[0-9]+)?[-+]|[^=+]*\+|(?:[^=-]*-)?)"
    r"(?P<l4>[^=]+)=(?P<d4>[^=]+\.[^=.]+)",  # variable envelope return paths
    re.IGNORECASE,
)


def addresses(view: View, known: Known) -> Iterator[Span]:
    """Begin, end and what to mask of each address of the view, in order.

    A return path that carries another address stands for that address.
    """
    text, end = view.plain, 0
    for at in _AT.finditer(text):
        place = at.start()
        if place < end or text[place - 1 : place] in _BESIDE or (place == end and end):
            continue
        domain = _DOMAIN.match(text, place + 1)
        if domain is None:
            continue
        stop = place + 1 + len(domain[0].rstrip(".-．"))
        start = _begin(text, end, place)
        if start == place or stop == place + 1 or not _meant(view, start, place, stop, known):
            continue
        if _OF_SENDGRID.fullmatch(text, start, stop) and canonical(text[start:stop]) not in known.addresses:
            continue
        begin, stop, address = _chosen(text, start, place, stop, known)
        yield begin, stop, address
        end = stop


def _meant(view: View, start: int, at: int, stop: int, known: Known) -> bool:
    """Whether the sign is one of an address, and where the address begins can be told from this view."""
    text = view.plain
    if view.raw:  # what percent signs stand for decides where it begins: `decoded` tells
        return "%" not in text[start:at] or _PERCENT.search(text, start, at) is None
    # =40 stands for @ in quoted-printable, and for itself elsewhere.
    return view.written(at) != "=" or "." in text[at:stop] or canonical(text[start:stop]) in known.addresses


def alone(domains: Collection[str]) -> re.Pattern[str] | None:
    """What finds one of these domains that is no part of a longer name; None without any."""
    if not domains:
        return None
    names = "|".join(map(re.escape, sorted(domains, key=lambda each: (-len(each), each))))
    return re.compile(rf"(?<![\w.-])(?:{names})(?![\w-]|\.\w)", re.IGNORECASE)


def carried(local: str, domain: str, known: Known) -> str | None:
    """The address that a return path carries in its local part (VERP, SRS, BATV); None where it carries none."""
    if "=" not in local:
        return None
    for found in re.finditer(r"(?=(?:^|[+=-])([^=]+)=([^=]+)$)", local):
        if canonical(f"{found[1]}@{found[2]}") in known.addresses:
            return f"{found[1]}@{found[2]}"
    inner = _INNER.fullmatch(local)
    if inner is None:
        return None
    parts = inner.groupdict()
    if parts["l3"]:
        return f"{parts['l3']}@{domain}"
    return next((f"{parts[f'l{n}']}@{parts[f'd{n}']}" for n in (1, 2, 4) if parts[f"l{n}"]), None)


def _begin(text: str, low: int, at: int) -> int:
    """Where the local part before ``at`` begins; ``at`` where there is none."""
    low = max(low, at - LOCAL)
    if at == low:
        return at
    if text[at - 1] == '"':
        return _quote(text, max(low, at - _QUOTED), at)
    run = _LOCAL.match(text[low:at][::-1])
    start = at - run.end() if run else at
    if start and text[start - 1] in "?&" and "=" in text[start:at]:
        return text.index("=", start, at) + 1  # a parameter of a URL: its name is no part of the address
    return start


def _quote(text: str, low: int, at: int) -> int:
    r"""Where the quoted local part before ``at`` begins; a quote is ``\"`` within JSON and ``""`` in a cell of CSV."""
    mark = next((each for each in ('\\"', '""') if text.endswith(each, low, at)), '"')
    begin = text.rfind(mark, low, at - len(mark))
    return at if begin < 0 else begin


def _chosen(text: str, start: int, at: int, stop: int, known: Known) -> Span:
    """The part of the run that is the address: without a key, the parts of a file's name, and words beside it."""
    local, domain = text[start:at], text[at + 1 : stop]
    file = _FILE.search(domain)
    mask = MASK.search(local)
    if mask:
        return start + mask.start(), stop, text[start + mask.start() : stop]
    if file is None and _SIMPLE.fullmatch(local):
        return start, stop, text[start:stop]
    if file and "." in domain[: file.start()]:
        stop, domain = at + 1 + file.start(), domain[: file.start()]
    skip = _known_tail(local, domain, known)
    for before in (_NAMED, _PROSE, *((_FILE_PREFIX,) if file else ())):
        found = before.match(local) if skip is None else None
        if found:
            start, local = start + found.end(), local[found.end() :]
    if skip:
        start, local = start + skip, local[skip:]
    return start, stop, carried(local, domain, known) or f"{local}@{domain}"


def _known_tail(local: str, domain: str, known: Known) -> int | None:
    """After how many characters the local part of a known address begins, 0 for all of it; None where none is known."""
    if not known.addresses or len(local) > _QUOTED:
        return None
    if canonical(f"{local}@{domain}") in known.addresses:
        return 0
    if carried(local, domain, known) is not None and local[:4].lower() != "log_":
        return None
    for place in range(1, len(local)):
        beside = local[place - 1]
        if (beside in "_=%*#~!{}$^-." or not beside.isascii()) and (
            canonical(f"{local[place:]}@{domain}") in known.addresses
        ):
            return place
    return None
