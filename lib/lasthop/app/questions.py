"""What has to be asked about uploaded files before they can be loaded: only what the files do not tell."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from lasthop.app import state, uploads, zones
from lasthop.app.safe_text import counted, one_line
from lasthop.errors import InputError
from lasthop.load import SUGGESTED_ZONE, Offer
from lasthop.read import FORMATS, Reading

_NOT_USED = "not used"


def ask(offers: Sequence[Offer], folder: Path) -> list[tuple[Offer, Reading | InputError]]:
    """Show what each file is, draw the questions that are open, and settle each file by the answers."""
    offers = [found for offer in offers for found in _mapped(offer, folder)]
    formats = {index: _ask_format(index, offer) for index, offer in enumerate(offers) if offer.asks_format}
    zone = _ask_zone([offer.name for offer in offers if offer.asks_zone])
    settled = [uploads.answered(offer, formats.get(index), zone) for index, offer in enumerate(offers)]
    _show(settled)
    return settled


def _show(settled: Sequence[tuple[Offer, Reading | InputError]]) -> None:
    """One row a file: what it will be read as, or why it cannot be."""
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "File": one_line(offer.name),
                    "Read as": one_line(_words(reading)),
                    "Next step": one_line(_hint(reading)),
                }
                for offer, reading in settled
            ]
        ),
        hide_index=True,
        alt="What the uploaded files are",
    )


def _words(reading: Reading | InputError) -> str:
    if isinstance(reading, InputError):
        return f"cannot be loaded: {reading.title} {reading.message}"
    zone = f", times in {reading.timezone}" if FORMATS[reading.format].asks_zone else ""
    return f"{FORMATS[reading.format].title}, {reading.encoding}{zone}"


def _hint(reading: Reading | InputError) -> str:
    return reading.hint if isinstance(reading, InputError) else ""


def _ask_format(index: int, offer: Offer) -> str | None:
    candidates = offer.sniffed.candidates if offer.sniffed else ()
    with st.container(border=True):
        st.text(f"{one_line(offer.name)}: the header fits more than one list.")
        return st.radio(
            "Which one is it?",
            candidates,
            index=None,
            format_func=lambda name: FORMATS[name].title,
            horizontal=True,
            key=f"format_{state.upload_round()}_{index}",
        )


def _ask_zone(names: Sequence[str]) -> str | None:
    """One question for all files whose clock nobody documents."""
    if not names:
        return None
    with st.container(border=True):
        st.text(f"Kuroco does not write the time zone into its logs. It is the same for {counted(len(names), 'file')}:")
        st.text("\n".join(one_line(name) for name in names))
        choices = list(dict.fromkeys([SUGGESTED_ZONE, *zones.choices()]))
        return st.selectbox(
            "Time zone of these logs",
            choices,
            key=f"zone_{state.upload_round()}",
            width=320,
            help="The zone of the site.",
        )


def _mapped(offer: Offer, folder: Path) -> list[Offer]:
    """The file as a person maps it, when it is a table that was not recognised; else the file as it is."""
    asked = uploads.question(offer)
    if asked is None:
        return [offer]
    key = f"map_{state.upload_round()}_{folder.name}_{offer.member.path if offer.member else offer.name}"
    with st.container(border=True):
        st.text(f"{one_line(offer.name)} was not recognised. It can still be loaded when you say what its columns are.")
        formats = [name for name, each in FORMATS.items() if each.table]
        chosen = st.selectbox(
            "What is it?",
            formats,
            index=None,
            format_func=lambda name: FORMATS[name].title,
            key=f"{key}_format",
            width=420,
        )
        if chosen is None:
            return [offer]
        mapping = _ask_columns(asked, chosen, key)
    return uploads.look_again(asked, chosen, mapping, folder) if mapping else [offer]


def _ask_columns(asked: uploads.Question, format: str, key: str) -> dict[str, str]:
    """A choice of column for each field that the format needs, and for the ones that help."""
    mapping: dict[str, str] = {}
    fields = uploads.fields_of(format)[:9]
    with st.container(horizontal=True):
        for field in fields:
            column = st.selectbox(
                field.replace("_", " "),
                [_NOT_USED, *asked.columns],
                format_func=one_line,
                key=f"{key}_{field}",
                width=220,
            )
            if column and column != _NOT_USED:
                mapping[column] = field
    return mapping
