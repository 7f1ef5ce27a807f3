"""Lines that must not be shown as evidence: they would be somebody else's, or there is no telling."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from lasthop.pack import lines
from lasthop.pack.excerpt import NoExcerpt, Wanted, write_excerpt
from lasthop.pack.scope import OPEN
from lasthop.store import Source, Workspace
from lasthop.store.sources import keep_bytes

HEAD = b"email,event,reason\r\n"


def kept(workspace: Workspace, folder: Path, content: bytes, **parts: object) -> Source:
    """The record of a source with these bytes, which the workspace keeps."""
    file = folder / "source"
    file.write_bytes(content)
    source = Source(
        file="a.csv", sha256=keep_bytes(workspace, file), bytes=len(content), container=None, format="sendgrid_activity",
        encoding="utf-8", delimiter=",", timezone="UTC", zone_assumed=False, header=["email", "event", "reason"],
        header_line=1, mapping={}, rows=0, events=0, added=0, duplicates=0, rejected=0, first=None, last=None, clock_ms=0,
    )  # fmt: skip
    return replace(source, **parts)  # type: ignore[arg-type]


def excerpt(workspace: Workspace, source: Source, *wanted: int, named: str = "") -> tuple[bytes, dict[int, int]]:
    out = io.BytesIO()
    names = frozenset({named} - {""})
    placed = write_excerpt(workspace, source, [Wanted(line, names) for line in wanted], out, OPEN)
    return out.getvalue(), dict(zip(wanted, placed, strict=True))


def test_records_of_several_lines_in_the_header_and_below(workspace: Workspace, tmp_path: Path) -> None:
    rows = (
        b'email,event,"rea\r\nson"\r\n',
        b'a@x,drop,"1\r\n""2"",\r\n3"\r\n',
        b"b@x,drop,\r\n",
        b'c@x,"5\r\n",5" pipe\r\n',
    )
    source = kept(workspace, tmp_path, b"".join(rows))
    assert excerpt(workspace, source, 3, 7) == (rows[0] + rows[1] + rows[3], {3: 3, 7: 6})
    assert excerpt(workspace, source, 6, named="b@x") == (rows[0] + rows[2], {6: 3})


def test_a_stray_quote_opens_no_cell(workspace: Workspace, tmp_path: Path) -> None:
    source = kept(workspace, tmp_path, HEAD + b'a@x,drop,5" pipe\r\nb@x,drop,"spaced" \r\n')
    assert excerpt(workspace, source, 2)[0] == HEAD + b'a@x,drop,5" pipe\r\n'


def test_a_line_that_does_not_name_the_recipient(workspace: Workspace, tmp_path: Path) -> None:
    source = kept(workspace, tmp_path, HEAD + b'A@X,drop,\r\n"""q"" <b@x>",drop,\r\n')
    assert excerpt(workspace, source, 2, named="a@x")[1] == {2: 2}
    assert excerpt(workspace, source, 3, named='"q" <b@x>')[1] == {3: 2}
    with pytest.raises(NoExcerpt, match="line 3 does not name the recipient"):
        excerpt(workspace, source, 3, named="a@x")


def test_an_address_with_quotes_in_json(workspace: Workspace, tmp_path: Path) -> None:
    content = json.dumps({"event": "delivered", "email": '"Q"@x'}).encode() + b"\n"
    source = kept(workspace, tmp_path, content, delimiter=None, header_line=0)
    assert excerpt(workspace, source, 1, named='"q"@x')[0] == content


def test_a_line_inside_another_record(workspace: Workspace, tmp_path: Path) -> None:
    source = kept(workspace, tmp_path, HEAD + b'a@x,drop,"1\r\n2"\r\n')
    with pytest.raises(NoExcerpt, match="no record begins on line 3"):
        excerpt(workspace, source, 2, 3)
    with pytest.raises(NoExcerpt, match="no record begins on line 9"):
        excerpt(workspace, source, 9)


def test_a_quote_that_is_never_closed(workspace: Workspace, tmp_path: Path) -> None:
    source = kept(workspace, tmp_path, HEAD + b'a@x,drop,"open\r\n' + b"b@x,drop,\r\n" * 300)
    with pytest.raises(NoExcerpt, match="never closed"):
        excerpt(workspace, source, 2)
    assert excerpt(workspace, source, 3)[0] == HEAD + b"b@x,drop,\r\n"


def test_a_cell_larger_than_any_log_has(workspace: Workspace, tmp_path: Path) -> None:
    source = kept(workspace, tmp_path, HEAD + b"a@x,drop," + b"x" * 200_000 + b"\r\n")
    with pytest.raises(NoExcerpt, match="no record of a table"):
        excerpt(workspace, source, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("length", [100, 101, 149, 200, 1000])
def test_a_line_that_is_too_long_is_passed_over(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, length: int
) -> None:
    monkeypatch.setattr(lines, "LINE_LIMIT", 100)
    head, last = "email,event,reason\n".encode(encoding), "b@x,drop,\n".encode(encoding)
    source = kept(workspace, tmp_path, head + ("y" * length + "\n").encode(encoding) + last, encoding=encoding)
    assert excerpt(workspace, source, 3)[0] == head + last
    with pytest.raises(NoExcerpt, match="line 2 is too long"):
        excerpt(workspace, source, 2)
    source = kept(workspace, tmp_path, head + ("y" * length).encode(encoding), encoding=encoding)
    with pytest.raises(NoExcerpt, match="line 2 is too long"):
        excerpt(workspace, source, 2)


def test_a_broken_object(workspace: Workspace, tmp_path: Path) -> None:
    for content in (b'{"event": "x"\n', b"[\n", b"{" * 5_000 + b"\n", b'{"a":' * 5_000 + b"\n", b'{"other": 1}\n'):
        source = kept(workspace, tmp_path, content, delimiter=None, header_line=0)
        with pytest.raises(NoExcerpt):
            excerpt(workspace, source, 1)


def test_the_text_of_a_wrapper_may_be_json_itself(workspace: Workspace, tmp_path: Path) -> None:
    content = json.dumps({"body": json.dumps([{"event": "delivered", "email": "a@x"}]), "note": "{no json"}).encode()
    source = kept(workspace, tmp_path, content, delimiter=None, header_line=0)
    assert excerpt(workspace, source, 1, named="a@x")[0] == content
