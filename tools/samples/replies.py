"""What receiving servers answer, written for the samples in the shapes such servers are known for."""

from datetime import datetime
from random import Random

from samples.ids import ProviderIds

_OUR_ADDRESSES = ("192.0.2.31", "192.0.2.32", "192.0.2.57")
_BASE32 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"


_ACCEPTED = {
    "google": "250 2.0.0 OK  {epoch} {gid} - gsmtp",
    "microsoft": "250 2.6.0 {smtp_id} [InternalId={internal}, Hostname={mshost}] {size} bytes in 0.1{num}, "
    "{rate} KB/sec Queued mail for delivery",
    "yahoo": "250 ok dirdel {num}/{num2}",
    "carrier": "250 2.0.0 {sendmail} Message accepted for delivery",
    "postfix": "250 2.0.0 Ok: queued as {queue}",
}

DEFERRALS: dict[str, str] = {
    "google": "421-4.7.28 [{ip}] Our system has detected an unusual rate of unsolicited mail originating "
    "from your IP address. To protect our users from spam, mail sent from your IP address has been "
    "temporarily rate limited. {gid} - gsmtp",
    "microsoft": "451 4.7.500 Server busy. Please try again later from [{ip}]. (S77719) [{mshost} {iso} {token}]",
    "yahoo": "421 4.7.0 [TSS04] Messages from {ip} temporarily deferred due to unexpected volume or user complaints",
    "carrier": "450 4.7.1 Too many connections from {ip}, try again later",
    "postfix": "450 4.2.0 <{rcpt}>: Recipient address rejected: Greylisted, please try again in 300 seconds",
    "throttled": "Email was deferred due to the following reason(s): [IPs were throttled by recipient server]",
    "down": "451 4.3.2 Please try again later, system not accepting network messages",
    "dial": "error dialing remote address: dial tcp 203.0.113.25:25: i/o timeout",
    "full": "452 4.2.2 <{rcpt}>: Mailbox is full, try again later",
}


def outbound_ip(ids: ProviderIds) -> str:
    """The address of the provider from which this message goes out, the same at every try."""
    return _OUR_ADDRESSES[sum(ids.x_message_id.encode()) % len(_OUR_ADDRESSES)]


class Pen:
    """Fills the replies with ids nobody has ever issued."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    def write(self, text: str, rcpt: str, when: datetime, ids: ProviderIds) -> str:
        """The reply as this recipient's server would have sent it at that moment."""
        return text.format(
            rcpt=rcpt,
            domain=rcpt.rpartition("@")[2],
            epoch=int(when.timestamp()),
            smtp_id=ids.smtp_id,
            ip=outbound_ip(ids),
            iso=f"{when:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
            **self._invented(),
        )

    def _invented(self) -> dict[str, object]:
        rng = self._rng
        pod, region = (
            f"{rng.randrange(1, 4)}PEPF0000{rng.getrandbits(16):04X}",
            f"apcprd0{rng.randrange(1, 5)}",
        )
        serial = f"{rng.randrange(10**8, 10**9)}a12.{rng.randrange(999)}"
        return {
            "gid": f"{rng.getrandbits(52):013x}-{rng.getrandbits(40):010x}si{serial}",
            "queue": "4d" + "".join(rng.choice(_BASE32) for _ in range(12)),
            "sendmail": f"5AK{rng.choice('ABCDEFGH')}x{rng.choice('abcdefgh')}{rng.randrange(10**6):06d}",
            "internal": rng.randrange(10**12, 10**13),
            "mshost": f"TY{pod}.{region}.prod.outlook.example",
            "token": f"08DE{rng.getrandbits(48):012X}",
            "size": rng.randrange(21_000, 64_000),
            "rate": f"{rng.randrange(90, 480)}.{rng.randrange(100, 999)}",
            "num": rng.randrange(10, 99),
            "num2": rng.randrange(1000, 9999),
        }

    def accepted(self, style: str, rcpt: str, when: datetime, ids: ProviderIds) -> str:
        """A 250 reply; all but one style carry the receiver's queue id."""
        return self.write(_ACCEPTED[style], rcpt, when, ids)
