"""What a member typed and did not send, and what they took back: to go on with, or to let go."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from community.limits import spend
from community.models import Draft
from community.pending import drop_draft
from community.posts import UNDO_FOR
from community.refusals import Refused
from community.views.pages import member_of, sign_in_for
from community.writing.drafts import discard_draft, save_draft, typed_in, waiting_drafts
from community.writing.gone import taken_back

MOST_AN_HOUR = 600


@never_cache
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """One's drafts, and what one took back in the last two weeks."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    posts, comments = taken_back(member, since=timezone.now() - UNDO_FOR)
    context = {"waiting": waiting_drafts(member), "posts": posts, "comments": comments}
    return render(request, "community/drafts.html", context)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """What stands in the form is kept; the script is answered when, a plain form goes on to the list."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    spend(what="draft", who=str(member.pk), limit=MOST_AN_HOUR, seconds=3600)
    form, asked = request.POST.get("draft_form", ""), request.POST
    by_script = "application/json" in request.headers.get("Accept", "")
    now = timezone.now()
    try:
        draft = save_draft(
            member=member, form=form, data=typed_in(asked), at=now,
            subject=_number(asked.get("draft_subject", "")), draft_id=_number(asked.get("draft", "")),
        )  # fmt: skip
    except Refused as refusal:
        if by_script:
            return JsonResponse({"said": refusal.sentence}, status=refusal.status)
        raise
    if by_script:
        at = formats.time_format(timezone.localtime(now), "TIME_FORMAT")
        return JsonResponse({"draft": draft.pk if draft else 0, "said": _("Saved at %(time)s") % {"time": at} if draft else ""})
    if form == Draft.Form.POST:
        drop_draft(request, "post")
    messages.success(request, _("Your draft is kept.") if draft else _("There was nothing to keep."))
    return HttpResponseRedirect(reverse("drafts"))


def _number(wish: str) -> int:
    return int(wish[:18]) if wish.isdecimal() else 0


@require_POST
def discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The draft is gone."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    discard_draft(draft=get_object_or_404(Draft, pk=draft_id, member=member))
    messages.info(request, _("The draft is gone."))
    return HttpResponseRedirect(reverse("drafts"))
