"""The text of a reply on one line, and the same with everything blanked that differs from message to message."""

import html
import re
import unicodedata

LIMIT = 16_384  # characters looked at: a reply line is at most 512 octets (RFC 5321 §4.5.3.1.5), a session log a few KB
_HEAD = LIMIT - 4_096

_QUOTES = (("‘", "'"), ("’", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("\u2011", "-"))
# Controls, marks that only steer the display (soft hyphen, zero width, right to left), and halves of surrogate pairs.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")
_CONTINUED = re.compile(r"[245](?<![\w./=-].)[0-5][0-9]-(?=['\"(#]?[^\W\d_]|['\"(#]?[245]\.[0-9]|[\s<\[*.])")
_REPEATED = r"[245]\.[0-9]{1,3}\.[0-9]{1,3}[ :]?"


def folded(text: str) -> str:
    """``text`` on one line: folds joined, codes of continuation lines removed (RFC 5321 §4.2.1), nothing invisible.

    Of a text longer than ``LIMIT`` the beginning and the end are kept: a session log ends with what refused.
    """
    if len(text) > LIMIT:
        text = text[:_HEAD] + " " + text[_HEAD - LIMIT :]
    if not text.isascii():
        text = _visible(text)
    if "\\" in text:
        text = text.replace("\\r", " ").replace("\\n", " ").replace("\\t", " ")
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if not text.isprintable():
        text = " ".join(_CONTROL.sub(" ", text).split())
    elif "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
    return _joined(text) if "-" in text else text


def _visible(text: str) -> str:
    """Compatibility forms and quotes unified, what nobody sees taken out."""
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    for quote, plain in _QUOTES:
        text = text.replace(quote, plain)
    return text if text.isprintable() else _UNSEEN.sub("", text)


def _joined(text: str) -> str:
    """One reply from ``550-5.1.1 no such 550-5.1.1 user 550 5.1.1 here``: the first code stays, its echoes go."""
    first = _CONTINUED.search(text)
    if first is None:
        return text
    code, end = first[0][:3], first.end()
    status = re.compile(_REPEATED).match(text, end)
    echo = rf"(?<=\s){code}[ -]" + (rf"(?:{re.escape(status[0].strip(' :'))}\b[ :]?)?" if status else "")
    return " ".join((text[: end - 1] + " " + re.sub(echo, " ", text[end:])).split())


_RELAYED = re.compile(r"\bhost ([\w.-]{1,255}) ?\[[^\]]{1,45}\](?: said)?: (?=[245][0-9][0-9][ -])")
_IN_REPLY = re.compile(r" ?\(in reply to (?:the )?((?:end of )?[A-Za-z ]{2,24}?) command\)")


def unwrapped(shown: str) -> tuple[str, str | None, str | None]:
    """``shown`` (folded) without what a relay wraps around a reply, then what its words told: the host, the command.

    They are those of "host mx.example.com[192.0.2.1] said: " and " (in reply to RCPT TO command)"; None without any.
    """
    host = _RELAYED.search(shown) if "host " in shown else None
    if host:
        shown = shown[: host.start()] + shown[host.end() :]
    command = _IN_REPLY.search(shown) if "(in reply to " in shown else None
    if command:
        shown = shown[: command.start()] + shown[command.end() :]
    return shown, host[1] if host else None, command[1] if command else None


_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}\.){0,8}[a-z0-9-]{1,63}", re.IGNORECASE)
_EDGE = re.compile(r"[ <(:;,'\"\[=]")  # an address begins after one of these


def without_addresses(shown: str) -> tuple[str, str | None]:
    """``shown`` (folded) with each address as a mere ``@``, so that no word inside one is taken for a reason.

    Second comes the first address, None without any.
    """
    at = shown.find("@")
    if at < 0:
        return shown, None
    first, pieces, done = None, [], 0
    while at >= 0:
        reach = max(done, at - 64)
        edge = _EDGE.search(shown[reach:at][::-1])
        start = at - edge.start() if edge else reach
        domain = _DOMAIN.match(shown, at + 1)
        if domain and start < at:
            pieces.append(shown[done:start])
            done = domain.end()
            first = first or shown[start:done].rstrip(".")
        at = shown.find("@", max(at + 1, done))
    pieces.append(shown[done:])
    return "@".join(pieces), first


_STATUS = r"[245]\.[0-9]{1,3}\.[0-9]{1,3}"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_CLOCK = r"(?:[t ][0-9:.]{4,15}(?:z|[ ]?[+-][0-9]{4})?)?"
_BLANKS = re.compile(
    rf"(?P<code>(?<![\w.])(?:[245][0-5][0-9](?:[ -]#?{_STATUS})?(?![\w.])|{_STATUS}(?!\w|\.[0-9])))"
    r"|(?P<address>[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.\-\[\]]{1,255})"
    rf"|(?P<date>\b(?:[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}|[0-9]{{1,2}} {_MONTH} [0-9]{{4}}){_CLOCK})"
    r"|(?P<ip>\b[0-9]{1,3}(?:[.\-][0-9]{1,3}){3}\b|\b(?:[0-9a-f]{1,4}:{1,2}){2,7}[0-9a-f]{1,4}\b)"
    r"|(?P<id>\b(?=[\w.-]{0,40}[0-9])[a-z0-9][\w-]{7,}(?:\.[\w-]+)*|\b[0-9a-f]{8,}\b)"
    r"|(?P<n>(?<![\w.])[0-9]+(?:[.,:][0-9]+)*(?!\w))",
    re.IGNORECASE,
)


_MONTHS = frozenset(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"))
_HEX = re.compile(r"\W*[0-9a-f]{8,}\b", re.IGNORECASE)
_PUNCTUATION = ".,:;!?'\"()<>"


def normalised(text: str) -> str:
    """``text`` on one line with addresses, dates, IPs, ids and numbers blanked; reply codes stay.

    Replies that differ only in those become equal: for grouping, and for the queue of unclassified ones.
    """
    kept: list[str] = []
    run: list[str] = []  # of words that something may be blanked in; mere words never are, and most are
    for word in folded(text).split(" "):
        mere = word.strip(_PUNCTUATION).isalpha() and not (len(word) > 7 and _HEX.match(word))
        if mere and not (run and word[:3].lower() in _MONTHS):
            if run:
                kept.append(_blanked(" ".join(run)))
                run.clear()
            kept.append(word)
        else:
            run.append(word)
    if run:
        kept.append(_blanked(" ".join(run)))
    return " ".join(kept)


def _blanked(text: str) -> str:
    return _BLANKS.sub(lambda m: m[0] if m.lastgroup == "code" else f"⟨{m.lastgroup}⟩", text)
