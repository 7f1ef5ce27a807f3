"""Authentication-Results (RFC 8601) and its ARC form (RFC 8617 §4.1.1), as they are written.

Microsoft leaves the authserv-id out and puts bare domains between results; others leave out semicolons, write
properties before any result or quote nothing. All of that is read, what is odd is noted, and nothing is dropped.
"""

from dataclasses import dataclass

from lasthop.original.encoded import unencoded
from lasthop.original.field import Defect, Field, Header
from lasthop.original.pairs import read_pairs
from lasthop.original.words import split_words

METHODS = frozenset({
    "arc", "auth", "bimi", "compauth", "dkim", "dkim-adsp", "dkim-atps", "dmarc", "dnswl", "domainkeys", "iprev",
    "rrvs", "sender-id", "smime", "spf", "vbr",
})  # fmt: skip
"""Those of IANA's registry of e-mail authentication methods, and compauth and bimi, which are none of it."""

RESULTS = frozenset({
    "pass", "fail", "softfail", "hardfail", "neutral", "none", "temperror", "permerror", "policy", "unknown",
    "softpass", "bestguesspass",
})  # fmt: skip

RESULT_FIELDS = ("authentication-results", "arc-authentication-results", "authentication-results-original")
"""The last: what Exchange renames a header to that another system wrote before it."""


LONGEST = 65_536
"""So many characters of one field are read: real ones have some hundreds, a hostile one may be megabytes."""


@dataclass(frozen=True, slots=True)
class MethodResult:
    """What one check came to."""

    method: str
    """In lower case, without a version: ``spf``."""
    result: str
    """In lower case: ``pass``; "" where none is written."""
    properties: tuple[tuple[str, str], ...] = ()
    """In order: names in lower case (``smtp.mailfrom``, ``header.d``, ``action``, ``reason``), values as written."""
    comments: tuple[str, ...] = ()
    """Without their parentheses, in order."""

    def value(self, *names: str) -> str | None:
        """The value of the first of these properties that is there; None without any. "" is a value."""
        given = dict(reversed(self.properties))
        return next((given[name] for name in names if name in given), None)


@dataclass(frozen=True, slots=True)
class Results:
    """One header field of results."""

    field: Field
    authserv: str | None
    """Who says so; None: nobody signs (Microsoft), or only a domain between results does."""
    instance: int | None = None
    """The ``i=`` of an ARC set."""
    results: tuple[MethodResult, ...] = ()
    loose: tuple[tuple[str, str], ...] = ()
    """Properties that stand before any result: they belong to none for certain."""
    stray: tuple[str, ...] = ()
    """Bare words between results, as Microsoft writes the receiver's domain."""
    defects: tuple[Defect, ...] = ()

    def of(self, method: str) -> tuple[MethodResult, ...]:
        """All results of a method, in order."""
        return tuple(result for result in self.results if result.method == method)


def authentication_results(header: Header) -> tuple[Results, ...]:
    """Every field of `RESULT_FIELDS`, in the order of the message: the newest first."""
    return tuple(read_results(found) for found in header.fields if found.name.lower() in RESULT_FIELDS)


def read_results(found: Field) -> Results:
    """The results of one field; a field without any has none, whatever stands in it."""
    plain = unencoded(found.value[:LONGEST])
    words, balanced = split_words(plain.text)
    codes = ["too_long"] if len(found.value) > LONGEST else []
    codes += [*plain.defects, *(() if balanced else ("unbalanced_comment",))]
    reading = _Reading()
    segment: list[str] = []
    comments: list[str] = []
    for word in words:
        if word.kind == ";":
            reading.take(segment, comments)
            segment, comments = [], []
        elif word.kind == "comment":
            if segment:
                comments.append(word.text)
        else:
            segment.append(word.text)
    reading.take(segment, comments)
    if reading.authserv is None and reading.results:
        codes.append("no_authserv_id")
    return Results(
        found,
        reading.authserv,
        reading.instance,
        tuple(reading.results),
        tuple(reading.loose),
        tuple(reading.stray),
        tuple(Defect(code, _SAYS.get(code, _SAYS["invalid_word"]), found.line) for code in dict.fromkeys(codes)),
    )


_SAYS = {
    "no_authserv_id": "The field does not say who made these checks (RFC 8601 §2.2 wants an authserv-id).",
    "unbalanced_comment": "A parenthesis has no partner.",
    "too_long": f"Only the first {LONGEST} characters of the field are read.",
    "invalid_word": "An encoded word in the field could only be read by guessing.",
}


class _Reading:
    """What has been read of one field so far."""

    def __init__(self) -> None:
        self.authserv: str | None = None
        self.instance: int | None = None
        self.results: list[MethodResult] = []
        self.loose: list[tuple[str, str]] = []
        self.stray: list[str] = []
        self._begun = False

    def take(self, segment: list[str], comments: list[str]) -> None:
        """Read what stands between two semicolons."""
        pairs: list[tuple[str, str]] = []
        said: tuple[str, str] | None = None
        for name, value in read_pairs(segment):
            if value is None:
                self._bare(name)
            elif name == "i" and not self._begun and not pairs and value.isascii() and value.isdigit():
                self.instance = int(value[:9])
            elif _is_result(name, value, said is None and not pairs):
                self._add(said, pairs, comments)
                said, pairs, comments = (name.partition("/")[0], value.lower()), [], comments if said is None else []
                self._begun = True
            else:
                pairs.append((name, value))
                self._begun = True
        self._add(said, pairs, comments)

    def _bare(self, word: str) -> None:
        """A word without a value: the first of a field says who writes it, the second its version."""
        if not self._begun:
            self.authserv, self._begun = word, True
        elif not word.isdigit() and word.lower() != "none":
            self.stray.append(word)

    def _add(self, said: tuple[str, str] | None, pairs: list[tuple[str, str]], comments: list[str]) -> None:
        if said is None:
            self.loose += pairs
        else:
            self.results.append(MethodResult(said[0], said[1], tuple(pairs), tuple(comments)))


def _is_result(name: str, value: str, leads: bool) -> bool:
    """Whether ``name=value`` is a result: a known method anywhere, another one only where a segment begins."""
    method = name.partition("/")[0]
    if method in METHODS:
        return leads or value.lower() in RESULTS
    return leads and "." not in name and (method.startswith("x-") or value.lower() in RESULTS)
