"""Sprout's own neutral CSV: UTF-8 with or without a mark, comma, semicolon or tab. Pure.

Posts:    id, title [, body, author, created_at, kind, status, closed_at, tags (split by ";" or "|"), votes, url]
Comments: id, post_id, body [, author, created_at]
Votes:    post_id, voter [, need (nice, important, must), created_at]
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from feedback.importing.github import open_text
from feedback.importing.mapping import KINDS, STATUSES, Mapped
from feedback.importing.rows import (
    Comments,
    Fault,
    ImportedComment,
    ImportedPost,
    ImportedVote,
    Posts,
    Votes,
    read_count,
    read_id,
    read_time,
)

NEEDS = {"": 0, "nice": 0, "0": 0, "important": 500, "500": 500, "must": 1000, "1000": 1000}
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
csv.field_size_limit(1_000_000)


def read_posts(path: Path, mapping: Mapped) -> Posts:
    """Each row as a post; a row without id or title, with an unknown kind, status, number or time is a fault."""
    for number, row in _rows(path, {"id", "title"}):
        if isinstance(row, Fault):
            yield row
            continue
        try:
            yield _post(row, mapping)
        except ValueError as fault:
            yield Fault(path.name, number, str(fault))


def _post(row: dict[str, str], mapping: Mapped) -> ImportedPost:
    tags = tuple(tag.strip() for tag in row.get("tags", "").replace("|", ";").split(";") if tag.strip())
    kind = row.get("kind") or mapping.kind_of(tags)
    status = row.get("status") or "open"
    status = status if status in STATUSES else mapping.status_of([], [status])
    if kind not in KINDS:
        raise ValueError(f'the kind "{kind}" is not one of {", ".join(sorted(KINDS))}')
    votes = row.get("votes") or "0"
    if not votes.isdecimal():
        raise ValueError(f'votes is "{votes}", not a whole number')
    return ImportedPost(
        id=read_id(_wanted(row, "id")),
        title=_wanted(row, "title"),
        body=row.get("body", ""),
        author=row.get("author") or "anonymous",
        created_at=_time(row, "created_at") or UNDATED,
        kind=kind,
        status=status,
        closed_at=_time(row, "closed_at"),
        tags=tags,
        votes=read_count(int(votes.lstrip("0")[:12] or 0)),
        url=row.get("url", ""),
    )


def read_comments(path: Path) -> Comments:
    """Each row as a comment."""
    for number, row in _rows(path, {"id", "post_id", "body"}):
        if isinstance(row, Fault):
            yield row
            continue
        try:
            yield ImportedComment(
                id=read_id(_wanted(row, "id")),
                post_id=_wanted(row, "post_id"),
                author=row.get("author") or "anonymous",
                body=_wanted(row, "body"),
                created_at=_time(row, "created_at") or UNDATED,
            )
        except ValueError as fault:
            yield Fault(path.name, number, str(fault))


def read_votes(path: Path) -> Votes:
    """Each row as a named vote."""
    for number, row in _rows(path, {"post_id", "voter"}):
        if isinstance(row, Fault):
            yield row
            continue
        try:
            need = row.get("need", "").lower()
            if need not in NEEDS:
                raise ValueError(f'the need "{need}" is not one of nice, important, must')
            yield ImportedVote(_wanted(row, "post_id"), _wanted(row, "voter"), NEEDS[need], _time(row, "created_at"))
        except ValueError as fault:
            yield Fault(path.name, number, str(fault))


def _rows(path: Path, needed: set[str]) -> Iterator[tuple[int, dict[str, str] | Fault]]:
    with open_text(path) as lines:
        head = lines.readline()
        separator = max(",;\t", key=head.count)
        try:
            names = [name.strip().lower() for name in next(csv.reader([head], delimiter=separator), [])]
        except csv.Error as fault:
            yield 1, Fault(path.name, 1, f"the first line must name the columns: {fault}")
            return
        if missing := needed - set(names):
            yield 1, Fault(path.name, 1, f"the first line must name the columns; missing: {', '.join(sorted(missing))}")
            return
        rows = csv.reader(lines, delimiter=separator)
        try:
            for row in rows:
                yield rows.line_num + 1, dict(zip(names, (cell.replace("\x00", "").strip() for cell in row), strict=False))
        except csv.Error as fault:
            yield rows.line_num + 1, Fault(path.name, rows.line_num + 1, f"not CSV from here on: {fault}")


def _wanted(row: dict[str, str], name: str) -> str:
    if not row.get(name):
        raise ValueError(f"{name} is empty")
    return row[name]


def _time(row: dict[str, str], name: str) -> datetime | None:
    if not row.get(name):
        return None
    try:
        return read_time(row[name])
    except ValueError as fault:
        raise ValueError(f'{name} is "{row[name]}", not a time like 2026-11-20T09:30:00Z') from fault
