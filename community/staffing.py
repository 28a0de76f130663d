"""Who belongs to the team, and who may sign in. Limits and suspensions: see `community.care.sanctions`."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.members import record_changes
from community.models import Member, Role
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid
from community.verbs import RoleChanged, Verb

TEAM = (Role.STAFF, Role.ADMIN)


@transaction.atomic
def appoint_member(*, member: Member, role: str, staff_title: str, by: Member, at: datetime) -> Member:
    """The member has the role and what comes with it; those of the team enter the admin, and their votes do not count.

    Raises Conflict for the last administrator and Invalid for a role there is none of.
    """
    require(by, Privilege.CONFIGURE)
    if role not in Role.values:
        raise Invalid(_("Please choose a role."), fields={"role": _("Please choose one.")})
    row: Member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    admins = Member.objects.open().filter(role=Role.ADMIN).exclude(pk=row.pk)
    if row.role == Role.ADMIN and role != Role.ADMIN and not admins.exists():
        raise Conflict(_("Somebody has to be administrator. Appoint another one first."), fields={"role": _("The last one.")})
    weighed, before = row.is_staff, row.role
    row.role, row.staff_title = role, staff_title.strip()[:60]
    row.is_staff, row.is_superuser = role in TEAM, role == Role.ADMIN
    row.save(update_fields=["role", "staff_title", "is_staff", "is_superuser"])
    if row.is_staff != weighed:
        record_changes([row], at=at)
    if row.role != before:
        record(
            Verb.ROLE_CHANGED,
            key=f"role_changed:{row.pk}:{at.isoformat()}:{role}",
            actor=by,
            subject=row.pk,
            data=RoleChanged(before=before, after=str(role)),
            at=at,
        )
    return row


@transaction.atomic
def bar_member(*, member: Member, barred: bool, by: Member, at: datetime) -> Member:
    """The member cannot sign in any more, or again; what they wrote stays."""
    require(by, Privilege.CONFIGURE)
    row: Member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if barred and row.pk == by.pk:
        raise Conflict(_("Nobody shuts the door on themselves."))
    if row.is_active == barred:
        row.is_active = not barred
        row.save(update_fields=["is_active"])
    return row
