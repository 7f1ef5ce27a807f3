"""The evidence pack of a case: made, named and checked."""

from lasthop.pack.bundle import Packed, addresses_in, build_pack, pack_name, sha256_of, write_pack
from lasthop.pack.case import (
    Case,
    Presence,
    new_case,
    open_case,
    presence,
    save_case,
    with_messages,
    without_message,
)
from lasthop.pack.compose import Step
from lasthop.pack.csv import CsvWriter, csv_bytes
from lasthop.pack.ticket import FIELDS, Field, Reference, missing, parse_management_url, per_message
from lasthop.pack.verify import Verification, verify

__all__ = [
    "FIELDS",
    "Case",
    "CsvWriter",
    "Field",
    "Packed",
    "Presence",
    "Reference",
    "Step",
    "Verification",
    "addresses_in",
    "build_pack",
    "csv_bytes",
    "missing",
    "new_case",
    "open_case",
    "pack_name",
    "parse_management_url",
    "per_message",
    "presence",
    "save_case",
    "sha256_of",
    "verify",
    "with_messages",
    "without_message",
    "write_pack",
]
