"""Ways out of mails, and back in: a link opens a page with one button, and only the button does something."""

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

from community.mail_choices import choose_lists, lists_wanted_by, resume_list, stop_list
from community.mail_tokens import UNSUBSCRIBE, find_token, mask_address
from community.models import MailList, MailToken
from community.views.pages import member_of, sign_in_for

HINTS = {
    MailList.DIGEST: gettext_lazy("Once a week, on your Monday morning: what moved, what shipped, what is next. Never empty."),
    MailList.STATUS: gettext_lazy("When something you wrote, voted for or follow is answered, planned or shipped."),
    MailList.COMMENTS: gettext_lazy("When people talk under a post you follow; at most one mail per post and hour."),
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
    return render(request, "community/mail_unsubscribe.html", context)


def _unknown(request: HttpRequest) -> HttpResponse:
    """Mistyped, made up or run out: the same page for all, so that nobody learns which links exist."""
    return render(request, "community/mail_unknown.html", status=404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """The member gets the mails they ticked, and no others."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    if request.method == "POST":
        choose_lists(member=member, wanted=set(request.POST.getlist("lists")) & set(MailList.values), at=timezone.now())
        messages.success(request, _("Your choice is kept."))
        return HttpResponseRedirect(reverse("mail-preferences"))
    wanted = lists_wanted_by(member)
    rows = [(name.value, name.label, HINTS[name], name.value in wanted) for name in MailList]
    return render(request, "community/mail_preferences.html", {"rows": rows, "address": member.email})
