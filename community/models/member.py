"""Members: people with an account, or a profile that waits for its owner."""

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What the company trusts a member with."""

    MEMBER = "member", _("Member")
    MODERATOR = "moderator", _("Moderator")
    STAFF = "staff", _("Staff")
    ADMIN = "admin", _("Administrator")


class Persona(models.Model):
    """Which kind of user somebody is; one optional tap after the first vote."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    name_zh_hans = models.CharField(max_length=60, blank=True)
    name_zh_hant = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return {"zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}.get(get_language() or "") or self.name


class MemberQuerySet(models.QuerySet["Member"]):
    """Adjectives of members."""

    def claimed(self) -> "MemberQuerySet":
        return self.filter(claimed_at__isnull=False)

    def shown(self) -> "MemberQuerySet":
        """Those with a page: claimed, or brought along by an import; not those who only asked for a code."""
        return self.filter(models.Q(claimed_at__isnull=False) | ~models.Q(source_id=""))

    def open(self) -> "MemberQuerySet":
        return self.filter(is_active=True, closed_at__isnull=True)

    def staff(self) -> "MemberQuerySet":
        return self.filter(is_staff=True, is_active=True)


class MemberManager(BaseUserManager["Member"]):
    """Django and allauth make accounts through these two."""

    def create_user(self, username: str, email: str | None = None, password: str | None = None, **extra: Any) -> "Member":
        member: Member = self.model(username=username, email=email, **extra)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, username: str, email: str | None = None, password: str | None = None, **extra: Any) -> "Member":
        now = timezone.now()
        rights = {"role": Role.ADMIN, "is_staff": True, "is_superuser": True, "claimed_at": now, "verified_at": now}
        return self.create_user(username, email, password, **(rights | extra))


class Member(AbstractBaseUser, PermissionsMixin):
    """A person. `claimed_at` is empty while nobody has signed in for an imported or named profile."""

    username = models.CharField(
        _("name in addresses"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[\w.\-]+$", _("Letters, digits, dots, dashes and underscores only."))],
    )
    email = models.EmailField(_("mail address"), null=True, blank=True)
    display_name = models.CharField(_("name"), max_length=60)
    bio = models.CharField(_("about you"), max_length=280, blank=True)
    staff_title = models.CharField(_("team"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    device = models.CharField(_("device"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    persona = models.ForeignKey(Persona, models.SET_NULL, null=True, blank=True, related_name="members")
    trust = models.PositiveSmallIntegerField(_("trust"), default=0)
    level = models.PositiveSmallIntegerField(_("level"), default=0)
    cohort = models.CharField(_("cohort"), max_length=60, default="")
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    limited_until = models.DateTimeField(_("limited until"), null=True, blank=True)
    # Both are what the standing decisions say, see `community.care.sanctions`. Without an end: for good.
    suspended_at = models.DateTimeField(_("suspended since"), null=True, blank=True)
    suspended_until = models.DateTimeField(_("suspended until"), null=True, blank=True)
    active_days = models.PositiveIntegerField(default=0)
    reads = models.PositiveIntegerField(default=0)
    source_system = models.CharField(max_length=20, blank=True)
    source_id = models.CharField(max_length=100, blank=True)
    avatar = models.CharField(max_length=32, blank=True, default="", editable=False)
    avatar_hidden_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]
    objects = MemberManager.from_queryset(MemberQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_member_per_address"),
            models.UniqueConstraint(
                fields=["source_system", "source_id"], condition=~models.Q(source_id=""), name="one_member_per_source"
            ),
            models.CheckConstraint(condition=models.Q(trust__lte=2), name="trust_is_0_1_or_2"),
            models.UniqueConstraint(fields=["avatar"], condition=~models.Q(avatar=""), name="one_member_per_avatar"),
        ]
        indexes = [
            models.Index(fields=["trust", "joined_at"], name="member_trust"),
            # Names are found by how they begin, whatever their case.
            models.Index(OpClass(Upper("username"), name="text_pattern_ops"), name="member_username_begins"),
            models.Index(OpClass(Upper("display_name"), name="text_pattern_ops"), name="member_name_begins"),
        ]

    def __str__(self) -> str:
        return str(_("A former member")) if self.closed_at else self.display_name or self.username

    def get_absolute_url(self) -> str:
        return f"/members/{self.username}/"

    @property
    def initials(self) -> str:
        """Up to two signs for the face: 林 for 林小满, ML for Mara Lindqvist."""
        words = self.display_name.split() or ["·" if self.closed_at else self.username]
        if ord(words[0][0]) > 0x2E7F:
            return words[0][0]
        return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()

    @property
    def face(self) -> str:
        """Where the picture of the member lies, empty where their initials are shown."""
        return f"/faces/{self.avatar}" if self.avatar and self.avatar_hidden_at is None else ""

    @property
    def speaks_for_the_team(self) -> bool:
        return self.role in (Role.STAFF, Role.ADMIN)

    def is_suspended(self, *, at: datetime) -> bool:
        """At that moment the member reads and does nothing else; it ends by itself."""
        return self.suspended_at is not None and (self.suspended_until is None or self.suspended_until > at)

    def is_limited(self, *, at: datetime) -> bool:
        return self.limited_until is not None and self.limited_until > at


class MemberDay(models.Model):
    """A day on which a member took part; their number feeds trust."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="days")
    day = models.DateField()
    reads = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "day"], name="one_row_per_member_and_day")]
