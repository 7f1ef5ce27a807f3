"""Writes the page message by message: memory holds a line of the first fifty and counts of the rest."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from lasthop import __version__
from lasthop.explain import Dossier
from lasthop.pack import readme
from lasthop.pack.letters import DESKS
from lasthop.pack.page.cohorts import bars
from lasthop.pack.page.environment import templates
from lasthop.pack.page.section import Told, section, told
from lasthop.pack.readme import MEMBERS, Cover
from lasthop.pack.scope import COUNTED
from lasthop.store import Source

IN_FULL = 50
"""So many messages are told one by one."""


class PageWriter:
    """Takes the dossiers of a case in their order, then the cover; see `lasthop.pack.page` for how to use it."""

    def __init__(self, path: Path, zone: str, sources: Sequence[Source]) -> None:
        self._path, self._zone = path, zone
        self._sources = {source.sha256: source for source in sources}
        self._told: list[Told] = []
        self._outcomes: Counter[str] = Counter()
        self._drafted = path.with_name(f"{path.name}.sections")
        self._sections = self._drafted.open("w", encoding="utf-8", newline="\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the draft of the sections; `finish` may still follow, `take` may not."""
        self._sections.close()

    def take(self, number: int, known: Dossier) -> None:
        """Add the ``number``-th message, from 1, as it may leave: masked if the pack is."""
        line = told(number, known)
        self._outcomes[line.outcome] += 1
        if number <= IN_FULL:
            self._told.append(line)
            self._sections.write(section(number, known, self._sources, self._zone))

    def finish(self, cover: Cover, members: Sequence[str]) -> None:
        """Write the page; ``members`` are the names of the other files of the pack. The draft is gone afterwards."""
        self.close()
        facts = {
            "cover": cover,
            "case": cover.case,
            "zone": self._zone,
            "version": __version__,
            "told": self._told,
            "counts": self._outcomes,
            "more": self._outcomes.total() - len(self._told),
            "scope": cover.scope,
            "originals": cover.originals,
            "counted_as": COUNTED,
            "bars": bars(cover.scope) if cover.scope is not None else None,
            "desks": DESKS,
            "letters": sorted(name for name in members if name.startswith("letters/")),
            "files": list(_files(members)),
        }
        with (
            self._path.open("w", encoding="utf-8", newline="\n") as page,
            self._drafted.open(encoding="utf-8", newline="\n") as sections,
        ):
            page.write(templates().get_template("head.html").render(facts))
            for line in sections:
                page.write(line)
            page.write(templates().get_template("tail.html").render(facts))
        self._drafted.unlink()


def _files(members: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each file with what it is; of a folder the files that have no words of their own share those of the folder."""
    for name in sorted({*members, "index.html", "manifest.json"}):
        folder = name.partition("/")[0] + "/" if "/" in name else ""
        own = {"index.html": "this page", "README.md": f"the same in Markdown, with up to {readme.IN_FULL} messages"}
        yield name, own.get(name) or MEMBERS.get(name) or MEMBERS.get(folder, "")
