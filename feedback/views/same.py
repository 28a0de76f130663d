"""Whoever finds that two suggestions are the same says so here; staff decide."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from community.forms.base import KindForm
from community.privileges import Privilege, require
from community.refusals import Refused
from community.views.pages import member_of, next_of, sign_in_for
from feedback.links import suggestion_of_link
from feedback.merges import propose_merge
from feedback.models import Suggestion
from feedback.similar import find_similar


class SameForm(KindForm):
    """Which one it is the same as, and what says so."""

    link = forms.CharField(
        label=gettext_lazy("It is the same as"),
        help_text=gettext_lazy("Paste the address of the other suggestion, or its number."),
        max_length=600,
    )
    evidence = forms.CharField(
        label=gettext_lazy("What makes them the same?"),
        help_text=gettext_lazy("Only needed where it is not plain to see."),
        max_length=280,
        required=False,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def same(request: HttpRequest, post_id: int) -> HttpResponse:
    """The member's word waits in staff's inbox; if staff agree, it earns points."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    require(member, Privilege.PROPOSE_MERGE)
    seen = Suggestion.objects.visible_to(member).select_related("post__board", "post__author")
    suggestion = get_object_or_404(seen, pk=post_id)
    form = SameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            other = suggestion_of_link(form.cleaned_data["link"], viewer=member)
            said = form.cleaned_data["evidence"]
            propose_merge(duplicate=suggestion, into=other, by=member, at=timezone.now(), evidence=said)
        except Refused as refusal:
            form.take(refusal)
        else:
            messages.success(
                request, _("Thank you. The team looks at both; if they are the same, you are credited for finding it.")
            )
            return HttpResponseRedirect(next_of(request, suggestion.post.get_absolute_url()))
    cluster = list(Suggestion.objects.of_cluster(suggestion.root_id).values_list("pk", flat=True))
    post = suggestion.post
    alike = find_similar(title=post.title, body=post.body, asker=member, ignore=cluster, limit=5)
    context = {"form": form, "post": post, "alike": alike, "section": "suggestions"}
    return render(request, "feedback/same.html", context, status=422 if form.errors else 200)
