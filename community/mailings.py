"""Mail goes out: a row first, then the send, then the mark. Never two by design, never silently none.

A row is claimed for composing (a lease that simply runs out), marked as being sent only for the moment of its send, and
marked as sent afterwards. Whoever dies in that moment leaves an ambiguous row: it is sent once more, under the same
Message-ID, and flagged; cut off again, it is left to people. No transaction is open while a mail server is spoken to.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from community import bounces
from community.models import Mailing
from community.spread import offset_of

log = logging.getLogger(__name__)
State = Mailing.State
LEASE = timedelta(minutes=2)
CUT_OFF = timedelta(minutes=5)  # longer than a send can take with every step of SMTP at its time limit
RESTING = "The address was refused for good and rests until its owner says that it is well again."
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]

# A composer answers, per row, the mail, or in a few words why there is none.
Composer = Callable[[Sequence[Mailing], datetime], Mapping[int, EmailMultiAlternatives | str]]
COMPOSERS: dict[str, Composer] = {}


class TryLater(Exception):
    """The mail server takes nothing now; what was claimed goes back."""


def composes(kind: str) -> Callable[[Composer], Composer]:
    """The function makes the mails of this kind, a batch at a time, from what is true at the moment of sending."""

    def register(compose: Composer) -> Composer:
        COMPOSERS[kind] = compose
        return compose

    return register


def message_id_of(kind: str, period: str, member_id: int) -> str:
    """The mail's name among all mails, the same however often it is tried."""
    name = salted_hmac("community.mailings", f"{kind}:{period}:{member_id}", algorithm="sha256").hexdigest()[:32]
    return f"<{name}@{settings.SITE_HOST}>"


def plan_mailings(
    *, kind: str, period: str, member_ids: Iterable[int], due_at: datetime, morning: timedelta = timedelta()
) -> int:
    """Each member has this mail coming; asked again, or by two at once, it is still one mail. The number asked for.

    morning: over how long the mails are spread from `due_at` on.
    """
    rows = [
        Mailing(
            kind=kind,
            period=period,
            member_id=pk,
            due_at=due_at + offset_of(pk, morning),
            message_id=message_id_of(kind, period, pk),
        )
        for pk in member_ids
    ]
    Mailing.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


def send_batch(
    *, kind: str, at: datetime, size: int = 50, period: str = "", stop: Callable[[], bool] = lambda: False
) -> Counter[str]:
    """Up to `size` due mails of the kind are sent; how many ended in which state. Empty when nothing was due.

    stop: asked before each mail; what is left then is due again at once, for somebody else.
    """
    recover_cut_off(at=at)
    rows = _claim(kind, at, size, period)
    outcome: Counter[str] = Counter()
    if not rows:
        return outcome
    resting = bounces.resting(row.member for row in rows)
    letters: dict[int, EmailMultiAlternatives | str | None] = {row.pk: RESTING for row in rows if row.member_id in resting}
    letters |= _compose(kind, [row for row in rows if row.member_id not in resting], at)
    line = Line()
    try:
        for row in rows:
            if stop():
                _put_back(rows, "", at, due_at=at)
                break
            letter = letters[row.pk]
            outcome[_settle(row, letter, line, at) if letter else _postpone(row, row.error, at)] += 1
    except TryLater as fault:
        log.warning("The mail server takes nothing now: %s", fault)
        _put_back(rows, str(fault), at, due_at=at + BACK_OFF[0])
    finally:
        line.hang_up()
    return outcome


class Line:
    """The connection to the mail server; after two mails in a row broke it, the server is left alone for a while."""

    def __init__(self) -> None:
        self.connection = get_connection()
        self.broken = 0

    def send(self, letter: EmailMultiAlternatives) -> None:
        try:
            self.connection.send_messages([letter])
        except OSError as fault:
            self.hang_up()
            self.broken += 0 if isinstance(fault, SMTPResponseException | SMTPRecipientsRefused) else 1
            raise
        self.broken = 0

    def open(self) -> None:
        if self.broken >= 2:
            raise TryLater("It broke off twice in a row.")
        try:
            self.connection.open()
        except OSError as fault:
            raise TryLater(f"{type(fault).__name__}: {fault}") from fault

    def hang_up(self) -> None:
        try:
            self.connection.close()
        except OSError as fault:
            log.info("The mail server hung up first: %s", fault)


@transaction.atomic
def recover_cut_off(*, at: datetime) -> int:
    """Sends that somebody died in are owed again, flagged; those cut off twice are left to people. How many."""
    stuck = Mailing.objects.filter(state=State.SENDING, claimed_at__lte=at - CUT_OFF)
    lost = stuck.filter(ambiguous=True).update(state=State.FAILED, error="Cut off twice while being sent.")
    again = stuck.filter(ambiguous=False).update(state=State.WAITING, ambiguous=True, claimed_at=None, due_at=at)
    return lost + again


@transaction.atomic
def _claim(kind: str, at: datetime, size: int, period: str) -> list[Mailing]:
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=at - LEASE)
    due = Mailing.objects.filter(free, kind=kind, state=State.WAITING, due_at__lte=at)
    due = due.filter(period=period) if period else due
    due = due.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related("member")
    rows = list(due.order_by("due_at", "pk")[:size])
    Mailing.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_at=at)
    for row in rows:
        row.claimed_at = at
    return rows


def _compose(kind: str, rows: list[Mailing], at: datetime) -> dict[int, EmailMultiAlternatives | str | None]:
    """What goes out for each row; where the batch cannot be composed, each alone, so that one bad row fails alone."""
    if not rows:
        return {}
    try:
        return dict(COMPOSERS[kind](rows, at))
    except Exception as fault:
        log.exception("Composing %d mails of %s failed", len(rows), kind)
        if len(rows) == 1:
            rows[0].error = f"{type(fault).__name__}: {fault}"[:2000]
            return {rows[0].pk: None}
    return {pk: letter for row in rows for pk, letter in _compose(kind, [row], at).items()}


def _settle(row: Mailing, letter: EmailMultiAlternatives | str, line: Line, at: datetime) -> str:
    if isinstance(letter, str):
        return _mark(row, state=State.SKIPPED, before=State.WAITING, error=letter)
    line.open()
    # Whoever lost the lease meanwhile lost the row: somebody else sends it.
    if _mark(row, state=State.SENDING, before=State.WAITING) != State.SENDING:
        return "lost"
    try:
        line.send(letter)
    except (SMTPResponseException, SMTPRecipientsRefused) as refusal:
        return _refused(row, refusal, at)
    except ValueError as fault:
        # The address or a header cannot be said in SMTP at all; nothing left this house.
        return _mark(row, state=State.FAILED, before=State.SENDING, error=f"{fault}"[:2000])
    except OSError as fault:
        # Somewhere between MAIL and the server's answer: nobody knows whether it arrived.
        return _ambiguous(row, fault, at)
    return _mark(row, state=State.SENT, before=State.SENDING, sent_at=at, error="")


def _refused(row: Mailing, refusal: SMTPResponseException | SMTPRecipientsRefused, at: datetime) -> str:
    """4xx: later; 5xx: never. Either way the server answered, so nothing is ambiguous."""
    words: bytes | str
    if isinstance(refusal, SMTPRecipientsRefused):
        code, words = next(iter(refusal.recipients.values()))
    else:
        code, words = refusal.smtp_code, refusal.smtp_error
    said = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"[:2000]
    if code >= 500:
        # Only a refusal of the recipient is about the address; everything else is about the mail or about us.
        if isinstance(refusal, SMTPRecipientsRefused) and bounces.is_final(code, said):
            bounces.pause_address(member=row.member, reason=said, at=at)
        return _mark(row, state=State.FAILED, before=State.SENDING, error=said)
    return _postpone(row, said, at, before=State.SENDING)


def _ambiguous(row: Mailing, fault: Exception, at: datetime) -> str:
    said = f"{type(fault).__name__}: {fault}"[:2000]
    if row.ambiguous:
        return _mark(row, state=State.FAILED, before=State.SENDING, error=said)
    row.ambiguous = True
    return _postpone(row, said, at, before=State.SENDING)


def _postpone(row: Mailing, error: str, at: datetime, before: str = State.WAITING) -> str:
    """The row is tried again after a while, five times; then it has failed, with the reason kept."""
    if row.attempts >= len(BACK_OFF):
        return _mark(row, state=State.FAILED, before=before, error=error)
    due_at = at + BACK_OFF[row.attempts]
    kept = {"attempts": row.attempts + 1, "ambiguous": row.ambiguous}
    return _mark(row, state=State.WAITING, before=before, error=error, due_at=due_at, claimed_at=None, **kept)


def _mark(row: Mailing, *, state: str, before: str, **values: object) -> str:
    """The row is in this state if it was still ours in that one; else "lost" is answered and nothing changed."""
    ours = Mailing.objects.filter(pk=row.pk, state=before, claimed_at=row.claimed_at)
    return str(state) if ours.update(state=state, **values) else "lost"


def _put_back(rows: list[Mailing], error: str, at: datetime, *, due_at: datetime) -> None:
    """What was claimed and not begun is due again then; that the server was away is not the mails' fault."""
    mine = Mailing.objects.filter(pk__in=[row.pk for row in rows], state=State.WAITING, claimed_at=at)
    mine.update(claimed_at=None, due_at=due_at, error=error[:2000])


def state_of_mailings(*, kind: str, period: str) -> dict[str, int]:
    """How many mails of one kind and period are in which state, and how many are ambiguous."""
    rows = Mailing.objects.filter(kind=kind, period=period).annotate(flag=F("ambiguous")).values_list("state", "flag")
    counted = Counter(state for state, _ in rows)
    return {state: counted[state] for state in State.values} | {"ambiguous": sum(flag for _, flag in rows)}
