"""What each stop list means, whether it stops mail, and how an address comes off it: the catalogue as objects."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lasthop.explain.advice import Step, catalogue, steps
from lasthop.model.kinds import STOP_LISTS


@dataclass(frozen=True)
class Removal:
    """The step that takes an address off a list, by one of two ways: ``screen`` at SendGrid, or ``call`` of its API.

    The text of ``call`` is the call itself with ``{address}`` and ``{group}`` in it. ``find_group`` says where the
    number of a group stands, with ``find_call`` to ask for it; both are None for lists without groups.
    """

    step: Step
    screen: Step
    call: Step
    find_group: Step | None
    find_call: Step | None


@dataclass(frozen=True)
class StopList:
    """One of SendGrid's stop lists.

    ``drops``: all, group or none of the mail to an address on it. ``drop_reasons``: SendGrid's words on such a drop, in
    lower case. ``put_by``: kinds of the events that put an address there. ``bulk``: the API path whose DELETE takes
    ``{"emails": [...]}``, None where addresses go one by one. ``before``, ``removal`` and ``after`` are the checklist,
    in order.
    """

    name: str
    title: str
    means: Step
    drops: str
    drops_says: Step
    drop_reasons: tuple[str, ...]
    put_by: tuple[str, ...]
    bulk: str | None
    limits: tuple[str, ...]
    before: tuple[Step, ...]
    removal: Removal
    after: tuple[Step, ...]

    @property
    def stops_mail(self) -> bool:
        """Whether SendGrid drops all mail to an address on the list."""
        return self.drops == "all"


@dataclass(frozen=True)
class Removers:
    """Who can take an address off a list: the holder of an own account, or Kuroco's support for the shared one."""

    own_account: Step
    kuroco_account: Step


@cache
def stop_list_meanings() -> Mapping[str, StopList]:
    """Name of the list -> what is known of it, in the order of ``STOP_LISTS``."""
    known = catalogue("stop_lists")
    return {name: _meaning(name, known[name], known["shared"]) for name in STOP_LISTS}


@cache
def removers() -> Removers:
    """Who can take an address off a list."""
    shared = catalogue("stop_lists")["shared"]
    return Removers(*steps([shared["own_account"], shared["kuroco_account"]]))


@cache
def drop_reasons() -> Mapping[str, str]:
    """SendGrid's words on a drop, in lower case -> the stop list they speak of."""
    return {
        reason: cause["stop_list"]
        for cause in catalogue("drops")["cause"]
        if "stop_list" in cause
        for reason in cause["reasons"]
    }


def _meaning(name: str, entry: dict[str, Any], shared: dict[str, Any]) -> StopList:
    holds_back = entry["drops"] != "none"
    means, drops_says = steps([entry["means"], entry["drops_says"]])
    return StopList(
        name=name,
        title=entry["title"],
        means=means,
        drops=entry["drops"],
        drops_says=drops_says,
        drop_reasons=tuple(reason for reason, stop_list in drop_reasons().items() if stop_list == name),
        put_by=tuple(entry["put_by"]),
        bulk=entry["bulk"] or None,
        limits=tuple(entry["limits"]),
        before=steps([*entry["steps"], shared["whose"]] if holds_back else entry["steps"]),
        removal=_removal(entry["remove"], entry.get("find_group")),
        after=steps([shared["test"], shared["not_resent"]] if holds_back else [shared["test"]]),
    )


def _removal(entry: dict[str, Any], find: dict[str, Any] | None) -> Removal:
    step = {key: said for key, said in entry.items() if key not in ("screen", "call")}
    found = steps([{key: said for key, said in find.items() if key != "call"}, find["call"]]) if find else (None, None)
    return Removal(*steps([step, entry["screen"], entry["call"]]), *found)
