"""The tool that scores the reader, on two messages of our own."""

import gzip
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

from tests.original.test_paste import MESSAGE

TOOL = Path(__file__).resolve().parents[2] / "tools" / "evaluate_originals.py"
HOPS = [
    {"by": "2001:db8::1", "with": "SMTP", "time": 1732003510.0, "amb": False},
    {"from": "o1.em.example.com", "by": "mx.example.net", "with": "ESMTPS", "time": 1732003508.0, "amb": False},
    {"by": "recvd-5f54b5d587-abcde", "with": "SMTP", "time": 1732003461.0, "amb": False},
    {"from": "MTIzNDU2Nw", "by": "geopod-ismtpd-9", "with": "HTTP", "time": 1732003461.0, "amb": False},
]
PREFIX = "1aBcDeFgHiJkLmNoPqRsTu.recvd-5f54b5d587-abcde-1-673C4685-E"


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, TOOL, *words], capture_output=True, text=True, check=False)


def fill(folder: Path, hops: list[dict[str, object]]) -> None:
    """The two files with one message and what is wanted of it."""
    row = {"rel": "one.eml", "hops": hops, "ar": [], "sg": {"message_id_prefix": PREFIX}, "ver": None}
    (folder / "dev_reference.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode() + b"\n"))
    with tarfile.open(folder / "dev_messages.tar.xz", "w:xz") as archive:
        member = tarfile.TarInfo("./one.eml")
        member.size = len(MESSAGE)
        archive.addfile(member, io.BytesIO(MESSAGE))


def scores(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    assert done.returncode == 0, done.stderr
    return {line[:38].strip(): line[46:].strip() for line in done.stdout.splitlines()}


def test_what_is_right_is_counted_in_every_form(tmp_path: Path):
    fill(tmp_path, HOPS)
    told = scores(run(tmp_path))
    assert told["whole path"] == told["delays"] == told["SendGrid prefix"] == "100.00%"
    assert told["paste: Gmail's page, copied whole"] == "100.00%"
    assert told["Microsoft fields"] == "–"


def test_what_is_wrong_is_counted_and_named(tmp_path: Path):
    fill(tmp_path, [*HOPS[:3], {**HOPS[3], "by": "other.example", "time": 1732003400.0}])
    done = run(tmp_path, "--wrong")
    told = scores(done)
    assert (told["by"], told["stamp"], told["from"]) == ("75.00%", "75.00%", "100.00%")
    assert told["whole path"] == told["delays"] == "0.00%"
    assert "whole path: one.eml" in done.stdout


def test_a_folder_without_messages_is_wrong_use_unless_that_is_allowed(tmp_path: Path):
    assert run(tmp_path).returncode == 2
    assert run(tmp_path, "--optional").returncode == 0
