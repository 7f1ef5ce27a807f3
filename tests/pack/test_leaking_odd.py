"""Local parts of odd characters, in every form that a reply may have them in, leave in no member of a masked pack."""

from base64 import b64encode, urlsafe_b64encode
from pathlib import Path
from urllib.parse import quote

import pytest

from lasthop.pack.redact import Level, Redaction
from tests.pack.leaking import leaks
from tests.pack.test_leaking_replies import packed

ODD = ("kenta%host", "{braced}|pipe", "o'brien!x", "zorro_q=r", "bang!path~x", "kuro/ken", "+plus.first", "yamada.!")


@pytest.mark.parametrize("level", [Level.MASKED, Level.METADATA])
@pytest.mark.parametrize("local", ODD)
def test_an_odd_local_part_leaves_nowhere(tmp_path: Path, local: str, level: Level) -> None:
    address = f"{local}@shop.example"
    coded = b64encode(address.encode()).decode()
    reason = (
        f"550 5.1.1 <{address}> {local}: no such user ({local} at shop.example), see https://help.example/why?h={coded}"
        f"&i={urlsafe_b64encode(local.encode()).decode()}&j={quote(coded, safe='')}&k={quote(address, safe='')}"
    )
    assert leaks(packed(tmp_path, reason, Redaction(level), address), [address]) == []


@pytest.mark.parametrize(
    "stranger", ["o'neil!@kawa.example", "q/r=s@kawa.example", "zoé@kawa.example", "x~@kawa.example"]
)
def test_a_strangers_odd_address_in_base64_leaves_nowhere(tmp_path: Path, stranger: str) -> None:
    reason = f"550 5.1.1 unknown, see https://help.example/why?h={b64encode(stranger.encode()).decode()}&x=1"
    assert leaks(packed(tmp_path, reason, Redaction(Level.MASKED)), [stranger]) == []
