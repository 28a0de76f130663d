"""What a page says about itself to search engines, feed readers and chats that show a link: never more than its viewer sees."""

import json
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from community.languages import guess_language
from community.models import Board, Comment, Member, Post
from community.threads import Talk

LONGEST, MOST_SAID = 155, 10
# What would end a script element, or a line of JavaScript, is written as JSON may write it.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class FeedLink:
    """A feed that carries on what the page shows."""

    title: str
    url: str


@dataclass(frozen=True)
class Head:
    """path: the one address of what the page shows. kind: of Open Graph. data: JSON-LD, one entry per thing told of."""

    title: str
    path: str
    description: str = ""
    kind: str = "website"
    index: bool = True
    feeds: tuple[FeedLink, ...] = ()
    data: tuple[dict[str, Any], ...] = ()
    author: str = ""
    published: str = ""

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{self.path}"

    @property
    def scripts(self) -> list[SafeString]:
        """The JSON-LD as it may stand inside a script element."""
        told = [{"@context": "https://schema.org", **entry} for entry in self.data]
        return [mark_safe(json.dumps(entry, ensure_ascii=False).translate(_ESCAPES)) for entry in told]  # noqa: S308


def first_words(html: str, length: int = LONGEST) -> str:
    """The text of sanitised HTML in one line, cut at the end of a word where there are words."""
    words = " ".join(unescape(strip_tags(html.replace("</p>", " "))).split())
    if guess_language(words).startswith("zh"):
        length = length * 3 // 5  # a Han sign says, and takes, about twice as much
    if len(words) <= length:
        return words
    cut = words[: length - 1]
    whole = cut.rsplit(" ", 1)[0]
    return (whole if len(whole) > length * 2 // 3 else cut).rstrip() + "…"


def head_of_list(
    request: HttpRequest, *, title: str, description: str = "", feeds: tuple[FeedLink, ...] = (), data: Any = ()
) -> Head:
    """A list stands in the index as itself; its filters, orders and further pages do not."""
    return Head(title, request.path, description, index=not request.GET, feeds=feeds, data=tuple(data))


def trail(*steps: tuple[str, str]) -> dict[str, Any]:
    """Where a page stands: names and paths from the top down."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": settings.SITE_URL + path}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def trail_to_board(board: Board) -> tuple[tuple[str, str], ...]:
    return (_("Community"), reverse("community")), (str(board), reverse("board", args=[board.slug]))


def head_of_member(person: Member, *, wrote: bool) -> Head:
    """A profile that waits for its owner, or says nothing yet, stays out of indexes."""
    claimed = person.claimed_at is not None
    path = person.get_absolute_url()
    told = {"@type": "ProfilePage", "mainEntity": {**_person(person), "alternateName": person.username}}
    return Head(str(person), path, person.bio, kind="profile", index=claimed and wrote, data=(told,) if claimed else ())


def head_of_post(post: Post, talk: Talk, *, into: Post | None, whole: bool) -> Head:
    """whole: with JSON-LD, which none but machines read, and machines come as visitors.

    into: the post it was merged into; that one's address is the one to keep.
    """
    data: tuple[dict[str, Any], ...] = ()
    if whole:
        accepted = post.accepted_answer if post.kind == "question" and post.accepted_answer_id else None
        told = _question(post, talk, accepted) if accepted and accepted.state == "visible" else _posting(post, talk)
        data = (told, trail(*trail_to_board(post.board), (post.title, post.get_absolute_url())))
    feed = FeedLink(_("Comments on “%(title)s”") % {"title": post.title}, reverse("feed-post", args=[post.pk]))
    return Head(
        title=post.title,
        path=(into or post).get_absolute_url(),
        description=first_words(post.body_html),
        kind="article",
        index=post.state == "visible",
        feeds=(feed,) if post.board.is_public and post.state == "visible" else (),
        data=data,
        author=str(post.author),
        published=post.created_at.isoformat(),
    )


def _question(post: Post, talk: Talk, accepted: Comment) -> dict[str, Any]:
    others = [comment for comment in talk.everybody if comment.state == "visible" and comment.pk != accepted.pk]
    question = {
        "@type": "Question",
        "name": post.title,
        "answerCount": post.standing.comments,
        "acceptedAnswer": _answer(post, accepted),
        **_written(post),
    }
    if others:
        question["suggestedAnswer"] = [_answer(post, comment) for comment in others[:MOST_SAID]]
    return {"@type": "QAPage", "mainEntity": question}


def _answer(post: Post, comment: Comment) -> dict[str, Any]:
    address = f"{settings.SITE_URL}{reverse('comment', args=[comment.pk])}"
    return {"@type": "Answer", "url": address, "upvoteCount": comment.agrees, **_written(comment)}


def _posting(post: Post, talk: Talk) -> dict[str, Any]:
    said = [comment for comment in talk.everybody if comment.state == "visible"]
    counts = (("CommentAction", post.standing.comments), ("LikeAction", post.standing.votes))
    return {
        "@type": "DiscussionForumPosting",
        "headline": post.title,
        "url": settings.SITE_URL + post.get_absolute_url(),
        "interactionStatistic": [
            {"@type": "InteractionCounter", "interactionType": f"https://schema.org/{act}", "userInteractionCount": count}
            for act, count in counts
        ],
        "comment": [{"@type": "Comment", **_written(comment)} for comment in said[:MOST_SAID]],
        **_written(post),
    }


def _written(thing: Post | Comment) -> dict[str, Any]:
    written = {
        "text": first_words(thing.body_html, 300) or str(thing),
        "datePublished": thing.created_at.isoformat(),
        "author": _person(thing.author),
    }
    if isinstance(thing, Post) and thing.language not in ("", "und"):
        written["inLanguage"] = thing.language
    return written


def _person(member: Member) -> dict[str, str]:
    return {"@type": "Person", "name": str(member), "url": settings.SITE_URL + member.get_absolute_url()}
