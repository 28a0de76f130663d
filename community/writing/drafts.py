"""Drafts: what a member typed and did not send waits for them on every device, for 90 days."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Comment, Draft, Member, Post
from community.refusals import Conflict, Invalid

KEPT_FOR = timedelta(days=90)
MOST = 50  # of one member
MOST_FIELDS, LONGEST_NAME, LONGEST = 24, 40, 60_000
# What belongs to the page and not to the text.
NOT_KEPT = {"csrfmiddlewaretoken", "draft", "draft_form", "draft_subject", "email", "template"}
TEXTS = ("title", "body")


def typed_in(form: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields of a form, as a draft keeps it."""
    kept = [(str(name)[:LONGEST_NAME], str(form[name]).replace("\x00", "")) for name in form if name not in NOT_KEPT]
    return dict(kept[:MOST_FIELDS])


@transaction.atomic
def save_draft(
    *, member: Member, form: str, data: Mapping[str, str], at: datetime, subject: int = 0, draft_id: int = 0
) -> Draft | None:
    """What was typed is kept; an emptied form keeps nothing, and None is answered.

    draft_id: which of several drafts of new posts; an unknown one begins another.
    Raises Conflict where what it is about is gone, or fifty drafts wait already; Invalid for more than a form holds.
    """
    if form not in Draft.Form.values:
        raise Invalid(_("There is no such form."))
    if len(json.dumps(data)) > LONGEST:
        raise Invalid(_("This is too long to be kept. Please shorten it."))
    # Two windows may save together: whoever comes second waits, and finds the first one's draft.
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    subject = 0 if form == Draft.Form.POST else subject
    mine = Draft.objects.filter(member=member, form=form, subject=subject)
    draft = mine.filter(pk=draft_id).first() if form == Draft.Form.POST else mine.first()
    if not any(data.get(name, "").strip() for name in TEXTS):
        if draft is not None:
            draft.delete()
        return None
    if draft is None:
        _check_room(member, form, subject)
        draft = Draft(member=member, form=form, subject=subject)
    draft.data, draft.saved_at = dict(data), at
    draft.save()
    return draft


def _check_room(member: Member, form: str, subject: int) -> None:
    if form in (Draft.Form.COMMENT, Draft.Form.POST_EDIT) and not Post.objects.visible_to(member).filter(pk=subject).exists():
        raise Conflict(_("This post is not here any more."))
    if form == Draft.Form.COMMENT_EDIT and not Comment.objects.visible_to(member).filter(pk=subject).exists():
        raise Conflict(_("This comment is not here any more."))
    if Draft.objects.filter(member=member).count() >= MOST:
        raise Conflict(_("Fifty drafts wait already. Please discard some of them first."))


@transaction.atomic
def discard_drafts(*, member: Member, form: str, subject: int = 0, draft_id: int = 0) -> int:
    """What was sent, or is not wanted any more, does not wait any more; how many drafts that were."""
    mine = Draft.objects.filter(member=member, form=form, subject=subject)
    if form == Draft.Form.POST:
        mine = mine.filter(pk=draft_id)
    return mine.delete()[0]


@transaction.atomic
def discard_draft(*, draft: Draft) -> None:
    """The draft is gone."""
    Draft.objects.filter(pk=draft.pk).delete()


def forget_old_drafts(*, before: datetime) -> int:
    """Drafts that nobody touched since then are gone; how many."""
    return Draft.objects.filter(saved_at__lt=before).delete()[0]


def draft_for(member: Member | None, form: str, subject: int) -> Draft | None:
    """The one draft the member has of this comment or edit."""
    return Draft.objects.filter(member=member, form=form, subject=subject).first() if member else None


@dataclass(frozen=True)
class Waiting:
    """A draft in a list: what it is about, as far as its owner may still see that, and where it goes on."""

    draft: Draft
    about: str
    url: str

    @property
    def can_go_on(self) -> bool:
        return bool(self.url)


def waiting_drafts(member: Member) -> list[Waiting]:
    """The member's drafts, the latest first, in three queries however many they are."""
    drafts = list(Draft.objects.filter(member=member)[:MOST])
    on_posts = {one.subject for one in drafts if one.form in (Draft.Form.COMMENT, Draft.Form.POST_EDIT)}
    on_comments = {one.subject for one in drafts if one.form == Draft.Form.COMMENT_EDIT}
    posts = dict(Post.objects.visible_to(member).filter(pk__in=on_posts).values_list("pk", "title"))
    seen = Comment.objects.visible_to(member).filter(pk__in=on_comments)
    comments = dict(seen.values_list("pk", "post__title"))
    return [_waiting(draft, posts, comments) for draft in drafts]


def _waiting(draft: Draft, posts: Mapping[int, str], comments: Mapping[int, str]) -> Waiting:
    if draft.form == Draft.Form.POST:
        return Waiting(draft, "", f"{reverse('post-new')}?draft={draft.pk}")
    names = {Draft.Form.COMMENT: "comment-new", Draft.Form.POST_EDIT: "post-edit", Draft.Form.COMMENT_EDIT: "comment-edit"}
    about = (comments if draft.form == Draft.Form.COMMENT_EDIT else posts).get(draft.subject)
    if about is None:
        return Waiting(draft, "", "")
    return Waiting(draft, about, f"{reverse(names[Draft.Form(draft.form)], args=[draft.subject])}?draft={draft.pk}")
