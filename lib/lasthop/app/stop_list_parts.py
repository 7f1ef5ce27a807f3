"""The stop lists of one address: in full with their checklists on its own page, in short on that of a message."""

import hashlib
from collections.abc import Mapping, Sequence

import streamlit as st

from lasthop.app.safe_text import plain
from lasthop.explain.advice import Step
from lasthop.explain.stop_lists import VERIFIED, Listing
from lasthop.explain.stop_lists.calls import calls_of, groups_of
from lasthop.explain.stop_lists.meanings import removers
from lasthop.explain.stop_lists.words import basis_words, put_by_words, since_words
from lasthop.pack.visible import visible
from lasthop.read import FORMATS
from lasthop.store.sources import Source

_MESSAGE = "pages/message.py"
_STOPS = {"all": "all mail", "group": "mail of one group", "none": "no mail"}


def in_full(found: Sequence[Listing], loaded: Sequence[Source], zone: str) -> None:
    """Each stop list that holds the address, with what put it there and how it comes off again."""
    st.subheader("Stop lists", anchor=False)
    if not found:
        _nothing(loaded)
        return
    names = {source.sha256: source.file for source in loaded}
    for listing in found:
        with st.container(border=True):
            _told(listing, names, zone)
            with st.expander("What this list means, and how an address comes off it", icon=":material/checklist:"):
                _checklist(listing, names)


def in_short(found: Sequence[Listing], loaded: Sequence[Source], recipient: str | None, zone: str) -> None:
    """The same without the checklists, and the way to the page of the address, where they are."""
    st.subheader("Stop lists", anchor=False)
    if not found:
        _nothing(loaded)
    names = {source.sha256: source.file for source in loaded}
    for listing in found:
        with st.container(border=True):
            _told(listing, names, zone)
    if recipient:
        words = "How this address comes off its stop lists" if found else "All about this address"
        to = {"recipient": recipient}
        st.page_link("pages/recipient.py", label=words, icon=":material/person:", query_params=to)


def _told(listing: Listing, names: Mapping[str, str], zone: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(listing.meaning.title)}**", width="content")
        _badges(listing)
    st.markdown(plain(basis_words(listing, zone)))
    if listing.reason:
        st.code(visible(listing.reason), language=None, wrap_lines=True)
    st.markdown(plain(put_by_words(listing.put_by, zone)))
    if since := since_words(listing, zone):
        st.markdown(plain(since))
    if listing.put_by and listing.put_by.message:
        st.page_link(
            _MESSAGE,
            label="Open the message that put it there",
            icon=":material/route:",
            query_params={"message": listing.put_by.message},
        )
    if listing.entries:
        lines = [f"{names.get(entry['source_id'], '')}, line {entry['source_line']}" for entry in listing.entries]
        st.caption(plain(f"Source: {'; '.join(lines)}"))


def _badges(listing: Listing) -> None:
    drops = listing.meaning.drops
    st.badge(f"stops {_STOPS[drops]}", color="red" if drops == "all" else "orange" if drops == "group" else "gray")
    st.badge("from a loaded list" if listing.basis == VERIFIED else "inferred", color="gray")
    if listing.probably_gone:
        st.badge("probably gone", color="gray")


def _checklist(listing: Listing, names: Mapping[str, str]) -> None:
    meaning = listing.meaning
    for said in (meaning.means, meaning.drops_says):
        st.markdown(_with_source(said))
    st.markdown("**Who can remove it**")
    for said in (removers().own_account, removers().kuroco_account):
        st.markdown(f"- {_with_source(said)}")
    st.markdown("**Step by step**")
    for number, step in enumerate((*meaning.before, meaning.removal.step, *meaning.after), 1):
        st.checkbox(f"{number}\\. {_with_source(step)}", key=step_key(listing, number))
        if step is meaning.removal.step:
            _two_ways(listing, names)
    for limit in meaning.limits:
        st.caption(plain(limit))


def step_key(listing: Listing, number: int) -> str:
    """The key of a step's tick in the session's state; steps count from 1."""
    return f"step_{hashlib.sha256(listing.recipient.encode()).hexdigest()[:12]}_{listing.stop_list}_{number}"


def _two_ways(listing: Listing, names: Mapping[str, str]) -> None:
    """Either by hand or by the API: the calls stand in code blocks, where a copy takes no invisible character along."""
    removal = listing.meaning.removal
    groups = groups_of(names.get(entry["source_id"], "") for entry in listing.entries)
    with st.container(border=True, gap="small"):
        st.markdown(f"**Either** by hand: {_with_source(removal.screen)}")
        if groups:
            st.markdown(plain(f"The loaded file is of group {' and of group '.join(groups)}: its name says so."))
        st.markdown(f"**Or** by the API :gray[· {plain(removal.call.origin)}]")
        for call in calls_of(removal.call, listing.recipient, groups):
            st.code(call, language=None, wrap_lines=True)
        if removal.find_group and removal.find_call and not groups:
            st.markdown(_with_source(removal.find_group))
            for call in calls_of(removal.find_call, listing.recipient):
                st.code(call, language=None, wrap_lines=True)


def _with_source(step: Step) -> str:
    return f"{plain(step.text)} :gray[· {plain(step.origin)}]"


def _nothing(loaded: Sequence[Source]) -> None:
    if any(FORMATS[source.format].stop_list for source in loaded):
        st.text("The loaded stop lists do not name this address, and no drop tells of one.")
        return
    st.text(
        "No stop list was loaded, and no drop tells of one: whether SendGrid holds the address on a list is not known. "
        "Export the lists at SendGrid ([Suppressions], a list, gear) and load them."
    )
