"""Members join, choose, come back and are trusted."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from community import trust
from community.activity import Happening, record, record_many
from community.models import Member, MemberDay, Persona
from community.refusals import Invalid
from community.verbs import LevelChanged, MemberChanged, MemberJoined, ProfileChanged, Verb

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def sign_up_cohort(*, at: datetime, code: str = "") -> str:
    """The cohort fixed at sign-up: the referral or campaign code, else the ISO week."""
    year, week, _day = at.isocalendar()
    return f"code:{code}"[:60] if code else f"week:{year}-W{week:02d}"


def fresh_username(wish: str = "") -> str:
    """A free name for addresses, near the wish, that tells nothing of the mail address."""
    base = "".join(sign for sign in wish.lower().replace(" ", "-") if sign.isalnum() or sign in "-_.")[:28] or "fan"
    name = base if wish else f"{base}-{_letters(6)}"
    while Member.objects.filter(username=name).exists():
        name = f"{base}-{_letters(4)}"
    return name


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


@transaction.atomic
def welcome_member(*, member: Member, at: datetime, code: str = "") -> Member:
    """A freshly verified account is on record: its cohort is fixed and it counts from now on."""
    if not member.cohort:
        member.cohort = sign_up_cohort(at=at, code=code)
    member.verified_at = member.verified_at or at
    member.claimed_at = member.claimed_at or at
    member.save(update_fields=["cohort", "verified_at", "claimed_at"])
    record(
        Verb.MEMBER_JOINED,
        key=f"member_joined:{member.pk}",
        actor=member,
        subject=member.pk,
        data=MemberJoined(cohort=member.cohort),
        at=at,
    )
    return member


@transaction.atomic
def choose_persona(*, member: Member, persona: Persona | None, at: datetime) -> Member:
    """The member says which kind of user they are; their votes count for that breadth from now on."""
    if member.persona_id != (persona.pk if persona else None):
        member.persona = persona
        member.save(update_fields=["persona"])
        record_changes([member], at=at)
    return member


@transaction.atomic
def edit_profile(
    *, member: Member, display_name: str, bio: str, language: str, time_zone: str, at: datetime, device: str | None = None
) -> Member:
    """The member's page and mails follow what they chose; device: what they use, in their words, or None to leave it."""
    if not display_name.strip():
        raise Invalid(_("A name is needed, so that people can thank you."), fields={"display_name": _("Please give a name.")})
    before = (member.language, member.time_zone, member.device)
    member.display_name, member.bio = display_name.strip()[:60], bio.strip()[:280]
    member.language, member.time_zone = language, time_zone
    member.device = member.device if device is None else " ".join(device.split())[:80]
    member.save(update_fields=["display_name", "bio", "language", "time_zone", "device"])
    if before != (member.language, member.time_zone, member.device):
        record(
            Verb.PROFILE_CHANGED,
            key=f"profile_changed:{member.pk}:{at.isoformat()}",
            actor=member,
            subject=member.pk,
            data=ProfileChanged(language=language, time_zone=time_zone),
            at=at,
        )
    return member


def note_visit(*, member: Member, at: datetime, read: bool) -> None:
    """The day counts as active, and a read post counts as read; at most one row per member and day."""
    day, fresh = MemberDay.objects.get_or_create(member=member, day=at.date())
    counted = {"active_days": F("active_days") + 1} if fresh else {}
    if read and day.reads < 50:
        MemberDay.objects.filter(pk=day.pk).update(reads=F("reads") + 1)
        counted["reads"] = F("reads") + 1
    if counted:
        Member.objects.filter(pk=member.pk).update(**counted)


@transaction.atomic
def reassess_trust(*, members: Iterable[Member], at: datetime) -> list[Member]:
    """Every given member has the trust their facts give now; those whose trust changed are returned and recorded."""
    changed = []
    for member in members:
        facts = trust.Facts(
            member.joined_at, member.verified_at is not None, member.active_days, member.reads, member.limited_until
        )
        level = trust.trust_of(facts, at=at)
        if level != member.trust:
            member.trust = level
            changed.append(member)
    Member.objects.bulk_update(changed, ["trust"], batch_size=500)
    record_changes(changed, at=at)
    return changed


def record_changes(members: list[Member], *, at: datetime) -> None:
    """It is on record that these members' votes weigh anew; many changes within one instant are one fact."""
    record_many(
        [
            Happening(
                key=f"member_changed:{member.pk}:{at.isoformat()}:{member.trust}:{member.persona_id or 0}",
                actor=member,
                subject=member.pk,
                data=MemberChanged(trust=member.trust, persona_id=member.persona_id),
            )
            for member in members
        ],
        at=at,
    )


@transaction.atomic
def set_level(*, member: Member, level: int, at: datetime, cause: str) -> Member:
    """The member holds this level of honour. Called by rewards; `cause` makes the fact unique, and nobody is its actor."""
    locked: Member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if locked.level != level:
        before, locked.level = locked.level, level
        locked.save(update_fields=["level"])
        record(
            Verb.LEVEL_CHANGED,
            key=f"level_changed:{member.pk}:{cause}",
            actor=None,
            subject=member.pk,
            data=LevelChanged(before=before, after=level),
            at=at,
        )
    return locked
