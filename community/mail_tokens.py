"""Links in mails: opaque, hashed at rest, for one member, one purpose and one object; they sign nobody in.

The secret part is derived, not stored: the same link can go into every mail of a list with one row behind it, and
a copy of the database opens nothing. A new SECRET_KEY makes new links; the old ones keep working.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from community.models import MailToken, Member

UNSUBSCRIBE, CHOOSE = "unsubscribe", "choose"
LENGTH = 32  # letters of 6 bits: 192 bits, short enough for a header line that nobody folds


def hash_of(token: str) -> str:
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def derive_token(*, member_id: int, purpose: str, thing: str) -> str:
    """The link's secret part, always the same for the same three."""
    mac = salted_hmac("community.mail_tokens", f"{purpose}:{member_id}:{thing}", algorithm="sha256")
    return urlsafe_b64encode(mac.digest()).decode()[:LENGTH]


@dataclass(frozen=True)
class Ways:
    """The links that go into a batch of mails: out of a list, and to the choice among all of them."""

    tokens: Mapping[tuple[int, str, str], str]

    def out_of(self, member_id: int, name: str) -> str:
        """The secret part of the link that ends this list."""
        return self.tokens[member_id, UNSUBSCRIBE, name]

    def to_choose(self, member_id: int) -> str:
        """The secret part of the link to all choices, without signing in."""
        return self.tokens[member_id, CHOOSE, ""]


def issue_ways(*, wanted: Iterable[tuple[int, str]], at: datetime) -> Ways:
    """Every pair of member and list has a link that ends it, and every member one to choose by, valid for ever."""
    asked = set(wanted)
    things = {(pk, UNSUBSCRIBE, str(name)) for pk, name in asked} | {(pk, CHOOSE, "") for pk, _ in asked}
    tokens = {key: derive_token(member_id=key[0], purpose=key[1], thing=key[2]) for key in sorted(things)}
    rows = [
        MailToken(hash=hash_of(token), member_id=pk, purpose=purpose, object=thing, made_at=at)
        for (pk, purpose, thing), token in tokens.items()
    ]
    MailToken.objects.bulk_create(rows, ignore_conflicts=True)
    return Ways(tokens)


def ways_for_looking(member_id: int, name: str) -> Ways:
    """Links that open nothing, for a mail that is only looked at."""
    return Ways({(member_id, UNSUBSCRIBE, str(name)): "dry-run", (member_id, CHOOSE, ""): "dry-run"})


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
