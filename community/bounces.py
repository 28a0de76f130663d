"""Addresses that mail servers refuse for good rest: nothing goes there until their owner says that they are well again."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message

from django.db import transaction
from django.db.models.functions import Lower

from community.activity import record
from community.models import MailPause, Member
from community.verbs import MailPaused, MailResumed, Verb

NO_SUCH_ADDRESS = {550, 551, 553}
# Enhanced codes (RFC 3463): 5.1.x is about the address, 5.2.1 a mailbox that is switched off. A full mailbox (5.2.2), the
# size of a mail (5.2.3, 5.3.4) and everything about reputation (5.7.x) say nothing against the address.
_enhanced = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")


def is_final(code: int, words: str) -> bool:
    """The server says that nobody can be reached there, now or later."""
    found = _enhanced.search(words)
    if found:
        return found[1] == "1" or (found[1], found[2]) == ("2", "1")
    return code in NO_SUCH_ADDRESS


@transaction.atomic
def pause_address(*, member: Member, reason: str, at: datetime) -> bool:
    """No mail of ours goes to the member's address until they say so, and they are told on the page. Whether that is new."""
    if not member.email:
        return False
    row = MailPause(address=member.email.lower(), member=member, since=at, reason=" ".join(reason.split())[:300])
    MailPause.objects.bulk_create([row], ignore_conflicts=True)
    kept = MailPause.objects.get(address=member.email.lower())
    fact = MailPaused(pause_id=kept.pk)
    record(Verb.MAIL_PAUSED, key=f"mail_paused:{kept.pk}", actor=None, subject=member.pk, data=fact, at=at)
    return kept.since == at


@transaction.atomic
def resume_address(*, member: Member, at: datetime, by: Member | None = None) -> bool:
    """Mails go to the member's address again, as the member says, or `by` for them. Whether there was anything to resume."""
    paused = pause_of(member)
    if paused is None:
        return False
    fact = MailResumed(pause_id=paused.pk)
    record(Verb.MAIL_RESUMED, key=f"mail_resumed:{paused.pk}", actor=by or member, subject=member.pk, data=fact, at=at)
    paused.delete()
    return True


def pause_of(member: Member) -> MailPause | None:
    """Why the member's address rests, if it does; a new address begins without a past."""
    return MailPause.objects.filter(address=member.email.lower()).first() if member.email else None


def resting(members: Iterable[Member]) -> set[int]:
    """Ids of those members whose address rests, in one query."""
    addresses = {member.pk: member.email.lower() for member in members if member.email}
    paused = set(MailPause.objects.filter(address__in=addresses.values()).values_list("address", flat=True))
    return {pk for pk, address in addresses.items() if address in paused}


@dataclass(frozen=True)
class Refusal:
    """What a mail server reports of one address."""

    address: str
    reason: str


def refusals_in(letter: Message) -> Iterator[Refusal]:
    """The addresses that this report (RFC 3464) calls dead; nothing for any other mail."""
    for part in letter.walk():
        if part.get_content_type() == "message/delivery-status":
            # A report is a row of header blocks: first the server's, then one for each address.
            for block in part.get_payload():
                refusal = _refusal(block) if isinstance(block, Message) else None
                if refusal:
                    yield refusal


def _refusal(block: Message) -> Refusal | None:
    address = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "").partition(";")[2].strip()
    status, said = str(block.get("Status", "")), str(block.get("Diagnostic-Code", ""))
    failed = str(block.get("Action", "")).strip().lower() == "failed"
    return Refusal(address.lower(), f"{status} {said}".strip()) if failed and address and is_final(0, status) else None


def pause_all(refusals: Iterable[Refusal], *, at: datetime) -> int:
    """The members with these addresses get no mails until they say so; how many that concerns anew."""
    said = {refusal.address: refusal.reason for refusal in refusals}
    members = Member.objects.alias(address=Lower("email")).filter(address__in=said)
    return sum(pause_address(member=member, reason=said[str(member.email).lower()], at=at) for member in members)
