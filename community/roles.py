"""Roles: what the company trusts a member with, and since when."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.models import Member, Role
from community.privileges import Privilege, require
from community.refusals import Conflict
from community.verbs import RoleChanged, Verb


@transaction.atomic
def change_role(*, member: Member, role: Role, by: Member, at: datetime) -> Member:
    """The member has the role and the rights that go with it, and it is on record since when."""
    require(by, Privilege.CONFIGURE)
    locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if locked.role == role:
        raise Conflict(_("They have this role already."))
    if locked.pk == by.pk:
        raise Conflict(_("Somebody else must change your own role, so that there is always one administrator left."))
    before, locked.role = locked.role, role
    locked.is_staff = role in (Role.STAFF, Role.ADMIN)
    locked.is_superuser = role == Role.ADMIN
    locked.save(update_fields=["role", "is_staff", "is_superuser"])
    record(
        Verb.ROLE_CHANGED,
        key=f"role_changed:{member.pk}:{at.isoformat()}:{role}",
        actor=by,
        subject=member.pk,
        data=RoleChanged(before=before, after=str(role)),
        at=at,
    )
    return locked
