"""Segments: named sets of members, by rule, by hand, or both; who belongs is written down, so that reading is cheap."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Segment(models.Model):
    """A named set of members. `rule` is data that `community.segment_rules` reads; empty, it names nobody.

    added, excluded: members by hand, who go before the rule. rebuilt_at: when everybody was last looked at.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_zh_hans = models.CharField(_("name in Simplified Chinese"), max_length=60, blank=True)
    name_zh_hant = models.CharField(_("name in Traditional Chinese"), max_length=60, blank=True)
    about = models.CharField(_("what it is for"), max_length=280, blank=True)
    rule = models.JSONField(_("rule"), default=dict, blank=True)
    added = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("added by hand"))
    excluded = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("left out by hand")
    )
    rebuilt_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return {"zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}.get(get_language() or "") or self.name


class SegmentMember(models.Model):
    """One member belongs to one segment. Written by `community.segments` alone."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="rows")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "member"], name="one_row_per_segment_and_member")]
        # What a page asks: which segments is this member in?
        indexes = [models.Index(fields=["member", "segment"], name="segment_of_member")]
