"""From a source's labels and states to kind, tags and status, by a small TOML file with sensible defaults.

[kind]               # label pattern = kind; the first that fits wins
"I-*" = "bug"
[tags]               # label pattern = tag; "*" in the tag takes over what the star stood for
"A-*" = "*"
[status]             # state or label pattern = status; labels win over states
"closed" = "shipped"
"""

import fnmatch
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KINDS = {"suggestion", "bug", "question", "discussion", "story", "announcement"}
STATUSES = {"open", "under-review", "planned", "in-progress", "testing", "shipped", "declined", "not-now"}

DEFAULT_KINDS = {
    "*bug*": "bug", "*crash*": "bug", "*regression*": "bug", "*defect*": "bug", "i-*": "bug",
    "*feature*": "suggestion", "*enhancement*": "suggestion", "*idea*": "suggestion",
    "*question*": "question", "*support*": "question", "*discussion*": "discussion",
}  # fmt: skip
DEFAULT_TAGS = {"a-*": "*", "area: *": "*", "area/*": "*", "component: *": "*", "topic: *": "*", "o-*": "*"}
DEFAULT_STATUS = {
    "wontfix": "declined", "*won't fix*": "declined", "invalid": "declined", "not_planned": "declined", "duplicate": "declined",
    "*planned*": "planned", "*in progress*": "in-progress", "*started*": "in-progress", "*under review*": "under-review",
    "completed": "shipped", "closed": "shipped", "reopened": "open", "open": "open",
}  # fmt: skip


class MappingFault(ValueError):
    """The mapping file says something that does not exist here."""


@dataclass(frozen=True)
class Mapped:
    """Three ordered tables of patterns, matched without case."""

    kind: Mapping[str, str] = field(default_factory=lambda: DEFAULT_KINDS)
    tags: Mapping[str, str] = field(default_factory=lambda: DEFAULT_TAGS)
    status: Mapping[str, str] = field(default_factory=lambda: DEFAULT_STATUS)

    def kind_of(self, labels: Iterable[str], default: str = "suggestion") -> str:
        return _first(self.kind, labels) or default

    def status_of(self, labels: Iterable[str], states: Iterable[str]) -> str:
        """Labels win over states, as people set them later."""
        return _first(self.status, labels) or _first(self.status, states) or "open"

    def tags_of(self, labels: Iterable[str]) -> tuple[str, ...]:
        found = []
        for label in labels:
            for pattern, tag in self.tags.items():
                if fnmatch.fnmatchcase(label.lower(), pattern.lower()):
                    found.append(tag.replace("*", label[pattern.index("*") :]) if "*" in tag else tag)
                    break
        return tuple(dict.fromkeys(found))


def _first(table: Mapping[str, str], names: Iterable[str]) -> str:
    wanted = [name.lower() for name in names if name]
    for pattern, answer in table.items():
        if any(fnmatch.fnmatchcase(name, pattern.lower()) for name in wanted):
            return answer
    return ""


def read_mapping(path: Path | None) -> Mapped:
    """The file's tables in front of the defaults; MappingFault names a kind or status that does not exist."""
    if path is None:
        return Mapped()
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise MappingFault(f"{path.name}: {fault}") from fault
    _check_shape(path.name, said)
    for table, known in (("kind", KINDS), ("status", STATUSES)):
        for pattern, answer in said.get(table, {}).items():
            if answer not in known:
                raise MappingFault(
                    f'{path.name}: "{pattern}" points to the {table} "{answer}"; known are {", ".join(sorted(known))}.'
                )
    return Mapped(
        kind=_before(said.get("kind", {}), DEFAULT_KINDS),
        tags=_before(said.get("tags", {}), DEFAULT_TAGS),
        status=_before(said.get("status", {}), DEFAULT_STATUS),
    )


def _check_shape(name: str, said: Mapping[str, Any]) -> None:
    """Raises MappingFault for what is no table of words, and for a star in a tag that nothing stands for."""
    for table in ("kind", "tags", "status"):
        rows = said.get(table, {})
        if not isinstance(rows, dict) or not all(isinstance(answer, str) for answer in rows.values()):
            raise MappingFault(f'{name}: [{table}] holds lines like "pattern" = "word".')
    for pattern, tag in said.get("tags", {}).items():
        if "*" in tag and "*" not in pattern:
            raise MappingFault(f'{name}: the tag "{tag}" takes over what a star stands for, and "{pattern}" has none.')


def _before(said: Mapping[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    return {**said, **{pattern: answer for pattern, answer in defaults.items() if pattern not in said}}
