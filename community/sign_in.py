"""Signing in: by a code sent by mail or by password; the demo's known passwords work on this machine alone."""

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from community.accounts.sessions import NOWHERE
from community.limits import client_address
from community.mail_render import with_inlined_styles
from community.members import fresh_username, sign_up_cohort, welcome_member
from community.models import Member
from community.pending import carry_out_acts
from community.sent import sent

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_X_FORWARDED_HOST")


def is_at_home(request: HttpRequest | None) -> bool:
    """The request comes from this very machine, through no proxy, to a site that lives here."""
    if request is None or not settings.LOOPBACK or any(header in request.META for header in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def may_enter(member: Member, request: HttpRequest | None) -> bool:
    """Demo members exist for a visitor on this machine only; closed accounts for nobody."""
    return member.is_active and member.closed_at is None and (not member.is_demo or is_at_home(request))


class MemberBackend(AuthenticationBackend):
    """allauth's backend, asked on every route: password, code, reset, and each request of a session."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Member | None:
        member: Member | None = super().authenticate(request, **credentials)
        return member if member is not None and may_enter(member, request) else None

    def user_can_authenticate(self, user: Member | None) -> bool:
        return bool(super().user_can_authenticate(user)) and (user is None or user.closed_at is None)


class AccountAdapter(DefaultAccountAdapter):
    """Sprout's manners for allauth's flows."""

    def populate_username(self, request: HttpRequest, user: Member) -> None:
        """A random name for addresses: the mail address stays private."""
        user.username = fresh_username()
        user.display_name = user.display_name or user.username
        user.language = getattr(request, "LANGUAGE_CODE", "en")
        user.joined_at = timezone.now()
        user.cohort = sign_up_cohort(at=user.joined_at, code=request.COOKIES.get("via", ""))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Attempts are counted by the same address as everything else: IPv6 by its /64, forged headers left aside."""
        # Behind a socket of this machine there is none, and the list of sessions wants one.
        return client_address(request) or NOWHERE

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        """Mails about the account look like all our mails."""
        return with_inlined_styles(super().render_mail(*args, **kwargs))

    def pre_login(self, request: HttpRequest, user: Member, **kwargs: Any) -> Any:
        if not may_enter(user, request):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request: HttpRequest, user: Member, **kwargs: Any) -> Any:
        """Whoever is new is welcomed, and what they did before signing in is carried out."""
        now = timezone.now()
        if user.verified_at is None or user.claimed_at is None:
            welcome_member(member=user, at=now, code=request.COOKIES.get("via", ""))
            messages.success(request, _welcome(user))
        goal = carry_out_acts(request, user, at=now)
        if goal:
            kwargs["redirect_url"] = goal
        return sent(super().post_login(request, user, **kwargs), *filter(None, getattr(request, "sent_forms", [])))


def _welcome(member: Member) -> str:
    return format_html(
        _('Welcome. You are shown as {}; <a href="{}">choose a name</a> whenever you like.'),
        member.display_name,
        reverse("settings"),
    )
