"""GitHub issues and comments, one JSON object a line in the shape of its REST API, plain or gzipped. Pure."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from feedback.importing.mapping import Mapped
from feedback.importing.rows import (
    Comments,
    Fault,
    ImportedComment,
    ImportedPost,
    Posts,
    read_count,
    read_id,
    read_time,
    read_words,
)

APPROVING = ("+1", "heart", "hooray", "rocket", "laugh")
REMOVED = {"[Removed]", "[deleted]"}
ODD = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
_DUPLICATE = re.compile(
    r"\b(?:dup(?:e|licate)?|same (?:issue )?as|superseded by)(?: of| by)?:?\s+(?:[\w.-]+/[\w.-]+)?#(\d+)", re.IGNORECASE
)


def open_text(path: Path) -> IO[str]:
    """The file as text, unpacked where it is gzipped; a byte-order mark is dropped."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig", newline="")


def read_posts(path: Path, mapping: Mapped) -> Posts:
    """Each issue of the file; pull requests are passed over."""
    for number, thing in _objects(path):
        if isinstance(thing, Fault):
            yield thing
        elif "pull_request" not in thing:
            try:
                yield _post(thing, mapping)
            except ODD as fault:
                yield Fault(path.name, number, f"not an issue as GitHub writes them ({type(fault).__name__}: {fault})")


def _post(issue: dict[str, Any], mapping: Mapped) -> ImportedPost:
    labels = [read_words(label["name"] if isinstance(label, dict) else str(label)) for label in issue.get("labels") or []]
    states = [issue.get("state_reason") or "", issue.get("state") or "open"]
    reactions = issue.get("reactions") or {}
    return ImportedPost(
        id=read_id(issue["number"]),
        title=read_words(issue["title"]),
        body=read_words(issue.get("body") or ""),
        author=_login(issue),
        created_at=read_time(issue["created_at"]),
        kind=mapping.kind_of(labels),
        status=mapping.status_of(labels, states),
        closed_at=read_time(issue["closed_at"]) if issue.get("closed_at") else None,
        tags=mapping.tags_of(labels),
        votes=read_count(sum(max(int(reactions.get(sign, 0)), 0) for sign in APPROVING)),
        url=read_words(issue.get("html_url") or ""),
    )


def _login(thing: dict[str, Any]) -> str:
    """Who wrote it; of an account that is gone, the ghost GitHub itself shows."""
    return read_words((thing.get("user") or {}).get("login") or "").strip() or "ghost"


def read_comments(path: Path) -> Comments:
    """Each comment of the file; those whose text the source has removed are passed over."""
    for number, thing in _objects(path):
        if isinstance(thing, Fault):
            yield thing
            continue
        try:
            if (thing.get("body") or "").strip() in REMOVED:
                continue
            yield ImportedComment(
                id=read_id(thing["id"]),
                post_id=read_words(thing["issue_url"]).rstrip("/").rsplit("/", 1)[-1],
                author=_login(thing),
                body=read_words(thing.get("body") or ""),
                created_at=read_time(thing["created_at"]),
            )
        except ODD as fault:
            yield Fault(path.name, number, f"not a comment as GitHub writes them ({type(fault).__name__}: {fault})")


def named_duplicates(text: str) -> list[str]:
    """The issue numbers a text calls its original, as in "duplicate of #123"."""
    return list(dict.fromkeys(_DUPLICATE.findall(text)))


def _objects(path: Path) -> Iterator[tuple[int, Any]]:
    with open_text(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                thing = json.loads(line)
            except json.JSONDecodeError as fault:
                yield number, Fault(path.name, number, f"not JSON: {fault.msg} at sign {fault.pos}")
                continue
            except (ValueError, RecursionError) as fault:
                # A number of thousands of digits, or brackets within brackets without end.
                yield number, Fault(path.name, number, f"not JSON that can be read: {fault}")
                continue
            yield number, thing if isinstance(thing, dict) else Fault(path.name, number, "not a JSON object")
