"""Who calls the API: the bearer of a token with scopes, or a member in their browser; and how often."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from community.api_tokens import hash_of
from community.models import ApiToken, Member
from community.sign_in import may_enter

USED_EVERY = timedelta(minutes=5)


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer sprout_…`; request.auth is the token."""

    def authenticate(self, request: Request) -> tuple[Member, ApiToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        alive = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now))
        token = ApiToken.objects.filter(alive, hash=hash_of(secret.strip())).select_related("member").first()
        if token is None or not may_enter(token.member, request._request):
            raise exceptions.AuthenticationFailed("This token is unknown, expired or revoked.")
        if token.used_at is None or now - token.used_at > USED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(used_at=now)
        return token.member, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="sprout"'


class SessionAuthentication(authentication.SessionAuthentication):
    """A signed-in browser, with the CSRF token on writes."""


class Scoped(permissions.BasePermission):
    """Reading is open to anyone; a token needs `read` to read and `write` to write; writing needs somebody.

    A view may set `members_only = True` and `scopes = {"POST": "staff"}`.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        reading = request.method in permissions.SAFE_METHODS
        if not request.user.is_authenticated:
            # Answered as 401, with the header that says how to come in.
            asking = reading or getattr(view, "asking", False)
            return asking and not getattr(view, "members_only", False)
        if isinstance(request.auth, ApiToken):
            wanted: dict[str, Any] = getattr(view, "scopes", {})
            scope = wanted.get(str(request.method), "read" if reading else "write")
            if scope not in request.auth.scopes:
                raise exceptions.PermissionDenied(f'This token lacks the scope "{scope}".')
        return True
