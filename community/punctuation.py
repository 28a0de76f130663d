"""Words put together as each language puts them together: Chinese has its own commas and stops, and no spaces."""

from collections.abc import Iterable
from functools import reduce

from django.utils.translation import pgettext


def comma() -> str:
    """What parts two facts that stand side by side."""
    # Translators: stands between facts in one line; Chinese uses ， without a space.
    return pgettext("between facts", ", ")


def listed(names: Iterable[str]) -> str:
    """Names in a list: "Mara, 林小满"."""
    # Translators: stands between names in a list; Chinese uses 、 without a space.
    return pgettext("between names", ", ").join(names)


def gap() -> str:
    """What parts two sentences."""
    return in_a_row(["", ""])


def in_a_row(sentences: Iterable[str]) -> str:
    """Whole sentences, one after the other."""
    # Translators: one sentence after another; Chinese has no space there.
    pair = pgettext("two sentences", "%(one)s %(other)s")
    said = list(sentences)
    return reduce(lambda one, other: pair % {"one": one, "other": other}, said) if said else ""


def both(clauses: Iterable[str]) -> str:
    """Two halves of a sentence: "3 say they cannot do without it and 5 call it important"."""
    # Translators: stands between two clauses; Chinese uses ，.
    return pgettext("between clauses", " and ").join(clauses)


def full_stop(words: str) -> str:
    """Words that end as a sentence does."""
    # Translators: closes a sentence; Chinese uses 。.
    return pgettext("a sentence", "%(words)s.") % {"words": words}
