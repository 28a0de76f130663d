"""What is asked of new texts, in one table: every figure, and the sentence the person reads. No database here.

Source of the figures: what Discourse has settled on over ten years (research on reliability, 3.2). "New" is trust 0; who
keeps a board or belongs to the team is asked nothing. Figures about time and number rest while RATE_LIMITS is off.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

# --- Refused, with the time to wait: (how many, within what, who, the sentence) --------------------------------
BETWEEN_POSTS = timedelta(seconds=120)  # a new member's
BETWEEN_COMMENTS = timedelta(seconds=30)  # a new member's
FIRST_DAY = timedelta(days=1)
POSTS_ON_FIRST_DAY, COMMENTS_ON_FIRST_DAY = 3, 10
POSTS_A_DAY, EDITS_A_DAY, REPORTS_A_DAY = 20, 30, 20  # everybody's
SAME_TEXT_WITHIN = timedelta(minutes=5)  # everybody's
# --- Held for a moderator --------------------------------------------------------------------------------------
HASTE_MS = 3000  # a first text typed in less
SAME_LINK_BY_ONE = 3  # times within a day by one new member
SAME_LINK_BY_MANY = 3  # new members within an hour
REPORTERS_HIDE = 3  # established members whose reports withhold a new member's text until somebody looks
REPORTER_TRUST = 1
APPEAL_WITHIN = timedelta(days=14)
ALONE = timedelta(days=7)  # the longest suspension one person may decide alone

HELD = {
    "first": _("The first posts of new members are looked at before they are shown."),
    "new": _("In this board, what new members write is looked at before it is shown."),
    "limited": _("Your account is limited for a while, so a moderator looks at what you write before it is shown."),
    "links": _("It has several links to the same site, and you are new here."),
    "first-link": _("It is your first text here, and it has a link."),
    "same-link": _("The same link has been posted several times in a short while."),
    "words": _("It has a word that moderators asked to look at first."),
    "haste": _("It was sent faster than people type."),
    "trap": _("A field that people do not see was filled in, as programs do."),
    "reported": _("Several members asked the moderators to look at it."),
}
REFUSED = {
    "post-soon": _("You are new here: please leave two minutes between two posts."),
    "comment-soon": _("You are new here: please leave half a minute between two comments."),
    "first-posts": _("On the first day there is room for three posts. Tomorrow there is more."),
    "first-comments": _("On the first day there is room for ten comments. Tomorrow there is more."),
    "posts-a-day": _("Twenty posts are what one day takes. Please go on tomorrow."),
    "edits-a-day": _("Thirty edits are what one day takes. Please go on tomorrow."),
    "same-text": _("You wrote exactly this a moment ago, and it has arrived."),
}
# What members report, and what moderators decide by: the code, its label, and what the person is told.
BROKEN = {
    "spam": (_("Advertising or spam"), _("It advertises something, or repeats itself to be seen.")),
    "unkind": (_("Unkind or abusive"), _("It is unkind to somebody. We argue about things, never about people.")),
    "private": (_("Private data"), _("It shows somebody's private data: an address, a number, a name they did not give.")),
    "off-topic": (_("Not about this"), _("It is not about what this place is for.")),
    "illegal": (_("Against the law"), _("It shows or asks for something that the law forbids.")),
    "other": (_("Something else"), _("It does not fit the rules of this community.")),
}


@dataclass(frozen=True)
class Person:
    """What the rules need to know of whoever writes; counts and moments are of posts or of comments, as it fits the text."""

    new: bool
    limited: bool
    vouched: bool
    joined_at: datetime
    written: int
    today: int
    last_at: datetime | None
    edits_today: int = 0


@dataclass(frozen=True)
class Plan:
    """How careful this board is."""

    hold_first: bool = False
    hold_new: bool = False
    hold_first_link: bool = True
    links_to_one_host: int = 3
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Writing:
    """The text and how it came. repeated: how often its most repeated link stands in other recent texts of new members."""

    is_post: bool
    is_edit: bool
    text: str
    at: datetime
    typed_ms: int | None = None
    trapped: bool = False
    by_token: bool = False
    link_by_me: int = 0
    link_by_others: int = 0
    same_text: bool = False


@dataclass(frozen=True)
class Finding:
    """Why a text waits, and what moderators see beside it."""

    reasons: list[str] = field(default_factory=list)
    signals: dict[str, object] = field(default_factory=dict)


def refuse(text: Writing, person: Person) -> tuple[str, timedelta] | None:
    """The code of the limit that is reached, and how long to wait; None lets it through."""
    if text.is_edit:
        return ("edits-a-day", FIRST_DAY) if person.edits_today >= EDITS_A_DAY else None
    if text.same_text:
        return "same-text", SAME_TEXT_WITHIN
    if text.is_post and person.today >= POSTS_A_DAY:
        return "posts-a-day", FIRST_DAY
    if not person.new:
        return None
    young = person.joined_at + FIRST_DAY - text.at
    if young > timedelta(0) and person.today >= (POSTS_ON_FIRST_DAY if text.is_post else COMMENTS_ON_FIRST_DAY):
        return ("first-posts" if text.is_post else "first-comments"), young
    gap = BETWEEN_POSTS if text.is_post else BETWEEN_COMMENTS
    if person.last_at is not None and text.at - person.last_at < gap:
        return ("post-soon" if text.is_post else "comment-soon"), gap - (text.at - person.last_at)
    return None


def hold(text: Writing, person: Person, plan: Plan, *, timed: bool = True) -> Finding:
    """Why the text has to wait, if at all. timed: rules about typing time and repetition are asked."""
    found = Finding()
    hosts = Counter(host_of(link) for link in links_in(text.text))
    found.signals["hosts"] = sorted(hosts)[:10]
    if text.typed_ms is not None:
        found.signals["typed_ms"] = text.typed_ms
    if matched := matched_words(text.text, plan.words):
        found.reasons.append("words")
        found.signals["words"] = matched
    if person.limited:
        found.reasons.append("limited")
    if text.trapped:
        found.reasons.append("trap")
    if person.new and not person.vouched:
        found.reasons.extend(_doubts_about_the_new(text, person, plan, hosts, timed))
    return found


def _doubts_about_the_new(text: Writing, person: Person, plan: Plan, hosts: Counter[str], timed: bool) -> list[str]:
    first = person.written == 0 and not text.is_edit
    doubts = {
        "first": plan.hold_first and first and text.is_post,
        "new": plan.hold_new,
        "first-link": plan.hold_first_link and first and bool(hosts),
        "links": 0 < plan.links_to_one_host <= max(hosts.values(), default=0),
        "haste": timed and first and not text.by_token and text.typed_ms is not None and text.typed_ms < HASTE_MS,
        "same-link": timed
        and (text.link_by_me + 1 >= SAME_LINK_BY_ONE or text.link_by_others + 1 >= SAME_LINK_BY_MANY)
        and bool(hosts),
    }
    return [name for name, true in doubts.items() if true]


LINK = re.compile(r"https?://[^\s<>()\[\]\"'，。）】]+|(?<![\w@.])www\.[^\s<>()\[\]\"'，。）】]+", re.IGNORECASE)


def links_in(text: str) -> list[str]:
    """Every address that the text links to, in order, as it stands."""
    return [found.rstrip(".,;:!?*_") for found in LINK.findall(text)]


def host_of(link: str) -> str:
    """Where a link leads to: the host without its www, in small letters."""
    try:
        host = urlsplit(link if "//" in link else f"//{link}").hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.")


def folded(text: str) -> str:
    """The text as words are matched in it: full width and half width, large and small, with invisible signs left out."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")


def matched_words(text: str, words: Iterable[str]) -> list[str]:
    """Which of the words stand in the text: Latin ones as whole words, Han ones anywhere, even with spaces strewn in."""
    told = folded(text)
    tight = "".join(told.split())
    return [word for word in words if _stands_in(folded(word).strip(), told, tight)]


def _stands_in(word: str, told: str, tight: str) -> bool:
    if not word:
        return False
    if any(is_han(sign) for sign in word):
        return "".join(word.split()) in tight
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    return re.search(rf"(?<!\w){pattern}(?!\w)", told) is not None or _beside_han(pattern, told)


def _beside_han(pattern: str, told: str) -> bool:
    """Han writing puts no space around a Latin word: its neighbours are no part of it."""
    spaced = "".join(f" {sign} " if is_han(sign) else sign for sign in told)
    return re.search(rf"(?<!\w){pattern}(?!\w)", spaced) is not None


def is_han(sign: str) -> bool:
    """Chinese, Japanese and Korean signs, which stand without spaces between words."""
    return "\u2e80" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7af" or "\uf900" <= sign <= "\ufaff" or sign >= "\U00020000"
