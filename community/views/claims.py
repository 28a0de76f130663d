"""An imported profile is claimed: with a code at the source, or with words that staff look into."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community.accounts.claims import claim_profile, withdraw_claim
from community.forms.base import KindForm
from community.models import Claim, Member
from community.refusals import Refused
from community.views.pages import member_of, sign_in_for


class ClaimForm(KindForm):
    """What staff may want to know."""

    words = forms.CharField(
        label=gettext_lazy("How can we tell that it is you?"),
        help_text=gettext_lazy("Optional. A link, a mail address known there, a colleague of ours who knows you."),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def unclaimed() -> QuerySet[Member]:
    """Profiles that wait for their owner."""
    return Member.objects.open().filter(claimed_at__isnull=True).exclude(source_id="")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, username: str) -> HttpResponse:
    """The member says that the profile is theirs, and sees what proves it."""
    profile, member = get_object_or_404(unclaimed(), username=username), member_of(request)
    if member is None:
        return sign_in_for(request)
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            claim_profile(member=member, profile=profile, words=form.cleaned_data["words"], at=timezone.now())
        except Refused as refusal:
            form.take(refusal)
        else:
            return HttpResponseRedirect(request.path)
    waiting = Claim.objects.filter(member=member, profile=profile).order_by("-asked_at").first()
    context = {"form": form, "profile": profile, "claim": waiting}
    return render(request, "community/claim.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The claim waits no longer."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    mine = get_object_or_404(Claim.objects.select_related("profile"), pk=claim_id, member=member)
    withdraw_claim(claim=mine, by=member, at=timezone.now())
    messages.info(request, _("Your claim is withdrawn."))
    return HttpResponseRedirect(mine.profile.get_absolute_url())
