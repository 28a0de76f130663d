"""Feedback's notices in words."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.digest_sections import short_address
from community.mail_render import tame_name
from community.models import Member, Notice
from community.notice_words import Wording, worded
from community.readers import Readers
from community.rendering import plain
from feedback.models import Merge, Release, Status, StatusChange, Suggestion
from feedback.sections import growth

LONGEST = 400
# Declined and not now are answers, not faults: the subject of a mail says who answered, the mail itself says what.
SENTENCES = {
    Status.OPEN: gettext_lazy("“%(title)s” is open again"),
    Status.UNDER_REVIEW: gettext_lazy("“%(title)s” is being looked at"),
    Status.PLANNED: gettext_lazy("“%(title)s” is planned"),
    Status.IN_PROGRESS: gettext_lazy("“%(title)s” is being built"),
    Status.TESTING: gettext_lazy("“%(title)s” is being tested"),
    Status.SHIPPED: gettext_lazy("“%(title)s” is here"),
    Status.DECLINED: gettext_lazy("%(name)s answered “%(title)s”"),
    Status.NOT_NOW: gettext_lazy("%(name)s answered “%(title)s”"),
}


def signed(member: Member | None) -> str:
    """Who speaks, with their part in the team."""
    return " · ".join(filter(None, [tame_name(str(member)), tame_name(member.staff_title)])) if member else ""


def _changes(notices: Sequence[Notice]) -> dict[int, StatusChange]:
    return StatusChange.objects.select_related("by").in_bulk([notice.data["change_id"] for notice in notices])


@worded("status_changed", prepare=_changes)
def say_how_it_stands(notice: Notice, changes: dict[int, StatusChange]) -> Wording | None:
    """A suggestion has another status, perhaps with an answer."""
    change = changes.get(notice.data["change_id"])
    if change is None or notice.post is None:
        return None
    told = {"title": notice.post.title, "name": tame_name(str(change.by)) if change.by else _("The team")}
    return Wording(
        sentence=str(SENTENCES[Status(change.after)]) % told,
        url=short_address(notice.post),
        quote=plain(change.answer, LONGEST) if change.answer else "",
        by=signed(change.by),
        action=_("See how it grows") if growth(change.after)["stage"] else _("Read the answer"),
        **_stem(change.after),
    )


def _stem(status: str) -> dict[str, Any]:
    grown = growth(status)
    return {"stage": grown["stage"], "label": grown["label"]}


def _answers(notices: Sequence[Notice]) -> dict[int, Suggestion]:
    return Suggestion.objects.select_related("answered_by").in_bulk([notice.post_id for notice in notices])


@worded("suggestion_answered", prepare=_answers)
def say_who_answered(notice: Notice, answered: dict[int, Suggestion]) -> Wording | None:
    """A suggestion has an official answer, in its words of now."""
    row = answered.get(notice.post_id or 0)
    if row is None or notice.post is None or not row.answer:
        return None
    name = tame_name(str(row.answered_by)) if row.answered_by else _("The team")
    return Wording(
        sentence=_("%(name)s answered “%(title)s”") % {"name": name, "title": notice.post.title},
        url=short_address(notice.post),
        quote=plain(row.answer, LONGEST),
        by=signed(row.answered_by),
        action=_("Read the answer"),
        **_stem(row.status),
    )


def _releases(notices: Sequence[Notice]) -> dict[int, Release]:
    return Release.objects.shipped().select_related("product").in_bulk([notice.data["release_id"] for notice in notices])


@worded("suggestion_shipped", prepare=_releases)
def say_what_shipped(notice: Notice, releases: dict[int, Release]) -> Wording | None:
    """Something one asked for is there."""
    release = releases.get(notice.data["release_id"])
    if release is None or notice.post is None:
        return None
    told = {"title": notice.post.title, "release": f"{release.product} {release.version}"}
    return Wording(
        sentence=_("“%(title)s” is here, with %(release)s") % told,
        url=release.get_absolute_url(),
        action=_("See what you helped make"),
        **_stem(Status.SHIPPED),
    )


def _held(notices: Sequence[Notice]) -> dict[int, Release]:
    return Release.objects.select_related("product").in_bulk([notice.data["release_id"] for notice in notices])


@worded("release_held", prepare=_held)
def say_what_did_not_ship(notice: Notice, releases: dict[int, Release]) -> Wording | None:
    """A release did not leave at its moment; only the team sees drafts, so only the team reads of them."""
    release = releases.get(notice.data["release_id"])
    if release is None or not notice.member.is_staff:
        return None
    cause = notice.data["cause"]
    return Wording(
        sentence=_("%(release)s did not ship as scheduled") % {"release": f"{release.product} {release.version}"},
        url=release.get_absolute_url(),
        quote=str(Release.Held(cause).label) if cause in Release.Held.values else "",
        action=_("See what holds it"),
    )


def _merges(notices: Sequence[Notice]) -> tuple[dict[int, Merge], Readers]:
    found = Merge.objects.filter(undone_at=None).select_related("duplicate__post__board")
    readers = Readers({notice.member_id: notice.member for notice in notices}.values())
    return found.in_bulk([notice.data["merge_id"] for notice in notices]), readers


@worded("suggestion_merged", prepare=_merges)
def say_where_it_went_on(notice: Notice, prepared: tuple[dict[int, Merge], Readers]) -> Wording | None:
    """A suggestion goes on in another one that says the same; both are named only to who may see both."""
    merges, readers = prepared
    merge = merges.get(notice.data["merge_id"])
    if merge is None or notice.post is None or not readers.may_see(notice.member, merge.duplicate.post):
        return None
    told = {"title": merge.duplicate.post.title, "into": notice.post.title}
    return Wording(
        sentence=_("“%(title)s” goes on in “%(into)s”") % told,
        url=short_address(notice.post),
        action=_("See where it goes on"),
    )
