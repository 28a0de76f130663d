"""Many people, or one person many times, at the same instant: real processes, and nobody counts twice."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from community.contests.judging import vote_for_entry
from community.models import Ballot, BallotChoice, ContestEntry, FanVote, Member, Poll, PollKind
from community.polls.asking import announce_closed_polls, edit_poll
from community.polls.drafting import PollDraft
from community.polls.voting import cast_ballot
from community.refusals import Refused
from tests.community.contesting import DAY, VOTING, make_contest, make_entry
from tests.community.polling import make_poll, option
from tests.factories import NOW, make_member
from tests.rewards.racing import race

pytestmark = pytest.mark.usefixtures("committed_db")


def test_one_person_pressing_many_times_at_once_has_one_ballot():
    poll, member = make_poll(kind=PollKind.MULTIPLE), make_member()
    options = [option(poll, text) for text in ("Moss", "Slate", "Clay")]

    def press(number):
        fresh = Poll.objects.select_related("post").get(pk=poll.pk)
        return cast_ballot(poll=fresh, member=member, choices=options[: number % 3 + 1], at=NOW).pk

    assert len(set(race(press, range(8)))) == 1
    assert Ballot.objects.count() == 1
    # The last one stands whole: no mixture of two.
    ranks = list(BallotChoice.objects.order_by("rank").values_list("rank", flat=True))
    assert ranks == list(range(1, len(ranks) + 1))


def test_many_people_at_once_are_all_counted_once():
    poll, members = make_poll(), [make_member() for _ in range(8)]
    moss = option(poll, "Moss")

    def press(member_id):
        fresh, member = Poll.objects.select_related("post").get(pk=poll.pk), Member.objects.get(pk=member_id)
        cast_ballot(poll=fresh, member=member, choices=[moss], at=NOW)
        return "voted"

    assert race(press, [member.pk for member in members]) == ["voted"] * 8
    assert BallotChoice.objects.filter(option=moss).count() == Ballot.objects.count() == 8


def test_mending_the_options_and_voting_meet_and_one_of_them_gives_way():
    for _round in range(4):
        poll, member = make_poll(), make_member()
        moss = option(poll, "Moss")

        def meet(what, poll=poll, member=member, moss=moss):
            fresh = Poll.objects.select_related("post__author").get(pk=poll.pk)
            try:
                if what == "mend":
                    edit_poll(poll=fresh, draft=PollDraft(("Red", "Blue")), by=fresh.post.author, at=NOW)
                else:
                    cast_ballot(poll=fresh, member=member, choices=[moss], at=NOW)
            except Refused:
                return "refused"
            return "done"

        assert sorted(race(meet, ["mend", "vote"])) == ["done", "refused"]
        # Whoever won, every choice names an option of today, and a ballot names something.
        assert Ballot.objects.filter(poll=poll).count() == BallotChoice.objects.filter(option__poll=poll).count()


def test_a_fan_never_has_one_vote_too_many():
    contest, member = make_contest(votes_each=3), make_member()
    entries = [make_entry(contest).pk for _ in range(8)]

    def press(entry_id):
        entry = ContestEntry.objects.select_related("contest").get(pk=entry_id)
        try:
            vote_for_entry(entry=entry, member=member, at=VOTING)
        except Refused:
            return "refused"
        return "voted"

    assert sorted(race(press, entries)).count("voted") == FanVote.objects.filter(member=member).count() == 3


def test_the_same_press_twice_at_once_is_one_vote():
    entry, member = make_entry(make_contest()), make_member()

    def press(_number):
        return vote_for_entry(
            entry=ContestEntry.objects.select_related("contest").get(pk=entry.pk), member=member, at=VOTING
        ).pk

    assert len(set(race(press, range(6)))) == 1 == FanVote.objects.count()


def test_two_sweeps_at_once_tell_of_a_closing_once():
    for _poll in range(5):
        make_poll(days=1)
    assert sum(race(lambda _number: announce_closed_polls(at=NOW + 2 * DAY), range(4))) == 5


def test_the_constraints_are_the_databases_own():
    """The control: without our code, a second ballot and a fourth vote are refused all the same."""
    poll, member = make_poll(), make_member()
    with transaction.atomic():
        Ballot.objects.create(poll=poll, member=member, cast_at=NOW, changed_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conname IN ('one_ballot_per_member', 'one_fan_vote_per_number')"
        )
        assert len(cursor.fetchall()) == 2
