"""``name=value`` in a header value, and lists of tags (RFC 6376 §3.2): both linear in the length."""

from collections.abc import Iterator, Mapping


def read_pairs(words: list[str]) -> Iterator[tuple[str, str | None]]:
    """Name and value of each word, white space around the ``=`` allowed (RFC 8601 §2.2: CFWS); None: no ``=``."""
    place = 0
    while place < len(words):
        name, equals, value = words[place].partition("=")
        place += 1
        following = words[place] if place < len(words) else None
        if not equals and following is not None and following.startswith("="):
            equals, value = "=", following[1:]
            place += 1
            following = words[place] if place < len(words) else None
        if not equals:
            yield name, None
            continue
        if not value and following is not None and not _is_pair(following):
            value = following
            place += 1
        yield name.lower(), _unquoted(value)


def _is_pair(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.replace("-", "").replace(".", "").isalnum()


def _unquoted(value: str) -> str:
    return value[1:-1].replace('\\"', '"') if len(value) > 1 and value[0] == value[-1] == '"' else value


def read_tags(value: str) -> Mapping[str, str]:
    """``v=1; a=rsa-sha256; …`` as a mapping, names in lower case, values without white space at their ends.

    A tag that comes twice is taken where it stands first: RFC 6376 §3.2 forbids a second one.
    """
    tags: dict[str, str] = {}
    for part in value.split(";"):
        name, equals, given = part.partition("=")
        if equals and (name := name.strip().lower()):
            tags.setdefault(name, given.strip())
    return tags
