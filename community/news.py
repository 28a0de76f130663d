"""The mail about things that just happened: what waits for one member about one thread, if it is still so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import ngettext

from community.mail_choices import refusals_of
from community.mail_render import Envelope, absolute, as_read_by, one_line, write_letter
from community.mail_threads import KIND
from community.mail_tokens import issue_unsubscribe_tokens
from community.mailings import composes
from community.models import Mailing, MailList, Notice
from community.notice_words import Wording, Words
from community.notices import may_be_mailed

MOST = 12  # of one thread in one mail; the rest is counted
UNWANTED = "Not wanted any more."
GONE = "Nothing left to say: read on the page, hidden or deleted."


@dataclass(frozen=True)
class Waiting:
    """What one mailing would tell of: notices not read yet, on lists still wanted."""

    notices: Sequence[Notice]
    mail_list: MailList


@composes(KIND)
def compose_news(rows: Sequence[Mailing], at: datetime) -> Mapping[int, EmailMultiAlternatives | str]:
    """Each row's mail from what is true now: still wanted, still visible, not read meanwhile, the account open."""
    waiting = _waiting(rows)
    words = Words([notice for entry in waiting.values() for notice in entry.notices])
    tokens = issue_unsubscribe_tokens(
        wanted=[(row.member_id, waiting[row.pk].mail_list) for row in rows if row.pk in waiting], at=at
    )
    letters: dict[int, EmailMultiAlternatives | str] = {}
    for row in rows:
        entry = waiting.get(row.pk)
        if entry is None or not may_be_mailed(row.member):
            letters[row.pk] = UNWANTED
            continue
        with as_read_by(row.member):
            said = [wording for notice in entry.notices if (wording := words.of(notice))]
            token = tokens[row.member_id, entry.mail_list]
            letters[row.pk] = _letter(row, said, entry.mail_list, token) if said else GONE
    return letters


def _waiting(rows: Sequence[Mailing]) -> dict[int, Waiting]:
    """Two queries for the batch: what was read meanwhile is not told again."""
    activities = {activity_id for row in rows for activity_id, _ in row.data["news"]}
    unread = Notice.objects.filter(activity__in=activities, member__in={row.member_id for row in rows}, read_at=None)
    notices = {(notice.member_id, notice.activity_id): notice for notice in unread.select_related("member", "post__board")}
    unwanted = refusals_of({row.member_id for row in rows})
    found = {}
    for row in rows:
        wanted = [(pk, name) for pk, name in row.data["news"] if (row.member_id, name) not in unwanted]
        if wanted:
            # What the team decided leads; what people said follows, each in its order.
            ranked = sorted(wanted, key=lambda item: (item[1] != MailList.STATUS, item[0]))
            mine = [notices[row.member_id, pk] for pk, _ in ranked if (row.member_id, pk) in notices]
            names = {name for _, name in wanted}
            found[row.pk] = Waiting(mine, MailList.STATUS if MailList.STATUS in names else MailList.COMMENTS)
    return found


def _letter(row: Mailing, said: Sequence[Wording], mail_list: MailList, token: str) -> EmailMultiAlternatives:
    subject = one_line(said[0].sentence)
    if len(said) > 1:
        more = len(said) - 1
        subject = ngettext("%(first)s, and one more", "%(first)s, and %(count)d more", more) % {
            "first": subject[:90],
            "count": more,
        }
    context = {
        "said": [
            {"wording": wording, "url": absolute(wording.url), "titled": _titled(wording, said)} for wording in said[:MOST]
        ],
        "more": max(len(said) - MOST, 0),
        "headline": subject,
        "preview": said[0].quote or said[0].sentence,
        "for_status": mail_list == MailList.STATUS,
    }
    envelope = Envelope(row.member, row.message_id, mail_list, token, thread=row.data["thread"])
    return write_letter(template="news", subject=subject, context=context, envelope=envelope)


def _titled(wording: Wording, said: Sequence[Wording]) -> bool:
    """Whether it needs its sentence as a title: the first stands in the headline, and a signed quote says who spoke."""
    return wording is not said[0] and not (wording.quote and wording.by and not wording.label)
