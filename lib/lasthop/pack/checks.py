"""checks.md of a pack: what was looked at and asked, what could not be, and what that leaves open."""

from collections.abc import Iterator

from lasthop.explain import in_words
from lasthop.pack.case import Check
from lasthop.pack.letters import DESKS
from lasthop.pack.markdown import code_span, counted
from lasthop.pack.readme import Cover
from lasthop.store import Source


def page(cover: Cover) -> str:
    """The page, Markdown."""
    return "\n".join(
        [
            "# Checks",
            "",
            "## Done by people",
            "",
            *(_listed(map(_check, cover.case.checks)) or ["None was written down."]),
            "",
            "## Done by lasthop",
            "",
            f"- Every event of the messages in {counted(len(cover.sources), 'loaded source')} was looked for, up to "
            f"{in_words(cover.as_of_ms, cover.zone) if cover.as_of_ms is not None else 'their end'}.",
            f"- Stop lists asked: {', '.join(cover.lists.loaded) or 'none'}; see `stop-lists-asked.csv`.",
            *([f"- How wide it is: {code_span(cover.scope.sentence)} See `scope.csv`."] if cover.scope else []),
            "",
            "## What was looked at",
            "",
            *(f"- {_source(source, cover)}" for source in cover.sources),
            "",
            "## Not possible, and not in here",
            "",
            *(f"- {gap}" for gap in cover.gaps),
            *(f"- No letter {DESKS[desk]} about {counted(n, 'message')}: {why}." for desk, why, n in _not_made(cover)),
            "",
        ]
    )


def _not_made(cover: Cover) -> Iterator[tuple[str, str, int]]:
    return ((one.desk, one.why, one.messages) for one in cover.not_made)


def _listed(lines: Iterator[str]) -> list[str]:
    return [f"- {line}" for line in lines]


def _check(check: Check) -> str:
    by = " ".join(part for part in (check.by, check.when) if part)
    result = f": {code_span(check.result)}" if check.result else ": no result was written down"
    return f"{code_span(check.what)}{result}" + (f" ({code_span(by)})" if by else "")


def _source(source: Source, cover: Cover) -> str:
    span, zone = "", cover.zone
    if source.first is not None and source.last is not None:
        span = f", {in_words(source.first, zone)} to {in_words(source.last, zone)}"
    clock = ""
    if source.sha256 in cover.assumed:
        clock = (
            f"; the clock of {code_span(source.file)} was read as {source.timezone}: chosen, the log does not tell it"
        )
    return f"{code_span(source.file)} ({code_span(source.format)}), {counted(source.events, 'event')}{span}{clock}"
