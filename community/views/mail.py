"""Ways out of mails, and back in: a link opens a page with one button, and only the button does something."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from community.bounces import pause_of, resume_address
from community.follows import Ear, Thing, listen_to
from community.mail_choices import (
    ALWAYS_ON_PAGE,
    Wish,
    choose_wishes,
    paces_of,
    resume_list,
    stop_all_lists,
    stop_list,
    wishes_of,
)
from community.mail_tokens import CHOOSE, UNSUBSCRIBE, derive_token, find_token, mask_address
from community.models import MailList, MailToken, Member, Pace, Post
from community.views.pages import member_of, sign_in_for

HINTS = {
    MailList.DIGEST: gettext_lazy("Once a week, on your Monday morning: what moved, what shipped, what is next. Never empty."),
    MailList.STATUS: gettext_lazy("When something you wrote, voted for or follow is answered, planned or shipped."),
    MailList.COMMENTS: gettext_lazy("When people talk under a post you follow; at most one mail per post and hour."),
    MailList.MENTIONS: gettext_lazy("When somebody writes your name with an @ or quotes you."),
    MailList.POSTS: gettext_lazy("When something new is posted where you follow a board, a tag or a person."),
    MailList.GATHERINGS: gettext_lazy("Reminders of meetups you go to, and what contests, polls and tester groups came to."),
    MailList.CARE: gettext_lazy("When a moderator held, hid or released something you wrote, and how an appeal ended."),
    MailList.REACTIONS: gettext_lazy(
        "When people leave a sign on a post or a comment of yours; the first of a day speaks for all."
    ),
}


# RFC 8058: a mail program posts here without cookies and knows no token of ours but the one in the address.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Asking shows the button; pressing it, or the mail program's own, ends the list. Twice is as good as once."""
    found = find_token(token, purpose=UNSUBSCRIBE, at=timezone.now())
    if found is None:
        return _unknown(request)
    if request.method == "POST":
        stop_list(member=found.member, name=found.object, at=timezone.now())
        return _page(request, found, token, done="stopped")
    return _page(request, found, token)


@never_cache
@require_POST
def resubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The undo of one press too many."""
    found = find_token(token, purpose=UNSUBSCRIBE, at=timezone.now())
    if found is None:
        return _unknown(request)
    resume_list(member=found.member, name=found.object, at=timezone.now())
    return _page(request, found, token, done="resumed")


def _page(request: HttpRequest, found: MailToken, token: str, *, done: str = "") -> HttpResponse:
    context = {"address": mask_address(found.member), "list": MailList(found.object), "token": token, "done": done}
    choosing = derive_token(member_id=found.member_id, purpose=CHOOSE, thing="")
    # Older mails were sent before there was such a link; it begins to open when the next mail goes out.
    known = find_token(choosing, purpose=CHOOSE, at=timezone.now()) is not None
    return render(request, "community/mail_unsubscribe.html", context | {"choosing": choosing if known else ""})


def _unknown(request: HttpRequest) -> HttpResponse:
    """Mistyped, made up or run out: the same page for all, so that nobody learns which links exist."""
    return render(request, "community/mail_unknown.html", status=404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, token: str, post_id: int) -> HttpResponse:
    """One thread falls silent, by one button and without signing in; pressed by mistake, it speaks again."""
    found = find_token(token, purpose=CHOOSE, at=timezone.now())
    if found is None:
        return _unknown(request)
    post = Post.objects.visible_to(found.member).filter(pk=post_id).first()
    done = ""
    if request.method == "POST" and post is not None:
        ear = Ear.FOLLOW if request.POST.get("want") == "follow" else Ear.MUTE
        listen_to(member=found.member, kind=Thing.POST, thing=post, ear=ear, at=timezone.now())
        done = ear.value
    # Whoever holds a forwarded mail learns no title that is not everybody's, nor which posts there are.
    title = Post.objects.visible_to(None).filter(pk=post_id).values_list("title", flat=True).first() or ""
    context = {"address": mask_address(found.member), "title": title, "token": token, "post_id": post_id, "done": done}
    return render(request, "community/mail_thread.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """All choices of the member the link was mailed to, without signing in; nothing else of theirs is shown."""
    found = find_token(token, purpose=CHOOSE, at=timezone.now())
    if found is None:
        return _unknown(request)
    if request.method == "POST":
        return _kept(request, found.member, reverse("mail-choose", args=[token]))
    return _choices(request, found.member, address=mask_address(found.member), by_link=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """The member hears of each list where and as often as they chose."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    if request.method == "POST":
        return _kept(request, member, reverse("mail-preferences"))
    return _choices(request, member, address=member.email or "", paused=pause_of(member))


@never_cache
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Mails go to the member's address again: they say that it is well."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    if resume_address(member=member, at=timezone.now()):
        messages.success(request, _("Mails go to your address again."))
    return HttpResponseRedirect(reverse("mail-preferences"))


@dataclass(frozen=True)
class Row:
    """One list as the form shows it. fixed: nothing about the page can be chosen."""

    name: str
    label: str
    hint: str
    wish: Wish
    paces: list[Pace]
    fixed: bool


def _choices(request: HttpRequest, member: Member, **more: Any) -> HttpResponse:
    rows = [
        Row(name.value, str(name.label), str(HINTS[name]), wish, paces_of(name), name in ALWAYS_ON_PAGE)
        for name, wish in wishes_of(member).items()
    ]
    return render(request, "community/mail_preferences.html", {"rows": rows} | more)


def _kept(request: HttpRequest, member: Member, goal: str) -> HttpResponse:
    """What the form says is kept; a list it does not name stays as it was."""
    if request.POST.get("stop") == "all":
        stop_all_lists(member=member, at=timezone.now())
        messages.success(request, _("No mail comes any more, but codes for signing in."))
        return HttpResponseRedirect(goal)
    said = {
        name: Wish(Pace(request.POST[f"pace-{name}"]), f"page-{name}" in request.POST)
        for name in MailList.values
        if request.POST.get(f"pace-{name}") in Pace.values
    }
    choose_wishes(member=member, wishes=said, at=timezone.now())
    messages.success(request, _("Your choice is kept."))
    return HttpResponseRedirect(goal)
