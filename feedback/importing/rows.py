"""What every reader gives, whatever it reads. Pure: no Django."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# What the tables hold; a row beyond it is a fault of its own and never the end of the whole import.
LONGEST_ID, MOST_VOTES = 100, 1_000_000


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


def read_words(value: Any) -> str:
    """A text that a database can hold: without NUL and without half of a sign; TypeError for what is no text."""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where a text belongs")
    return value.replace("\x00", "").encode("utf-8", "replace").decode()


def read_id(value: Any) -> str:
    """The source's own id of a row; ValueError for one that is empty or too long."""
    found = read_words(str(value) if isinstance(value, int) else value).strip()
    if not 0 < len(found) <= LONGEST_ID:
        raise ValueError(f"an id has 1 to {LONGEST_ID} signs, this one {len(found)}")
    return found


def read_count(number: int) -> int:
    """A number of votes that can be true; ValueError for any other."""
    if not 0 <= number <= MOST_VOTES:
        raise ValueError(f"votes are 0 to {MOST_VOTES:,}, not more")
    return number


def read_time(text: str) -> datetime:
    """A moment in UTC from the usual ways to write one; ValueError for anything else."""
    try:
        return _moment(text.strip())
    except OverflowError as fault:
        # The first hours of year 1, told in a zone east of us.
        raise ValueError("not a moment of our calendar") from fault


def _moment(tidy: str) -> datetime:
    for pattern in FORMATS:
        try:
            found = datetime.strptime(tidy, pattern)  # noqa: DTZ007 - made aware two lines below
        except ValueError:
            continue
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    found = datetime.fromisoformat(tidy)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
