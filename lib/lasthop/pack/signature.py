"""The signature of a pack with a key of its maker, in a file beside it. No key is kept or copied."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from lasthop.errors import Failure, InputError
from lasthop.pack import sshsig
from lasthop.pack.verify import signature_of
from lasthop.store.table import sync

KEY_BYTES = 1 << 20
_PRIVATE = b"-----BEGIN OPENSSH PRIVATE KEY-----"


@dataclass(frozen=True)
class Checked:
    """What was found of a signature: the file, who signed (None: not found out), ``problem`` a sentence or None."""

    file: Path
    signer: str | None
    problem: str | None


def open_key(path: Path, passphrase: Callable[[], str]) -> sshsig.Private:
    """Read a private key in OpenSSH's format; ``passphrase`` is asked for one only when the key is protected.

    Raises InputError for a file that is none, a wrong passphrase or a kind of key that is not known here.
    """
    content = _read(path)
    if not content.lstrip().startswith(_PRIVATE):
        raise InputError(
            f"{path} is not a private key in OpenSSH's format.", hint="Make one: ssh-keygen -t ed25519 -f KEYFILE"
        )
    try:
        try:
            key = load_ssh_private_key(content, None)
        except TypeError:  # the library's word for: it is protected
            key = load_ssh_private_key(content, passphrase().encode())
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:  # TypeError: the passphrase is empty
        said = "The passphrase is wrong, or the file is damaged." if _protected(content) else str(error)
        raise InputError(f"The key {path} cannot be opened.", said) from error
    if not isinstance(key, sshsig.Private):
        raise InputError(f"{path} is a kind of key that lasthop cannot sign with.", hint="Use Ed25519, ECDSA or RSA.")
    return key


def write_signature(key: sshsig.Private, pack: Path, sha256: str) -> Path:
    """Sign the pack with this SHA-256 and write the signature beside it: whole or not at all.

    Raises Failure when the disk does not take it; an older signature is then gone, for it is of another pack.
    """
    out = signature_of(pack)
    partial = out.with_name(f".{out.name[:200]}.{os.getpid()}.part")
    try:
        with partial.open("wb") as stream:
            stream.write(sshsig.sign(key, bytes.fromhex(sha256)).encode())
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(out)
        sync(out.parent)
    except (OSError, Failure) as error:
        with suppress(OSError):
            out.unlink(missing_ok=True)
        raise Failure(
            f"{pack.name} was written, its signature was not.", str(error), "Free some space and make the pack again."
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return out


def check_signature(pack: Path, public: Path) -> Checked:
    """Whether a signature beside the pack was made for it with one of the public keys in a file.

    Raises InputError when there is no public key in the file.
    """
    keys, file = _public_keys(public), signature_of(pack)
    try:
        signature = sshsig.parse(file.read_bytes()[:KEY_BYTES].decode("ascii"))
        signer = keys.get(signature.key)
        if signer is None:
            other = sshsig.fingerprint_of(signature.key)
            return Checked(file, None, f"{file.name} was made with another key ({other}), not with one of {public}.")
        with pack.open("rb") as stream:
            digest = sshsig.digest(stream, signature.hash)
        if not sshsig.holds(signature, digest):
            return Checked(file, None, f"The signature does not hold: the pack or {file.name} was changed.")
    except FileNotFoundError:
        return Checked(file, None, f"The pack is not signed: there is no {file.name} beside it.")
    except (OSError, ValueError) as error:
        return Checked(file, None, f"{file.name} is not a signature that can be read: {error}.")
    return Checked(file, f"{signer} {sshsig.fingerprint_of(signature.key)}".strip(), None)


def _public_keys(path: Path) -> dict[bytes, str]:
    """Wire form of each key -> the comment behind it; a key a line, as in a file that ends in .pub."""
    content = _read(path)
    if content.lstrip().startswith(b"-----BEGIN"):
        raise InputError(f"{path} is a private key or no key.", hint="Name the public one; it ends in .pub.")
    keys: dict[bytes, str] = {}
    try:
        for line in content.decode("utf-8", "replace").splitlines():
            if line.strip() and not line.startswith("#"):
                key, comment = sshsig.public_line(line)
                keys[key] = comment
    except ValueError as error:
        raise InputError(f"{path} is not a public key.", str(error), "Name a file that ends in .pub.") from error
    if not keys:
        raise InputError(f"{path} is not a public key.", "It is empty.", "Name a file that ends in .pub.")
    return keys


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(KEY_BYTES)
    except OSError as error:
        raise InputError(f"The key {path} cannot be read.", str(error)) from error


def _protected(content: bytes) -> bool:
    try:
        load_ssh_private_key(content, None)
    except TypeError:
        return True
    except (ValueError, UnsupportedAlgorithm):
        return False
    return False
