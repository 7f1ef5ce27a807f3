"""The views that people keep: a small TOML file each, in the workspace. A file without a page is for Messages."""

import re
import secrets
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import tomli_w

from lasthop.errors import Failure, InputError, NotFound
from lasthop.measure.views import Page, View, from_params, to_params
from lasthop.store import Workspace
from lasthop.store.sources import replace_bytes

LONGEST_NAME = 80
_ID = re.compile(r"view-[0-9a-f]{12}")


@dataclass(frozen=True)
class Saved:
    """A kept view under its id, which is the name of its file."""

    id: str
    view: View


@dataclass(frozen=True)
class Shelf:
    """All kept views by name, and what could not be read: those files were left as they are."""

    views: tuple[Saved, ...]
    notes: tuple[str, ...]


def saved_views(workspace: Workspace) -> Shelf:
    """The views of the workspace. One that is damaged hides no other."""
    found, notes = list[Saved](), list[str]()
    for path in sorted((workspace.root / "views").glob("view-*.toml")):
        if not _ID.fullmatch(path.stem):
            continue
        try:
            found.append(Saved(path.stem, _read(path)))
        except (InputError, OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            notes.append(f"views/{path.name} cannot be read and was left as it is: {error}.")
    return Shelf(tuple(sorted(found, key=lambda saved: (saved.view.name.casefold(), saved.id))), tuple(notes))


def save_view(workspace: Workspace, view: View) -> Saved:
    """Keep a view under a fresh id. Raises InputError when it has no name."""
    kept = Saved(f"view-{secrets.token_hex(6)}", replace(view, name=_name(view.name)))
    _write(workspace, kept)
    return kept


def rename_view(workspace: Workspace, view_id: str, name: str) -> None:
    """Give a kept view another name. Raises InputError without one, NotFound when the view is gone."""
    path = _path(workspace, view_id)
    try:
        view = _read(path)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InputError(f"views/{path.name} is damaged.", f"{error}. It was left as it is.") from error
    except OSError as error:
        raise NotFound("That view is gone.", hint="Somebody may have removed it.") from error
    _write(workspace, Saved(view_id, replace(view, name=_name(name))))


def remove_view(workspace: Workspace, view_id: str) -> None:
    """Take a view off the shelf; `restore_view` puts it back. Raises NotFound when it is gone."""
    _move(_path(workspace, view_id), workspace.folder("views/removed"))


def restore_view(workspace: Workspace, view_id: str) -> None:
    """Put a removed view back. Raises NotFound when there is none."""
    _move(workspace.root / "views" / "removed" / _path(workspace, view_id).name, workspace.folder("views"))


def _move(path: Path, folder: Path) -> None:
    try:
        path.replace(folder / path.name)
    except FileNotFoundError as error:
        raise NotFound("That view is gone.", hint="Somebody may have removed it.") from error
    except OSError as error:
        raise Failure("The view could not be moved.", str(error), "Look whether the folder can be written.") from error


def _path(workspace: Workspace, view_id: str) -> Path:
    if not _ID.fullmatch(view_id):
        raise NotFound(f"{view_id!r} is no view.")
    return workspace.root / "views" / f"{view_id}.toml"


def _name(name: str) -> str:
    told = " ".join(name.encode("utf-8", "replace").decode().split())[:LONGEST_NAME].strip()
    if not told:
        raise InputError("The view has no name.", hint="Type one, so that it can be found again.")
    return told


def _read(path: Path) -> View:
    content = tomllib.loads(path.read_bytes().decode("utf-8"))
    params, name = content["filter"], content["name"]
    if not isinstance(params, dict) or not isinstance(name, str):
        raise TypeError("it has no name and filter")
    return replace(from_params(params, _page(content.get("page", "messages"))), name=_name(name))


def _page(told: Any) -> Page:
    for page in get_args(Page):
        if told == page:
            return page  # type: ignore[no-any-return]
    raise ValueError("it is for a page that there is not")


def _write(workspace: Workspace, saved: Saved) -> None:
    params = to_params(replace(saved.view, name=""))
    text = tomli_w.dumps({"name": saved.view.name, "page": saved.view.page, "filter": params})
    replace_bytes(workspace.folder("views") / f"{saved.id}.toml", text.encode("utf-8", "replace"))
