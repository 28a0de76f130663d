"""What a member hears on the page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from community.models import Notice
from community.notice_words import Words
from community.notices import read_all_notices, read_notice
from community.paging import take_page
from community.views.pages import go, is_htmx, member_of, sign_in_for


@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The member's notices, newest first, each in words that are true now; what they may not see is left out."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    mine = Notice.objects.filter(member=member).select_related("member", "post__board")
    page = take_page(mine, order=("-at", "-pk"), after=request.GET.get("after", ""))
    words = Words(page.rows)
    rows = [(notice, wording) for notice in page.rows if (wording := words.of(notice))]
    context = {"rows": rows, "after": page.after, "section": "notices", "unread": any(not n.read_at for n, _w in rows)}
    return render(request, "community/_notices.html" if is_htmx(request) else "community/notices.html", context)


@require_POST
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The notice is read, and the browser is where it leads."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    notice = read_notice(member=member, notice_id=notice_id, at=timezone.now())
    if notice is None:
        raise Http404
    wording = Words([notice]).of(notice)
    if wording is None:
        messages.info(request, _("This is not here any more."))
    return go(request, wording.url if wording else reverse("notices"))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Nothing is unread."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    read_all_notices(member=member, at=timezone.now())
    return HttpResponseRedirect(reverse("notices"))
