"""Fuzz the reader of original messages by coverage: ``fuzz_original.py [CORPUS] [-max_total_time=300]``.

Needs atheris, which is no dependency of this project. What it finds becomes a test in ``tests/original``.
"""

import sys

import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

with atheris.instrument_imports(include=["lasthop.original", "lasthop.cli.original_document"]):
    from lasthop.cli.original_document import original_document
    from lasthop.original import read_original
    from lasthop.original.evidence import read_evidence
    from lasthop.original.route import read_route


def one_input(data: bytes) -> None:
    """Read one text to the end; any exception is a find."""
    original = read_original(data)
    original_document("fuzz", read_evidence(original), read_route(original))


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
