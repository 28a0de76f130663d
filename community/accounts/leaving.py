"""An account is closed: the identity is gone for good, the words stay under a tombstone or go as well."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.accounts.registry import Leaving, erase_all
from community.activity import record
from community.members import record_changes
from community.models import Member, Role
from community.refusals import Conflict
from community.verbs import MemberLeft, Verb

IDENTITY = (
    "username", "email", "display_name", "bio", "staff_title", "persona", "role", "is_active", "password",
    "closed_at", "source_system", "source_id", "last_login", "time_zone",
)  # fmt: skip


@transaction.atomic
def close_account(*, member: Member, keeps_words: bool, at: datetime) -> Member:
    """Nobody can sign in to the account or learn whose it was, and whatever was personal is erased.

    keeps_words: posts and comments stay, signed by "a former member"; otherwise they go, and their texts are erased.
    The points ledger keeps its entries under a number, so that every sum stays (research on reliability, L11).
    Raises Conflict for those of the team.
    """
    row: Member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if row.closed_at is not None:
        return row
    if row.is_staff:
        raise Conflict(_("You belong to the team. Please ask an administrator to make you a member first."))
    erase_all(Leaving(row, keeps_words, at))
    row.username, row.email, row.display_name = f"left-{secrets.token_hex(6)}", None, ""
    row.bio = row.staff_title = row.source_system = row.source_id = ""
    row.persona, row.last_login, row.time_zone = None, None, "UTC"
    row.role, row.is_active = Role.MEMBER, False
    row.closed_at = at
    row.set_unusable_password()
    row.save(update_fields=IDENTITY)
    # Without a persona the votes weigh on in every part but breadth.
    record_changes([row], at=at)
    fact = MemberLeft(keeps_words=keeps_words)
    record(Verb.MEMBER_LEFT, key=f"member_left:{row.pk}", actor=row, subject=row.pk, data=fact, at=at)
    return row
