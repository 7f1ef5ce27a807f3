"""Where mail programs show the original of a message, in plain words, with the words of their menus."""

import streamlit as st

_PLACES = {
    "Gmail in a browser": (
        "Open the message.",
        "Press the three dots beside Reply and choose **Show original** (メッセージのソースを表示).",
        "Choose **Download original** and drop the file here; or **Copy to clipboard** and paste. A copy of the whole "
        "page is read too.",
    ),
    "Outlook on the web and new Outlook": (
        "Open the message and press the three dots at its top (…).",
        "Choose **View**, then **View message source** (表示 → メッセージのソースを表示).",
        "Copy everything and paste it. **Download** or **Save as** gives an .eml file.",
    ),
    "Classic Outlook for Windows": (
        "Open the message in a window of its own.",
        "Choose **File**, then **Properties** (ファイル → プロパティ).",
        "Copy everything in **Internet headers** (インターネット ヘッダー) and paste it.",
    ),
    "Yahoo! JAPAN Mail": (
        "Open the message in a browser.",
        "Choose **詳細ヘッダー** (in the menu with the three dots, その他).",
        "Copy everything that is shown and paste it.",
    ),
    "Apple Mail": (
        "Select the message.",
        "Choose **View**, **Message**, **Raw Source** (表示 → メッセージ → ソース).",
        "Copy everything and paste it.",
    ),
}


def where_to_find() -> None:
    """An expander with the steps for each program."""
    with st.expander("Where to find the original", icon=":material/help:"):
        st.caption("Ask the person who got the message, or found it late or in the spam folder. Forwarding loses it.")
        for program, steps in _PLACES.items():
            st.markdown(f"**{program}**\n" + "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1)))
