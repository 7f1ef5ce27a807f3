"""What was pasted or dropped on the Original page, kept for this session, and which of it is looked at."""

import re
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from lasthop.app.frame import show_error
from lasthop.app.original_help import where_to_find
from lasthop.app.safe_text import counted, one_line
from lasthop.app.uploads import sample_files
from lasthop.errors import InputError, LasthopError

LARGEST = 25 * 1024 * 1024
"""Bytes of one message: what mail servers take, more or less."""
LONGEST_PASTE = 6_000_000
"""Characters of a pasted text; what is longer makes a browser slow and is better dropped as a file."""
MOST, MOST_BYTES = 30, 4 * LARGEST

_GIVEN, _CHOSEN, _ROUND, _REFUSED = "original_given", "original_chosen", "original_round", "original_refused"
_CONTAINERS = {
    b"\xd0\xcf\x11\xe0": ("an Outlook message (.msg)", "In Outlook save it as .eml, or paste its internet headers."),
    b"PK\x03\x04": ("a ZIP file", "Unpack it first."),
    b"\x1f\x8b": ("a packed file (.gz)", "Unpack it first."),
    b"%PDF": ("a PDF", "Printed mail has no header: ask for the message as a file, or for its header as text."),
}
_FROM_LINE = re.compile(rb"^From \S{1,320} .{8,40}\d{4}", re.MULTILINE)


@dataclass(frozen=True)
class Given:
    """One text or file, as it was given."""

    name: str
    content: bytes

    @property
    def mails(self) -> int:
        """How many mails lie in it: more than one only in an mbox, whose mails ``From `` lines part (RFC 4155)."""
        return max(1, len(_FROM_LINE.findall(self.content))) if self.content.startswith(b"From ") else 1


def given_original() -> Given | None:
    """The one that is looked at; None while nothing was given. Draws what takes one in, and the choice of several."""
    held: list[Given] = st.session_state.get(_GIVEN, [])
    if held:
        with st.expander("Paste or drop another one", icon=":material/content_paste:"):
            _intake()
    else:
        _intake()
    for one in st.session_state.pop(_REFUSED, []):
        show_error(one)
    return _choice(held) if held else None


def _intake() -> None:
    turn = st.session_state.get(_ROUND, 0)
    with st.form(f"original paste {turn}", border=False):
        text = st.text_area(
            "The original message, or its header",
            height=200,
            key=f"original text {turn}",
            placeholder="Received: from …\nAuthentication-Results: …\nFrom: …",
            help="All of it, as it is shown. Quoted, indented or re-wrapped text is read too.",
        )
        pressed = st.form_submit_button("Read it", type="primary", icon=":material/route:")
    files = st.file_uploader(
        "Or files: .eml, .txt, several at once",
        accept_multiple_files=True,
        max_upload_size=LARGEST // 2**20,
        key=f"original files {turn}",
    )
    examples = [path for folder in {each.parent for each in sample_files()} for path in sorted(folder.glob("*.eml"))]
    example = examples and st.button("Look at an example", key="original_example", help="An invented message.")
    where_to_find()
    if pressed and not text.strip():
        st.text("Paste the text of the message first.")
    elif pressed:
        _take([_pasted(text)])
    if files:
        with st.spinner("Taking the files over", show_time=True):
            _take([Given(one.name, one.getvalue()) for one in files])
    if example:
        _take([_of_file(path) for path in examples[:MOST]])


def _pasted(text: str) -> Given:
    number = 1 + sum(one.name.startswith("Pasted text") for one in st.session_state.get(_GIVEN, []))
    return Given(f"Pasted text {number}", text.encode("utf-8", "replace"))


def _of_file(path: Path) -> Given:
    return Given(path.name, path.read_bytes())


def _take(new: list[Given]) -> None:
    """Keep what can be read, the newest last, and say why the rest was not taken; the fields are empty afterwards."""
    held: list[Given] = list(st.session_state.get(_GIVEN, []))
    refused: list[LasthopError] = []
    for one in new:
        if problem := _problem(one):
            refused.append(problem)
        else:
            held = [*(each for each in held if each.content != one.content), one]
    while len(held) > MOST or sum(len(one.content) for one in held) > MOST_BYTES:
        held.pop(0)
    st.session_state[_GIVEN], st.session_state[_REFUSED] = held, refused
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()


def attached_button(content: bytes, name: str) -> None:
    """A button that takes a message that is attached to the one at hand, and shows it in its place."""
    if st.button("Read the attached message", key="original_attached", type="primary", icon=":material/attach_email:"):
        _take([Given(f"Attached to {name}", content)])


def _problem(one: Given) -> LasthopError | None:
    name = one_line(one.name)
    if not one.content.strip():
        return InputError(f"{name} is empty.", hint="Give the message, or at least its header.")
    for mark, (kind, hint) in _CONTAINERS.items():
        if one.content.startswith(mark):
            return InputError(f"{name} is {kind}.", hint=hint)
    if len(one.content) > (LARGEST if not one.name.startswith("Pasted text") else 4 * LONGEST_PASTE):
        return InputError(f"{name} is too large.", hint=f"Up to {LARGEST // 2**20} MB are read; the header is enough.")
    if one.name.startswith("Pasted text") and len(one.content) > LONGEST_PASTE:
        return InputError(
            f"The text has {len(one.content):,} bytes.", hint="Save it as a file and drop that, or paste the header."
        )
    return None


def _choice(held: list[Given]) -> Given:
    """Which of several is looked at, the newest first, and a way to forget them all."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = {n: f"{one_line(held[n].name)} · {_size(held[n])}" for n in range(len(held) - 1, -1, -1)}
        turn = st.session_state.get(_ROUND, 0)  # with a new text the choice begins anew, on the newest
        chosen = st.selectbox("Read now", list(words), key=f"{_CHOSEN} {turn}", format_func=words.__getitem__)
        if st.button(
            "Forget all", key="original_forget", icon=":material/close:", help="They are in this session only."
        ):
            st.session_state.pop(_GIVEN, None)
            st.rerun()
    one = held[chosen if chosen in words else len(held) - 1]
    if one.mails > 1:
        st.caption(f"The file holds {counted(one.mails, 'mail')}: the first is shown. Load it on Sources to read all.")
    return one


def _size(one: Given) -> str:
    n = len(one.content)
    return f"{n / 2**20:.1f} MB" if n >= 2**20 else f"{n / 1024:.1f} KB"
