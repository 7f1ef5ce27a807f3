"""The address that may have been meant, or by which this one was: questions to the recipient, never findings."""

import re
from collections.abc import Sequence

import streamlit as st

from lasthop.app.safe_text import as_code, counted, plain
from lasthop.explain import Typo
from lasthop.explain.typo.mistyped import Mistyped

_RECIPIENT = "pages/recipient.py"
_NAME = re.compile(r"\S*[@.]\S*[^\s;:,.]")  # an address or a domain, without the sentence's own punctuation


def typo_hint(typo: Typo | None) -> None:
    """Which address may have been meant, and why; nothing without one."""
    if typo is None:
        return
    st.warning(
        f"Perhaps {as_code(typo.suggestion)} was meant. {_copyable(typo.why)} "
        "Ask the recipient before anything is changed.",
        title="A slip in the address?",
        icon=":material/spellcheck:",
    )
    _link("See that address", typo.suggestion)


def mistyped_hint(found: Sequence[Mistyped]) -> None:
    """Addresses to which mail failed and by which this one may have been meant, with the way to each."""
    if not found:
        return
    went = "".join(
        f"\n- {as_code(each.address)}: {counted(each.failed, 'message')} failed. {_copyable(each.typo.why)}"
        for each in found
    )
    st.warning(
        f"Each of these is like this address with a slip, and mail to it failed. Was this address meant?\n{went}\n\n"
        "Ask the recipient, and see how the address is written in Kuroco, before anything is changed.",
        title="Did the mail go to a mistyped address instead?",
        icon=":material/spellcheck:",
    )
    for each in found:
        _link(f"See {as_code(each.address)}", each.address)


def _link(label: str, address: str) -> None:
    st.page_link(_RECIPIENT, label=label, icon=":material/person:", query_params={"recipient": address})


def _copyable(why: str) -> str:
    """Markdown of a sentence with its addresses and domains as code: ``plain`` puts unseen characters into them."""
    return " ".join(_word(word) for word in why.split())


def _word(word: str) -> str:
    name = _NAME.match(word)
    return as_code(name[0]) + plain(word[name.end() :]) if name else plain(word)
