"""Names in addresses: chosen by their members, and never given to anybody else afterwards."""

import re
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from community.models import FormerName, Member
from community.refusals import Conflict, Invalid

# Between the two blocks of Han signs stand the hexagrams, which are no letters: nobody could be called by one.
_SIGNS = r"a-z0-9\u3400-\u4dbf\u4e00-\u9fff"
PATTERN = re.compile(rf"[{_SIGNS}](?:[{_SIGNS}._-]*[{_SIGNS}])?")
SHORTEST, LONGEST = 2, 30
AGAIN_AFTER = timedelta(days=30)
# Names that would pass for the house, or for somebody who has left.
RESERVED = frozenset(
    [
        "admin",
        "administrator",
        "staff",
        "team",
        "sprout",
        "moderator",
        "moderators",
        "support",
        "help",
        "official",
        "root",
        "system",
        "api",
        "me",
        "new",
        "all",
        "everyone",
        "here",
    ]
)


@transaction.atomic
def choose_name(*, member: Member, name: str, at: datetime) -> Member:
    """The member's page and their mentions go by this name; the one before leads here for good.

    Raises Invalid for a name that is taken, reserved or misspelt, Conflict for a change within 30 days of the last.
    """
    wish = name.strip().lower().lstrip("@")
    row: Member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if wish == row.username.lower():
        return row
    _check(wish)
    last = row.former_names.order_by("-left_at").values_list("left_at", flat=True).first()
    if last is not None and at - last < AGAIN_AFTER:
        told = _("A name can be changed once in 30 days, so that people find you again.")
        raise Conflict(told, fields={"username": told})
    others = Member.objects.filter(username__iexact=wish).exclude(pk=row.pk)
    if others.exists() or FormerName.objects.filter(name__iexact=wish).exclude(member=row).exists():
        raise Invalid(_taken(), fields={"username": _taken()})
    FormerName.objects.filter(name=wish, member=row).delete()
    FormerName.objects.create(name=row.username, member=row, left_at=at)
    row.username = wish
    try:
        # Two may want the same name at once; the constraint decides.
        with transaction.atomic():
            row.save(update_fields=["username"])
    except IntegrityError as fault:
        raise Invalid(_taken(), fields={"username": _taken()}) from fault
    return row


def _taken() -> str:
    return _("This name is taken. Please try another one.")


def _check(name: str) -> None:
    fault = ""
    if not SHORTEST <= len(name) <= LONGEST:
        fault = _("Please use 2 to 30 signs.")
    elif not PATTERN.fullmatch(name):
        fault = _("Letters a to z, Chinese characters, digits, dots, dashes and underscores only.")
    elif name in RESERVED or name.startswith("left-"):
        fault = _taken()
    if fault:
        raise Invalid(fault, fields={"username": fault})


def member_formerly(name: str) -> Member | None:
    """Who went by this name before, if they are still here."""
    found = FormerName.objects.filter(name=name, member__closed_at__isnull=True, member__is_active=True)
    row = found.select_related("member").first()
    return row.member if row else None
