"""The address that was probably meant: slips of the hand are found, real domains and real people are left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasthop.explain.typo import spared
from lasthop.explain.typo.domains import mail_domains
from lasthop.explain.typo.nearest import nearest
from lasthop.explain.typo.repair import repaired
from lasthop.explain.typo.slip import mailbox_slip

NAME = "hanako.test"
KNOWN = sorted(mail_domains().well_known)
REAL = sorted(mail_domains().real)
ADDRESS = st.from_regex(r"[a-z0-9._-]{1,14}@[a-z0-9]{1,8}\.(com|co\.jp|con|example)", fullmatch=True)
ANY = st.one_of(
    st.text(max_size=40), ADDRESS, st.builds("{}@{}".format, st.text(max_size=12), st.sampled_from([*KNOWN, *REAL]))
)
SLIPS = ("swap", "drop", "double", "replace", "none")


def domain_for(written: str, domains: dict[str, int] | None = None, **failure: bool) -> str | None:
    found = nearest(f"{NAME}@{written}", {}, domains or {}, **failure)
    assert found is None or found.suggestion.startswith(f"{NAME}@")
    return found and found.suggestion.rpartition("@")[2]


def mailbox_for(written: str, *accepted: str, domain: str = "example.com") -> str | None:
    found = nearest(f"{written}@{domain}", {f"{name}@{domain}": 3 for name in accepted}, {domain: 9})
    return found and found.suggestion.rpartition("@")[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gmial.com", "gmail.com"), ("gamil.com", "gmail.com"), ("gmal.com", "gmail.com"), ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"), ("ggmail.com", "gmail.com"), ("gnail.com", "gmail.com"), ("gmeil.com", "gmail.com"),
        ("gmail.con", "gmail.com"), ("gmail.co", "gmail.com"), ("gmail.cm", "gmail.com"), ("gmail.comm", "gmail.com"),
        ("gmail.cmo", "gmail.com"), ("gmail.vom", "gmail.com"), ("gmailcom", "gmail.com"), ("gmail..com", "gmail.com"),
        ("g.mail.com", "gmail.com"), ("gmail", "gmail.com"), ("gmail.co.jp", "gmail.com"), ("gmial.con", "gmail.com"),
        ("yahoo.cojp", "yahoo.co.jp"), ("yahooco.jp", "yahoo.co.jp"), ("yaho.co.jp", "yahoo.co.jp"),
        ("ahoo.co.jp", "yahoo.co.jp"), ("yahoo.co.jo", "yahoo.co.jp"), ("yahooo.cojp", "yahoo.co.jp"),
        ("yahoo.co.j", "yahoo.co.jp"), ("docomo.ne.jo", "docomo.ne.jp"), ("docomo.co.jp", "docomo.ne.jp"),
        ("docomo.ne", "docomo.ne.jp"), ("docmo.ne.jp", "docomo.ne.jp"), ("dokomo.ne.jp", "docomo.ne.jp"),
        ("ezwen.ne.jp", "ezweb.ne.jp"), ("ezweb.co.jp", "ezweb.ne.jp"), ("softbnk.ne.jp", "softbank.ne.jp"),
        ("i.softbank.ne.jp", "i.softbank.jp"), ("isoftbank.jp", "i.softbank.jp"), ("iclould.com", "icloud.com"),
        ("icloud.con", "icloud.com"), ("hotmial.com", "hotmail.com"), ("hotmaill.con", "hotmail.com"),
        ("hotmai.co.jp", "hotmail.co.jp"), ("outlok.jp", "outlook.jp"), ("outlook.jpp", "outlook.jp"),
        ("nifty.con", "nifty.com"), ("bigloble.ne.jp", "biglobe.ne.jp"), ("au.con", "au.com"), ("ocn.ne.jo", "ocn.ne.jp"),
    ],
)  # fmt: skip
def test_a_slip_from_a_well_known_domain(written: str, meant: str) -> None:
    assert domain_for(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "mailo.com", "gmail.hu", "gmail.ru", "ymail.com", "email.com", "mail.com", "mailw.com", "me.com", "cloud.com",
        "hotmail.co.uk", "live.jp", "live.ca", "outlook.fr", "aol.de", "gmx.net", "gmx.de", "softbank.co.jp",
        "nifty.co.jp", "ymail.ne.jp", "d.vodafone.ne.jp",  # real ones
        "jmail.com", "bmail.com", "hgmail.com", "gmail.org", "gmail.dev", "gmailer.com", "mailgun.example",  # not a hand's slip
        "au.co", "a.com", "au.jp", "aul.com", "ocm.ne.jp", "ocn.or.jp", "msm.com", "live.co", "love.com",  # too short to tell
        "yahoo.co", "yahoo", "hotmail.co", "hotmail",  # two may be meant
        "example.com", "corp.example", "jp", "com", "co.jp", "", ".", "..", "localhost", "192.0.2.1", "[192.0.2.1]",
    ],
)  # fmt: skip
def test_a_real_or_unlike_domain_is_left_alone(written: str) -> None:
    assert domain_for(written) is None
    assert domain_for(written, no_domain=True) is None


@pytest.mark.parametrize("domain", [*KNOWN, *REAL])
def test_no_real_domain_is_corrected_even_where_all_others_took_messages(domain: str) -> None:
    others = dict.fromkeys(KNOWN, 1000)
    others.pop(domain, None)

    assert domain_for(domain, no_domain=True) is None
    assert domain_for(domain, others, no_domain=True) is None


def test_the_catalogue_does_not_contradict_itself() -> None:
    known = mail_domains()

    assert not known.well_known & known.real
    assert not known.wrong_ending.keys() & (known.well_known | known.real)
    assert set(known.wrong_ending.values()) <= known.well_known


@pytest.mark.parametrize(
    ("written", "accepted", "meant"),
    [
        ("exmaple.com", {"example.com": 12}, "example.com"),
        ("shop.exmaple.jp", {"shop.example.jp": 2}, "shop.example.jp"),
        ("widgetmakres.example", {"widgetmakers.example": 1}, "widgetmakers.example"),
        ("widgetmskers.example", {"widgetmakers.example": 1}, "widgetmakers.example"),
        ("widgetmakkers.example", {"widgetmakers.example": 1}, "widgetmakers.example"),
        ("widgetmkers.example", {"widgetmakers.example": 1}, "widgetmakers.example"),
        ("exmaple.com", {"example.com": 1000, "exmalpe.com": 3}, "example.com"),
        ("yahoo.co", {"yahoo.co.jp": 300, "yahoo.com": 7}, "yahoo.co.jp"),
        ("hotmail", {"hotmail.co.jp": 40}, "hotmail.co.jp"),
        ("gizmo.example", {"gizzmo.example": 100}, "gizzmo.example"),  # many people have it
    ],
)  # fmt: skip
def test_a_slip_from_a_domain_that_took_messages(written: str, accepted: dict[str, int], meant: str) -> None:
    assert domain_for(written, accepted) == meant


@pytest.mark.parametrize(
    ("written", "accepted"),
    [
        ("example.com", {"example.com": 1, "exmaple.com": 1000}),  # it took a message itself
        ("gmial.com", {"gmial.com": 1, "gmail.com": 1000}),
        ("corp12.example", {"corp1.example": 9, "corp13.example": 9, "corp21.example": 99}),  # numbered
        ("us.widgetmakers.example", {"uk.widgetmakers.example": 99}),  # a short part
        ("sales-jp.example", {"sales-us.example": 99}),
        ("tanka.example", {"tanaka.example": 99}),  # two names
        ("tanakas.example", {"tanaka.example": 9999}), ("ganaka.example", {"tanaka.example": 9999}),
        ("widgetmaker.example", {"widgetmakers.example": 99}),  # begins or ends otherwise
        ("bidgetmakers.example", {"widgetmakers.example": 99}),
        ("widgetmapers.example", {"widgetmakers.example": 99}),  # keys far apart
        ("widget-makers.example", {"widgetmakers.example": 99}),  # a separator makes a name
        ("example.net", {"example.com": 99}), ("example.org", {"example.com": 99}), ("example.co", {"example.com": 99}),
        ("exmaple.com", {"exampel.com": 3, "examlpe.com": 3}),  # unlike both
        ("abc.example", {"acb.example": 99}),  # too short
        ("examlpe.com", {"example.com": 5, "exmalpe.com": 4, "examlep.com": 5}),  # two may be meant
    ],
)  # fmt: skip
def test_domains_that_exist_and_are_alike_are_left_alone(written: str, accepted: dict[str, int]) -> None:
    assert domain_for(written, accepted) is None


@pytest.mark.parametrize(
    ("written", "accepted", "meant"),
    [
        ("example.co", "example.com", "example.com"), ("example.cm", "example.com", "example.com"),
        ("examplecom", "example.com", "example.com"), ("widget-makers.example", "widgetmakers.example", "widgetmakers.example"),
        ("widgetmapers.example", "widgetmakers.example", "widgetmakers.example"),
        ("widgtmakrs.example", "widgetmakers.example", "widgetmakers.example"),
        ("corp12.example", "corp13.example", None), ("us.widgets.example", "uk.widgets.example", None),
        ("example.net", "example.com", None),
    ],
)  # fmt: skip
def test_more_is_believed_of_a_domain_that_does_not_exist(written: str, accepted: str, meant: str | None) -> None:
    assert domain_for(written, {accepted: 9}) is None
    assert domain_for(written, {accepted: 9}, no_domain=True) == meant


def test_the_same_mailbox_at_the_other_domain_speaks_for_it() -> None:
    domains = {"widgetmapers.example": 5, "other.example": 5}

    def suggested(mailbox: str) -> str | None:
        delivered = {f"{mailbox}@widgetmapers.example": 2}
        found = nearest(f"{mailbox}@widgetmakers.example", delivered, domains)
        return found and found.suggestion

    assert suggested("hanako.test") == "hanako.test@widgetmapers.example"
    assert suggested("info") is None
    assert suggested("recruit") is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yamada.tarou", "yamada.taroou"), ("ymaada.taro", "yamada.taro"), ("yamdaa", "yamada"), ("yamaada", "yamada"),
        ("suzki.hanako", "suzuki.hanako"), ("suzyki.hanako", "suzuki.hanako"), ("suzuki_hanako", "suzuki.hanako"),
        ("suzukihanako", "suzuki.hanako"), ("inf0", "info"), ("supp0rt", "support"), ("he1pdesk", "helpdesk"),
        ("suport", "support"), ("customre.sevrice", "customer.service"), ("hirkoi12", "hiroki12"),
    ],
)  # fmt: skip
def test_a_slip_in_the_name_of_a_mailbox(written: str, meant: str) -> None:
    assert mailbox_for(written, meant, "someone.else", "zzzzzz") == meant


@pytest.mark.parametrize(
    ("written", "accepted"),
    [
        ("user1", "user2"), ("user12", "user21"), ("user1", "user"), ("test1984", "test1948"), ("member.100", "member.1000"),
        ("k.suzuki", "m.suzuki"), ("suzuki.k", "suzuki.m"), ("ksuzuki", "msuzuki"), ("suzukik", "suzuki"), ("suzuki", "suzukik"),
        ("sales-us", "sales-uk"), ("order", "orders"), ("akiko.test", "akira.test"), ("mario.test", "maria.test"),
        ("kenji.test", "kenta.test"), ("hiroko.test", "hiroki.test"), ("yuki.test", "yuji.test"), ("satou", "katou"),
        ("taro", "tarp"), ("ken", "kne"), ("abcd", "acbd"), ("sato.hiroshi", "sato.hiroki"), ("suzuki+a", "suzuki+b"),
        ("suzuki", "suzuki.hanako"), ("teama", "teamb"), ("tanaka", "nakata"), ("", "info"), ("suzu1ki", "suzuki"), ("hiroki12", "hiroko12"), ("yuki.t7", "yuji.t7"),
    ],
)  # fmt: skip
def test_two_people_who_are_alike_are_left_alone(written: str, accepted: str) -> None:
    assert mailbox_for(written, accepted) is None


def test_a_mailbox_is_not_found_out_when_two_may_be_meant_or_nothing_says_it_is_missing() -> None:
    delivered = {"suzuki@example.com": 50, "suzuki.a@example.com": 1}

    assert mailbox_for("suzki", "suzuki", "suzkki") is None
    assert nearest("suzuik@example.com", delivered, {"example.com": 51}, no_mailbox=False) is None
    assert nearest("suzuik@example.net", delivered, {"example.com": 51, "example.net": 1}) is None
    assert mailbox_for("hanako.test", "hanakotest", domain="gmail.com") is None
    assert mailbox_for("hanako.test", "hanakotest", domain="example.com") == "hanakotest"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "hanako@example.com"), ("hanako＠example.com", "hanako@example.com"),
        ("hanako@example。com", "hanako@example.com"), ("hanako@example.com.", "hanako@example.com"),
        ("hanako@example.com,", "hanako@example.com"), ("hanako@example,com", "hanako@example.com"),
        ("hanako@example..com", "hanako@example.com"), ("hanako@@example.com", "hanako@example.com"),
        ("mailto:hanako@example.com", "hanako@example.com"), ("<hanako@example.com>", "hanako@example.com"),
        ('"Hanako" <hanako@example.com>', "hanako@example.com"), ("hanako@\ufffdexample.com", "hanako@example.com"),
        ("hanako\ufffd@example.com", "hanako@example.com"), ("hanako@exam\u200bple.com", "hanako@example.com"),
        ("hanako@ex－ample.com", "hanako@ex-ample.com"), ("hanako@ex–ample.com", "hanako@ex-ample.com"),
        ("hanakoexample.com", "hanako@example.com"), ("hanako@gmаil.com", "hanako@gmail.com"),
        ("hanako@xn--gmil-63d.com", "hanako@gmail.com"),
    ],
)  # fmt: skip
def test_an_odd_address_is_read_as_what_it_can_only_be(written: str, meant: str) -> None:
    found = repaired(written, ["example.com", "ple.com"])

    assert found is not None
    assert found.address == meant
    assert found.had


@pytest.mark.parametrize(
    "written",
    [
        "hanako@example.com", "hanako+news@example.com", "o'hara@example.com", "hanako..t.@docomo.ne.jp", "",
        "hanako", "example.com", "a@b@example.com", "a@example.com,b@example.com", "a@example.com b@example.com",
        "hanako\ufffdtest@example.com", "花子@example.com", "hanako@例え.jp", "hanako@xn--r8jz45g.jp", "hanako@пример.рф",
        "hanako@example", "hanako@", "@example.com", "mailto:", "hanako@-example-.com.", "mail.example.com", "x" * 999,
    ],
)  # fmt: skip
def test_what_is_sound_or_could_be_read_in_two_ways_is_not_repaired(written: str) -> None:
    assert repaired(written, ["example.com"]) is None


@given(ANY, st.dictionaries(ADDRESS, st.integers(1, 50), max_size=5), st.booleans(), st.booleans())
def test_any_text_at_all(address: str, delivered: dict[str, int], no_mailbox: bool, no_domain: bool) -> None:
    domains = {name.rpartition("@")[2]: n for name, n in delivered.items()}

    found = nearest(address, delivered, domains, no_mailbox=no_mailbox, no_domain=no_domain)

    assert found is None or found.suggestion != address
    for one in delivered:
        assert nearest(one, delivered, domains) is None
    repair = repaired(address, domains)
    assert repair is None or (repair.address != address.lower() and repaired(repair.address, domains) is None)


def slipped(word: str, kind: str, place: int) -> str:
    n = place % (len(word) - 1)
    return {
        "swap": word[:n] + word[n + 1] + word[n] + word[n + 2 :],
        "drop": word[:n] + word[n + 1 :],
        "double": word[: n + 1] + word[n:],
        "replace": word[:n] + "s" + word[n + 1 :],
        "none": word,
    }[kind]


@settings(max_examples=400)
@given(
    st.from_regex(r"[ads0o]{4,9}([._][ads0o]{4,9})?", fullmatch=True),
    st.lists(st.tuples(st.sampled_from(SLIPS), st.integers(0, 30)), min_size=1, max_size=2),
)
def test_what_the_query_leaves_out_is_no_slip(meant: str, slips: list[tuple[str, int]]) -> None:
    written = meant
    for kind, place in slips:
        written = slipped(written, kind, place)
    head, middle, tail = spared(written)

    if mailbox_slip(written, meant):
        assert abs(len(written) - len(meant)) <= 2
        assert meant.startswith(head) or middle in meant or meant.endswith(tail)
