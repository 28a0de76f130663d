"""Signs people leave on posts and comments: agree, thanks, delighted, puzzled. They order talk and please; they never score."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from community.activity import record
from community.models import Comment, Member, Post, Reaction, Sign
from community.models.board import Viewer
from community.privileges import Privilege, require
from community.refusals import Invalid
from community.verbs import ReactionGiven, Verb

MOST_NAMED = 50


@dataclass(frozen=True)
class Signed:
    """One sign on one thing: how many left it, and whether the viewer did."""

    sign: Sign
    count: int = 0
    mine: bool = False

    @property
    def label(self) -> str:
        return str(self.sign.label)

    @property
    def icon(self) -> str:
        """Its drawing in the sprite."""
        return f"sign-{self.sign.value}"


NO_SIGNS = tuple(Signed(sign) for sign in Sign)


@transaction.atomic
def react(*, member: Member, sign: str, at: datetime, comment: Comment | None = None, post: Post | None = None) -> bool:
    """The member's sign stands on the comment or the post, or no longer does; which of both is answered.

    The first sign of a day on somebody else's words is a fact of its own; the day's others are told with it.
    """
    require(member, Privilege.VOTE)
    if sign not in Sign.values:
        raise Invalid(_("Please choose one of the signs."))
    thing = _locked(comment, post)
    mine = Reaction.objects.filter(member=member, sign=sign, **_on(thing))
    taken, _rows = mine.delete()
    if not taken:
        Reaction.objects.create(member=member, sign=sign, created_at=at, **_on(thing))
    if isinstance(thing, Comment) and sign == Sign.AGREE:
        Comment.objects.filter(pk=thing.pk).update(agrees=F("agrees") + (-1 if taken else 1))
    if not taken and thing.author_id != member.pk:
        _tell(thing, member, at)
    return not taken


def _locked(comment: Comment | None, post: Post | None) -> Comment | Post:
    """Locked, so that of two who come together only one tells the day's fact."""
    if comment is not None:
        return Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if post is not None:
        return Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    raise ValueError("A sign is left on a comment or on a post.")


def _on(thing: Comment | Post) -> dict[str, Any]:
    return {"comment": thing} if isinstance(thing, Comment) else {"post": thing}


def _tell(thing: Comment | Post, member: Member, at: datetime) -> None:
    comment_id = thing.pk if isinstance(thing, Comment) else None
    record(
        Verb.REACTION_GIVEN,
        key=f"reaction_given:{'comment' if comment_id else 'post'}:{thing.pk}:{at.date().isoformat()}",
        actor=member,
        subject=thing.post_id if isinstance(thing, Comment) else thing.pk,
        data=ReactionGiven(comment_id=comment_id),
        at=at,
    )


def has_reacted(*, member: Member, sign: str, comment: Comment | None = None, post: Post | None = None) -> bool:
    """Whether the member's sign stands there now."""
    return Reaction.objects.filter(member=member, sign=sign, comment=comment, post=post).exists()


def signs_on_comments(comment_ids: Collection[int], viewer: Viewer) -> dict[int, tuple[Signed, ...]]:
    """For each of these comments all signs in their order, in one query."""
    return _signs("comment_id", comment_ids, viewer)


def signs_on_post(post: Post, viewer: Viewer) -> tuple[Signed, ...]:
    """All signs on the post, in their order."""
    return _signs("post_id", [post.pk], viewer)[post.pk]


def _signs(column: str, ids: Collection[int], viewer: Viewer) -> dict[int, tuple[Signed, ...]]:
    if not ids:
        return {}
    mine = Q(member_id=viewer.pk if viewer is not None and viewer.is_authenticated else None)
    left = Reaction.objects.filter(**{f"{column}__in": list(ids)}).order_by()
    counted = left.values_list(column, "sign").annotate(number=Count("pk"), own=Count("pk", filter=mine))
    found = {(pk, sign): Signed(Sign(sign), count, bool(own)) for pk, sign, count, own in counted if sign in Sign.values}
    return {pk: tuple(found.get((pk, sign.value), Signed(sign)) for sign in Sign) for pk in ids}


def people_by_sign(reactions: QuerySet[Reaction]) -> list[tuple[Signed, Sequence[Member]]]:
    """Who left which sign, the first fifty of each by name; a sign nobody left is not among them."""
    people: dict[str, list[Member]] = {}
    for reaction in reactions.select_related("member").order_by("created_at", "pk"):
        people.setdefault(reaction.sign, []).append(reaction.member)
    return [(Signed(sign, len(people[sign.value])), people[sign.value][:MOST_NAMED]) for sign in Sign if people.get(sign.value)]
