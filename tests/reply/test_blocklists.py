"""A reply that names a block list: what it is for, which list, and the page to ask for removal."""

import pytest

from lasthop.reply import Reply, classify

NAMED = [
    ("554 5.7.1 Client host [192.0.2.7] blocked using zen.spamhaus.org, and that is that", "Spamhaus"),
    ("550 We found 192.0.2.7 in sbl-xbl.spamhaus.org today", "Spamhaus"),
    ("550 5.7.1 The domain you write from stands in dbl.spamhaus.org", "Spamhaus"),
    ("554 HELO refused, the name is in dbl.spamhaus.org", "Spamhaus"),
    ("550 スパムハウスに登録されています", "Spamhaus"),
    ("553 SpamCop does not like 192.0.2.7", "SpamCop"),
    ("550 Your address is listed at b.barracudacentral.org", "Barracuda"),
    ("550 Refused after a look at Barracuda Reputation", "Barracuda"),
    ("550 dul.dnsbl.sorbs.net holds your range", "SORBS"),
    ("554 dnsbl-2.uceprotect.net", "UCEPROTECT"),
    ("550 combined.mail.abusix.zone says no", "Abusix"),
    ("550 192.0.2.7 stands in ivmSIP", "Invaluement"),
    ("550 bl.mailspike.net", "Mailspike"),
    ("554 Your domain was found in multi.surbl.org", "SURBL"),
    ("554 Your domain was found on multi.uribl.com", "URIBL"),
    ("554 psbl.surriel.com has you", "PSBL"),
    ("550 hostkarma.junkemailfilter.com", "Hostkarma"),
    ("550 truncate.gbudb.net", "GBUdb"),
    ("550 cbl.abuseat.org, see https://www.spamhaus.org/cbl", "CBL"),
    ("550 noptr.spamrats.com", "SpamRATS"),
    ("550 ix.dnsbl.manitu.net", "NiX Spam"),
    ("550 The NiX Spam list has 192.0.2.7", "NiX Spam"),
    ("550 ips.backscatterer.org", "Backscatterer"),
    ("550 all.s5h.net", "S5H"),
    ("550 dnsbl.dronebl.org", "DroneBL"),
    ("550 dnsbl.spfbl.net", "SPFBL"),
    ("550 bl.blocklist.de", "blocklist.de"),
    ("550 score.senderscore.com: too low", "Validity Sender Score"),
    ("550 See https://csi.cloudmark.com/reset?ip=192.0.2.7", "Cloudmark"),
    ("550 See https://talosintelligence.com/lookup?search=192.0.2.7", "Talos"),
    ("550 Ask http://www.mail-abuse.com/lookup for 192.0.2.7", "Trend Micro ERS"),
    ("554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.7", "Proofpoint"),
    ("550 Part of your network is on our block list (S3150)", "Microsoft"),
    ("550 5.7.620 Ask at https://sender.office.com/ to be let in again", "Microsoft"),
    ("550 rejected: short.rbl.jp", "RBL.JP"),
    ("554 Listed at bl.example.org", "bl.example.org"),
    ("550 vbl.example.net has you", "vbl.example.net"),
    ("554 Client host blocked using dnsbl.example.net", "dnsbl.example.net"),
]


@pytest.mark.parametrize(("text", "name"), NAMED, ids=range(len(NAMED)))
def test_the_list_is_named_and_is_the_reason(text, name):
    reason = classify(Reply(text))
    assert (reason.label, reason.attributes.get("blocklist")) == ("reputation_block", name)


def test_the_page_of_the_list_goes_before_other_pages():
    reason = classify(
        Reply("550 See https://mail.example.com/help, 192.0.2.7 is at https://www.spamhaus.org/query/ip/192.0.2.7.")
    )
    assert reason.attributes["url"] == "https://mail.example.com/help"
    assert reason.attributes["blocklist_url"] == "https://www.spamhaus.org/query/ip/192.0.2.7"


def test_digits_in_a_page_are_no_continued_line():
    reason = classify(Reply("553 5.7.1 Spamhaus has you; see http://www.example.com/550-bl23.html"))
    assert reason.attributes["blocklist_url"] == "http://www.example.com/550-bl23.html"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("550 The message contains a URL that SURBL lists", "spam_content"),
        ("550 5.1.1 user unknown <abuse@spamhaus.example.org>", "invalid_recipient"),
        ("550 Your address is on the recipient's block list", "recipient_refused"),
        ("550 5.7.1 Your attachment has a blocked file name", "prohibited_attachment"),
        ("550 5.1.1 <a@example.com>: User unknown in table maillist.example.org", "invalid_recipient"),
    ],
)
def test_what_only_looks_like_a_listing_is_none(text, label):
    reason = classify(Reply(text))
    assert reason.label == label
    assert "blocklist" not in reason.attributes or label == "spam_content"
