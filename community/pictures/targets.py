"""What care needs to know of people's pictures: who sees them, and how they are hidden and shown again."""

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as _

from community.care.targets import Target, targets
from community.models import Member, PostState
from community.models.board import Viewer
from community.pictures.faces import hide_avatar, show_avatar
from community.privileges import Privilege, has


def _faces() -> QuerySet[Member]:
    return Member.objects.open().exclude(avatar="")


def _seen(viewer: Viewer) -> QuerySet[Member]:
    """Every face that is shown; a hidden one is seen by whose it is and by those who moderate."""
    if has(viewer, Privilege.MODERATE):
        return _faces()
    shown = _faces().filter(avatar_hidden_at__isnull=True)
    return shown | _faces().filter(pk=viewer.pk) if isinstance(viewer, Member) else shown


@targets(
    "face",
    seen=_seen,
    every=lambda: Member.objects.all(),
    shown=lambda: _faces().filter(avatar_hidden_at__isnull=True),
    hide=lambda member, *, by, at, why: hide_avatar(member=member, by=by, at=at),
    restore=lambda member, *, by, at, why: show_avatar(member=member, by=by, at=at),
)
def told_of_face(member: Member) -> Target:
    state = PostState.VISIBLE if member.avatar_hidden_at is None else PostState.HIDDEN
    shown = format_html('<p><img src="/faces/{}/320.webp" width="160" height="160" alt=""></p>', member.avatar)
    return Target(
        "face", member.pk, member, None, _("Picture of %(name)s") % {"name": member}, "", shown if member.avatar else "",
        member.get_absolute_url(), state if member.avatar else PostState.DELETED, member,
    )  # fmt: skip
