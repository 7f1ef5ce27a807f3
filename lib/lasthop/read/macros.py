"""SQL functions on a connection: the words of the model and the zone of one file, for the files in ``sql/``."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import duckdb

from lasthop.errors import InputError
from lasthop.model.kinds import BOUNCE_TYPES, SYNONYMS
from lasthop.read.reading import Reading


@cache
def sql_file(name: str) -> str:
    """The text of ``sql/<name>.sql``."""
    return files("lasthop.read").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def literal(text: str) -> str:
    """Text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def create_macros(con: duckdb.DuckDBPyConnection, reading: Reading, naive_is_utc: bool) -> None:
    """Create the functions that the family files call.

    ``naive_is_utc``: the format is known to write UTC without saying so; with ``timezone`` UTC such times count as
    *inferred*, in every other case as *assumed*. Raises ``InputError`` for a zone that the engine does not know.
    """
    zone, utc = reading.timezone, reading.timezone.upper() in ("UTC", "ETC/UTC")
    try:
        con.execute("SELECT timezone($1, TIMESTAMP '2020-01-01 00:00:00') IS NULL", [zone]).fetchall()
    except duckdb.Error as error:
        raise InputError(f"There is no time zone {zone!r}.", "", "Use a name like Asia/Tokyo or UTC.") from error
    shifted = "ts" if utc else f"timezone({literal(zone)}, ts)"
    basis = "inferred" if naive_is_utc and utc else "assumed"
    # A clock that is put forward skips an hour: a local time inside it never was, and comes back as another one.
    real = "true" if utc else f"timezone({literal(zone)}, timezone({literal(zone)}, ts)) = ts"
    con.execute(f"CREATE OR REPLACE TEMP MACRO local_ms(ts) AS CASE WHEN {real} THEN epoch_ms({shifted}) END")
    con.execute(f"CREATE OR REPLACE TEMP MACRO local_basis() AS {literal(basis)}")
    for name, words in (("word_kind", SYNONYMS), ("bounce_kind", BOUNCE_TYPES)):
        con.execute(f"CREATE OR REPLACE TEMP MACRO known_{name}(word) AS {_case(words)}")
        con.execute(f"CREATE OR REPLACE TEMP MACRO {name}(word) AS {_as_written_or_folded(f'known_{name}')}")
    con.execute(sql_file("macros"))


def _case(words: Mapping[str, str]) -> str:
    return "CASE word " + " ".join(f"WHEN {literal(w)} THEN {literal(kind)}" for w, kind in words.items()) + " END"


def _as_written_or_folded(macro: str) -> str:
    """Look a word up as it stands, and only when that fails in lower case with gaps as underscores."""
    return rf"coalesce({macro}(word), {macro}(regexp_replace(trim(lower(word)), '[\s_-]+', '_', 'g')))"
