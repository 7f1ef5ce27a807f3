"""An address off a stop list at SendGrid, from its own page: after the checklist, and typed again."""

from collections.abc import Mapping, Sequence

import streamlit as st

from lasthop.app.live_account import account_choice
from lasthop.app.safe_text import counted, plain
from lasthop.app.screen import Screen
from lasthop.app.stop_list_parts import step_key
from lasthop.errors import InputError, LasthopError
from lasthop.explain.stop_lists import Listing
from lasthop.explain.stop_lists.calls import groups_of
from lasthop.live.removal import AUDIT, Entry, removals, remove_address
from lasthop.live.sendgrid import connect
from lasthop.pull import Key, SendGrid, find_key
from lasthop.store.sources import Source


def removal_part(screen: Screen, found: Sequence[Listing], loaded: Sequence[Source]) -> None:
    """A form for each list that holds the address; nothing at all where no API key is found."""
    if not found:
        return
    try:
        key = find_key()
    except InputError:
        return
    names = {source.sha256: source.file for source in loaded}
    with st.expander("Take the address off a list over the API", icon=":material/person_remove:"):
        st.markdown(plain(f"The key from {key.place} is used. Each removal is noted in {AUDIT} of the workspace."))
        for listing in found:
            _one(screen, listing, names, key)
        _noted(screen, found[0].recipient)


def _one(screen: Screen, listing: Listing, names: Mapping[str, str], key: Key) -> None:
    st.markdown(f"**{plain(listing.meaning.title)}**")
    before = range(1, len(listing.meaning.before) + 1)
    if open_steps := [number for number in before if not st.session_state.get(step_key(listing, number))]:
        steps = counted(len(open_steps), "step")
        st.text(f"First the checklist of this list, above: {steps} before the removal not ticked.")
        return
    with st.form(f"removal_{step_key(listing, 0)}"):
        st.text("Type the address again:")
        st.code(listing.recipient, language=None, wrap_lines=True)
        typed = st.text_input("The address", autocomplete="off")
        who = st.text_input("Your name, for the audit")
        host, subuser = account_choice(f"removal_{listing.stop_list}")
        group = _group(listing, names)
        if st.form_submit_button("Remove it at SendGrid", type="primary"):
            entry = Entry(listing.stop_list, listing.recipient, group)
            _remove(screen, connect(host, subuser, key=key), entry, typed, who)


def _group(listing: Listing, names: Mapping[str, str]) -> str | None:
    if listing.stop_list != "group_unsubscribes":
        return None
    known = groups_of(names.get(entry["source_id"], "") for entry in listing.entries)
    return st.text_input("Number of the unsubscribe group", value=known[0] if len(known) == 1 else "").strip()


def _remove(screen: Screen, sendgrid: SendGrid, entry: Entry, typed: str, who: str) -> None:
    try:
        with st.spinner("Asking SendGrid …"):
            removed = remove_address(screen.workspace, sendgrid, entry, typed=typed, who=who)
    except LasthopError as error:
        st.error(plain(str(error)))
        return
    st.success(plain(removed.sentence))
    st.caption("The loaded list still names it: load a new one, or pull the stop lists, to see what is so now.")


def _noted(screen: Screen, address: str) -> None:
    done = [line for line in removals(screen.workspace, address) if line.get("answer")]
    for line in done[-5:]:
        said = (str(line.get(name, "")) for name in ("at", "who", "answer"))
        st.caption(plain(" · ".join(said)))
