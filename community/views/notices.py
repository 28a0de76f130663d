"""What a member hears on the page, and the bell that says how much of it is new."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_POST, require_safe

from community.models import MailList, Member, Notice
from community.notice_box import (
    count_unread,
    read_all_notices,
    read_notice,
    read_together,
    unread_notice,
    unread_since,
)
from community.notice_groups import groups_of
from community.notice_words import Words
from community.paging import take_page
from community.views.pages import go, is_htmx, member_of, next_of, sign_in_for

PAGE, PEEK = 30, 12
SHOWS = {
    "": gettext_lazy("All"),
    "unread": gettext_lazy("Unread"),
    "mentions": gettext_lazy("Mentions"),
    "mine": gettext_lazy("About your posts"),
}


def _shown(member: Member, show: str) -> QuerySet[Notice]:
    """The member's notices, all or some."""
    mine = Notice.objects.filter(member=member).on_the_page()
    if show == "unread":
        return mine.unread()
    if show == "mentions":
        return mine.filter(list=MailList.MENTIONS)
    return mine.filter(post__author=member) if show == "mine" else mine


def _page_of(request: HttpRequest, member: Member, size: int) -> dict[str, Any]:
    """One page in words that are true now, by post; what the member may not see is left out."""
    show = request.GET.get("show", "")
    mine = _shown(member, show if show in SHOWS else "").select_related("member", "post__board")
    page = take_page(mine, order=("-at", "-pk"), after=request.GET.get("after", ""), size=size)
    words = Words(page.rows)
    groups = groups_of([(notice, wording) for notice in page.rows if (wording := words.of(notice))])
    return {"groups": groups, "after": page.after, "show": show, "next": _address(show)}


def _address(show: str) -> str:
    return reverse("notices") + (f"?{urlencode({'show': show})}" if show else "")


@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The member's notices, newest first, by post; looking reads none of them."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    context = _page_of(request, member, PAGE) | {"section": "notices", "shows": SHOWS.items()}
    if is_htmx(request):
        return render(request, "community/_notices.html", context)
    return render(request, "community/notices.html", context)


@never_cache
@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """The newest notices, for the panel under the bell."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    return render(request, "community/_notices_panel.html", _page_of(request, member, PEEK))


def _tag_of_bell(request: HttpRequest) -> str:
    """The bell rings differently when the number, the reader or the language differs."""
    member = member_of(request)
    return f'"{member.pk if member else 0}.{count_unread(member) if member else 0}.{translation.get_language()}"'


@require_safe
@condition(etag_func=_tag_of_bell)
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, some hundred bytes; unchanged, it is 304 and the browser keeps the one it has."""
    member = member_of(request)
    if member is None:
        return HttpResponse(status=204)
    response = render(request, "community/_bell.html")
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


@require_POST
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The notice is read, and what was told with it; the browser is where it leads."""
    member, until = member_of(request), request.POST.get("until", "")
    if member is None:
        return sign_in_for(request)
    notice = read_notice(member=member, notice_id=notice_id, at=timezone.now())
    if notice is None:
        raise Http404
    if until.isdecimal():
        read_together(notice=notice, until=int(until[:18]), at=timezone.now())
    wording = Words([notice]).of(notice)
    if wording is None:
        messages.info(request, _("This is not here any more."))
    return go(request, wording.url if wording else reverse("notices"))


@require_POST
def mark(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The notice, and what was told with it, counts as read without being opened; or waits again."""
    member, until = member_of(request), request.POST.get("until", "")
    if member is None:
        return sign_in_for(request)
    if request.POST.get("want") == "unread":
        if not unread_notice(member=member, notice_id=notice_id):
            raise Http404
        return HttpResponseRedirect(next_of(request, reverse("notices")))
    notice = read_notice(member=member, notice_id=notice_id, at=timezone.now())
    if notice is None:
        raise Http404
    if until.isdecimal():
        read_together(notice=notice, until=int(until[:18]), at=timezone.now())
    return HttpResponseRedirect(next_of(request, reverse("notices")))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Nothing is unread; or nothing from one notice on backwards. It can be taken back on the spot."""
    member, until = member_of(request), request.POST.get("until", "")
    if member is None:
        return sign_in_for(request)
    now = timezone.now()
    last = int(until[:18]) if until.isdecimal() else None
    count = read_all_notices(member=member, at=now, until=last)
    if not count:
        return HttpResponseRedirect(next_of(request, reverse("notices")))
    told = ngettext("%(count)d notice is marked as read.", "%(count)d notices are marked as read.", count)
    messages.success(request, told % {"count": count}, extra_tags=f"{reverse('notices-unread')}?moment={_stamp(now)}")
    return HttpResponseRedirect(next_of(request, reverse("notices")))


@require_POST
def unread_again(request: HttpRequest) -> HttpResponse:
    """What one press marked as read waits again."""
    member, moment = member_of(request), _moment(request.GET.get("moment", ""))
    if member is None:
        return sign_in_for(request)
    if moment is not None:
        unread_since(member=member, moment=moment)
    return HttpResponseRedirect(reverse("notices"))


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}"


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    except ValueError:
        return None
