"""Addresses of Kuroco's management screens: which form, answer or notification they name."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_SCREENS = {
    "inquiry_edit": ("form", r"inquiry_id=(\d+)(?!\w)"),
    "inquiry_bn_list": ("form", r"inquiry_id=(\d+)(?!\w)"),
    "inquiry_reply_edit": ("answer", r"inquiry_bn_id=(\d+)(?!\w)"),
    "file_download": ("answer", r"file_nm=(\d+)_"),
    "magazine_edit": ("notification", r"magazine_id=(\d+)(?!\w)"),
    "magazine_sendmail_list": ("notification", r"magazine_id=(\d+)(?!\w)"),
}
_SCREEN = re.compile(rf"(?:^|/)(?:inquiry|magazine)/({'|'.join(_SCREENS)})(?=[/?])", re.ASCII)
_SITES = re.compile(r"([\w-]+)\.(?:g\.kuroco(?:-mng)?\.app|(?:g\.)?kuroco\.r-cms\.jp)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """What a management URL names. ``kind``: form, answer or notification; ``site`` is None on other hosts."""

    kind: str
    id: str
    screen: str
    site: str | None


def parse_management_url(text: str) -> Reference | None:
    """What the address of a management screen names; None when it is not one of the screens of forms and notifications.

    Both ``…/inquiry_edit/?inquiry_id=5`` and ``…/inquiry_edit/inquiry_id=5`` are understood: Kuroco's own help prints
    the second. The scheme may be missing; an id must be digits.
    """
    address = text.strip()
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https"):
        return None
    place = parts.path + (f"?{parts.query}" if parts.query else "")
    found = _SCREEN.search(place)
    if not found:
        return None
    kind, pattern = _SCREENS[found[1]]
    number = re.search(rf"[/?&]{pattern}", place[found.end() :], re.ASCII)
    if not number:
        return None
    site = _SITES.fullmatch(host)
    return Reference(kind, number[1], found[1], site[1] if site else None)
