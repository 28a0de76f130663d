"""Contests for tests: arranged, entered and decided by the real operations, one line each."""

import itertools
from datetime import timedelta

from community.contests.arranging import arrange_contest
from community.contests.deciding import announce_winners
from community.contests.entering import enter_contest
from community.contests.judging import declare_interests, score_entry, vote_for_entry
from community.models import Contest
from tests.factories import NOW, make_board, make_member, make_staff

DAY = timedelta(days=1)
VOTING, JUDGING, DECIDING = NOW + 8 * DAY, NOW + 15 * DAY, NOW + 22 * DAY
_number = itertools.count(1)


def make_contest(*criteria, jury=(), opens=NOW, by=None, **more):
    """Entries for a week, votes for the next, the jury for a third; half and half, unless said otherwise."""
    fields = {
        "title": "The best wallpaper", "slug": f"contest-{next(_number)}", "brief": "Draw **one**.", "published": True,
        "opens_at": opens, "entries_until": opens + 7 * DAY, "votes_until": opens + 14 * DAY, "jury_until": opens + 21 * DAY,
    }  # fmt: skip
    contest = Contest(**(fields | {"board": more.pop("board", None) or make_board()} | more))
    weighed = criteria or (() if contest.fan_weight == 100 else (("Idea", 2), ("Craft", 1)))
    return arrange_contest(contest=contest, criteria=weighed, jury=jury, by=by or make_staff(), at=opens - DAY)


def make_entry(contest, *, author=None, title="", at=NOW, team=(), body="It is about light."):
    return enter_contest(
        contest=contest, author=author or make_member(), title=title or f"Entry {next(_number)}", body=body,
        team=[mate.username for mate in team], at=at,
    )  # fmt: skip


def give_vote(entry, member=None, at=VOTING):
    return vote_for_entry(entry=entry, member=member or make_member(), at=at)


def give_scores(entry, juror, *scores, at=JUDGING):
    """The juror has declared, and gives these scores in the order of the criteria."""
    declare_interests(contest=entry.contest, juror=juror, interests="", at=at)
    criteria = entry.contest.criteria.values_list("pk", flat=True)
    score_entry(entry=entry, juror=juror, scores=dict(zip(criteria, scores, strict=True)), at=at)


def announced(contest, at=DECIDING):
    """Somebody voted for every entry, and the result is announced."""
    for entry in contest.entries.taking_part():
        give_vote(entry)
    return announce_winners(contest=contest, by=make_staff(), at=at)
