"""Signatures of packs: ours for ssh-keygen, ssh-keygen's for us, and what is said where one does not hold."""

import hashlib
import resource
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from lasthop.errors import Failure, InputError
from lasthop.pack import sshsig
from lasthop.pack.signature import check_signature, open_key, write_signature
from lasthop.pack.verify import signature_of
from tests.pack.keys import private, public

CONTENT = b"where did it get to?"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4 sato@shop.example\n"
FINGERPRINT = "SHA256:lbmsoA0yIEcEiVDRnMWuzm+nV+3ZEEpVIURqFoeSspg"
OURS = """-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgA6EHv/POEL4dcN0Y50vAmWfk1j
CbpQ1fHdyGZBJVMbgAAAAEZmlsZQAAAAAAAAAGc2hhMjU2AAAAUwAAAAtzc2gtZWQyNTUx
OQAAAEC9fHsznJjvrPcmPGuy0Ju5P3MROjVKWEScjIMCs4cZcy9ooNcjEj8DC5jebZ1hr9
b5eIvYQkXhJxDDMRwgTtsL
-----END SSH SIGNATURE-----
"""
OF_SSH_KEYGEN = """-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgA6EHv/POEL4dcN0Y50vAmWfk1j
CbpQ1fHdyGZBJVMbgAAAAEZmlsZQAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQyNTUx
OQAAAEDq9QUiiOEttR+Lk6YakrR9ZTU17LMeWeYPuYxcC65mYAMJOcRXDiKl5c5pJiEnG+
8eICT5YKoAMeh+KEn59oIO
-----END SSH SIGNATURE-----
"""
"""Made by ssh-keygen of OpenSSH 9.2 with the same key, which hashes with SHA-512."""

KEYS: dict[str, sshsig.Private] = {
    "ed25519": ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))),
    "p256": ec.generate_private_key(ec.SECP256R1()),
    "p384": ec.generate_private_key(ec.SECP384R1()),
    "p521": ec.generate_private_key(ec.SECP521R1()),
    "rsa": rsa.generate_private_key(65537, 2048),
}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "pack.zip"
    path.write_bytes(CONTENT)
    return path


def unasked() -> str:
    raise AssertionError("nobody should be asked for a passphrase")


@pytest.fixture
def ssh_keygen() -> str:
    found = shutil.which("ssh-keygen")
    if found is None:
        pytest.skip("there is no ssh-keygen on this machine (Debian: openssh-client)")
    return found


def test_the_signature_of_a_known_key_and_file(pack: Path, tmp_path: Path) -> None:
    made = write_signature(open_key(private(tmp_path, KEYS["ed25519"]), unasked), pack, SHA256)
    assert (made.name, made.read_text()) == ("pack.zip.sig", OURS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "pack.zip", "pack.zip.sig"]


@pytest.mark.parametrize("signature", [OURS, OF_SSH_KEYGEN, OF_SSH_KEYGEN.replace("\n", "\r\n")])
def test_known_signatures_hold_and_say_who_signed(pack: Path, tmp_path: Path, signature: str) -> None:
    (tmp_path / "keys.pub").write_text(f"# who may sign\n\n{PUBLIC}")
    signature_of(pack).write_text(signature, newline="")
    found = check_signature(pack, tmp_path / "keys.pub")
    assert (found.signer, found.problem) == (f"sato@shop.example {FINGERPRINT}", None)


@pytest.mark.parametrize("kind", KEYS)
def test_ssh_keygen_accepts_ours_and_we_accept_its(pack: Path, tmp_path: Path, ssh_keygen: str, kind: str) -> None:
    key, passphrase = KEYS[kind], "ひみつ secret"
    ours = write_signature(open_key(private(tmp_path, key, passphrase), lambda: passphrase), pack, SHA256)
    (tmp_path / "allowed").write_text(f"who@shop.example {public(tmp_path, key).read_text()}")

    def accepted(content: bytes) -> bool:
        told = [ssh_keygen, "-Y", "verify", "-n", "file", "-I", "who@shop.example", "-f", tmp_path / "allowed"]
        return subprocess.run([*told, "-s", ours], input=content, capture_output=True, check=False).returncode == 0

    assert accepted(CONTENT)
    assert not accepted(CONTENT + b" ")
    ours.unlink()
    mine = private(tmp_path, key)
    subprocess.run([ssh_keygen, "-Y", "sign", "-n", "file", "-f", mine, pack], capture_output=True, check=True)
    assert check_signature(pack, tmp_path / "key.pub").problem is None


def test_a_signature_is_missing(pack: Path, tmp_path: Path) -> None:
    found = check_signature(pack, public(tmp_path, KEYS["rsa"]))
    assert found.problem == "The pack is not signed: there is no pack.zip.sig beside it."


def test_somebody_else_signed(pack: Path, tmp_path: Path) -> None:
    signature_of(pack).write_text(OURS)
    key = public(tmp_path, KEYS["p256"])
    problem = f"pack.zip.sig was made with another key ({FINGERPRINT}), not with one of {key}."
    assert check_signature(pack, key).problem == problem


@pytest.mark.parametrize("kind", KEYS)
def test_a_pack_or_a_signature_that_was_changed(pack: Path, tmp_path: Path, kind: str) -> None:
    key = public(tmp_path, KEYS[kind])
    made = write_signature(KEYS[kind], pack, SHA256)
    pack.write_bytes(CONTENT + b" ")
    said = "The signature does not hold: the pack or pack.zip.sig was changed."
    assert check_signature(pack, key).problem == said
    pack.write_bytes(CONTENT)
    good = made.read_text()
    for place in range(len(good) - 1):
        if good[place] not in "\r\n":
            made.write_text(good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :])
            found = check_signature(pack, key)
            # the last character before the padding may carry bits that mean nothing
            assert found.problem or good[place + 1] in "=\n", place


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"hello", OURS[:200].encode(), OURS.replace("U1NI", "U1N!").encode()]
)
def test_what_is_no_signature(pack: Path, tmp_path: Path, content: bytes) -> None:
    signature_of(pack).write_bytes(content)
    problem = check_signature(pack, public(tmp_path, KEYS["ed25519"])).problem
    assert problem is not None
    assert problem.startswith("pack.zip.sig is not a signature that can be read: ")


def test_a_signature_for_another_purpose(pack: Path, tmp_path: Path, ssh_keygen: str) -> None:
    mine = private(tmp_path, KEYS["ed25519"])
    subprocess.run([ssh_keygen, "-Y", "sign", "-n", "git", "-f", mine, pack], capture_output=True, check=True)
    assert "it is for b'git'" in str(check_signature(pack, public(tmp_path, KEYS["ed25519"])).problem)


def test_a_protected_key(tmp_path: Path) -> None:
    path = private(tmp_path, KEYS["p256"], "right")
    assert open_key(path, lambda: "right").public_key() == KEYS["p256"].public_key()
    for wrong in ("wrong", ""):
        with pytest.raises(InputError, match="The passphrase is wrong, or the file is damaged") as caught:
            open_key(path, lambda wrong=wrong: wrong)
        assert "right" not in str(caught.value)


def test_what_is_no_key(pack: Path, tmp_path: Path) -> None:
    mine, yours = private(tmp_path, KEYS["ed25519"]), public(tmp_path, KEYS["ed25519"])
    (tmp_path / "odd.pub").write_text("ssh-ed25519 AAAA\n")
    (tmp_path / "empty.pub").write_text("\n")
    for path in (yours, tmp_path / "none", tmp_path, pack):
        with pytest.raises(InputError):
            open_key(path, unasked)
    for path in (mine, tmp_path / "none", tmp_path / "odd.pub", tmp_path / "empty.pub", pack):
        with pytest.raises(InputError):
            check_signature(pack, path)
    mine.write_bytes(mine.read_bytes()[:200])
    with pytest.raises(InputError, match="cannot be opened"):
        open_key(mine, unasked)


def test_a_full_disk_leaves_no_signature_and_no_older_one(pack: Path, tmp_path: Path) -> None:
    signature_of(pack).write_text("of the pack that was here before")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(Failure, match="its signature was not") as caught:
            write_signature(KEYS["ed25519"], pack, SHA256)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "File too large" in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["pack.zip"]
