"""SendGrid's ids, decoded; any text of another shape gives None."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasthop.trace.identity import EventIdParts, MessageIdParts, decode_event_id, decode_message_id

X_ID = "Ab3-dE_gH1jKlMnOpQrStU"


def event_id(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{X_ID}.recvd-86b77d8cc7-8d6gn-1-6907495B-14.0", MessageIdParts(X_ID, "recvd-86b77d8cc7-8d6gn-1", 1762085211000, 0)),
        (f"<{X_ID}.filterdrecv-p3mdw1-75-18-5F5FC76C-9.167>", MessageIdParts(X_ID, "filterdrecv-p3mdw1-75-18", 1600112492000, 167)),
        (f"{X_ID}.filter0905p1mdw1-4434-59E0C6FF-3.0", MessageIdParts(X_ID, "filter0905p1mdw1-4434", 1507903231000, 0)),
    ],
)  # fmt: skip
def test_a_message_id_tells_when_it_was_made_and_which_recipient(text: str, wanted: MessageIdParts) -> None:
    assert decode_message_id(text) == wanted


@pytest.mark.parametrize(
    ("plain", "wanted"),
    [
        (f"processed-20900645-{X_ID}-0", EventIdParts("processed", None, "20900645", X_ID, 0)),
        (f"delivered-0-20900645-{X_ID}-3", EventIdParts("delivered", 0, "20900645", X_ID, 3)),
        (f"deferred-45-1375033-{X_ID}-0", EventIdParts("deferred", 45, "1375033", X_ID, 0)),
        (f"drop-10994919-{X_ID}-167", EventIdParts("drop", None, "10994919", X_ID, 167)),
    ],
)
def test_an_event_id_tells_event_attempt_and_message(plain: str, wanted: EventIdParts) -> None:
    assert decode_event_id(event_id(plain)) == wanted


@pytest.mark.parametrize(
    "text", [None, "", X_ID, "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0", "ああ", "a" * 10_000]
)
def test_other_shapes_are_not_guessed(text: str | None) -> None:
    assert decode_message_id(text) is None
    assert decode_event_id(text) is None


@given(st.text())
def test_no_text_raises(text: str) -> None:
    decode_message_id(text)
    decode_event_id(text)
    decode_event_id(event_id(text))
