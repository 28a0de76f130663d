"""How a text came in, told by its form: a stamp that says since when it was open, and a field that people do not see.

The stamp is signed, so nobody can make one up; it is no secret, and a day old it says nothing any more.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core import signing

from community.screening import Manner

STAMP, TRAP = "opened", "homepage"
FIELDS = (STAMP, TRAP)
SALT = "community.manners"
TELLS_FOR = timedelta(days=1)


def stamp(*, at: datetime) -> str:
    """The moment the form was opened, signed."""
    return signing.Signer(salt=SALT).sign(str(int(at.timestamp() * 1000)))


def manner_of(data: Mapping[str, str], *, at: datetime) -> Manner:
    """How the text of a posted form came in. A stamp that is missing, forged or old counts as typed in no time."""
    try:
        opened = int(signing.Signer(salt=SALT).unsign(data.get(STAMP, "")))
    except (signing.BadSignature, ValueError):
        opened = None
    typed = int(at.timestamp() * 1000) - opened if opened is not None else 0
    if not 0 <= typed <= TELLS_FOR / timedelta(milliseconds=1):
        # Left open for days: then nobody hurried, and a stamp from the future is none of ours.
        typed = 0 if typed < 0 else int(TELLS_FOR / timedelta(milliseconds=1))
    return Manner("page", typed, bool(data.get(TRAP, "").strip()))
