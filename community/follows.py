"""Members follow posts, boards, tags, people and contests, to hear what becomes of them; or mute them, to hear nothing."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Model, QuerySet

from community.blocks import blocked_pairs
from community.models import Board, BoardFollow, Contest, ContestFollow, Follow, Member, PersonFollow, Post, Tag, TagFollow
from community.models.board import Viewer


class Thing(StrEnum):
    """What can be followed."""

    POST = "post"
    BOARD = "board"
    TAG = "tag"
    PERSON = "person"
    CONTEST = "contest"


class Ear(StrEnum):
    """How a member listens to a thing."""

    FOLLOW = "follow"
    MUTE = "mute"
    NONE = "none"


class Table(NamedTuple):
    """Where follows of one sort of thing are kept."""

    model: type[Any]
    field: str


TABLES = {
    Thing.POST: Table(Follow, "post"),
    Thing.BOARD: Table(BoardFollow, "board"),
    Thing.TAG: Table(TagFollow, "tag"),
    Thing.PERSON: Table(PersonFollow, "person"),
    Thing.CONTEST: Table(ContestFollow, "contest"),
}


def things_for(viewer: Viewer, kind: Thing) -> QuerySet[Any]:
    """What of this sort the viewer may see, and so follow. A tag is seen on the posts that carry it, or not at all."""
    if kind == Thing.POST:
        return Post.objects.visible_to(viewer).select_related("board")
    if kind == Thing.BOARD:
        return Board.objects.visible_to(viewer)
    if kind == Thing.TAG:
        return Tag.objects.filter(
            pk__in=Post.tags.through.objects.filter(post__in=Post.objects.visible_to(viewer)).values("tag")
        )
    if kind == Thing.CONTEST:
        return Contest.objects.visible_to(viewer)
    return Member.objects.open()


@transaction.atomic
def listen_to(*, member: Member, kind: Thing, thing: Model, ear: Ear, at: datetime) -> None:
    """The member follows the thing, mutes it, or neither. Nobody follows themselves or who blocked them: nothing changes."""
    table = TABLES[kind]
    if kind == Thing.PERSON and (thing.pk == member.pk or (ear == Ear.FOLLOW and is_blocked_by(member, thing))):
        return
    kept = {"member": member, table.field: thing}
    if ear == Ear.NONE:
        table.model.objects.filter(**kept).delete()
        return
    said = {"muted": ear == Ear.MUTE, "created_at": at}
    table.model.objects.update_or_create(**kept, defaults=said)


def is_blocked_by(member: Member, person: Model) -> bool:
    """The person blocked the member, and does not wish to be followed."""
    return bool(blocked_pairs(member_ids=[person.pk], other_ids=[member.pk]))


def ear_of(member: Member | None, kind: Thing, thing: Model) -> Ear:
    """How the member listens to the thing."""
    if member is None:
        return Ear.NONE
    table = TABLES[kind]
    muted = table.model.objects.filter(**{"member": member, table.field: thing}).values_list("muted", flat=True).first()
    return Ear.NONE if muted is None else (Ear.MUTE if muted else Ear.FOLLOW)


def follow_post(*, member: Member, post: Post, at: datetime) -> None:
    """The member hears of the post, unless they muted it before."""
    Follow.objects.bulk_create([Follow(member=member, post=post, created_at=at)], ignore_conflicts=True)


def follow_again(*, member: Member, post: Post, at: datetime) -> None:
    """The member asked to hear of the post, muted before or not."""
    Follow.objects.update_or_create(member=member, post=post, defaults={"muted": False}, create_defaults={"created_at": at})


def unfollow_post(*, member: Member, post: Post, at: datetime) -> None:
    """The member hears no more of the post, not even after voting for it later."""
    Follow.objects.update_or_create(
        member=member, post=post, defaults={"muted": True}, create_defaults={"muted": True, "created_at": at}
    )


def follower_ids(post_ids: Iterable[int], *, besides: Iterable[int] = ()) -> list[int]:
    """Ids of the members who hear of any of these posts, each once, ascending."""
    follows = Follow.objects.filter(post__in=list(post_ids), muted=False, member__is_active=True)
    return list(follows.exclude(member__in=list(besides)).order_by("member_id").values_list("member_id", flat=True).distinct())


def followers_by_post(post_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each post the ids of the members who hear of it, ascending, in one query."""
    found: dict[int, list[int]] = {post_id: [] for post_id in post_ids}
    follows = Follow.objects.filter(post__in=list(found), muted=False, member__is_active=True)
    for post_id, member_id in follows.order_by("member_id").values_list("post_id", "member_id"):
        found[post_id].append(member_id)
    return found


def seekers_of(posts: Iterable[Post]) -> dict[int, set[int]]:
    """For each new post the ids of those who follow its board, one of its tags or its author, in three queries.

    Each once, however many reasons there are; who muted one of the three is left out where it is told (see `silence`).
    """
    found: dict[int, set[int]] = {post.pk: set() for post in posts}
    ids = list(found)
    reasons: list[QuerySet[Any, tuple[int, int]]] = [
        BoardFollow.objects.filter(board__posts__in=ids, muted=False).values_list("board__posts", "member_id"),
        TagFollow.objects.filter(tag__posts__in=ids, muted=False).values_list("tag__posts", "member_id"),
        PersonFollow.objects.filter(person__posts__in=ids, muted=False).values_list("person__posts", "member_id"),
    ]
    for rows in reasons:
        for post_id, member_id in rows:
            found[post_id].add(member_id)
    return found


@transaction.atomic
def carry_tag_follows(*, tag_id: int, into_id: int) -> int:
    """Who followed or muted a tag that is merged does so with what it became; a word said about that one stays. How many."""
    said = TagFollow.objects.filter(tag_id=into_id).values("member_id")
    TagFollow.objects.filter(tag_id=tag_id, member_id__in=said).delete()
    moved: int = TagFollow.objects.filter(tag_id=tag_id).update(tag_id=into_id)
    return moved
