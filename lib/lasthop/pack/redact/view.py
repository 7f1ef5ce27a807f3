"""A text as a reader of mail would decode it, with the place of every character in the text as it stands."""

import html
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

_FOLD = r"=[ \t]*\r?\n|(?<=[@＠])\r?\n[ \t]*|\r?\n[ \t]*(?=[@＠])|\r?\n[ \t]+"
"""A soft line break (RFC 2045, 6.7) is nothing; the fold of a header (RFC 5322, 2.2.3) is a blank, beside @ nothing."""
_JSON_BLANK = r"\\{1,4}[nrt]"
_BYTES = r"[%=](?:25)*(?:[0-7][0-9A-F]|C[2-9A-F][%=][89AB][0-9A-F]|D[0-9A-F][%=][89AB][0-9A-F]"
_BYTES += r"|E[0-9A-F](?:[%=][89AB][0-9A-F]){2}|F[0-4](?:[%=][89AB][0-9A-F]){3})"
_REFERENCE = r"&(?:#[0-9]{2,6}|#x[0-9A-F]{2,6}|commat|lt|gt|quot|amp|period);"
_CODED = re.compile(
    rf"{_FOLD}|{_BYTES}|{_REFERENCE}|\\{{1,4}}u[0-9A-F]{{4}}|\\{{1,4}}x[0-7][0-9A-F]|[０-９Ａ-Ｚａ-ｚ＠﹫．－＿＋＜＞−]",
    re.IGNORECASE,
)
SIGNS = re.compile(r"[@%=\\&\n０-９Ａ-Ｚａ-ｚ＠﹫．－＿＋＜＞−]")
MAY_BE_CODED = re.compile(rf"=\?|{_JSON_BLANK}|{_CODED.pattern}", re.IGNORECASE)
"""No text that this does not match has a view of its own, or encoded words (RFC 2047)."""
_CODED_JSON = re.compile(f"{_JSON_BLANK}|{_CODED.pattern}", re.IGNORECASE)
_NARROW = {"﹫": "@", "−": "-"}
"""The minus is what ISO-2022-JP and EUC-JP have for a full-width hyphen."""
_JOINED, _JOINED_JSON = re.compile(_FOLD), re.compile(f"{_JSON_BLANK}|{_FOLD}")
_JSON = re.compile(r'\\"|":|"":')


Span = tuple[int, int, str]
"""Begin and end in a text, and what is said of it."""


@dataclass(frozen=True, slots=True)
class View:
    """``plain`` is what is read; ``places`` tells where each of its characters begins in ``source``, None: the same.

    ``raw``: what else may be encoded in it stands as it is.
    """

    source: str
    plain: str
    places: list[int] | None
    raw: bool

    def replaced(self, spans: list[Span]) -> str:
        """``source`` with the spans of ``plain`` (begin, end, new text; in order) put in."""
        out: list[str] = []
        end = 0
        for begin, stop, new in spans:
            first, last = (begin, stop) if self.places is None else (self.places[begin], self.places[stop])
            out += (self.source[end:first], new)
            end = last
        return "".join((*out, self.source[end:]))

    def written(self, place: int) -> str:
        """The first character with which the one at ``place`` of ``plain`` is written."""
        return self.source[place if self.places is None else self.places[place]]


def apart(spans: list[Span], named: list[Span], length: int) -> list[tuple[int, int, str, bool]]:
    """In order, those of both that do not meet: an address goes before a token, and a longer token before a shorter."""
    taken = bytearray(length)
    chosen = [(begin, stop, said, True) for begin, stop, said in spans]
    for begin, stop, _ in spans:
        taken[begin:stop] = b"\1" * (stop - begin)
    for begin, stop, said in sorted(named, key=lambda span: span[0] - span[1]):
        if 1 not in taken[begin:stop]:
            taken[begin:stop] = b"\1" * (stop - begin)
            chosen.append((begin, stop, said, False))
    return sorted(chosen)


def joined(text: str) -> View:
    r"""``text`` with folded and softly broken lines joined; where it looks like JSON, with its ``\n`` as blanks."""
    if "\n" not in text and "\\" not in text:
        return View(text, text, None, True)
    return _view(text, _JOINED_JSON if _JSON.search(text) else _JOINED, raw=True)


def decoded(text: str) -> View | None:
    """``text`` with URL, quoted-printable, JSON, HTML and full-width writing taken off; None where it has none."""
    pieces = _CODED_JSON if "\\" in text and _JSON.search(text) else _CODED
    return _view(text, pieces, raw=False) if SIGNS.search(text) and pieces.search(text) else None


def unwritten(text: str) -> str:
    """``text`` as `decoded` reads it."""
    view = decoded(text)
    return text if view is None else view.plain


def _view(text: str, pieces: re.Pattern[str], raw: bool) -> View:
    plain: list[str] = []
    places: list[int] = []
    end = 0
    for piece in pieces.finditer(text):
        begin = piece.start()
        meant = "" if _beside_at(text, piece) else _meant(piece[0])
        plain += (text[end:begin], meant)
        places.extend(range(end, begin))
        places.extend([begin] * len(meant))
        end = piece.end()
    places.extend(range(end, len(text) + 1))
    return View(text, "".join((*plain, text[end:])), places, raw)


def _beside_at(text: str, piece: re.Match[str]) -> bool:
    begin, end = piece.span()
    return text[begin] in "\r\n" and (text[max(begin - 1, 0)] in "@＠" or text[end : end + 1] in ("@", "＠"))


def _meant(piece: str) -> str:
    first, last = piece[0], piece[-1]
    if last == "\n" and first == "=":
        return ""
    if first in "\r\n" or (first == "\\" and last in "nrt" and piece[-2] == "\\"):
        return " "
    if first == "\\":
        return chr(int(piece.lstrip("\\")[1:], 16))
    if first == "&":
        return html.unescape(piece)
    if first in "%=":
        while piece[1:3] == "25" and len(piece) > 3:  # encoded twice, RFC 3986 2.4
            piece = first + piece[3:]
        return unquote_to_bytes(piece.replace("=", "%")).decode("utf-8", "replace")
    return _NARROW.get(piece) or chr(ord(piece) - 0xFEE0)
