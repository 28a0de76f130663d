"""Polls on the pages: vote, take the vote back, mend, close early, and say what the team does with the result."""

from collections.abc import Sequence
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community.models import Member, Poll, PollKind
from community.polls.asking import close_poll, decide_poll, edit_poll
from community.polls.drafting import FIELDS, read_draft, typed_from
from community.polls.reading import read_polls
from community.polls.slots import draw_poll
from community.polls.voting import cast_ballot, check_choices, withdraw_ballot
from community.privileges import Privilege, moderates, require
from community.refusals import Invalid, Refused
from community.views.pages import ask_first, is_htmx, member_of, sign_in_first, sign_in_for


def find_poll(request: HttpRequest, post_id: int) -> Poll:
    """The poll, or 404 for whoever may not see its post."""
    polls = Poll.objects.visible_to(request.user).select_related("post__board", "post__author", "decided_by")
    return get_object_or_404(polls, pk=post_id)


def typed_choices(data: QueryDict, poll: Poll) -> list[int]:
    """Ids of options as the form sends them: ticked ones, ranked ones by their place, or a ready list in `choices`."""
    if "choices" in data:
        return [_id(part) for part in str(data["choices"])[:400].split(",") if part]
    if poll.kind != PollKind.RANKED:
        return [_id(value) for value in data.getlist("choice")[:50]]
    ranked = [
        (_id(str(data[name])), _id(name.removeprefix("rank-"))) for name in data if name.startswith("rank-") and data[name]
    ]
    if len({rank for rank, _option in ranked}) < len(ranked):
        sentence = _("Two options have the same place. Please give each a place of its own.")
        raise Invalid(sentence, fields={"choice": "place"})
    return [option for _rank, option in sorted(ranked)]


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, post_id: int) -> HttpResponse:
    """The ballot is cast, or changed; a visitor's waits until they have signed in."""
    poll, member = find_poll(request, post_id), member_of(request)
    try:
        choices = typed_choices(request.POST if request.method == "POST" else request.GET, poll)
        check_choices(poll, choices)
        if request.method != "POST":
            return _ask(request, poll, choices)
        if member is None:
            return sign_in_first(request, "ballot", {"post": poll.pk, "choices": choices})
        cast_ballot(poll=poll, member=member, choices=choices, at=timezone.now())
    except Invalid as refusal:
        if is_htmx(request):
            raise
        return _show(request, poll, refusal)
    if is_htmx(request):
        return _fragment(request, poll)
    messages.success(request, _("Thank you. Your vote counts, and you can change it until the poll closes."))
    return HttpResponseRedirect(poll.get_absolute_url())


def _ask(request: HttpRequest, poll: Poll, choices: Sequence[int]) -> HttpResponse:
    names = {option.pk: option.text for option in poll.options.all()}
    return ask_first(
        request,
        heading=_("Vote in “%(title)s”") % {"title": poll.post.title},
        sentence=_("Your answer: %(answer)s. You can change it until the poll closes, and hear of the result.")
        % {"answer": " → ".join(names[pk] for pk in choices)},
        button=_("Vote"),
        fields={"choices": ",".join(map(str, choices))},
    )


def _show(request: HttpRequest, poll: Poll, refusal: Invalid | None = None) -> HttpResponse:
    """The poll alone on a page, with what was chosen and what to mend."""
    view = read_polls([poll], viewer=request.user, at=timezone.now())[poll.pk]
    data = request.POST if request.method == "POST" else request.GET
    if poll.kind != PollKind.RANKED and data.getlist("choice"):
        view = replace(view, mine=[_id(value) for value in data.getlist("choice")])
    context = {"post": poll.post, "poll": draw_poll(request, view, fault=refusal.sentence if refusal else "")}
    return render(request, "community/poll.html", context, status=refusal.status if refusal else 200)


def _fragment(request: HttpRequest, poll: Poll) -> HttpResponse:
    return HttpResponse(draw_poll(request, read_polls([poll], viewer=request.user, at=timezone.now())[poll.pk]))


@require_POST
def withdraw(request: HttpRequest, post_id: int) -> HttpResponse:
    """The member's answer is taken back."""
    poll, member = find_poll(request, post_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    withdraw_ballot(poll=poll, member=member, at=timezone.now())
    if is_htmx(request):
        return _fragment(request, poll)
    messages.info(request, _("Your vote is taken back."))
    return HttpResponseRedirect(poll.get_absolute_url())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, post_id: int) -> HttpResponse:
    """The poll closes early, for good: so it asks once."""
    poll, member = find_poll(request, post_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    _keep_out(member, poll)
    if request.method != "POST":
        told = _("Nobody can vote or change their vote after that. Whoever voted hears of the result.")
        return ask_first(request, heading=_("Close this poll now?"), sentence=told, button=_("Close it"))
    close_poll(poll=poll, by=member, at=timezone.now())
    messages.success(request, _("The poll is closed. Its result stays here."))
    return HttpResponseRedirect(poll.get_absolute_url())


def _keep_out(member: Member, poll: Poll) -> None:
    if poll.post.author_id != member.pk and not moderates(member, poll.post.board_id):
        raise Http404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, post_id: int) -> HttpResponse:
    """The author mends the poll, until somebody has voted."""
    poll, member = find_poll(request, post_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    _keep_out(member, poll)
    typed, refused = typed_from(poll), None
    if request.method == "POST":
        typed, now = {name: request.POST.get(name, "") for name in FIELDS}, timezone.now()
        try:
            edit_poll(poll=poll, draft=read_draft(typed, by=member, at=now), by=member, at=now)
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("Your changes are saved."))
            return HttpResponseRedirect(poll.get_absolute_url())
    context = {"post": poll.post, "typed": typed, "refusal": refused}
    return render(request, "community/poll_edit.html", context, status=refused.status if refused else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, post_id: int) -> HttpResponse:
    """Staff say what they do with the result."""
    poll, member = find_poll(request, post_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    require(member, Privilege.TRIAGE)
    text, refused = poll.decision, None
    if request.method == "POST":
        text = request.POST.get("decision", "")
        try:
            decide_poll(poll=poll, text=text, by=member, at=timezone.now())
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("Your decision stands under the poll, and everybody who voted hears of it."))
            return HttpResponseRedirect(poll.get_absolute_url())
    view = read_polls([poll], viewer=member, at=timezone.now())[poll.pk]
    context = {"post": poll.post, "view": view, "text": text, "refusal": refused}
    return render(request, "community/poll_decide.html", context, status=refused.status if refused else 200)
