"""What every reader gives, whatever it reads. Pure: no Django."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Fault:
    """A row that could not be taken over, and why; `row` counts from 1, `file` is its name."""

    file: str
    row: int
    sentence: str


@dataclass(frozen=True)
class ImportedPost:
    """A post as its source has it. `votes`: nameless ones; `closed_at`: when its status was reached."""

    id: str
    title: str
    body: str
    author: str
    created_at: datetime
    kind: str
    status: str
    closed_at: datetime | None
    tags: tuple[str, ...]
    votes: int
    url: str


@dataclass(frozen=True)
class ImportedComment:
    """A comment; `post_id` is the source's id of the post."""

    id: str
    post_id: str
    author: str
    body: str
    created_at: datetime


@dataclass(frozen=True)
class ImportedVote:
    """A named vote; need is 0, 500 or 1000."""

    post_id: str
    voter: str
    need: int
    cast_at: datetime | None


Posts = Iterator[ImportedPost | Fault]
Comments = Iterator[ImportedComment | Fault]
Votes = Iterator[ImportedVote | Fault]

FORMATS = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")


def read_time(text: str) -> datetime:
    """A moment in UTC from the usual ways to write one; ValueError for anything else."""
    tidy = text.strip()
    for pattern in FORMATS:
        try:
            found = datetime.strptime(tidy, pattern)  # noqa: DTZ007 - made aware two lines below
        except ValueError:
            continue
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    found = datetime.fromisoformat(tidy)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
