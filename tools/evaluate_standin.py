"""Check the stand-in against SendGrid's OpenAPI documents: ``evaluate_standin.py FOLDER``, or ``make evaluate``.

FOLDER holds, in it or in a folder below, ``tsg_*_v3.json``. Every kind of pull, question and removal of lasthop's own
client is made at a stand-in on a port of this machine; each request and each answer is validated with openapi-core
against the document that has its path. Exit 1 when one does not fit; without documents nothing is said.

What no document has is counted and named, not passed over: paths (``/v3/scopes``, ``/v3/subusers``) and statuses that
SendGrid gives and does not list (401 and 403 of most endpoints).
"""

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

import requests
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.responses.exceptions import ResponseFinderError
from openapi_core.testing import MockRequest, MockResponse
from requests.adapters import HTTPAdapter
from standin_tour import tour

from lasthop.standin import running, stand_in


@dataclass(frozen=True)
class Exchange:
    """One request of the client, with the address that it meant, and what it got."""

    request: requests.PreparedRequest
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def name(self) -> str:
        """Method, path without what it names, and status, for a person."""
        path = re.sub(r"/[^/]*(?:%40|no-such|recvd)[^/]*", "/…", urlsplit(self.request.url or "").path)
        return f"{self.request.method} {path} {self.status}"


@dataclass
class Recorder(HTTPAdapter):
    """Carries what is meant for SendGrid's hosts to the stand-in, and keeps both sides."""

    address: str
    exchanges: list[Exchange] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send a copy to the stand-in."""
        local, meant = urlsplit(self.address), urlsplit(request.url or "")
        copy = request.copy()
        copy.url = urlunsplit((local.scheme, local.netloc, meant.path, meant.query, ""))
        response = super().send(copy, *args, **options)
        body = response.content  # kept by the response too: the client still reads all of it
        self.exchanges.append(Exchange(request, response.status_code, dict(response.headers), body))
        return response


@dataclass
class Document:
    """One OpenAPI document, and what was seen of it."""

    name: str
    api: OpenAPI
    seen: Counter[str] = field(default_factory=Counter)

    def fits(self, one: Exchange) -> Iterator[str]:
        """What is wrong with an exchange. Raises PathError when the document does not have its path and method."""
        where = urlsplit(one.request.url or "")
        body = one.request.body
        request = MockRequest(
            f"{where.scheme}://{where.netloc}",
            str(one.request.method).lower(),
            unquote(where.path),
            args=dict(parse_qsl(where.query, keep_blank_values=True)),
            headers=dict(one.request.headers),
            data=body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else None,
        )
        answer = MockResponse(one.body, one.status, one.headers, one.headers.get("content-type", "").split(";")[0])
        try:
            self.api.validate_request(request)
        except PathError:
            raise
        except OpenAPIError as error:
            if one.status != 400:  # what was wrong on purpose is to be refused
                yield f"request: {_causes(error)}"
        self.seen["requests"] += 1
        try:
            self.api.validate_response(request, answer)
            self.seen["answers"] += 1
        except ResponseFinderError:
            self.seen[f"status {one.status} not in it"] += 1
        except OpenAPIError as error:
            if one.body == b"{}" and "/asm/suppressions/global/" in where.path:
                self.seen["answers that its schema refuses and its description asks for ({} for no entry)"] += 1
                return
            yield f"answer: {_causes(error)}"


def _causes(error: BaseException) -> str:
    """An error with what lies below it, in one line."""
    cause: BaseException | None = error
    words = []
    while cause is not None:
        errors = getattr(cause, "schema_errors", None)
        words.append("; ".join(_deep(one) for one in errors) if errors else str(cause).partition("\n")[0])
        cause = cause.__cause__
    return " <- ".join(words)[:900]


def _deep(error: Any) -> str:
    """A violated schema, and of alternatives the one that fits best."""
    best = min(error.context, key=lambda one: (len(one.absolute_path) == 0, -len(one.absolute_path)), default=None)
    place = "/".join(map(str, error.absolute_path))
    return f"{place}: {error.message[:200]}" + (f" ({_deep(best)})" if best is not None else "")


def documents(folder: Path) -> list[Document]:
    """The documents in the folder or below. They are taken as they are: one has an example of the wrong type."""
    taken = Config(spec_validator_cls=None)
    return [
        Document(path.stem, OpenAPI.from_dict(json.loads(path.read_text(encoding="utf-8")), config=taken))
        for path in sorted(folder.rglob("tsg_*_v3.json"))
    ]


def exchanges() -> list[Exchange]:
    """Everything that the client asks and the stand-in answers on the tour."""
    found: list[Exchange] = []
    with tempfile.TemporaryDirectory(prefix="lasthop-standin-") as name:
        for account, go in tour(Path(name)):
            with running(stand_in(account)) as address:
                recorder = Recorder(address)
                go(recorder)
                found += recorder.exchanges
    return found


def check(held: list[Document], seen: Iterable[Exchange]) -> tuple[Counter[str], Counter[str]]:
    """Validate each exchange; what is wrong, and what no document has, each with how often."""
    wrong, unknown = Counter[str](), Counter[str]()
    for one in seen:
        for document in held:
            try:
                faults = list(document.fits(one))
            except PathError:
                continue
            wrong.update(f"{document.name}: {one.name}: {fault}" for fault in faults)
            break
        else:
            unknown[one.name] += 1
    return wrong, unknown


def main(arguments: list[str]) -> int:
    """Print a line for each document, for what none has, and for each fault."""
    parser = argparse.ArgumentParser(description="Check the stand-in against SendGrid's OpenAPI documents.")
    parser.add_argument("folder", type=Path, help="folder with tsg_*_v3.json, or with folders that hold them")
    options = parser.parse_args(arguments)
    held = documents(options.folder)
    if not held:
        return 0
    wrong, unknown = check(held, exchanges())
    for document in held:
        counted = ", ".join(f"{number} {what}" for what, number in document.seen.items()) or "nothing of it is asked"
        print(f"{document.name}: {counted}")
    for name, number in unknown.items():
        print(f"in no document: {name} ×{number}")
    for fault, number in wrong.items():
        print(f"DOES NOT FIT ×{number}: {fault}")
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
