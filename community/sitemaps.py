"""What search engines may find: the register of pages that everybody may see, in files of bounded length.

Each app names its own; an app's `sitemaps` module is found by name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.urls import reverse

from community.models import Board, Member, Post, PostKind, Standing, Tag
from community.models.member import MemberQuerySet

NOBODY = None
A_FILE = 2_000  # ids; the protocol allows far more, but each address is made anew
Parts = Callable[[], Mapping[int, datetime | None]]
Pages = Callable[[int], Iterable["Page"]]


@dataclass(frozen=True)
class Page:
    """One address, and when what it shows last moved."""

    path: str
    at: datetime | None = None


@dataclass(frozen=True)
class Source:
    """parts: the numbers of its files, with when something in each last moved; pages: what is in one of them."""

    parts: Parts
    pages: Pages


REGISTER: dict[str, Source] = {}


def mapped(name: str, *, parts: Parts = lambda: {0: None}) -> Callable[[Pages], Pages]:
    """The function answers the pages of one file of this name; without `parts` there is one file."""

    def register(pages: Pages) -> Pages:
        REGISTER[name] = Source(parts, pages)
        return pages

    return register


@mapped("places")
def places(_part: int) -> Iterable[Page]:
    """The lists, and every board that everybody may see."""
    yield from (Page(reverse(name)) for name in ("home", "suggestions", "community", "posts"))
    yield from (Page(f"{reverse('posts')}?kind={kind}") for kind in PostKind.values)
    rows = Standing.objects.visible_to(NOBODY).listed().order_by().values_list("board_id").annotate(Max("active_at"))
    moved = dict(rows)
    for board in Board.objects.visible_to(NOBODY):
        yield Page(reverse("board", args=[board.slug]), moved.get(board.pk))


def _posts() -> Mapping[int, datetime | None]:
    rows = Standing.objects.visible_to(NOBODY).listed().annotate(file=F("post_id") / A_FILE).order_by()
    return dict(rows.values_list("file").annotate(Max("active_at")))


@mapped("posts", parts=_posts)
def posts(part: int) -> Iterable[Page]:
    """Every post but those merged into another."""
    rows = Standing.objects.visible_to(NOBODY).listed().filter(post_id__gte=part * A_FILE, post_id__lt=(part + 1) * A_FILE)
    for pk, title, at in rows.order_by("post_id").values_list("post_id", "post__title", "active_at"):
        yield Page(Post(pk=pk, title=title).get_absolute_url(), at)


def _members() -> Mapping[int, datetime | None]:
    rows = _people().annotate(file=F("pk") / A_FILE).order_by()
    return dict.fromkeys(rows.values_list("file", flat=True).distinct())


@mapped("members", parts=_members)
def members(part: int) -> Iterable[Page]:
    """People who wrote something; nobody's profile that waits for its owner, and no empty one."""
    rows = _people().filter(pk__gte=part * A_FILE, pk__lt=(part + 1) * A_FILE).order_by("pk")
    return [Page(Member(username=name).get_absolute_url()) for name in rows.values_list("username", flat=True)]


def _people() -> MemberQuerySet:
    wrote = Standing.objects.visible_to(NOBODY).listed().filter(post__author=OuterRef("pk"))
    return Member.objects.open().claimed().filter(Exists(wrote))


def _tagged() -> QuerySet[Tag]:
    return Tag.objects.filter(posts__standing__in=Standing.objects.visible_to(NOBODY).listed().order_by())


@mapped("tags", parts=lambda: {0: None} if _tagged().exists() else {})
def tags(_part: int) -> Iterable[Page]:
    """Tags on something that everybody sees."""
    rows = _tagged().annotate(at=Max("posts__standing__active_at")).order_by("pk")
    return [Page(reverse("tag", args=[slug]), at) for slug, at in rows.values_list("slug", "at")[:A_FILE]]
