"""Follow a post, a board, a tag, a person or a contest, mute it, or neither; and the list of it all."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from community.follow_lists import follows_of, place_of
from community.follows import TABLES, Ear, Thing, ear_of, follow_again, listen_to, things_for, unfollow_post
from community.models import Follow, Member
from community.views.pages import ask_first, go, is_htmx, member_of, next_of, sign_in_first, sign_in_for
from community.views.posts import find_post

HEADINGS = {Ear.FOLLOW: gettext_lazy("Follow “%(name)s”"), Ear.MUTE: gettext_lazy("Mute “%(name)s”")}
SENTENCES = {
    (Thing.POST, Ear.FOLLOW): gettext_lazy("You hear of every answer and every step it takes."),
    (Thing.POST, Ear.MUTE): gettext_lazy("You hear no more of it, unless somebody names you there."),
    (Thing.BOARD, Ear.FOLLOW): gettext_lazy("You hear of every new post in this board."),
    (Thing.BOARD, Ear.MUTE): gettext_lazy("You hear of no new posts in this board, whatever else you follow."),
    (Thing.TAG, Ear.FOLLOW): gettext_lazy("You hear of every new post with this tag."),
    (Thing.TAG, Ear.MUTE): gettext_lazy("You hear of no new posts with this tag, whatever else you follow."),
    (Thing.CONTEST, Ear.FOLLOW): gettext_lazy("You hear when a phase begins, and who won."),
    (Thing.CONTEST, Ear.MUTE): gettext_lazy("You hear nothing of its phases, also if you take part."),
    (Thing.PERSON, Ear.FOLLOW): gettext_lazy("You hear of every post they write."),
    (Thing.PERSON, Ear.MUTE): gettext_lazy("You hear of nothing they write. They are not told."),
}
BUTTONS = {Ear.FOLLOW: gettext_lazy("Follow"), Ear.MUTE: gettext_lazy("Mute")}
DONE = {
    Ear.FOLLOW: gettext_lazy("You follow “%(name)s”."),
    Ear.MUTE: gettext_lazy("“%(name)s” is muted."),
    Ear.NONE: gettext_lazy("You neither follow nor mute “%(name)s” now."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, post_id: int) -> HttpResponse:
    """The member hears of the post from now on, or no longer."""
    post, member = find_post(request.user, post_id), member_of(request)
    if request.method != "POST":
        return ask_first(
            request,
            heading=_("Follow “%(title)s”") % {"title": post.title},
            sentence=_("You hear of every answer and every step it takes."),
            button=_("Follow"),
            fields={"want": "follow"},
        )
    if member is None:
        return sign_in_first(request, "follow", {"post": post.pk})
    following = Follow.objects.filter(post=post, member=member, muted=False).exists()
    following = following and request.POST.get("want") != "follow"
    (unfollow_post if following else follow_again)(member=member, post=post, at=timezone.now())
    if is_htmx(request):
        return render(request, "community/_follow.html", {"post": post, "following": not following})
    return redirect(post.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def follow_thing(request: HttpRequest, kind: str, thing_id: int) -> HttpResponse:
    """The member follows the thing, mutes it, or neither: as `want` says, which the address of an undo may carry, too."""
    if kind not in list(Thing):
        raise Http404
    what, member = Thing(kind), member_of(request)
    want = _wish(request)
    if member is not None and want == Ear.NONE and request.method == "POST":
        return _let_go(request, member, what, thing_id)
    thing = things_for(request.user, what).filter(pk=thing_id).first()
    if thing is None or thing == member:
        raise Http404
    if request.method != "POST":
        want = want if want in BUTTONS else Ear.FOLLOW
        fields = {"want": want.value, "next": next_of(request, "")}
        heading, sentence = str(HEADINGS[want]) % {"name": thing}, SENTENCES[what, want]
        return ask_first(request, heading=heading, sentence=str(sentence), button=str(BUTTONS[want]), fields=fields)
    if member is None and want != Ear.FOLLOW:
        # Only a follow waits for its member; any other wish is asked again once they are in.
        back = f"{request.path}?{urlencode({'want': want.value})}"
        return go(request, f"{reverse('account_login')}?{urlencode({'next': back})}")
    if member is None:
        return sign_in_first(request, "listen", {"kind": what.value, "thing": thing.pk})
    before = ear_of(member, what, thing)
    listen_to(member=member, kind=what, thing=thing, ear=want, at=timezone.now())
    return _answer(request, what, thing, before=before, now=want)


def _wish(request: HttpRequest) -> Ear:
    want = request.POST.get("want") or request.GET.get("want") or Ear.FOLLOW
    return Ear(want) if want in list(Ear) else Ear.FOLLOW


def _let_go(request: HttpRequest, member: Member, kind: Thing, thing_id: int) -> HttpResponse:
    """What is followed or muted can be let go, also where it is out of sight by now."""
    table = TABLES[kind]
    row = table.model.objects.filter(**{"member": member, f"{table.field}_id": thing_id}).select_related(table.field).first()
    thing = getattr(row, table.field) if row else things_for(member, kind).filter(pk=thing_id).first()
    if thing is None:
        raise Http404
    before = ear_of(member, kind, thing)
    listen_to(member=member, kind=kind, thing=thing, ear=Ear.NONE, at=timezone.now())
    seen = things_for(member, kind).filter(pk=thing_id).exists()
    if not seen:
        messages.success(request, _("Done."))
        return go(request, reverse("follows"))
    return _answer(request, kind, thing, before=before, now=Ear.NONE)


def _answer(request: HttpRequest, kind: Thing, thing: Any, *, before: Ear, now: Ear) -> HttpResponse:
    if is_htmx(request):
        return render(request, "community/_follow_thing.html", {"kind": kind.value, "thing": thing, "ear": now.value})
    goal = next_of(request, place_of(kind, thing))
    undo = reverse("follow-thing", args=[kind.value, thing.pk]) + "?" + urlencode({"want": before.value, "next": goal})
    messages.success(request, str(DONE[now]) % {"name": thing}, extra_tags=undo if before != now else "")
    return redirect(goal)


@never_cache
@require_safe
def follows(request: HttpRequest) -> HttpResponse:
    """Everything the member follows or muted, each with its undo."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    found = follows_of(member, after=request.GET.get("after", ""))
    template = "community/_follows_posts.html" if is_htmx(request) and "after" in request.GET else "community/follows.html"
    return render(request, template, {"found": found, "after": found.after, "section": "follows"})
