"""Links in mails: opaque, hashed at rest, for one member, one purpose and one object; they sign nobody in.

The secret part is derived, not stored: the same link can go into every mail of a list with one row behind it, and
a copy of the database opens nothing. A new SECRET_KEY makes new links; the old ones keep working.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime

from django.utils.crypto import salted_hmac

from community.models import MailToken, Member

UNSUBSCRIBE = "unsubscribe"
LENGTH = 32  # letters of 6 bits: 192 bits, short enough for a header line that nobody folds


def hash_of(token: str) -> str:
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def derive_token(*, member_id: int, purpose: str, thing: str) -> str:
    """The link's secret part, always the same for the same three."""
    mac = salted_hmac("community.mail_tokens", f"{purpose}:{member_id}:{thing}", algorithm="sha256")
    return urlsafe_b64encode(mac.digest()).decode()[:LENGTH]


def issue_unsubscribe_tokens(*, wanted: Iterable[tuple[int, str]], at: datetime) -> dict[tuple[int, str], str]:
    """Every pair of member and list has a link that ends it, valid for ever."""
    tokens = {(pk, name): derive_token(member_id=pk, purpose=UNSUBSCRIBE, thing=name) for pk, name in sorted(set(wanted))}
    rows = [
        MailToken(hash=hash_of(token), member_id=pk, purpose=UNSUBSCRIBE, object=name, made_at=at)
        for (pk, name), token in tokens.items()
    ]
    MailToken.objects.bulk_create(rows, ignore_conflicts=True)
    return tokens


def find_token(token: str, *, purpose: str, at: datetime) -> MailToken | None:
    """The link's row, or None for whatever is wrong with it: nobody learns which."""
    row = MailToken.objects.select_related("member").filter(hash=hash_of(token), purpose=purpose).first()
    return row if row is not None and (row.expires_at is None or row.expires_at > at) else None


def mask_address(member: Member) -> str:
    """The address as its owner knows it and nobody else can use it: m***@e***.org."""
    name, _, domain = (member.email or "").partition("@")
    if not domain:
        return "***"
    host, dot, ending = domain.rpartition(".")
    return f"{name[:1]}***@{host[:1]}***{dot}{ending}" if host else f"{name[:1]}***@{ending[:1]}***"
