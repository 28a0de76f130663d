"""What circles are called: names that say the same are the same circle. Knows no database."""

import unicodedata
from collections.abc import Container, Iterable
from difflib import SequenceMatcher

from django.utils.text import slugify

from community.words import simplified

# What people add to a name without meaning another circle; the longest first.
AFTER = ("同好会", "同城会", "爱好者", "校友会", "俱乐部", "圈子", "小组", "circle", "group", "club", "圈", "会")
BEFORE = ("the",)
LIKE, LONG = 0.9, 8
RESERVED = ("new",)


def fold_name(name: str) -> str:
    """The name as it is compared: letters, digits and Han signs alone, small, simplified, without "the … circle"."""
    plain = simplified(unicodedata.normalize("NFKC", name).casefold())
    words = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    while len(words) > 1 and words[0] in BEFORE:
        words = words[1:]
    key = "".join(words)
    for ending in AFTER:
        if key.endswith(ending) and len(key) - len(ending) >= 2:
            key = key.removesuffix(ending)
            break
    return key[:60]


def alike(one: str, other: str) -> bool:
    """Whether two folded names say the same. Short ones only when they are equal; 2025 is never 2026."""
    if one == other:
        return True
    if min(len(one), len(other)) < LONG or digits(one) != digits(other):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= LIKE


def digits(key: str) -> str:
    return "".join(sign for sign in key if sign.isdigit())


def find_alike(key: str, keys: Iterable[str]) -> str | None:
    """Of these folded names the one that says the same, the equal one first."""
    known = sorted(keys, key=lambda other: other != key)
    return next((other for other in known if alike(key, other)), None)


def slug_for(name: str, kind: str, taken: Container[str]) -> str:
    """An address that is free: the name in Latin letters, or the kind where it has none, numbered where it must be."""
    base = slugify(name)[:36].strip("-") or kind
    number, slug = 1, base
    while slug in taken or slug in RESERVED:
        number += 1
        slug = f"{base}-{number}"
    return slug
