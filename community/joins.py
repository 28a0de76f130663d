"""Joins: what higher apps keep true about a post inside the very transaction that changes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from community.models import Member, Post, PostKind


class Moment(StrEnum):
    """When a join is called."""

    WRITTEN = "written"
    HELD = "held"
    RELEASED = "released"
    CONVERTED = "converted"
    MOVED = "moved"
    HIDDEN = "hidden"
    RESTORED = "restored"
    DELETED = "deleted"


@dataclass(frozen=True)
class Joined:
    """What a join is told. `extras`: further answers of the form, unchecked."""

    post: Post
    moment: Moment
    by: Member
    at: datetime
    extras: Mapping[str, Any] = field(default_factory=dict)


Join = Callable[[Joined], None]
REGISTER: list[tuple[frozenset[str], frozenset[Moment], Join]] = []


def joins(*kinds: PostKind, on: Moment | tuple[Moment, ...]) -> Callable[[Join], Join]:
    """The function runs in the transaction of every such moment of a post of these kinds."""

    def register(run: Join) -> Join:
        moments = frozenset(on if isinstance(on, tuple) else (on,))
        REGISTER.append((frozenset(kinds), moments, run))
        return run

    return register


def call_joins(told: Joined) -> None:
    """Every join of this kind and moment has run."""
    for kinds, moments, run in REGISTER:
        if told.post.kind in kinds and told.moment in moments:
            run(told)
