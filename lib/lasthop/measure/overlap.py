"""Which sources overlap: records of one system, or exports of one stop list, over the same time."""

from collections.abc import Sequence

from lasthop.read import FORMATS
from lasthop.store.sources import Source


def overlaps(sources: Sequence[Source]) -> dict[str, tuple[Source, ...]]:
    """SHA-256 of each source -> the others that tell of a time that it tells of too; none for one without events.

    Only sources of one system are set beside each other, and stop lists only where they are the same list. The times
    are those between the first and the last event: two exports can overlap and still have no record in common.
    """
    found: dict[str, list[Source]] = {source.sha256: [] for source in sources}
    open_ones: dict[str, list[tuple[int, Source]]] = {}
    for first, last, source in sorted(_spans(sources), key=lambda span: (span[0], span[2].sha256)):
        of_system = open_ones.setdefault(_system(source), [])
        of_system[:] = [(end, other) for end, other in of_system if end >= first]
        for _, other in of_system:
            found[source.sha256].append(other)
            found[other.sha256].append(source)
        of_system.append((last, source))
    return {sha256: tuple(others) for sha256, others in found.items()}


def _spans(sources: Sequence[Source]) -> list[tuple[int, int, Source]]:
    return [(s.first, s.last, s) for s in sources if s.first is not None and s.last is not None]


def _system(source: Source) -> str:
    known = FORMATS[source.format]
    if known.mail:  # each received mail is about itself
        return source.sha256
    return source.format if known.stop_list else known.vantage
