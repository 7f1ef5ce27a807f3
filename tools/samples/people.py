"""Who the shop writes to. Every domain is reserved for examples, every name is invented."""

from dataclasses import dataclass
from random import Random

_GIVEN = """
haruto yuto sota yuki hayato haruki ryusei koki sora ren hina yui mei sakura aoi rin miyu kana mio nana
akari kenta takumi daiki shun naoki yusuke kaori emi tomoko hiroshi makoto satoru megumi chika erika
"""
_FAMILY = """
sato suzuki takahashi tanaka ito watanabe yamamoto nakamura kobayashi kato yoshida yamada sasaki
yamaguchi matsumoto inoue kimura hayashi shimizu saito mori abe ikeda hashimoto ishikawa ogawa okada
fujita goto hasegawa murakami kondo ishii sakamoto endo aoki fujii nishimura fukuda ota
"""


@dataclass(frozen=True)
class Receiver:
    """A receiving domain: how its server words its replies, and the host it answers on."""

    domain: str
    style: str
    mx: str
    weight: int


_RECEIVERS = (
    Receiver("gmail.example", "google", "gmail-smtp-in.l.gmail.example", 36),
    Receiver("yahoo.example", "yahoo", "mx3.mail.yahoo.example", 11),
    Receiver("docomo.example", "carrier", "mfsmax.docomo.example", 12),
    Receiver("ezweb.example", "carrier", "lsean.ezweb.example", 5),
    Receiver("softbank.example", "carrier", "mx.softbank.example", 4),
    Receiver("icloud.example", "postfix", "mx01.mail.icloud.example", 8),
    Receiver("outlook.example", "microsoft", "outlook-example.olc.protection.outlook.example", 7),
    Receiver("hoshinet.example", "postfix", "mx2.hoshinet.example", 4),
    Receiver("kitano-shoji.example", "microsoft", "kitanoshoji.mail.protection.outlook.example", 3),
    Receiver("mori-design.example", "google", "aspmx.l.gmail.example", 2),
    Receiver("asahi-clinic.example", "postfix", "mail.asahi-clinic.example", 2),
    Receiver("example.com", "postfix", "mx.example.com", 3),
    Receiver("example.org", "postfix", "mx.example.org", 2),
    Receiver("example.net", "postfix", "mx.example.net", 1),
)
_BY_DOMAIN = {receiver.domain: receiver for receiver in _RECEIVERS}
ENGLISH = {"example.com", "example.org", "example.net"}


def receiver_of(address: str) -> Receiver:
    """Who answers for this address; a domain nobody knows has no server."""
    domain = address.rpartition("@")[2].lower()
    return _BY_DOMAIN.get(domain, Receiver(domain, "postfix", "", 0))


def _address(rng: Random, domain: str) -> str:
    given, family, number = rng.choice(_GIVEN.split()), rng.choice(_FAMILY.split()), rng.randrange(1, 99)
    shapes = (
        f"{given}.{family}",
        f"{family}.{given}",
        f"{given}{number:02d}",
        f"{given[0]}-{family}{number}",
    )
    return f"{rng.choice(shapes)}@{domain}"


def customers(rng: Random, count: int) -> list[str]:
    """Different addresses, spread over the receiving domains as a Japanese shop would see them."""
    weights = [receiver.weight for receiver in _RECEIVERS]
    found: dict[str, None] = {}
    while len(found) < count:
        found[_address(rng, rng.choices(_RECEIVERS, weights=weights)[0].domain)] = None
    return list(found)


def customers_of(rng: Random, domain: str, count: int) -> list[str]:
    """Different addresses, all of one domain."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[_address(rng, domain)] = None
    return list(found)
