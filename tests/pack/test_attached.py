"""Files that somebody put into a case: what of them leaves masked, and what is said of the rest."""

import base64
import codecs
import quopri
from collections.abc import Iterator
from email.header import Header
from pathlib import Path
from types import SimpleNamespace

import pytest

from lasthop.pack import Case, attach, save_case
from lasthop.pack.attached import learn_people, write_attached
from lasthop.pack.redact import Level, Redaction, Redactor
from lasthop.store import Workspace
from tests.pack.leaking import leaks

HINA, HANAKO, SECRET = "hina.inoue@gmail.example", "hanako.yamada@private.example", "secret.person@private.example"
PEOPLE = (HINA, HANAKO, SECRET)
SAID = f"Dear {HINA}, {SECRET} told 090-1234-5678 about it"
HEADER = (
    "Received: from x by y; Thu, 12 Nov 2026 11:37:02 +0000\n"
    f"From: {Header('山田花子', 'utf-8').encode()} <{HANAKO}>\nTo: {HINA}\nContent-Type: text/plain\n"
)
BASE64 = f"{HEADER}Content-Transfer-Encoding: base64\n\n{base64.encodebytes(SAID.encode()).decode()}"
QUOTED = HEADER + "\n" + quopri.encodestring(SAID.encode()).decode().replace("secret.", "secret.=\n")
BODIES = (base64.encodebytes(SAID.encode())[:20], b"090-1234-5678", b"Dear")


class Attached:
    """A case whose attached files are written masked."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace(folder / "workspace")
        self.folder = folder
        (folder / "attached").mkdir()
        save_case(self.workspace, Case("case-001"))

    def leaving(self, content: bytes, name: str = "a.eml", level: Level = Level.MASKED) -> SimpleNamespace:
        case = attach(self.workspace, "case-001", name, content)
        redactor = Redactor(Redaction(level), b"k" * 32)
        members, said, _ = write_attached(self.workspace, case, self.folder, redactor, frozenset((HINA,)))
        contents = {member: (self.folder / member).read_bytes() for member in members}
        return SimpleNamespace(members=contents, said=" ".join(said), content=b"".join(contents.values()))


@pytest.fixture
def attached(tmp_path: Path) -> Iterator[Attached]:
    yield Attached(tmp_path)


ORIGINALS = {
    "plain": BASE64,
    "quoted-printable": QUOTED,
    "mbox": f"From {HANAKO} Thu Nov 12 11:37:02 2026\n{BASE64}",
    "mark": f"\ufeff{BASE64}",
    "forwarded": f"Here is what we got:\n\n{BASE64}",
    "forwarded, no blank line": f"Here is what we got:\n{BASE64}",
    "quoted": "> " + BASE64.replace("\n", "\n> "),
    "a part alone": "Content-Transfer-Encoding: base64\n\n" + BASE64.partition("\n\n")[2],
    "no blank line": BASE64.replace("\n\n", "\n"),
    "text first": f"{base64.b64encode(SAID.encode()).decode()}\n\nMessage-ID: <1@x.example>\n\nDear",
}


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("text", ORIGINALS.values(), ids=ORIGINALS)
def test_of_an_original_only_the_header_leaves(attached: Attached, text: str, ends: str) -> None:
    found = attached.leaving(text.replace("\n", ends).encode())
    assert leaks(found.members, PEOPLE) == []
    assert not [body for body in BODIES if body in found.content]
    assert found.content.count(b":") >= 1
    assert "only its header leaves masked" in found.said


def test_a_header_alone_leaves_whole(attached: Attached) -> None:
    found = attached.leaving(HEADER.encode())
    assert b"11:37:02 +0000" in found.content
    assert found.content.count(b"\n") == 4
    assert found.said == ""


def test_names_in_an_attached_header_are_masked_everywhere(attached: Attached) -> None:
    redactor = Redactor(Redaction(Level.MASKED), b"k" * 32)
    learn_people(attached.workspace, attach(attached.workspace, "case-001", "a.eml", HEADER.encode()), redactor)
    assert "山田" not in redactor.text("山田花子 called about hanako.yamada")
    assert "hanako" not in redactor.text("山田花子 called about hanako.yamada")
    found = attached.leaving("山田花子 did not get it\n".encode(), "b.log")
    assert "山田" not in found.content.decode()


WIDE = "".join(chr(ord(each) + 0xFEE0) for each in HINA)
LOGS = {
    "over lines": "to=<hina.inoue@\n gmail.example> to=<secret.person\n @private.example>\n"
    "to=<secret.person@\r\nprivate.example>\n",
    "lines that end in CR": f"a\rto=<{HINA}>\x0b{SECRET}\x85",
    "quoted-printable": "secret.=\nperson=40private.example and secret.pers=\r\non@private.exam=\nple\n",
}


@pytest.mark.parametrize("text", LOGS.values(), ids=LOGS)
def test_a_log_is_masked_as_one_text(attached: Attached, text: str) -> None:
    found = attached.leaving(text.encode(), "a.log")
    assert leaks(found.members, PEOPLE) == []
    assert b"secret" not in found.content
    assert b"masked-" in found.content


@pytest.mark.parametrize("encoding", ["iso2022_jp", "euc_jp", "cp932", "utf-8", "utf-8-sig", "utf-16"])
def test_a_log_is_masked_in_its_encoding(attached: Attached, encoding: str) -> None:
    found = attached.leaving(f"宛先 {WIDE} {SECRET} 山田花子\n".encode(encoding), "a.log")
    assert leaks(found.members, PEOPLE) == []
    safe = found.content.decode(encoding)
    assert safe.startswith("宛先 masked-")
    assert safe.endswith("山田花子\n")


DOUBTFUL = {
    "no text": b"PK\x03\x04 a \x00",
    "no known encoding": b"\xff\x80 caf\xe9 \xfd",
    "damaged ISO-2022-JP": b"\x1b$B#h\xff\x1b(B " + HINA.encode(),
    "UTF-16 without a mark": HINA.encode("utf-16-le"),
    "damaged UTF-16": codecs.BOM_UTF16_LE + HINA.encode("utf-16-le") + b"\x00",
    "UTF-7": b"to=secret.person+AEA-private.example",
    "base64 in short lines": b"x\n"
    + base64.b64encode(SAID.encode())[:30]
    + b"\n"
    + base64.b64encode(SAID.encode())[30:],
}


@pytest.mark.parametrize("content", DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_cannot_be_read_for_sure_does_not_leave(attached: Attached, content: bytes) -> None:
    found = attached.leaving(content, "a.log")
    assert found.members == {}
    assert "its encoding was not recognised" in found.said or "base64" in found.said


def test_a_text_that_is_too_large_to_be_masked_does_not_leave(attached: Attached) -> None:
    found = attached.leaving(b"a log\n" * 1_000_001, "a.log")
    assert found.members == {}
    assert "more than 6,000,000 characters" in found.said


@pytest.mark.parametrize(("name", "end"), [(f"{HINA}.eml", ".eml"), ("山田.log", ".log"), ("x" * 90 + ".txt", ".txt")])
def test_the_name_of_a_file_is_masked_and_keeps_its_extension(attached: Attached, name: str, end: str) -> None:
    found = attached.leaving(b"a", name)
    (member,) = found.members
    assert member.endswith(end)
    assert len(member) <= len("attached/01-") + 60
    assert leaks({"name": member.encode()}, PEOPLE) == []


def test_at_the_level_metadata_no_file_leaves_and_no_name_of_one(attached: Attached) -> None:
    found = attached.leaving(b"a", "Ms Hanako.log", Level.METADATA)
    assert found.members == {}
    assert found.said == "The attached file `no. 1`: at this level no file leaves."


def test_in_full_the_very_bytes_leave(attached: Attached) -> None:
    assert attached.leaving(BASE64.encode(), level=Level.FULL).content == BASE64.encode()
