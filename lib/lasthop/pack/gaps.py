"""What a pack does not hold, said outright: a desk must not take "not loaded" for "did not happen"."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lasthop.model.kinds import STOP_LISTS
from lasthop.pack.case import Presence
from lasthop.pack.markdown import code_span, counted
from lasthop.pack.rawfiles import RawFile
from lasthop.store import Snapshot, Source

_VANTAGES = {
    "app": "No log of the sending application is loaded: whether and when it asked for the message is not shown.",
    "provider": "No data of the e-mail service is loaded: what became of the message there is not shown.",
    "receiver": "No log of the receiving server is loaded: what it did with the message after its reply is not shown.",
}
_ALWAYS = (
    "Bodies and attachments of messages: of a mail loaded as a source only its header and report are read, "
    "the other sources hold none. A file that a person put into the case "
    "is under `attached/`, as far as it leaves.",
    "The inbox: that a server accepted a message does not say in which folder it lies, or whether anybody saw it.",
    "Anything that was not loaded. That an event is not in this pack does not mean that it never happened.",
)


@dataclass(frozen=True)
class Lists:
    """Which of the provider's stop lists were loaded, that is, asked; for the others nothing can be said.

    ``pulled``: list -> when the provider was asked about it, epoch seconds; no export tells that.
    """

    loaded: tuple[str, ...]
    not_loaded: tuple[str, ...]
    pulled: Mapping[str, int] = field(default_factory=dict)


def stop_lists(snapshot: Snapshot, sources: Sequence[Source], pulled: Mapping[str, int]) -> Lists:
    """The lists that a source is of, even an empty one, those that an event names, and those that a pull asked for."""
    rows = snapshot.rows("SELECT DISTINCT stop_list FROM events WHERE kind = 'listed' AND stop_list IS NOT NULL")
    named = (
        {row["stop_list"] for row in rows} | {source.format.removeprefix("sendgrid_") for source in sources} | {*pulled}
    )
    return Lists(
        tuple(name for name in STOP_LISTS if name in named),
        tuple(name for name in STOP_LISTS if name not in named),
        pulled,
    )


def assumed_clocks(snapshot: Snapshot) -> frozenset[str]:
    """SHA-256 of the sources with an event whose instant rests on a time zone that the source does not tell."""
    rows = snapshot.rows("SELECT DISTINCT source_id FROM events WHERE time_basis = 'assumed'")
    return frozenset(row["source_id"] for row in rows)


def gaps(
    snapshot: Snapshot, sources: Sequence[Source], present: Presence, lists: Lists, raw: Sequence[RawFile]
) -> list[str]:
    """Sentences, in Markdown, that say what is not in the pack and what cannot be told from it."""
    loaded = {row["vantage"] for row in snapshot.rows("SELECT DISTINCT vantage FROM events")}
    return [
        *(sentence for vantage, sentence in _VANTAGES.items() if vantage not in loaded),
        *_of_lists(lists),
        *_of_case(present),
        *_of_sources(sources),
        *(["The lines as they stood in the sources: this level lets none leave."] if _no_lines(raw) else []),
        *(
            f"The lines of {code_span(one.source.file)} as they stood: {one.why}. "
            f"`{one.name}` holds the values that were read from them instead."
            for one in raw
            if one.why
        ),
        *_ALWAYS,
    ]


def _no_lines(raw: Sequence[RawFile]) -> bool:
    return any(one.name is None for one in raw)


def _of_lists(lists: Lists) -> Iterator[str]:
    if lists.not_loaded:
        yield f"Stop lists that were not loaded, so not asked: {', '.join(lists.not_loaded)}."


def _of_case(present: Presence) -> Iterator[str]:
    for message in present.absent:
        yield f"Message {code_span(message)} of the case: it is not in the workspace; its source may have been removed."
    for message, targets in present.moved.items():
        named = " or ".join(code_span(target) for target in targets)
        one = len(targets) == 1
        yield f"Message {code_span(message)} of the case as such: its row is now tied to {named}" + (
            "." if one else ", which of them is not decided; all are in here."
        )


def _of_sources(sources: Sequence[Source]) -> Iterator[str]:
    for source in sources:
        if source.rejected:
            yield f"{counted(source.rejected, 'record')} of {code_span(source.file)}, which could not be read."
