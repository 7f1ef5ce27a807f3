"""X-Message-Id, the strongest link, out of whatever ids a source gives."""

import json

import pytest

from tests.read.taking import take


@pytest.mark.parametrize(
    ("entries", "x_message_id"),
    [
        (
            {"sg_message_id": "XBg2anf2TqCy6WXKQFhieQ.filter0905p1mdw1-4434-59E0C6FF-3.0"},
            "XBg2anf2TqCy6WXKQFhieQ",
        ),
        (
            {"sg_message_id": "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0"},
            "LRzXl_NHStOGhQ4kofSm_A",
        ),
        ({"sg_message_id": "Mh7-fao5Qhi8Fai8hMxi3A.recvd-76b48cd7f5-1-67125B46-1.0"}, "Mh7-fao5Qhi8Fai8hMxi3A"),
        ({"sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0"}, "14c5d75ce93.dfd.64b469"),
        ({"sg_message_id": "k2ynMg3XS1qDPmHIqsFJFA.canary-1.0"}, "k2ynMg3XS1qDPmHIqsFJFA"),
        ({"sg_message_id": "full-a1.x"}, "full-a1.x"),
        ({"sg_message_id": "Mh7-fao5Qhi8Fai8hMxi3A"}, "Mh7-fao5Qhi8Fai8hMxi3A"),
        # processed-20900645-<id>-0, delivered-0-47504368-<id>-0 (the id holds a hyphen), drop-10994919-<id>-0
        ({"sg_event_id": "cHJvY2Vzc2VkLTIwOTAwNjQ1LWsyeW5NZzNYUzFxRFBtSElxc0ZKRkEtMA"}, "k2ynMg3XS1qDPmHIqsFJFA"),
        ({"sg_event_id": "ZGVsaXZlcmVkLTAtNDc1MDQzNjgtTWg3LWZhbzVRaGk4RmFpOGhNeGkzQS0w"}, "Mh7-fao5Qhi8Fai8hMxi3A"),
        ({"sg_event_id": "ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA"}, "LRzXl_NHStOGhQ4kofSm_A"),
        ({"sg_event_id": "sixteen-bytes-of-noise!"}, None),
        ({"sg_event_id": "AAAAAAAAAAAAAAAAAAAAAA"}, None),
        ({"smtp-id": "<k2ynMg3XS1qDPmHIqsFJFA@geopod-ismtpd-1-1>"}, "k2ynMg3XS1qDPmHIqsFJFA"),
        ({"smtp-id": "<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>"}, "LRzXl_NHStOGhQ4kofSm_A"),
        ({"smtp-id": "<own-id-1@shop.example>"}, None),
        ({"sg_message_id": "", "sg_event_id": "noise", "smtp-id": "<x1@geopod-ismtpd-17>"}, "x1"),
        ({}, None),
    ],
)
def test_the_id_is_found_wherever_it_stands(entries: dict[str, str], x_message_id: str | None) -> None:
    event = {"event": "bounce", "email": "a@x.jp", "timestamp": 1783512020, **entries}

    assert take(json.dumps([event]), "dump.json").event["x_message_id"] == x_message_id
