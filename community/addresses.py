"""Mail addresses that may sign in by a code: those of members, and those of people who are about to be one."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from community.members import fresh_username, sign_up_cohort
from community.models import Member

# Where a member came from who exists only because a code was asked for.
MARK = "code"


def expect_member(*, email: str, language: str, at: datetime, via: str = "") -> Member | None:
    """A code can be sent to the address: a member has it, or one who is not claimed until the code is entered.

    Known and unknown addresses are treated alike from here on, so that nobody learns who is a member.
    None where the address belongs to a closed account.
    """
    address = email.strip().lower()
    try:
        with transaction.atomic():
            member = _member_of(address) or _new_member(address, language, at, via)
            if not EmailAddress.objects.filter(user=member, email=address).exists():
                EmailAddress.objects.create(user=member, email=address, primary=True, verified=False)
    except IntegrityError:
        # Two requests for one new address came together; the other one made the member.
        found = _member_of(address)
        return found if found and found.is_active else None
    return member if member.is_active and member.closed_at is None else None


def _member_of(address: str) -> Member | None:
    known = EmailAddress.objects.filter(email=address).select_related("user").order_by("-verified").first()
    member: Member | None = known.user if known else Member.objects.filter(email__iexact=address).first()
    return member


def _new_member(address: str, language: str, at: datetime, via: str) -> Member:
    name = fresh_username()
    return Member.objects.create_user(
        name, address, None, display_name=name, language=language, joined_at=at,
        cohort=sign_up_cohort(at=at, code=via), source_system=MARK,
    )  # fmt: skip


def forget_unclaimed(*, before: datetime) -> int:
    """Addresses whose code was never entered are forgotten."""
    waiting = Member.objects.filter(source_system=MARK, source_id="", claimed_at__isnull=True, joined_at__lt=before)
    _all, each = waiting.delete()
    return int(each.get(Member._meta.label, 0))
