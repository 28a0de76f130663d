"""Vote, say how much one needs it, and take the vote back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.models import Member
from community.personas import question_for
from community.views.compose import keep_what_was_typed
from community.views.pages import ask_first, is_htmx, member_of, sign_in_first
from feedback.models import Need, Suggestion
from feedback.own_votes import own_votes, votes_in_cluster
from feedback.votes import cast_vote, need_of, withdraw_vote


@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, post_id: int) -> HttpResponse:
    """The member stands for the suggestion; pressing again takes it back.

    want: "vote" or "withdraw", left out to switch; need: how much they would miss it.
    """
    shown = Suggestion.objects.visible_to(request.user).select_related("post__standing", "post__author", "root")
    suggestion, member = get_object_or_404(shown, pk=post_id), member_of(request)
    if request.method != "POST":
        return _ask(request, suggestion)
    # In the composer the same name asks how much the new wish is needed; here it would be read as a vote's.
    from_composer = "draft_form" in request.POST
    if from_composer and keep_what_was_typed(request) and not is_htmx(request):
        messages.info(request, _("What you began to write is kept; it waits where you suggest something."))
    need = need_of(request.POST["need"]) if "need" in request.POST and not from_composer else None
    if member is None and from_composer and is_htmx(request):
        return _ask(request, suggestion)
    if member is None:
        return sign_in_first(request, "vote", {"post": suggestion.pk, "need": need})
    voted = _press(member, suggestion, request.POST.get("want", ""), need)
    if is_htmx(request):
        return _answer(request, suggestion, voted=voted)
    if voted and need is None:
        messages.success(request, _("Thank you. You voted for “%(title)s” and follow it.") % {"title": suggestion.post.title})
    return HttpResponseRedirect(suggestion.post.get_absolute_url())


def _ask(request: HttpRequest, suggestion: Suggestion) -> HttpResponse:
    return ask_first(
        request,
        heading=_("Vote for “%(title)s”") % {"title": suggestion.post.title},
        sentence=_("You follow it too, and hear what becomes of it."),
        button=_("Vote"),
        fields={"want": "vote"},
    )


def _press(member: Member, suggestion: Suggestion, want: str, need: int | None) -> bool:
    standing = votes_in_cluster(member, suggestion)
    now = timezone.now()
    if standing and (want == "withdraw" or (want != "vote" and need is None)):
        # A vote for a duplicate counts here as well, so it has to go with it.
        for one in standing:
            withdraw_vote(member=member, suggestion=one.suggestion, at=now)
        return False
    if want == "withdraw":
        return False
    there = next((one.suggestion for one in standing if one.suggestion_id != suggestion.pk), suggestion)
    own = any(one.suggestion_id == suggestion.pk for one in standing)
    cast_vote(member=member, suggestion=suggestion if own or not standing else there, need=need, at=now)
    return True


def _answer(request: HttpRequest, suggestion: Suggestion, *, voted: bool) -> HttpResponse:
    mine = own_votes(request.user, [suggestion.pk])
    standing = suggestion.post.standing
    context = {
        "post": suggestion.post,
        "votes": mine.shown(suggestion.pk, standing.votes),
        "voted": voted,
        "need": mine.needs.get(suggestion.pk),
        "needs": Need.choices,
        "wide": "wide" in request.POST,
        "personas": question_for(request) if voted else [],
        "next": suggestion.post.get_absolute_url(),
    }
    if "similar" in request.POST:
        return render(request, "feedback/_voted_instead.html", context)
    if "need" in request.POST:
        return render(request, "feedback/_voted.html", context)
    return render(request, "feedback/_vote_answer.html", context)
