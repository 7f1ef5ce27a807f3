"""Mails as a mail program saves them: the original as it was received, and the bounce mail that came back.

Both are read by the RFCs that they are written by (5322 and 3464), not by columns.
"""

from lasthop.read.formats.format import Format

ORIGINAL = Format(
    name="original",
    title="Received mail or bounce mail (.eml, .mbox)",
    family="original",
    fields={},
    required=(),
    vantage="original",
    mail=True,
)
