"""How far members have read: one row per member and post, written without locking anybody else's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, F, Max, Min

from community.models import Comment, Member, Post, PostState, ReadMark, Standing

FRESH_FOR = timedelta(minutes=10)  # a second look within it, with nothing new, writes nothing


@dataclass(frozen=True)
class News:
    """What was said under a post since somebody was there. first: the id of the first new comment."""

    since: int = 0
    count: int = 0
    first: int | None = None


def news_under(*, member: Member, post: Post, since: int | None = None) -> News:
    """What others have said since the member's mark, or since the comment `since`; nothing on a first visit."""
    if since is None:
        since = ReadMark.objects.filter(member=member, post=post).values_list("seen", flat=True).first()
        if since is None:
            return News()
    said = Comment.objects.visible_to(member).filter(post=post, pk__gt=since).exclude(author=member)
    found = said.aggregate(count=Count("pk"), first=Min("pk"))
    return News(since, found["count"], found["first"])


def note_read(*, member: Member, post: Post, at: datetime) -> None:
    """All comments that are there now count as seen; a mark never goes back.

    One statement, and none of its rows is another member's.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into community_readmark (member_id, post_id, seen, at)
            values (%s, %s, coalesce((select max(id) from community_comment where post_id = %s), 0), %s)
            on conflict (member_id, post_id) do update
            set seen = greatest(community_readmark.seen, excluded.seen), at = greatest(community_readmark.at, excluded.at)
            where community_readmark.seen < excluded.seen or community_readmark.at < excluded.at - %s::interval
            """,
            [member.pk, post.pk, post.pk, at, f"{FRESH_FOR.seconds} seconds"],
        )


def mark_all_read(*, member: Member, at: datetime) -> int:
    """Nothing in any thread the member has been to is new; how many marks moved."""
    newest = Comment.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return ReadMark.objects.filter(member=member, seen__lt=newest).update(seen=newest, at=at)


def unread_of(*, member: Member, post_ids: Collection[int]) -> dict[int, int]:
    """How many comments by others the member has not seen under each of these posts they have been to; in one query."""
    if not post_ids:
        return {}
    said = Comment.objects.filter(
        post__in=list(post_ids),
        state=PostState.VISIBLE,
        post__read_marks__member=member,
        pk__gt=F("post__read_marks__seen"),
    )
    counted = said.exclude(author=member).order_by().values_list("post_id").annotate(Count("pk"))
    return dict(counted)


def going_on(*, member: Member, most: int) -> list[Standing]:
    """Posts the member has been to and where others spoke since, the latest first, each with `fresh`, how many did."""
    rows = Standing.objects.visible_to(member).listed().filter(
        post__read_marks__member=member, active_at__gt=F("post__read_marks__at")
    )  # fmt: skip
    # Twice as many: where only the member's own words are new, nothing is.
    moved = list(rows.with_posts().order_by("-active_at", "-post_id")[: 2 * most])
    fresh = unread_of(member=member, post_ids=[row.post_id for row in moved])
    for row in moved:
        row.fresh = fresh.get(row.post_id, 0)
    return [row for row in moved if row.fresh][:most]
