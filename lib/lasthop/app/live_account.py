"""Which SendGrid account is asked: the key that is found where lasthop runs, the host, and a subuser."""

import streamlit as st

from lasthop.app.safe_text import one_line
from lasthop.errors import LasthopError
from lasthop.pull import HOSTS, Key, find_key

_HOSTS = {"global": "Global", "eu": "European Union"}


def key_found() -> Key | None:
    """The key, after saying where it comes from; None after saying how to give one. Keys are never typed in."""
    try:
        key = find_key()
    except LasthopError as error:
        st.text(one_line(f"{error.message} {error.hint}"))
        st.caption("The key is read where lasthop runs; it is never typed into this page. To look around without one: "
                   "`lasthop demo --live`.")  # fmt: skip
        return None
    st.text(f"The key of {key.place} is used. It is shown nowhere and kept nowhere else.")
    return key


def account_choice(name: str) -> tuple[str, str | None]:
    """Two fields: the host and the subuser (None for the account itself). ``name`` tells them from others."""
    host = st.selectbox("Host", list(HOSTS), key=f"{name}_host", format_func=lambda one: _HOSTS.get(one, one))
    subuser = st.text_input("Subuser", key=f"{name}_subuser", placeholder="None", help="With the parent account's key.")
    return host, subuser.strip() or None
