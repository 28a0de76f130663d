"""The picture of a member: set and removed by themselves, hidden and shown again by those who moderate.

Without one, and while it is hidden, their initials are drawn.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community import limits
from community.activity import record
from community.models import Member
from community.pictures import store
from community.pictures.redraw import redraw
from community.privileges import Privilege, require
from community.refusals import Conflict, NotAllowed
from community.verbs import AvatarChanged, Verb

A_DAY = 10
DAY = 24 * 3600
SIZES = (96, 320)


def set_avatar(*, member: Member, data: bytes, filename: str, at: datetime) -> Member:
    """The middle of the picture is the member's face from now on; the one before is gone.

    Raises Invalid with what is wrong with the file, NotAllowed while a moderator has hidden the one before.
    """
    require(member, Privilege.WRITE)
    _not_hidden(member)
    limits.spend(what="faces", who=f"member:{member.pk}", limit=A_DAY, seconds=DAY)
    name = store.keep("faces", redraw(data=data, filename=filename, purpose="face"))
    try:
        return _change(member, name, "set", by=member, at=at)
    except BaseException:
        store.drop("faces", name)
        raise


def remove_avatar(*, member: Member, at: datetime) -> Member:
    """The member's initials are drawn again, and their picture is gone."""
    return _change(member, "", "removed", by=member, at=at)


@transaction.atomic
def hide_avatar(*, member: Member, by: Member, at: datetime) -> Member:
    """The member's initials are drawn; they cannot set another picture until somebody who moderates shows this one again."""
    require(by, Privilege.MODERATE)
    locked = _locked(member)
    if not locked.face:
        raise Conflict(_("There is no picture to hide."))
    locked.avatar_hidden_at = at
    locked.save(update_fields=["avatar_hidden_at"])
    _record(locked, "hidden", by, at)
    return locked


@transaction.atomic
def show_avatar(*, member: Member, by: Member, at: datetime) -> Member:
    """The member's picture is shown again, and they may set another."""
    require(by, Privilege.MODERATE)
    locked = _locked(member)
    if locked.avatar_hidden_at is None:
        raise Conflict(_("That was done already."))
    locked.avatar_hidden_at = None
    locked.save(update_fields=["avatar_hidden_at"])
    _record(locked, "shown", by, at)
    return locked


@transaction.atomic
def _change(member: Member, name: str, moment: str, *, by: Member, at: datetime) -> Member:
    locked = _locked(member)
    _not_hidden(locked)
    before, locked.avatar = locked.avatar, name
    if before == name:
        return locked
    locked.save(update_fields=["avatar"])
    _record(locked, moment, by, at)
    transaction.on_commit(lambda: store.drop("faces", before))
    member.avatar = name
    return locked


def _not_hidden(member: Member) -> None:
    if member.avatar_hidden_at is not None:
        raise NotAllowed(
            _("A moderator took your picture down. You can set another one once it is shown again; you may appeal.")
        )


def _locked(member: Member) -> Member:
    found: Member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    return found


def _record(member: Member, moment: str, by: Member, at: datetime) -> None:
    record(
        Verb.AVATAR_CHANGED,
        key=f"avatar_changed:{member.pk}:{moment}:{at.isoformat()}",
        actor=by,
        subject=member.pk,
        data=AvatarChanged(moment=moment),
        at=at,
    )
