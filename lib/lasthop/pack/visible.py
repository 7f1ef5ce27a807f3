"""Characters that cannot be seen, made visible: a NUL or an escape sequence must neither act nor vanish."""

import re

RULE = (
    "Control characters other than tab and line ends are shown by their control pictures (NUL as U+2400), C1 controls "
    "by their code, lone surrogates as U+FFFD."
)
"""What `visible` does, in words for the manifest."""

_PICTURES: dict[int, int | str] = {
    **{code: 0x2400 + code for code in range(32) if chr(code) not in "\t\r\n"},
    0x7F: 0x2421,
    **{code: f"<U+{code:04X}>" for code in range(0x80, 0xA0)},
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
}
_LINE_ENDS_AND_TABS = {ord("\t"): 0x2409, ord("\n"): 0x240A, ord("\r"): 0x240D}
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """The text with its control characters made visible; tab, CR and LF stay."""
    return text if text.isprintable() else text.translate(_PICTURES)


def one_line(text: str) -> str:
    """The text on one line: line ends and tabs become pictures, marks that turn the direction of text their code."""
    flat = visible(text).translate(_LINE_ENDS_AND_TABS)
    return _TURNING.sub(lambda found: f"<U+{ord(found[0]):04X}>", flat)
