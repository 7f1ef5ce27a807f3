"""Uploaded files on their way into the workspace: written to a folder of this session, looked at, loaded."""

import hashlib
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st
from streamlit.typing import UploadedFile

import lasthop
from lasthop.errors import InputError, LasthopError
from lasthop.load import LoadReport, Offer, Step, inspect, load, settle
from lasthop.read import FORMATS, Reading, unique_labels
from lasthop.read.header import possible_heads, take_sample
from lasthop.store import Workspace

_PREFIX = "upload-"
_KEEP_SECONDS = 86_400


@dataclass(frozen=True)
class Question:
    """A file that nothing is known of but its columns; a person can say what it is."""

    offer: Offer
    columns: tuple[str, ...]


def folder_of(workspace: Workspace, session: str) -> Path:
    """The temporary folder of a session, made when needed; what sessions left behind a day ago goes."""
    path = workspace.folder("scratch") / f"{_PREFIX}{session}"
    if not path.exists():
        for left in path.parent.glob(f"{_PREFIX}*"):
            if left.stat().st_mtime < time.time() - _KEEP_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        path.mkdir(exist_ok=True)
    return path


@st.cache_data(
    scope="session", max_entries=64, show_spinner=False, hash_funcs={UploadedFile: lambda file: file.file_id}
)
def offers_of(upload: UploadedFile, folder: Path) -> list[Offer]:
    """Write an upload under a name of ours and see what it is. Its own name is only shown, never used as a path."""
    place = folder / hashlib.sha256(upload.file_id.encode()).hexdigest()[:16]
    place.mkdir(exist_ok=True)
    path = place / "file"
    path.write_bytes(upload.getbuffer())
    return inspect(path, place, upload.name)


def clear(workspace: Workspace, session: str) -> None:
    """Delete what a session has uploaded; the workspace keeps its own copy of what was loaded."""
    shutil.rmtree(folder_of(workspace, session), ignore_errors=True)


def question(offer: Offer) -> Question | None:
    """What can be asked about a file that was not recognised; None when it is no table at all."""
    if offer.error is None or offer.member is None:
        return None
    try:
        heads = possible_heads(take_sample(offer.member.path, offer.name), offer.name)
    except (LasthopError, OSError):
        return None
    columns = unique_labels(heads[0].labels) if heads else ()
    return Question(offer, columns) if len(columns) > 1 else None


def fields_of(format: str) -> list[str]:
    """The fields that a column of this format can be mapped to, those it cannot do without first."""
    chosen = FORMATS[format]
    needed = [*chosen.required, *chosen.any_of]
    return [*needed, *sorted({*chosen.fields, *chosen.also} - set(needed))]


def look_again(asked: Question, format: str, mapping: dict[str, str], folder: Path) -> list[Offer]:
    """The same file, read as a person says: ``mapping`` is column -> field."""
    if asked.offer.member is None:
        return [asked.offer]
    found = inspect(asked.offer.member.path, folder, asked.offer.name, format, mapping)
    return [replace(offer, name=asked.offer.name) for offer in found]


def answered(offer: Offer, format: str | None, zone: str | None) -> tuple[Offer, Reading | InputError]:
    """The offer with how it is to be read, or with the reason why it cannot be."""
    try:
        return offer, settle(offer, format, zone)
    except InputError as error:
        return offer, error


def load_answered(
    workspace: Workspace,
    settled: Sequence[tuple[Offer, Reading | InputError]],
    watch: Callable[[Step], None],
    *,
    zone_assumed: bool = False,
) -> LoadReport:
    """Import what was settled. The zone counts as confirmed unless nobody was asked."""
    return load(workspace, settled, watch, zone_assumed=zone_assumed)


_OF_SAMPLES = (".csv", ".gz", ".ndjson", ".zip", ".xlsx", ".eml")


def sample_files() -> list[Path]:
    """The files of ``data/samples``: beside a checkout, inside the package when it was installed."""
    package = Path(lasthop.__file__).parent
    for folder in (package / "_app" / "data" / "samples", package.parents[1] / "data" / "samples"):
        if folder.is_dir():
            return sorted(path for path in folder.iterdir() if path.suffix in _OF_SAMPLES)
    return []


def settle_samples(workspace: Workspace, session: str) -> list[tuple[Offer, Reading | InputError]]:
    """The samples, ready to be loaded; their application logs are in Japanese time."""
    folder = folder_of(workspace, session)
    return [answered(offer, None, "Asia/Tokyo") for path in sample_files() for offer in inspect(path, folder)]
