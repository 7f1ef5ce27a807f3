"""Key files as ssh-keygen writes them, of keys that nobody uses."""

from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from lasthop.pack.sshsig import Private


def public(folder: Path, key: Private, name: str = "key.pub") -> Path:
    path = folder / name
    path.write_bytes(key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) + b" who@shop.example\n")
    return path


def private(folder: Path, key: Private, passphrase: str = "") -> Path:
    path = folder / "key"
    lock = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, lock))
    path.chmod(0o600)
    return path
