"""Notices about one's account in words."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Claim, Export, Notice
from community.notice_words import Wording, worded


def _claims(notices: Sequence[Notice]) -> dict[int, Claim]:
    return Claim.objects.select_related("profile").in_bulk([notice.data["claim_id"] for notice in notices])


def _exports(notices: Sequence[Notice]) -> dict[int, Export]:
    there = Export.objects.filter(dropped_at__isnull=True)
    return there.in_bulk([notice.data["export_id"] for notice in notices])


@worded("claim_decided", prepare=_claims)
def say_how_a_claim_ended(notice: Notice, claims: dict[int, Claim]) -> Wording | None:
    """The profile is the member's, or why it is not."""
    claim = claims.get(notice.data["claim_id"])
    if claim is None:
        return None
    if claim.state == Claim.State.ACCEPTED:
        told = _("What you wrote at %(system)s stands on your own page now") % {"system": claim.source_system}
        return Wording(sentence=told, url=notice.member.get_absolute_url(), action=_("Look at it"))
    told = _("The team could not confirm that a profile from %(system)s is yours") % {"system": claim.source_system}
    return Wording(
        sentence=told, url=claim.profile.get_absolute_url() + "claim/", quote=claim.reason, action=_("Prove it yourself")
    )


@worded("export_ready", prepare=_exports)
def say_that_data_is_ready(notice: Notice, exports: dict[int, Export]) -> Wording | None:
    """The zip waits for a week."""
    if notice.data["export_id"] not in exports:
        return None
    return Wording(sentence=_("Your data is packed and waits for you"), url=reverse("export"), action=_("Download"))
