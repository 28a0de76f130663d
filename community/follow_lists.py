"""Everything a member follows or muted, for their own page; what they may not see any more has no name there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from community.follows import TABLES, Ear, Thing, things_for
from community.models import Follow, Member
from community.paging import take_page

MOST = 200  # boards, tags, people and contests are few; posts are paged


@dataclass(frozen=True)
class Entry:
    """One thing that is followed or muted. name and url are empty where it is out of sight."""

    kind: Thing
    thing_id: int
    name: str
    url: str
    muted: bool

    @property
    def wish(self) -> Ear:
        """What its button asks for: muted posts are heard of again; a post let go would come back with the next vote."""
        if self.kind == Thing.POST:
            return Ear.FOLLOW if self.muted else Ear.MUTE
        return Ear.NONE


@dataclass(frozen=True)
class Followed:
    """All of it, and where the posts go on."""

    boards: Sequence[Entry]
    tags: Sequence[Entry]
    people: Sequence[Entry]
    contests: Sequence[Entry]
    posts: Sequence[Entry]
    after: int | None

    @property
    def is_empty(self) -> bool:
        return not (self.boards or self.tags or self.people or self.contests or self.posts)


def follows_of(member: Member, *, after: str = "") -> Followed:
    """The member's boards, tags and people, and a page of their posts, the latest first."""
    page = take_page(Follow.objects.filter(member=member), order=("-pk",), after=after, size=30)
    rows = {kind: list(TABLES[kind].model.objects.filter(member=member).order_by("muted", "-pk")[:MOST])
            for kind in (Thing.BOARD, Thing.TAG, Thing.PERSON, Thing.CONTEST)}  # fmt: skip
    return Followed(
        boards=_entries(member, Thing.BOARD, rows[Thing.BOARD]),
        tags=_entries(member, Thing.TAG, rows[Thing.TAG]),
        people=_entries(member, Thing.PERSON, rows[Thing.PERSON]),
        contests=_entries(member, Thing.CONTEST, rows[Thing.CONTEST]),
        posts=_entries(member, Thing.POST, page.rows),
        after=page.after,
    )


def _entries(member: Member, kind: Thing, rows: Sequence[Any]) -> list[Entry]:
    column = f"{TABLES[kind].field}_id"
    ids = [getattr(row, column) for row in rows]
    seen = things_for(member, kind).in_bulk(ids) if ids else {}
    return [_entry(kind, getattr(row, column), seen.get(getattr(row, column)), row.muted) for row in rows]


def _entry(kind: Thing, thing_id: int, thing: Any, muted: bool) -> Entry:
    return Entry(kind, thing_id, str(thing) if thing else "", place_of(kind, thing) if thing else "", muted)


def place_of(kind: Thing, thing: Any) -> str:
    """The page of the thing."""
    if kind == Thing.POST:
        return reverse("post-short", args=[thing.pk])
    if kind == Thing.PERSON:
        return str(thing.get_absolute_url())
    return reverse(kind.value, args=[thing.slug])
