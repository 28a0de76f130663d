"""Where a member is signed in, and how that ends. allauth keeps the list; network addresses leave it after 14 days."""

from datetime import datetime

from allauth.usersessions.models import UserSession

from community.models import Member

NOWHERE = "100::"  # the discard prefix of RFC 6666: an address that stands for none


def sessions_of(member: Member) -> list[UserSession]:
    """The sessions that still open something, the newest first."""
    alive: list[UserSession] = UserSession.objects.purge_and_list(member)
    return sorted(alive, key=lambda session: session.created_at, reverse=True)


def end_session(*, member: Member, session_id: int) -> bool:
    """That browser is signed out; False where it is not the member's."""
    session = UserSession.objects.filter(user=member, pk=session_id).first()
    if session is None:
        return False
    session.end()
    return True


def end_sessions(*, member: Member, but: str = "") -> int:
    """Every browser is signed out but the one with this session key; how many."""
    ending = list(UserSession.objects.filter(user=member).exclude(session_key=but))
    for session in ending:
        session.end()
    return len(ending)


def forget_addresses(*, before: datetime) -> int:
    """Sessions begun before then no longer tell from where; how many."""
    old = UserSession.objects.filter(created_at__lt=before).exclude(ip=NOWHERE)
    changed: int = old.update(ip=NOWHERE)
    return changed


def browser_of(user_agent: str) -> str:
    """Browser and system in words most people know them by, e.g. "Firefox, Windows"; the rest is of no use to them."""
    browsers = (("Edg", "Edge"), ("OPR", "Opera"), ("MicroMessenger", "WeChat"), ("Firefox", "Firefox"), ("SamsungBrowser", "Samsung"),
                ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
    systems = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("HarmonyOS", "HarmonyOS"), ("Windows", "Windows"),
               ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip
    found = [next((name for sign, name in table if sign in user_agent), "") for table in (browsers, systems)]
    return ", ".join(filter(None, found)) or user_agent[:40]
