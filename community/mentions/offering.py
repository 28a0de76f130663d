"""Whom somebody may mean while they type a name: those who take part in the thread first, then names that begin so."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from community.models import Comment, Member, Post

MOST = 8
LONGEST = 30
TAKING_PART = 40  # of a thread, the latest


@dataclass(frozen=True)
class Offered:
    """A member as the list shows them."""

    username: str
    name: str
    title: str


def offer_names(*, begun: str, viewer: Member, post: Post | None) -> list[Offered]:
    """At most eight members whose name or username begins like this; those in the thread also by a later word of it.

    post: the thread as far as the viewer may see it. Nobody without an account of their own is offered, nor the viewer.
    """
    wish = begun.strip().lower()[:LONGEST]
    near = [member for member in taking_part(post, viewer) if _fits(member, wish)] if post else []
    found = list(dict.fromkeys(near))[:MOST]
    if wish and len(found) < MOST:
        known = {member.pk for member in found} | {viewer.pk}
        # Both indexes are read from where the word begins; most of the community is never looked at.
        begins = Q(username__istartswith=wish) | Q(display_name__istartswith=wish)
        others = Member.objects.open().claimed().filter(begins).exclude(pk__in=known).order_by("-trust", "username")
        found += others[: MOST - len(found)]
    return [Offered(member.username, str(member), member.staff_title) for member in found]


def taking_part(post: Post, viewer: Member) -> Sequence[Member]:
    """The post's author and those who spoke below it where the viewer can read it, the latest first."""
    said = Comment.objects.visible_to(viewer).filter(post=post).order_by("-created_at", "-pk")
    ids = list(dict.fromkeys([*said.values_list("author_id", flat=True)[: TAKING_PART * 3], post.author_id]))[:TAKING_PART]
    people = {member.pk: member for member in Member.objects.open().claimed().filter(pk__in=ids).exclude(pk=viewer.pk)}
    return [people[pk] for pk in ids if pk in people]


def _fits(member: Member, wish: str) -> bool:
    name = member.display_name.lower()
    return name.startswith(wish) or member.username.lower().startswith(wish) or f" {wish}" in f" {name}"
