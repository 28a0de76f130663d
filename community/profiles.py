"""What a member's page tells of them: what they brought about, and the traces of their talk that the viewer may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.utils.dateparse import parse_datetime

from community.models import Comment, Member, Post
from community.models.board import Viewer

PAGE = 20


@dataclass(frozen=True)
class Trace:
    """One post or comment of the member, newest first."""

    at: datetime
    post: Post
    comment: Comment | None = None


@dataclass(frozen=True)
class Traces:
    """A page of them; `after` asks for the next, or is empty on the last."""

    rows: list[Trace]
    after: str


def traces_of(person: Member, viewer: Viewer, *, after: str = "") -> Traces:
    """What the person posted and said, in three queries: one union of ids and times, then the rows themselves."""
    posts = _ids(Post.objects.visible_to(viewer).filter(author=person), "post")
    comments = _ids(Comment.objects.visible_to(viewer).filter(author=person), "comment")
    if bound := _bound(after):
        moment, number = bound
        posts, comments = (rows.filter(at__lte=moment) for rows in (posts, comments))
        found = [
            row for row in posts.union(comments).order_by("-at", "-pk")[: PAGE * 2] if (row["at"], row["pk"]) < (moment, number)
        ]
    else:
        found = list(posts.union(comments).order_by("-at", "-pk")[: PAGE + 1])
    shown = found[:PAGE]
    last = f"{shown[-1]['at'].isoformat()}~{shown[-1]['pk']}" if len(found) > PAGE else ""
    return Traces(_filled(shown), last)


def _ids(rows: QuerySet[Any], what: str) -> QuerySet[Any, dict[str, Any]]:
    named = rows.annotate(at=F("created_at"), what=Value(what, output_field=CharField()))
    found: QuerySet[Any, dict[str, Any]] = named.order_by().values("at", "pk", "what")
    return found


def _bound(after: str) -> tuple[datetime, int] | None:
    """The time and number the page before ended with; whatever is no such thing begins anew."""
    told, _sign, number = after.partition("~")
    try:
        moment = parse_datetime(told)
    except ValueError:
        return None
    return (moment, int(number)) if moment and moment.tzinfo and number.isdecimal() and len(number) < 19 else None


def _filled(rows: list[dict[str, Any]]) -> list[Trace]:
    comments = Comment.objects.select_related("post").in_bulk([row["pk"] for row in rows if row["what"] == "comment"])
    posts = Post.objects.in_bulk([row["pk"] for row in rows if row["what"] == "post"])
    traces = []
    for row in rows:
        comment = comments.get(row["pk"]) if row["what"] == "comment" else None
        post = comment.post if comment else posts.get(row["pk"])
        if post is not None:
            traces.append(Trace(row["at"], post, comment))
    return traces
