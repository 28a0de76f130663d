"""Staff come to the admin with a second factor, or are led to set one up; the admin's own sign-in is never used."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Member
from community.refusals import NotAllowed
from community.sign_in import is_at_home
from community.views.refused import answer_refusal

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def needs_second_factor(member: Member, request: HttpRequest) -> bool:
    """Whether this member must set up a second factor first. Demo staff on this very machine are let off."""
    if member.is_demo and is_at_home(request):
        return False
    # Recovery codes come with a factor and are none.
    return not is_mfa_enabled(member, types=FACTORS)


class SecondFactorMiddleware:
    """Guards every page below /admin/. Sign-in itself asks for the factor of whoever has one, by each of its ways."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/admin/"):
            return self.get_response(request)
        member = request.user
        if not isinstance(member, Member):
            return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
        if not member.is_staff:
            return answer_refusal(request, NotAllowed(_("This part of Sprout is for the team.")))
        if needs_second_factor(member, request):
            messages.info(request, _("The admin takes a second factor. Please set one up; it takes a minute."))
            goal = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('mfa_activate_totp')}?{goal}")
        return self.get_response(request)
