"""The mails about things that just happened: one thread's of the last hour, or everything of a member's day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives

from community.mail_render import Envelope, absolute, as_read_by, one_line, write_letter, zone_of
from community.mail_threads import DAILY, KIND, Item, gather_mails
from community.mail_tokens import Ways, issue_ways
from community.mailings import composes
from community.models import Mailing, MailList, Notice, Pace
from community.notice_groups import Said, and_more, together
from community.notice_words import Wording
from community.notices import may_be_mailed
from community.waiting import Waiting

MOST = 12  # of one thread in one mail; the rest is counted
MOST_OF_A_POST = 4  # in a gathered mail
UNWANTED = "Not wanted any more."
GONE = "Nothing left to say: read on the page, muted, hidden or deleted."
SLOWED = "Wanted more seldom by now: it waits for the next gathered mail."
Letters = dict[int, EmailMultiAlternatives | str]


@composes(KIND)
def compose_news(rows: Sequence[Mailing], at: datetime) -> Mapping[int, EmailMultiAlternatives | str]:
    """Each row's mail from what is true now: still wanted, still visible, not read meanwhile, the account open."""
    waiting = Waiting(rows)
    mine = {row.pk: waiting.of(row) for row in rows}
    slower = {pk: [one for one in found if _pace(waiting, one) != Pace.NOW] for pk, found in mine.items()}
    _slow_down([one for found in slower.values() for one in found], waiting, at)
    kept = {pk: [one for one in found if one not in slower[pk]] for pk, found in mine.items()}
    ways = issue_ways(wanted=[(row.member_id, _leading(kept[row.pk])) for row in rows if kept[row.pk]], at=at)
    letters: Letters = {}
    for row in rows:
        if not may_be_mailed(row.member) or not kept[row.pk]:
            letters[row.pk] = SLOWED if slower[row.pk] else GONE if _is_wanted(row, waiting) else UNWANTED
            continue
        with as_read_by(row.member):
            said = waiting.in_words(kept[row.pk])
            letters[row.pk] = _letter(row, said, ways) if said else GONE
    return letters


def _pace(waiting: Waiting, notice: Notice) -> Pace:
    return waiting.wishes.of(notice.member_id, notice.list).pace


def _is_wanted(row: Mailing, waiting: Waiting) -> bool:
    """At least one of its lists is on, so that nothing but the news itself is gone."""
    lists = {name for _activity, name in row.data["news"]}
    return may_be_mailed(row.member) and not all(waiting.wishes.refuses(row.member_id, name) for name in lists)


def _slow_down(notices: Sequence[Notice], waiting: Waiting, at: datetime) -> None:
    """Who asked for a slower pace while a mail waited has its news in the gathered mail instead."""
    items = [
        Item(one.member_id, "", one.activity_id, MailList(one.list), _pace(waiting, one), zone_of(one.member))
        for one in notices
    ]
    if items:
        gather_mails(items, at=at)


def _leading(notices: Sequence[Notice]) -> MailList:
    """Its foot leads to the list of what leads it."""
    return MailList(notices[0].list)


def _letter(row: Mailing, said: Said, ways: Ways) -> EmailMultiAlternatives:
    mail_list, wordings = _leading([notice for notice, _w in said]), [wording for _n, wording in said]
    context = {
        "said": [
            {"wording": wording, "url": absolute(wording.url), "titled": _titled(wording, wordings)}
            for wording in wordings[:MOST]
        ],
        "more": max(len(said) - MOST, 0),
        "headline": headline_of(wordings),
        "preview": wordings[0].quote or wordings[0].sentence,
    }
    post_id = next((notice.post_id for notice, _w in said if notice.post_id), None)
    envelope = Envelope(row.member, row.message_id, mail_list, ways, thread=row.data["thread"], post_id=post_id)
    return write_letter(template="news", subject=headline_of(wordings), context=context, envelope=envelope)


def headline_of(said: Sequence[Wording]) -> str:
    """The first sentence, and how many more there are."""
    return and_more(one_line(said[0].sentence), len(said) - 1)


def _titled(wording: Wording, said: Sequence[Wording]) -> bool:
    """Whether it needs its sentence as a title: the first stands in the headline, and a signed quote says who spoke."""
    return wording is not said[0] and not (wording.quote and wording.by and not wording.label)


@composes(DAILY)
def compose_daily(rows: Sequence[Mailing], at: datetime) -> Mapping[int, EmailMultiAlternatives | str]:
    """Each member's day in one mail, by post, from what is true now."""
    waiting = Waiting(rows)
    mine = {row.pk: waiting.of(row) for row in rows}
    ways = issue_ways(wanted=[(row.member_id, _leading(mine[row.pk])) for row in rows if mine[row.pk]], at=at)
    letters: Letters = {}
    for row in rows:
        if not may_be_mailed(row.member) or not mine[row.pk]:
            letters[row.pk] = GONE if _is_wanted(row, waiting) else UNWANTED
            continue
        with as_read_by(row.member):
            said = waiting.in_words(mine[row.pk])
            letters[row.pk] = _day(row, said, ways) if said else GONE
    return letters


def _day(row: Mailing, said: Said, ways: Ways) -> EmailMultiAlternatives:
    headline = headline_of([wording for _n, wording in said])
    bundles = bundles_of(said)
    context = {"headline": headline, "preview": bundles[0].heading, "section": {"bundles": bundles}, "day": at_home(row)}
    envelope = Envelope(row.member, row.message_id, _leading([notice for notice, _w in said]), ways)
    return write_letter(template="daily", subject=headline, context=context, envelope=envelope)


def at_home(row: Mailing) -> datetime:
    """The morning it is for, on the member's own clock."""
    return row.due_at.astimezone(zone_of(row.member))


@dataclass(frozen=True)
class Bundle:
    """What happened around one post, for a gathered mail."""

    heading: str
    url: str
    said: list[dict[str, Any]]
    more: int
    stage: Wording | None


def bundles_of(said: Said) -> list[Bundle]:
    """The news by what it is about, in the order of its first; what is about no post stands for itself."""
    found: dict[object, list[tuple[Notice, Wording]]] = {}
    for notice, wording in said:
        found.setdefault(notice.post_id or f"alone:{notice.pk}", []).append((notice, wording))
    return [_bundle(entries) for entries in found.values()]


def _bundle(entries: Said) -> Bundle:
    first = entries[0][1]
    heading = together(entries) or first.sentence
    lines = [
        {"wording": wording, "url": absolute(wording.url), "titled": wording.sentence != heading} for _n, wording in entries
    ]
    return Bundle(
        heading=heading,
        url=absolute(first.url),
        said=lines[:MOST_OF_A_POST],
        more=max(len(entries) - MOST_OF_A_POST, 0),
        stage=first if first.label else None,
    )
