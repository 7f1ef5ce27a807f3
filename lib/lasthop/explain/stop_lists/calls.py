"""The calls of SendGrid's API for one listing, ready to be copied: nothing in them but what the API is to get."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from lasthop.explain.advice import Step

_GROUP_FILE = re.compile(r"asm_groups?_(\d+)_", re.IGNORECASE)
GROUP_UNKNOWN = "GROUP_NUMBER"
"""Stands in a call for the number of a group that no loaded file tells."""


def groups_of(files: Iterable[str]) -> tuple[str, ...]:
    """The numbers of unsubscribe groups that the names of exports tell (``asm_groups_12_suppressions.csv``: ``12``)."""
    found = (match[1] for file in files if (match := _GROUP_FILE.search(file)))
    return tuple(dict.fromkeys(found))


def calls_of(call: Step, address: str, groups: Iterable[str] = ()) -> tuple[str, ...]:
    """The call for ``address``, once for each of ``groups`` where it names one; the address URL-encoded, @ as %40."""
    with_address = call.text.replace("{address}", quote(address, safe=""))
    if "{group}" not in call.text:
        return (with_address,)
    return tuple(with_address.replace("{group}", group) for group in tuple(groups) or (GROUP_UNKNOWN,))
