"""``lasthop pack`` and ``verify``: what they print, and their exit codes."""

import json
import os
import pty
import random
import resource
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.cli.conftest import Command
from tests.pack.keys import private, public

RECIPIENT = "hanako@docomo.example"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
WHO = "who@shop.example SHA256:lbmsoA0yIEcEiVDRnMWuzm+nV+3ZEEpVIURqFoeSspg"


@pytest.fixture
def own(shop: Path, tmp_path: Path) -> Path:
    """A copy of the shop's workspace, which a test may write to."""
    return Path(shutil.copytree(shop, tmp_path / "own"))


def test_a_pack_holds_until_it_is_changed(lasthop: Command, shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    packed = lasthop("pack", "hanako@docomo.example", "--out", file, "--json", workspace=shop).json
    assert lasthop("verify", file, "--json").json["sha256"] == packed["sha256"]
    file.write_bytes(file.read_bytes()[:-40])
    assert lasthop("verify", file).code == 1


def test_wrong_use_is_told(lasthop: Command, shop: Path, tmp_path: Path) -> None:
    assert "No message is named" in lasthop("pack", "--out", tmp_path / "x.zip", workspace=shop).err
    said = lasthop("pack", "m1", "--case", "c", "--out", tmp_path / "x.zip", workspace=shop)
    assert said.code == 2
    assert not (tmp_path / "x.zip").exists()


def test_a_signed_pack_says_who_made_it(lasthop: Command, own: Path, tmp_path: Path) -> None:
    file, key, pub = tmp_path / "x.zip", private(tmp_path, KEY), public(tmp_path, KEY)
    packed = lasthop("pack", RECIPIENT, "--out", file, "--sign", key, workspace=own)
    assert (packed.code, packed.err) == (0, "")
    assert f"{file}.sig: its signature." in packed.out
    said = lasthop("verify", file, "--key", pub)
    assert (said.code, said.err) == (0, "")
    assert f"Signed by {WHO}: the signature holds." in said.out
    told = lasthop("verify", file, "--key", pub, "--json").json
    assert told["signature"] == {"beside": True, "holds": True, "signer": WHO}
    unchecked = lasthop("verify", file)
    assert unchecked.code == 0
    assert "A signature lies beside it. It was not checked" in unchecked.out
    assert lasthop("verify", file, "--json").json["signature"] == {"beside": True, "holds": None, "signer": None}


def test_a_signature_that_does_not_hold_is_exit_1(lasthop: Command, own: Path, tmp_path: Path) -> None:
    file, pub = tmp_path / "x.zip", public(tmp_path, KEY)
    lasthop("pack", RECIPIENT, "--out", file, "--sign", private(tmp_path, KEY), workspace=own)
    other = public(tmp_path, Ed25519PrivateKey.generate(), "other.pub")
    said = lasthop("verify", file, "--key", other)
    assert (said.code, "was made with another key" in said.err) == (1, True)
    again = lasthop("pack", RECIPIENT, "--out", file, "--timezone", "UTC", workspace=own)
    assert "x.zip.sig is the signature of the pack that was here before" in again.err
    said = lasthop("verify", file, "--key", pub, "--json")
    assert (said.code, said.json["ok"], said.json["signature"]["holds"]) == (1, False, False)
    (tmp_path / "x.zip.sig").unlink()
    said = lasthop("verify", file, "--key", pub)
    assert (said.code, "The pack is not signed" in said.err) == (1, True)
    assert "No signature lies beside it" in lasthop("verify", file).out
    assert lasthop("verify", file, "--key", tmp_path / "none.pub").code == 2


def test_a_protected_key_and_where_its_passphrase_comes_from(
    lasthop: Command, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, key = tmp_path / "x.zip", private(tmp_path, KEY, "open sesame 1")
    said = lasthop("pack", RECIPIENT, "--out", file, "--sign", key, workspace=own)
    assert (said.code, "nobody can be asked for its passphrase" in said.err) == (2, True)
    monkeypatch.setenv("LASTHOP_KEY_PASSPHRASE", "open sesame 2")
    said = lasthop("pack", RECIPIENT, "--out", file, "--sign", key, workspace=own)
    assert (said.code, "The passphrase is wrong" in said.err, "sesame" in said.out + said.err) == (2, True, False)
    assert not file.exists()
    monkeypatch.setenv("LASTHOP_KEY_PASSPHRASE", "open sesame 1")
    assert lasthop("pack", RECIPIENT, "--out", file, "--sign", key, workspace=own).code == 0
    everything = [path for path in own.rglob("*") if path.is_file()]
    with zipfile.ZipFile(file) as pack:
        contents = [path.read_bytes() for path in everything] + [pack.read(name) for name in pack.namelist()]
    secrets = (b"sesame", b"OPENSSH PRIVATE KEY", KEY.private_bytes_raw())
    assert not [one for one in contents for secret in secrets if secret in one]


@pytest.mark.slow
def test_the_passphrase_is_asked_for_on_the_terminal(own: Path, tmp_path: Path) -> None:
    file, key = tmp_path / "x.zip", private(tmp_path, KEY, "open sesame")
    words = ["pack", RECIPIENT, "--out", str(file), "--sign", str(key), "--workspace", str(own)]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", "from lasthop.cli import main; main()", *words])  # noqa: S606
    shown, typed = b"", False
    while True:
        try:
            read = os.read(terminal, 4096)
        except OSError:  # Linux's word for: the other side has closed it
            break
        if not read:
            break
        shown += read
        if b"Passphrase of" in shown and shown.endswith(b": ") and not typed:
            os.write(terminal, b"open sesame\n")
            typed = True
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown.decode()
    assert b"sesame" not in shown
    assert (tmp_path / "x.zip.sig").exists()


def text_of(file: Path) -> str:
    with zipfile.ZipFile(file) as pack:
        return "\n".join(pack.read(name).decode("utf-8", "replace") for name in pack.namelist())


def test_how_much_leaves_with_a_pack(lasthop: Command, own: Path, tmp_path: Path) -> None:
    found = {}
    for name, options in (
        ("full", ()),
        ("masked", ("--redact", "masked")),
        ("kept", ("--redact", "masked", "--keep-domains")),
        ("metadata", ("--redact", "metadata")),
    ):
        file = tmp_path / f"{name}.zip"
        said = lasthop("pack", RECIPIENT, "--out", file, *options, "--json", workspace=own)
        assert said.code == 0, said.err
        assert lasthop("verify", file).code == 0
        found[name] = text_of(file)
        with zipfile.ZipFile(file) as pack:
            level = json.loads(pack.read("manifest.json"))["redaction"]
            assert level == said.json["redaction"] == {"kept": "masked"}.get(name, name)
            assert f"**{level}**" in pack.read("README.md").decode()
    assert RECIPIENT in found["full"]
    assert not [name for name in ("masked", "kept", "metadata") if "hanako" in found[name]]
    assert {name for name in found if "@docomo.example" in found[name]} == {"full", "kept"}


def test_domains_are_kept_only_where_something_is_masked(lasthop: Command, own: Path, tmp_path: Path) -> None:
    said = lasthop("pack", RECIPIENT, "--out", tmp_path / "x.zip", "--keep-domains", workspace=own)
    assert (said.code, "A full pack masks no domain" in said.err) == (2, True)
    assert not (tmp_path / "x.zip").exists()


def test_a_disk_that_is_full_while_the_zip_is_written(lasthop: Command, own: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    file, key = out / "x.zip", private(tmp_path, KEY)
    assert lasthop("case", "new", "--title", "Full", workspace=own).code == 0
    for name in ("a.bin", "b.bin"):  # what no ZIP makes smaller
        (tmp_path / name).write_bytes(random.Random(name).randbytes(60_000))
    files = ("--file", tmp_path / "a.bin", "--file", tmp_path / "b.bin")
    assert lasthop("case", "add", "case-001", RECIPIENT, *files, workspace=own).code == 0
    case = ("pack", "--case", "case-001")
    assert lasthop(*case, "--out", file, "--sign", key, workspace=own).code == 0
    with zipfile.ZipFile(file) as pack:
        largest = max(info.file_size for info in pack.infolist())
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    limit = (largest + len(before["x.zip"])) // 2  # every member fits, the ZIP does not
    assert largest + 500 < limit < len(before["x.zip"]) - 500
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        said = lasthop(*case, "--out", file, "--sign", key, "--timezone", "Asia/Tokyo", workspace=own)
        new = lasthop(*case, "--out", out / "new.zip", "--sign", key, workspace=own)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (said.code, new.code) == (1, 1)
    assert "x.zip could not be written. [Errno 27] File too large" in said.err
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_without_a_zone_it_is_that_of_the_log(lasthop: Command, own: Path, tmp_path: Path) -> None:
    lasthop("pack", RECIPIENT, "--out", tmp_path / "x.zip", workspace=own)
    with zipfile.ZipFile(tmp_path / "x.zip") as pack:
        assert json.loads(pack.read("manifest.json"))["zone"] == "Asia/Tokyo"


def test_a_zone_of_one_machine_is_refused(lasthop: Command, own: Path, tmp_path: Path) -> None:
    said = lasthop("pack", RECIPIENT, "--out", tmp_path / "x.zip", "--timezone", "localtime", workspace=own)
    assert (said.code, "is not a time zone" in said.err) == (2, True)


def test_what_is_no_file_is_not_replaced(lasthop: Command, own: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    said = lasthop("pack", RECIPIENT, "--out", pipe, workspace=own)
    assert (said.code, pipe.is_fifo()) == (2, True)
    assert "cannot be written" in said.err


def test_a_ticket_file_says_what_holds_for_each_message_and_what_for_one(
    lasthop: Command, shop: Path, tmp_path: Path
) -> None:
    ticket, file = tmp_path / "ticket.toml", tmp_path / "x.zip"

    def written(fields: str) -> int:
        ticket.write_text(f'title = "t"\n[ticket]\n{fields}\n', encoding="utf-8")
        return lasthop("pack", RECIPIENT, "--out", file, "--ticket", ticket, workspace=shop).code

    assert written('number = "101, 102"') == 0
    with zipfile.ZipFile(file) as pack:
        assert "No. `101, 102`" in pack.read("README.md").decode()
        first = pack.read("messages.csv").decode("utf-8-sig").splitlines()[1].partition(",")[0]
    assert written(f'number = "101"\n"number:{first}" = "7"\nreceiver_zones = "docomo.example Asia/Seoul"') == 0
    with zipfile.ZipFile(file) as pack:
        assert f"`{first}`: No. `7`" in pack.read("README.md").decode()
        assert "Times are in Asia/Seoul (chosen for this receiver)" in pack.read("letters/receiver-01.txt").decode()
    assert written('"number:" = "7"') == 2
    assert written('"header:m1" = "7"') == 2
