"""What attributes are read from: looked for in the same pass as the rules, so a reply without any costs nothing."""

from lasthop.reply import blocklists

MARKS = (
    "http", "?p=", "&p=", "(s", "(rly:", "(con:", "(dyn:", "(dns:", "(hvu:", "(rtr:", "as(", "ofr", "lpn", "aup#",
    *(f"[{letter}" for letter in "bcdfghimprtv"), *(f"ib{digit}" for digit in range(1, 8)),
    "retry", "again", "wait", "later", "grey", "gray", "bl.", "bl-", "list.",
    *blocklists.names(),
)  # fmt: skip
WAIT_MARKS = frozenset(MARKS.index(mark) for mark in ("retry", "again", "wait", "later", "grey", "gray"))
URL_MARK = MARKS.index("http")
ZONE_MARKS = frozenset(MARKS.index(mark) for mark in ("bl.", "bl-", "list."))
LIST_MARKS = {MARKS.index(word): name for word, name in blocklists.names().items()}
