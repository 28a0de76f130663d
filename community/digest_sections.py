"""What community has to say in the weekly digest: what people talked about, and who spoke for the first time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from community.mail_render import tame_name
from community.models import Comment, Follow, Member, Post, PostState
from community.readers import Readers
from community.sections import Week, section

LIVELY, VOICES = 3, 2  # so many comments by so many people are a talk


_han = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def short_address(post: Post) -> str:
    """The post's address without the words of its title, which plain text would show as a row of codes."""
    return reverse("post-short", args=[post.pk])


def foreign_to(member: Member, post: Post) -> bool:
    """The post is in a script the member may not read: what everybody else reads comes first."""
    return bool(_han.search(post.title)) != member.language.startswith("zh")


@dataclass(frozen=True)
class Loaded:
    """Posts in the order of the mail, with what is counted of them."""

    readers: Readers
    posts: Sequence[Post]
    comments: dict[int, int]
    muted: set[tuple[int, int]]


def load_talk(members: Sequence[Member], week: Week) -> Loaded:
    said = Comment.objects.filter(
        created_at__gte=week.start, created_at__lt=week.end, batch=None, state=PostState.VISIBLE, post__state=PostState.VISIBLE
    )
    lively = said.values("post").annotate(count=Count("pk"), people=Count("author", distinct=True))
    lively = lively.filter(count__gte=LIVELY, people__gte=VOICES).order_by("-count", "post")
    counts = dict(lively.values_list("post", "count")[:24])
    posts = Post.objects.select_related("board").in_bulk(counts)
    muted = Follow.objects.filter(post__in=counts, member__in=members, muted=True).values_list("member_id", "post_id")
    return Loaded(Readers(members), [posts[pk] for pk in counts if pk in posts], counts, set(muted))


@section("talk", order=60, prepare=load_talk, personal=True)
def write_talk(member: Member, week: Week, loaded: Loaded) -> dict[str, Any] | None:
    """The three posts people talked about most."""
    heard = [p for p in loaded.posts if (member.pk, p.pk) not in loaded.muted and loaded.readers.may_see(member, p)]
    shown = sorted(heard, key=lambda post: foreign_to(member, post))[:3]
    if not shown:
        return None
    return {
        "entries": [{"title": post.title, "url": short_address(post), "comments": loaded.comments[post.pk]} for post in shown]
    }


def load_voices(members: Sequence[Member], week: Week) -> Loaded:
    written = Post.objects.filter(
        created_at__gte=week.start,
        created_at__lt=week.end,
        batch=None,
        state=PostState.VISIBLE,
        author__claimed_at__isnull=False,
    )
    earlier = Post.objects.filter(author=OuterRef("author"), created_at__lt=OuterRef("created_at"))
    first = written.filter(~Exists(earlier), author__is_staff=False).select_related("board", "author")
    return Loaded(Readers(members), list(first.order_by("-created_at", "-pk")[:24]), {}, set())


@section("voices", order=80, prepare=load_voices, personal=False)
def write_voices(member: Member, week: Week, loaded: Loaded) -> dict[str, Any] | None:
    """Up to three people who wrote their first post."""
    others = [p for p in loaded.posts if p.author_id != member.pk and loaded.readers.may_see(member, p)]
    shown = sorted(others, key=lambda post: foreign_to(member, post))[:3]
    if not shown:
        return None
    return {
        "entries": [{"title": post.title, "url": short_address(post), "name": tame_name(str(post.author))} for post in shown]
    }
