"""Tester groups in layers, who belongs to them, and who spoke for whom."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.models.segment import Segment


class Layer(models.IntegerChoices):
    """How near a group stands to what is being made."""

    INNER = 1, _("Inner circle")
    CLOSE = 2, _("Testers")
    WIDE = 3, _("Open to everybody")


class TesterGroup(models.Model):
    """People who see things early. `segment` holds its members, and a board of the group is opened to that segment.

    capacity: places, or none for no limit. asks: what joining means, agreed to in so many words; gives: what one has of it.
    least_level: the level from which one may apply; staff may invite anybody.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_zh_hans = models.CharField(_("name in Simplified Chinese"), max_length=60, blank=True)
    name_zh_hant = models.CharField(_("name in Traditional Chinese"), max_length=60, blank=True)
    about = models.CharField(_("about"), max_length=280, blank=True)
    layer = models.PositiveSmallIntegerField(_("layer"), choices=Layer.choices, default=Layer.CLOSE)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True, help_text=_("Empty: as many as like."))
    least_level = models.PositiveSmallIntegerField(_("level from which one may apply"), default=0)
    asks = models.TextField(_("what it asks"), max_length=600, blank=True, help_text=_("Members agree to exactly this."))
    gives = models.TextField(_("what it gives"), max_length=600, blank=True)
    is_open = models.BooleanField(_("takes applications"), default=True)
    closed_because = models.CharField(
        _("why it is closed"), max_length=280, blank=True, help_text=_("An honest sentence. Everybody reads it.")
    )
    segment = models.OneToOneField(Segment, models.PROTECT, related_name="group", editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["-layer", "position", "id"]

    def __str__(self) -> str:
        return {"zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}.get(get_language() or "") or self.name

    def get_absolute_url(self) -> str:
        return reverse("group", args=[self.slug])


class MembershipState(models.TextChoices):
    """How somebody stands to a group."""

    INVITED = "invited", _("Invited")
    APPLIED = "applied", _("Applied")
    ACCEPTED = "accepted", _("Takes part")
    DECLINED = "declined", _("Declined")
    RESTING = "resting", _("Resting")
    LEFT = "left", _("Left")
    EMERITUS = "emeritus", _("Emeritus")


# Who rests keeps the key: nobody is put out for having been away.
INSIDE = (MembershipState.ACCEPTED, MembershipState.RESTING)


class GroupMembershipQuerySet(models.QuerySet["GroupMembership"]):
    """Adjectives of memberships."""

    def inside(self) -> "GroupMembershipQuerySet":
        """Those whose group's boards are open to them."""
        return self.filter(state__in=INSIDE)

    def taking_places(self) -> "GroupMembershipQuerySet":
        """Those who count against the places: who takes part, and who may say yes at any moment."""
        return self.filter(state__in=[MembershipState.ACCEPTED, MembershipState.INVITED])

    def applied(self) -> "GroupMembershipQuerySet":
        return self.filter(state=MembershipState.APPLIED)

    def silent_since(self, since: datetime) -> "GroupMembershipQuerySet":
        """In their state since before then, and not here on any day after."""
        return self.filter(changed_at__lt=since).exclude(member__days__day__gte=since.date())


class GroupMembership(models.Model):
    """How one member stands to one group. words: what they wrote; reason: what staff answered."""

    group = models.ForeignKey(TesterGroup, models.CASCADE, related_name="memberships")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="group_memberships")
    state = models.CharField(_("state"), max_length=8, choices=MembershipState.choices)
    words = models.TextField(_("what they wrote"), max_length=500, blank=True)
    reason = models.TextField(_("answer"), max_length=500, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(_("since"), null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = GroupMembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "member"], name="one_membership_per_group")]
        indexes = [models.Index(fields=["group", "state", "member"], name="group_state")]

    def __str__(self) -> str:
        return f"{self.member} · {self.group}"


class GroupVoice(models.Model):
    """A colleague or a peer spoke for a member; the inner circle takes two of these."""

    group = models.ForeignKey(TesterGroup, models.CASCADE, related_name="voices")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "member", "by"], name="one_voice_per_person"),
            models.CheckConstraint(condition=~models.Q(member=models.F("by")), name="nobody_speaks_for_themselves"),
        ]
