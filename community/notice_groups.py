"""Notices of one post are shown as one: "5 new comments on …", with each of them inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from community.models import MailList, Notice
from community.notice_words import Wording

Said = Sequence[tuple[Notice, Wording]]


@dataclass(frozen=True)
class Group:
    """What was told of one post, the newest first; or of something that is no post, alone."""

    entries: Said

    @property
    def newest(self) -> Notice:
        return self.entries[0][0]

    @property
    def is_unread(self) -> bool:
        return any(not notice.read_at for notice, _w in self.entries)

    @property
    def lead(self) -> tuple[Notice, Wording]:
        """Where it opens: the first thing not read yet, or else the last thing that happened."""
        waiting = [entry for entry in self.entries if not entry[0].read_at]
        return waiting[-1] if waiting else self.entries[0]

    @property
    def sentence(self) -> str:
        return together(self.entries) or self.entries[0][1].sentence

    @property
    def at(self) -> datetime:
        return self.newest.at

    @property
    def is_many(self) -> bool:
        return len(self.entries) > 1


def groups_of(said: Said) -> list[Group]:
    """The notices of a page by what they are about, where the newest of each stands."""
    found: dict[object, list[tuple[Notice, Wording]]] = {}
    for notice, wording in said:
        found.setdefault(notice.post_id or f"alone:{notice.pk}", []).append((notice, wording))
    return [Group(entries) for entries in found.values()]


def together(entries: Said) -> str:
    """Several notices of one post in one sentence; nothing where there is only one, which speaks for itself."""
    post, kinds = entries[0][0].post, {notice.kind for notice, _w in entries}
    if post is None or len(entries) == 1:
        return ""
    if kinds == {"comment_written"}:
        told = {"title": post.title, "count": len(entries)}
        return ngettext("%(count)d new comment on “%(title)s”", "%(count)d new comments on “%(title)s”", len(entries)) % told
    # What the team decided says more than what was said about it.
    decided = next((wording for notice, wording in entries if notice.list == MailList.STATUS or wording.label), entries[0][1])
    return and_more(decided.sentence, len(entries) - 1)


def and_more(first: str, more: int) -> str:
    """The sentence, and how many more there are."""
    if not more:
        return first
    return ngettext("%(first)s, and one more", "%(first)s, and %(count)d more", more) % {"first": first[:90], "count": more}
