"""What the webhook's endpoint takes and refuses, asked over a real connection."""

import gzip
import json
import os
import socket
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from lasthop.live import patience, receive
from lasthop.live.body import Limits
from lasthop.live.receive import Gate
from lasthop.live.signed import read_public_key
from tests.live.posting import KEY, NOW, SIGNATURE, TIMESTAMP, Endpoint, endpoint, event, posted, shown, signed

SMALL = Limits(bytes_=20_000, seconds=0.5)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with endpoint(tmp_path_factory.mktemp("live"), Gate(read_public_key(shown(KEY))), SMALL) as running:
        yield running


@pytest.fixture(autouse=True)
def _empty(live: Endpoint) -> None:
    for body in live.spool.waiting():
        body.unlink()


def test_signed_bytes_are_kept_as_they_came(live: Endpoint) -> None:
    body = posted(event(1), event(2))
    assert live.post(body, signed(body)) == (200, "kept\n")
    assert live.kept() == [body]


def test_the_same_json_written_anew_is_refused(live: Endpoint) -> None:
    body = posted(event(3), event(4))
    anew = json.dumps(json.loads(body)).encode()
    status, said = live.post(anew, signed(body))
    assert (status, live.kept()) == (403, [])
    assert "does not fit these bytes" in said


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({TIMESTAMP: str(NOW)}, 401),
        ({SIGNATURE: "MEUC", TIMESTAMP: str(NOW)}, 403),
        ({SIGNATURE: "not base64!", TIMESTAMP: str(NOW)}, 403),
        ({SIGNATURE: "MEUC", TIMESTAMP: "yesterday"}, 403),
        ({SIGNATURE: "MEUC", TIMESTAMP: "9" * 40}, 403),
    ],
)
def test_no_or_a_wrong_signature_is_refused(live: Endpoint, headers: dict[str, str], status: int) -> None:
    assert live.post(posted(event(5)), headers)[0] == status
    assert not live.kept()


def test_the_key_of_somebody_else_is_refused(live: Endpoint) -> None:
    body = posted(event(6))
    assert live.post(body, signed(body, key=ec.generate_private_key(ec.SECP256R1())))[0] == 403


def test_another_timestamp_than_the_signed_one_is_refused(live: Endpoint) -> None:
    body = posted(event(7))
    assert live.post(body, {**signed(body), TIMESTAMP: str(NOW + 1)})[0] == 403


@pytest.mark.parametrize(("age", "status"), [(26 * 3600, 403), (24 * 3600, 200), (-200, 200), (-3600, 403)])
def test_a_signature_counts_for_a_little_longer_than_sendgrid_repeats(live: Endpoint, age: int, status: int) -> None:
    body = posted(event(90_000 + age))
    assert live.post(body, signed(body, NOW - age))[0] == status


def test_a_replay_is_answered_and_takes_no_room(live: Endpoint) -> None:
    body = posted(event(8))
    headers = signed(body)
    assert [live.post(body, headers)[0] for _ in range(5)] == [200] * 5
    assert len(live.kept()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Sign in</body></html>",
        posted(event(9))[:-30],
        b"[]",
        b"",
        b'[{"event":"later than us"}]',
        b"\xff\xfe\x00",
    ],
)
def test_signed_bytes_of_any_kind_are_kept(live: Endpoint, body: bytes) -> None:
    assert live.post(body, {**signed(body), "Content-Type": "text/html"})[0] == 200
    assert live.kept() == [body]


def test_a_body_that_is_declared_too_large_is_refused(live: Endpoint) -> None:
    body = b"x" * 20_001
    assert live.post(body, signed(body)) == (413, "The body is larger than 20,000 bytes.\n")


def test_a_body_that_grows_too_large_on_the_way_is_refused(live: Endpoint) -> None:
    with socket.create_connection(("127.0.0.1", live.port), timeout=10) as line:
        head = f"POST / HTTP/1.1\r\nHost: a\r\n{SIGNATURE}: MEUC\r\n{TIMESTAMP}: {NOW}\r\nTransfer-Encoding: chunked\r\n\r\n"
        line.sendall(head.encode() + (b"1000\r\n" + b"x" * 0x1000 + b"\r\n") * 6 + b"0\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_a_body_in_drips_is_given_up(live: Endpoint) -> None:
    with socket.create_connection(("127.0.0.1", live.port), timeout=10) as line:
        head = f"POST / HTTP/1.1\r\nHost: a\r\n{SIGNATURE}: MEUC\r\n{TIMESTAMP}: {NOW}\r\nContent-Length: 900\r\n\r\n["
        line.sendall(head.encode())
        assert line.recv(100).startswith(b"HTTP/1.1 408")


def test_a_head_in_drips_is_given_up(live: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_S", 0.3)
    with socket.create_connection(("127.0.0.1", live.port), timeout=10) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost:")
        assert line.recv(100) == b""


def test_a_second_head_in_drips_is_given_up_too(live: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_S", 0.3)
    with socket.create_connection(("127.0.0.1", live.port), timeout=10) as line:
        line.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = b""
        while b"lasthop receives" not in answer:
            answer += line.recv(500)
        line.sendall(b"POST / HTT")
        assert line.recv(100) == b""


@pytest.mark.parametrize("over", ["content", "wire"])
def test_gzip_is_unpacked_whichever_bytes_were_signed(live: Endpoint, over: str) -> None:
    body = posted(event(10 if over == "content" else 11))
    wire = gzip.compress(body[:50]) + gzip.compress(body[50:])
    headers = signed(body if over == "content" else wire) | {"Content-Encoding": "gzip"}
    assert live.post(wire, headers)[0] == 200
    assert live.kept() == [body]


@pytest.mark.parametrize(
    ("wire", "encoding", "status"),
    [
        (gzip.compress(b" " * 3_000_000), "gzip", 413),
        (gzip.compress(b"[]" * 900)[:-9], "gzip", 400),
        (b"plain", "gzip", 400),
        (zlib.compress(b"[]"), "deflate", 400),
    ],
    ids=["swells", "cut", "not gzip", "another encoding"],  # never the bytes: gzip writes the time into them
)
def test_gzip_that_swells_or_breaks_is_refused(live: Endpoint, wire: bytes, encoding: str, status: int) -> None:
    assert live.post(wire, signed(wire) | {"Content-Encoding": encoding})[0] == status
    assert not live.kept()


def test_every_path_takes_posts_and_nothing_else_does(live: Endpoint) -> None:
    body = posted(event(12))
    assert live.post(body, signed(body), "/hooks/sendgrid?site=1")[0] == 200


def test_a_full_disk_is_answered_so_that_sendgrid_sends_again(live: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    body = posted(event(13))
    with monkeypatch.context() as full:
        full.setattr("lasthop.live.spool.FREE_BYTES", 1 << 60)
        assert live.post(body, signed(body))[0] == 503
    assert not live.kept()
    assert live.post(body, signed(body))[0] == 200
    assert live.kept() == [body]


def test_nothing_is_answered_before_the_bytes_and_their_folder_are_synced(
    live: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, real = [], os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: (order.append(str(Path(f"/proc/self/fd/{handle}").readlink())), real(handle))
    )
    answer = receive.PlainTextResponse
    monkeypatch.setattr(receive, "PlainTextResponse", lambda *words: (order.append("answered"), answer(*words))[1])
    body = posted(event(14))
    assert live.post(body, signed(body))[0] == 200
    file, folder, last = order
    assert file.endswith(".part")
    assert (folder, last) == (str(live.spool.path), "answered")


def test_what_was_refused_is_counted(live: Endpoint) -> None:
    live.receiver.tally.take()
    live.post(b"x")
    assert live.receiver.tally.take() == {401: 1}
    assert not live.receiver.tally.take()


def test_a_bearer_token_is_asked_for_beside_the_signature(tmp_path: Path) -> None:
    body = posted(event(15))
    gate = Gate(read_public_key(shown(KEY)), bearer="an invented token")
    assert "invented" not in repr(gate)
    with endpoint(tmp_path, gate) as running:
        for given, status in ((None, 401), ("Bearer another", 401), ("Basic an invented token", 401)):
            assert running.post(body, signed(body) | ({"Authorization": given} if given else {}))[0] == status
        good = {"Authorization": "Bearer an invented token"}
        assert running.post(body, good)[0] == 401  # a token stands for no signature
        assert running.post(body, signed(body) | good)[0] == 200


def test_unsigned_posts_are_taken_only_where_that_was_asked_for(tmp_path: Path) -> None:
    with endpoint(tmp_path, Gate(None)) as running:
        assert running.post(posted(event(16)))[0] == 200
        assert len(running.kept()) == 1
