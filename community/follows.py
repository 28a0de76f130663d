"""Members follow posts, to hear what becomes of them."""

from collections.abc import Iterable
from datetime import datetime

from community.models import Follow, Member, Post


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
