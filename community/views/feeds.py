"""The feeds of what people write: everything, wishes, news, one board, one tag, a search, one post's comments."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.feeds import MOST, Entry, Feed, answer_feed
from community.lists import WISHES, Wanted, posts_for
from community.models import Board, Comment, Post, PostKind, Tag
from community.models.standing import StandingQuerySet
from community.views.lists import KIND_NAMES
from community.views.pages import for_everybody
from community.views.search import allow_search

NOBODY = None  # a feed is fetched by machines, and shows what a visitor sees


def entries_of(rows: StandingQuerySet) -> Iterable[Entry]:
    """The newest of these posts."""
    newest = rows.with_posts().order_by("-created_at", "-post_id")[:MOST]
    return [
        Entry(
            key=f"post/{row.post_id}",
            title=row.post.title,
            path=row.post.get_absolute_url(),
            html=row.post.body_html,
            at=row.post.created_at,
            updated_at=row.post.edited_at or row.post.created_at,
            author=str(row.post.author),
            labels=[str(row.get_kind_display()), *(str(tag) for tag in row.post.tags.all())],
        )
        for row in newest
    ]


def _posts(request: HttpRequest, wanted: Wanted, feed: Feed) -> HttpResponse:
    if wanted.words:
        allow_search(request)
    return answer_feed(request, feed, entries_of(posts_for(NOBODY, wanted)))


@require_safe
@for_everybody
def posts(request: HttpRequest) -> HttpResponse:
    """Everything, or one kind of it; with words, whatever says them."""
    wanted = Wanted.from_query(request.GET, sorts=("new",), kinds=PostKind.values)
    name = str(KIND_NAMES[PostKind(wanted.kind)]) if wanted.kind else _("Everything")
    query = urlencode({"kind": wanted.kind} if wanted.kind else {})
    return _posts(request, wanted, Feed(f"{name} · Sprout", reverse("posts") + (f"?{query}" if query else "")))


@require_safe
@for_everybody
def suggestions(request: HttpRequest) -> HttpResponse:
    """All suggestions and bugs; narrowed by the same words in the address as the list."""
    wanted = Wanted.from_query(request.GET, sorts=("new",))
    if wanted.words:
        allow_search(request)
    rows = posts_for(NOBODY, wanted).filter(kind__in=WISHES)
    rows = rows.filter(status=wanted.status) if wanted.status else rows
    return answer_feed(request, Feed(_("Suggestions") + " · Sprout", reverse("suggestions")), entries_of(rows))


@require_safe
@for_everybody
def announcements(request: HttpRequest) -> HttpResponse:
    """What the team has to say."""
    feed = Feed(_("Announcements") + " · Sprout", f"{reverse('posts')}?kind=announcement")
    return _posts(request, Wanted(kind=PostKind.ANNOUNCEMENT), feed)


@require_safe
@for_everybody
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """What is posted in one board that everybody may see."""
    found = get_object_or_404(Board.objects.visible_to(NOBODY), slug=slug)
    return _posts(request, Wanted(board=found.slug), Feed(f"{found} · Sprout", reverse("board", args=[slug]), found.about))


@require_safe
@for_everybody
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """What carries the tag; unknown where a visitor sees nothing that does."""
    found = get_object_or_404(Tag, slug=slug)
    rows = posts_for(NOBODY, Wanted(tag=found.slug))
    get_object_or_404(rows.order_by("-created_at")[:1])
    return answer_feed(request, Feed(f"# {found} · Sprout", reverse("tag", args=[slug])), entries_of(rows))


@require_safe
@for_everybody
def search(request: HttpRequest) -> HttpResponse:
    """What says the words, the newest first."""
    wanted = Wanted.from_query(request.GET, sorts=("new",), kinds=PostKind.values)
    title = _("“%(words)s”") % {"words": wanted.words}
    address = f"{reverse('search')}?{urlencode({'q': wanted.words})}"
    feed = Feed(f"{title} · Sprout", address)
    return _posts(request, wanted, feed) if wanted.words else answer_feed(request, feed, ())


@require_safe
@for_everybody
def comments(request: HttpRequest, post_id: int) -> HttpResponse:
    """What is said under one post, the newest first."""
    post = get_object_or_404(Post.objects.visible_to(NOBODY), pk=post_id)
    said = Comment.objects.visible_to(NOBODY).filter(post=post).select_related("author").order_by("-created_at", "-pk")
    title = _("Comments on “%(title)s”") % {"title": post.title}
    return answer_feed(request, Feed(title, post.get_absolute_url()), [_comment(one, title) for one in said[:MOST]])


def _comment(comment: Comment, title: str) -> Entry:
    updated: datetime = comment.edited_at or comment.created_at
    return Entry(
        key=f"comment/{comment.pk}",
        title=title,
        path=reverse("comment", args=[comment.pk]),
        html=comment.body_html,
        at=comment.created_at,
        updated_at=updated,
        author=str(comment.author),
    )
