"""The one way to draw a picture on a page: with words for those who do not see it, a footnote, and its two files."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from lasthop.app import downloads
from lasthop.draw import Figure, with_footnote

FORMATS = {"png": "PNG", "svg": "SVG"}
_CHOSEN = "picture_format"
_ONLY_TO_LOOK_AT = ("zoom2d", "pan2d", "select2d", "zoomIn2d", "zoomOut2d", "resetScale2d")
_NEVER = ("lasso2d", "autoScale2d")


def picture(
    figure: Figure,
    name: str,
    *,
    alt: str,
    formula: str,
    data: pd.DataFrame | Callable[[], pd.DataFrame],
    notes: Mapping[str, str],
    selects: bool = False,
) -> Any:
    """Draw the figure; a button on it saves the picture, a menu below it hands out its ``data`` with the ``notes``.

    ``formula`` says what is drawn and how it is counted; it stands in both files. ``name`` is that of the element and
    of both files. With ``selects`` marks can be clicked and boxed: the selection is returned.
    """
    notes = {**notes, "formula": formula}
    chosen = st.plotly_chart(
        with_footnote(figure, downloads.footnote(notes)),
        key=name,
        on_select="rerun" if selects else "ignore",
        selection_mode=("points", "box"),
        config={
            "displaylogo": False,
            "scrollZoom": False,
            "modeBarButtonsToRemove": [*_NEVER, *(() if selects else _ONLY_TO_LOOK_AT)],
            "toImageButtonOptions": {"format": _format(), "filename": name, "scale": 2},
        },
        alt=alt,
    )
    with st.container(horizontal=True):
        menu = st.popover("Download", icon=":material/download:", type="tertiary", key=f"menu_{name}")
    with menu:
        _format_choice(name)
        downloads.table_as_csv(data, name, notes, label="Data as CSV", type="secondary")
    return chosen


def selected(chosen: Any) -> list[tuple[Any, Any]]:
    """The pairs that the marks carry which were clicked or boxed in a ``picture``."""
    points = chosen["selection"]["points"]
    return [tuple(point["customdata"]) for point in points if len(point.get("customdata") or ()) == 2]


def on_dark() -> bool | None:
    """Whether the browser shows the page dark; None while it has not told."""
    told = st.context.theme.type
    return None if told is None else told == "dark"


def _format() -> str:
    return str(st.session_state.get(_CHOSEN, "png"))


def _format_choice(name: str) -> None:
    """One choice for all pictures of the session, although each picture has its own menu."""
    key = f"{_CHOSEN}_{name}"
    st.session_state[key] = _format()
    st.segmented_control(
        "Picture as",
        list(FORMATS),
        key=key,
        required=True,
        format_func=FORMATS.__getitem__,
        on_change=_keep,
        args=(key,),
    )
    st.caption("The camera at the top right of the picture saves it: point at the picture, tap it, or press Tab.")


def _keep(key: str) -> None:
    st.session_state[_CHOSEN] = st.session_state[key]
