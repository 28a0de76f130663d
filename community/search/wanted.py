"""What somebody searches for, as it stands in the address."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

from community.models import PostKind

STATUSES = ("open", "under-review", "planned", "in-progress", "testing", "shipped", "declined", "not-now")
MOST_SIGNS = 200
RELEVANCE, NEW = "relevance", "new"


@dataclass(frozen=True)
class Wanted:
    """Words and what they are narrowed by; unknown values fall back to the plain search.

    since, until: days, both included. answered: only posts with an official answer. board, tag, author: slugs and names.
    """

    words: str = ""
    kind: str = ""
    board: str = ""
    tag: str = ""
    status: str = ""
    author: str = ""
    since: date | None = None
    until: date | None = None
    answered: bool = False
    sort: str = RELEVANCE

    @classmethod
    def from_query(cls, query: QueryDict) -> "Wanted":
        def told(name: str, most: int) -> str:
            return " ".join(query.get(name, "").replace("\x00", "").split())[:most]

        kind, status, sort = told("kind", 20), told("status", 20), told("sort", 20)
        return cls(
            words=told("q", MOST_SIGNS),
            kind=kind if kind in PostKind.values else "",
            board=told("board", 50),
            tag=told("tag", 60),
            status=status if status in STATUSES else "",
            author=told("author", 40),
            since=day_of(told("since", 10)),
            until=day_of(told("until", 10)),
            answered=told("answered", 1) == "1",
            sort=sort if sort in (RELEVANCE, NEW) else RELEVANCE,
        )

    @property
    def is_narrowed(self) -> bool:
        return replace(self, words="", sort=RELEVANCE) != Wanted()

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.is_narrowed

    @property
    def query(self) -> str:
        """The address's query that asks for the same."""
        named = {
            "q": self.words, "kind": self.kind, "board": self.board, "tag": self.tag, "status": self.status,
            "author": self.author, "since": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat(),
            "answered": "1" if self.answered else "", "sort": self.sort if self.sort != RELEVANCE else "",
        }  # fmt: skip
        return urlencode({name: value for name, value in named.items() if value})


def day_of(written: str) -> date | None:
    """The day, or None for what is none."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
