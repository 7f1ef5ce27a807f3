"""Fuzz the reader of original messages by coverage: ``fuzz_original.py [CORPUS] [-max_total_time=300]``.

Needs atheris, which is no dependency of this project. What it finds becomes a test in ``tests/original``.
"""

import sys

import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

with atheris.instrument_imports(include=["lasthop.original", "lasthop.explain.original", "lasthop.cli.originals"]):
    from lasthop.cli.original_document import original_document
    from lasthop.cli.originals import chapters
    from lasthop.explain.original import body_said
    from lasthop.explain.original.answer import answer_said
    from lasthop.original import read_original
    from lasthop.original.dsn import read_dsn
    from lasthop.original.evidence import read_evidence
    from lasthop.original.route import read_route


def one_input(data: bytes) -> None:
    """Read one text to the end, say all that there is to say of it; any exception is a find."""
    original = read_original(data)
    evidence, route = read_evidence(original), read_route(original)
    original_document("fuzz", evidence, route)
    answer_said(evidence, route)
    body_said(evidence)
    list(chapters(evidence, route))
    read_dsn(data)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
