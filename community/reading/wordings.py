"""Signs, in the words of a notice."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Comment, Member, Notice, PostState, Reaction
from community.notice_words import Wording, worded

Key = tuple[int | None, int | None, str]


def _people(notices: Sequence[Notice]) -> dict[Key, list[Member]]:
    """Who left a sign on the thing on the day of its notice, each once, in their order; in two queries."""
    on_comments = {notice.data["comment_id"] for notice in notices if notice.data["comment_id"]}
    on_posts = {notice.post_id for notice in notices if not notice.data["comment_id"]}
    shown = set(Comment.objects.filter(pk__in=on_comments, state=PostState.VISIBLE).values_list("pk", flat=True))
    first = min(datetime.fromisoformat(f"{notice.data['day']}T00:00:00+00:00") for notice in notices)
    left = Reaction.objects.filter(Q(comment__in=shown) | Q(post__in=on_posts), created_at__gte=first)
    found: dict[Key, list[Member]] = {}
    for reaction in left.select_related("member").order_by("created_at", "pk"):
        people = found.setdefault((reaction.comment_id, reaction.post_id, reaction.created_at.date().isoformat()), [])
        if reaction.member not in people:
            people.append(reaction.member)
    return found


@worded("reaction_given", prepare=_people)
def say_who_signed(notice: Notice, people: dict[Key, list[Member]]) -> Wording | None:
    """Somebody left a sign on what one wrote; nothing where it was taken back or the thing is gone."""
    comment_id = notice.data["comment_id"]
    key = (comment_id, None if comment_id else notice.post_id, notice.data["day"])
    signed = [person for person in people.get(key, []) if person.pk != notice.member_id]
    if not signed or notice.post is None:
        return None
    told = {"name": _called(signed), "title": notice.post.title}
    if comment_id:
        return Wording(_("%(name)s left a sign on your comment under “%(title)s”") % told, url=f"/comments/{comment_id}/")
    return Wording(_("%(name)s left a sign on your post “%(title)s”") % told, url=notice.post.get_absolute_url())


def _called(people: Sequence[Member]) -> str:
    first, others = str(people[0]), len(people) - 1
    if not others:
        return first
    return ngettext("%(name)s and %(count)d other", "%(name)s and %(count)d others", others) % {"name": first, "count": others}
