"""Check published vectors of the Event Webhook's signature: ``evaluate_signatures.py FOLDER``, or ``make evaluate``.

FOLDER holds, in it or in a folder below, ``*vectors.json``: a list of objects with ``file`` (the body, byte by
byte, beside it), ``public_key``, ``signature`` and ``timestamp``. Each must verify, and must not with its JSON written
anew, with other line ends or with another timestamp. Exit 1 when one does not hold; without vectors nothing is said.
"""

import argparse
import json
import sys
from pathlib import Path

from lasthop.live.signed import read_public_key, verifies


def holds(vector: dict[str, str], body: bytes) -> bool:
    """Whether the vector verifies over these bytes and over nothing that is nearly the same."""
    key = read_public_key(vector["public_key"])

    def good(content: bytes, timestamp: str = vector["timestamp"]) -> bool:
        return verifies(key, vector["signature"], timestamp, content)

    anew = json.dumps(json.loads(body)).encode()
    nearly = (anew, body.strip(), body + b"\n", body.replace(b"\r\n", b"\n"))
    others = [each for each in nearly if each != body]
    later = str(int(vector["timestamp"]) + 1)
    return good(body) and bool(others) and not any(map(good, others)) and not good(body, later)


def main(arguments: list[str]) -> int:
    """Print a line for each vector."""
    parser = argparse.ArgumentParser(description="Check published vectors of the Event Webhook's signature.")
    parser.add_argument("folder", type=Path, help="folder with *vectors.json, or with folders that hold it")
    options = parser.parse_args(arguments)
    wrong = 0
    for file in sorted(options.folder.rglob("*vectors.json")):
        for vector in json.loads(file.read_text(encoding="utf-8")):
            fine = holds(vector, (file.parent / vector["file"]).read_bytes())
            wrong += not fine
            print(f"signature {'holds' if fine else 'DOES NOT HOLD'}: {vector['file']}")
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
