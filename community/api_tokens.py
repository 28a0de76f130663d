"""API tokens: made, shown once, hashed at rest, revoked."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from community.models import ApiToken, Member
from community.refusals import Invalid

SCOPES = ("read", "write", "staff")
PREFIX = "sprout_"


def hash_of(secret: str) -> str:
    """What is kept of a secret of 160 random bits: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_token(
    *, member: Member, name: str, scopes: Iterable[str], at: datetime, days: int | None = None
) -> tuple[ApiToken, str]:
    """The member has a new token; its secret is in the answer and nowhere else."""
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(SCOPES):
        raise Invalid(f"A token has one or more of the scopes {', '.join(SCOPES)}.", fields={"scopes": "unknown"})
    secret = PREFIX + secrets.token_urlsafe(20)
    token = ApiToken.objects.create(
        member=member,
        name=name.strip()[:60] or "token",
        hash=hash_of(secret),
        hint=secret[-4:],
        scopes=wanted,
        made_at=at,
        expires_at=at + timedelta(days=days) if days else None,
    )
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, at: datetime) -> ApiToken:
    """The token opens nothing any more."""
    token.revoked_at = token.revoked_at or at
    token.save(update_fields=["revoked_at"])
    return token
