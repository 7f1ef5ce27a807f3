"""How SendGrid is asked: sentences for every refusal, repeats, limits, hosts, subusers, and where the key goes."""

import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from lasthop.errors import InputError
from lasthop.live.sendgrid import missing_rights
from lasthop.pull import Circumstances, Key, NothingThere, Refused, SendGrid, Stopped, Unanswered
from lasthop.standin import SCOPES, Account, demo_account
from tests.pull.wire import START, Clock, connected, wire_of

KEY = "SG.an-invented-key-of-a-test"
Answer = tuple[int, dict[str, str], bytes]


class Service(BaseAdapter):
    """Gives these answers, the last one again and again; keeps what it was sent."""

    def __init__(self, *answers: Answer | Exception) -> None:
        super().__init__()
        self.answers, self.sent, self.clock = list(answers), list[requests.PreparedRequest](), Clock()

    def close(self) -> None:
        """Nothing is open."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        self.sent.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, headers, body = answer
        response = requests.Response()
        response.status_code, response.request, response.url = status, request, request.url or ""
        response.headers = requests.structures.CaseInsensitiveDict(headers)
        response.raw = HTTPResponse(io.BytesIO(body), headers=headers, status=status, preload_content=False)
        return response

    def account(self, **options: Any) -> SendGrid:
        circumstances = Circumstances(self.clock.now, self.clock.sleep, lambda: 0.0, transport=self)
        return SendGrid(Key(KEY, "a test"), circumstances=circumstances, **options)


def said(message: str, field: str | None = None) -> bytes:
    return json.dumps({"errors": [{"message": message, "field": field}]}).encode()


def logs(account: SendGrid) -> object:
    return account.logs(START, START + 60)


def activity(account: SendGrid) -> object:
    return account.activity(START, START + 60)


def bounces(account: SendGrid) -> object:
    return list(account.stop_list("bounces"))


@pytest.mark.parametrize(
    ("ask", "status", "body", "words"),
    [
        (logs, 400, said("invalid syntax: 'x' is not a known field"), ["does not understand", "not a known field"]),
        (activity, 400, said("authorization required"), ["does not open Email Activity", "add-on", "messages.read"]),
        (activity, 401, said("authorization required"), ["does not open Email Activity", "add-on"]),
        (
            logs,
            401,
            said("The provided authorization grant is invalid"),
            ["does not know this key", "grant is invalid"],
        ),
        (logs, 403, said("access forbidden"), ["may not read the Email Logs", "read access"]),
        (activity, 403, said("access forbidden"), ["may not read Email Activity", "messages.read", "add-on"]),
        (bounces, 403, said("access forbidden"), ["stop list bounces", "suppression.bounces.read or suppression.read"]),
        (logs, 413, b"", ["larger than SendGrid takes", "Ask for less at once"]),
        (logs, 418, said("\x1b[31mteapot" * 90), ["does not understand", "(418)"]),
    ],
    ids=["400", "400 add-on", "401 add-on", "401", "403 logs", "403 activity", "403 list", "413", "418"],
)
def test_what_a_person_has_to_change_is_asked_once_and_said(
    ask: Callable[[SendGrid], object], status: int, body: bytes, words: list[str]
) -> None:
    service = Service((status, {}, body))
    with pytest.raises(Refused) as raised:
        ask(service.account())
    assert raised.value.status == status
    assert len(service.sent) == 1
    for word in words:
        assert word in str(raised.value)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 700
    assert KEY not in str(raised.value)


def test_404_says_that_it_may_be_too_old() -> None:
    with pytest.raises(NothingThere, match=r"nothing under that name in the Email Logs.*older than it is kept"):
        Service((404, {}, said("not found"))).account().log("an-id")


PAGE = b"  <!DOCTYPE html><html><body>Sign in to the guest network</body></html>"


@pytest.mark.parametrize(
    ("answer", "words", "tries"),
    [
        ((429, {"Retry-After": "7"}, said("too many requests")), "asked too often", 6),
        ((500, {}, b"oops"), "cannot answer now \\(500\\)", 6),
        ((503, {}, PAGE), "cannot answer now \\(503\\)", 6),
        ((200, {}, PAGE), "not SendGrid that answered, but a page.*proxy or a login page", 1),
        ((403, {}, PAGE), "not SendGrid that answered, but a page", 1),
        ((302, {"Location": "https://login.example/"}, b""), "not SendGrid that answered, but a page", 1),
        ((200, {}, b'{"messages": [{"sg_mess'), "cannot be read.*breaks off or is no JSON", 6),
        ((200, {}, b""), "cannot be read.*It is empty", 6),
        ((200, {}, b'{"rows": []}'), "JSON of another form", 1),
        ((200, {}, b"[" * 100_000), "cannot be read", 6),
        (requests.ConnectionError("secret-host"), "api.sendgrid.com cannot be reached. The connection failed", 6),
        (requests.ReadTimeout("x"), "No answer came in time", 6),
        (requests.exceptions.SSLError("x"), "certificate cannot be trusted", 6),
        (requests.exceptions.ProxyError("x"), "proxy does not let the request through", 6),
    ],
    ids=[
        "429", "500", "503 page", "page", "403 page", "redirect", "cut JSON", "empty", "other JSON", "deep JSON",
        "no connection", "silence", "certificate", "proxy",
    ],
)  # fmt: skip
def test_what_may_pass_is_tried_again_within_bounds(answer: Answer | Exception, words: str, tries: int) -> None:
    service = Service(answer)
    with pytest.raises(Unanswered, match=words) as raised:
        logs(service.account())
    assert len(service.sent) == tries
    assert service.clock.slept <= 6 * 61
    assert "secret-host" not in str(raised.value)
    if not isinstance(answer, Exception) and answer[0] == 200:
        assert raised.value.body == answer[2], "the bytes are there to be kept"


def test_waits_grow_and_end_with_the_first_good_answer() -> None:
    service = Service((500, {}, b""), (500, {}, b""), (500, {}, b""), (200, {}, b'{"messages": null}'))
    assert service.account().logs(START, START + 9).rows == []
    assert service.clock.slept == 1 + 2 + 4


def test_the_allowance_has_nothing_to_do_with_a_service_out_of_order() -> None:
    plenty = {"X-RateLimit-Remaining": "599", "X-RateLimit-Reset": str(START + 50)}
    service = Service((500, plenty, b""), (200, plenty, b'{"messages": []}'))
    logs(service.account())
    assert service.clock.slept == 1


def test_the_wait_that_a_service_names_is_obeyed_by_its_own_clock() -> None:
    headers = {"X-RateLimit-Reset": "100030", "Date": "Fri, 02 Jan 1970 03:46:40 GMT"}
    service = Service((429, headers, b""), (200, {}, b'{"messages": []}'))
    logs(service.account())
    assert 30 <= service.clock.slept <= 32


def test_a_limit_is_obeyed_before_it_is_hit() -> None:
    last = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(START + 40)}
    service = Service((200, last, b'{"messages": []}'), (200, {}, b'{"messages": []}'))
    account = service.account()
    logs(account)
    assert service.clock.slept == 0
    logs(account)
    assert 40 <= service.clock.slept <= 42


@pytest.mark.parametrize("skew", [-3_000, 0, 3_000])
def test_email_activity_is_never_asked_more_than_six_times_a_minute(skew: int) -> None:
    clock, account = Clock(), Account()
    client = connected(account, clock)
    account.now = lambda: clock.time + skew
    times = []
    for _ in range(20):
        activity(client)
        times.append(clock.time)
    assert all(later - earlier >= 60 for earlier, later in zip(times, times[6:], strict=False))
    assert len(account.requests) == 20, "none was asked twice: none was refused"


def test_a_stop_is_felt_while_it_waits() -> None:
    service, stop = Service((503, {"Retry-After": "600"}, b"")), list[int]()

    def sleep(seconds: float) -> None:
        service.clock.sleep(seconds)
        stop.append(1)

    circumstances = Circumstances(service.clock.now, sleep, stopped=lambda: bool(stop), transport=service)
    with pytest.raises(Stopped):
        logs(SendGrid(Key(KEY, "a test"), circumstances=circumstances))
    assert service.clock.slept < 1


@pytest.mark.parametrize(
    ("host", "root"), [("global", "https://api.sendgrid.com"), ("eu", "https://api.eu.sendgrid.com")]
)
def test_hosts_and_no_address_in_a_url(host: str, root: str) -> None:
    service = Service((200, {}, b'{"messages": []}'))
    service.account(host=host).logs_to("anna@mail.example", START, START + 60)
    (request,) = service.sent
    assert request.url == f"{root}/v3/logs"
    assert json.loads(request.body or b"")["query"].startswith(
        'to_email = "anna@mail.example" AND sg_message_id_created_at'
    )


def test_the_key_is_in_one_header_and_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    service = Service((200, {}, b'{"messages": []}'))
    logs(service.account())
    (request,) = service.sent
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    del request.headers["Authorization"]
    assert KEY not in f"{request.url} {request.headers} {request.body!r} {caplog.text} {service.account().__dict__}"


@pytest.mark.parametrize(
    "base", ["http://api.sendgrid.com", "ftp://127.0.0.1", "https://", "http://127.0.0.1.evil.example"]
)
def test_a_key_goes_nowhere_unprotected(base: str) -> None:
    with pytest.raises(InputError, match="no address that a key may be sent to"):
        SendGrid(Key(KEY, "a test"), base=base)


@pytest.mark.parametrize("address", ['a"b@mail.example', "a\\b@mail.example", "a\nb@mail.example"])
def test_a_query_takes_no_text_that_could_change_it(address: str) -> None:
    service = Service((200, {}, b'{"messages": []}'))
    with pytest.raises(InputError, match="cannot be asked about"):
        service.account().logs_to(address, START, START + 1)
    assert service.sent == []


def test_a_subuser_is_named_in_a_header_and_by_its_id_in_the_logs() -> None:
    clock, account = Clock(), Account()
    account.subusers = {"shop": demo_account(count=5)}
    account.subusers["shop"].now = clock.now
    client = connected(account, clock, subuser="shop")
    logs(client)
    bounces(client)
    sent = wire_of(client).sent
    assert [json.loads(one.body)["subusers"] for one in sent if one.body] == [["1001"]]
    assert [one.headers.get("on-behalf-of") for one in sent] == [None, None, "shop"]
    assert connected(account, clock, subuser="1001").logs(START - 20 * 86_400, START).rows == []
    with pytest.raises(Refused, match="knows no subuser stranger"):
        logs(connected(account, clock, subuser="stranger"))


def test_stop_lists_come_in_pages_of_five_hundred() -> None:
    service = Service(
        *((200, {}, json.dumps([{"email": f"{n}@x.example"} for n in range(size)]).encode()) for size in (500, 3))
    )
    pages = list(service.account().stop_list("bounces", since=5))
    assert [len(page.rows) for page in pages] == [500, 3]
    assert [one.path_url for one in service.sent] == [
        "/v3/suppression/bounces?start_time=5&limit=500&offset=0",
        "/v3/suppression/bounces?start_time=5&limit=500&offset=500",
    ]


@pytest.mark.parametrize(
    ("what", "without", "words"),
    [
        ("activity", ("messages.read", "email_activity.read"), ["Email Activity"]),
        ("stats", ("stats.read", "stats.global.read"), ["the statistics"]),
        ("suppressions", ("suppression.read", "suppression.blocks.read"), ["the stop list blocks"]),
        ("suppressions", (), []),
    ],
    ids=["activity", "stats", "blocks", "none"],
)
def test_missing_rights_are_known_before_anything_is_pulled(
    what: str, without: tuple[str, ...], words: list[str]
) -> None:
    account = Account(scopes=tuple(scope for scope in SCOPES if scope not in without))
    client = connected(account, Clock())
    assert [right.what for right in missing_rights(client, [what])] == words
    assert account.requests == ["GET /v3/scopes"]
