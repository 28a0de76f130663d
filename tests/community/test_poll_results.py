"""What of a poll is shown to whom, and when; and who hears how it ended."""

from datetime import timedelta

import pytest

from community.deliveries import drain
from community.models import Mailing, MailList, Notice, Poll, PollKind, PollShows, PollWeight
from community.notice_words import Words
from community.polls.asking import announce_closed_polls, close_poll, decide_poll
from community.polls.reading import count_rankings, read_polls
from community.tasks import announce_polls
from tests.community.polling import make_poll, option, result, say
from tests.factories import NOW, make_member

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def seen(poll, viewer, at=LATER):
    return bool(result(poll, viewer, at))


@pytest.mark.parametrize(
    ("shows", "before", "voted"),
    [(PollShows.VOTED, False, True), (PollShows.CLOSED, False, False), (PollShows.ALWAYS, True, True)],
)
def test_the_result_is_shown_when_the_author_said(voter, shows, before, voted):
    poll = make_poll(shows=shows)
    assert (seen(poll, voter), seen(poll, None), seen(poll, poll.post.author)) == (before, before, before)
    say(poll, "Moss", member=voter)
    assert (seen(poll, voter), seen(poll, None)) == (voted, before)
    assert seen(poll, None, at=poll.closes_at)


def test_counts_and_shares_are_over_people(voter):
    poll = make_poll(kind=PollKind.MULTIPLE)
    say(poll, "Moss", "Clay", member=voter)
    say(poll, "Moss")
    view = read_polls([poll], viewer=voter, at=LATER)[poll.pk]
    assert [(line.votes, line.percent, line.leads, bool(line.rank)) for line in view.lines] == [
        (2, "100", True, True), (0, "0", False, False), (1, "50", False, True),
    ]  # fmt: skip
    assert view.voters == 2


def test_level_options_lead_together():
    poll = make_poll()
    say(poll, "Moss")
    say(poll, "Slate")
    view = read_polls([poll], viewer=None, at=poll.closes_at)[poll.pk]
    assert [one.text for one in view.winners] == ["Moss", "Slate"]


def test_a_ranked_poll_shows_its_rounds():
    poll = make_poll(kind=PollKind.RANKED)
    for texts in [("Moss",), ("Moss",), ("Slate",), ("Slate", "Moss"), ("Clay", "Slate")]:
        say(poll, *texts)
    view = read_polls([poll], viewer=None, at=poll.closes_at)[poll.pk]
    assert [one.text for one in view.winners] == ["Slate"] and list(view.rounds) == [1, 2]
    clay = view.lines[2]
    assert [(cell.votes, cell.out, cell.gone) for cell in clay.cells] == [(1, True, False), (0, False, True)]


def test_the_database_counts_equal_rankings_together():
    poll = make_poll(kind=PollKind.RANKED)
    for texts in [("Moss", "Clay"), ("Moss", "Clay"), ("Clay",)]:
        say(poll, *texts)
    moss, clay = option(poll, "Moss"), option(poll, "Clay")
    assert count_rankings(poll.pk) == {(moss, clay): 2, (clay,): 1}


def test_reading_many_polls_takes_as_many_queries_as_reading_two(voter, django_assert_num_queries):
    polls = [make_poll() for _ in range(12)]
    for poll in polls:
        say(poll, "Moss", member=voter)
    for number in (2, 12):
        with django_assert_num_queries(4):
            assert len(read_polls(polls[:number], viewer=voter, at=LATER)) == number


def test_the_sweep_tells_of_each_closing_once(voter):
    poll = make_poll(days=1)
    say(poll, "Moss", member=voter)
    assert announce_closed_polls(at=NOW) == 0
    assert announce_closed_polls(at=poll.closes_at) == 1
    assert announce_closed_polls(at=poll.closes_at + timedelta(hours=1)) == 0
    drain()
    assert {notice.member for notice in Notice.objects.filter(kind="poll_closed")} == {voter, poll.post.author}


def test_the_notice_says_what_won_and_is_mailed_as_a_gathering(voter):
    poll = make_poll(days=1, at=NOW - timedelta(days=2))
    say(poll, "Moss", member=voter, at=NOW - timedelta(days=2))
    announce_polls()
    drain()
    notices = Notice.objects.filter(member=voter).select_related("member", "post__board")
    assert Words(notices).of(notices[0]).sentence == ("The poll in “Which colour next?” is closed: “Moss”, and 1 person voted")
    assert MailList.GATHERINGS in str(list(Mailing.objects.filter(member=voter).values_list("data", flat=True)))


def test_closing_early_tells_at_once_and_the_sweep_does_not_repeat_it(voter):
    poll = make_poll()
    say(poll, "Moss", member=voter)
    close_poll(poll=poll, by=poll.post.author, at=LATER)
    assert announce_closed_polls(at=LATER + timedelta(days=30)) == 0
    drain()
    assert list(Notice.objects.filter(kind="poll_closed").values_list("member", flat=True)) == [voter.pk]


def test_a_closed_poll_nobody_voted_in_says_so():
    poll = make_poll(days=1)
    announce_closed_polls(at=poll.closes_at)
    drain()
    notice = Notice.objects.select_related("member", "post__board").get(kind="poll_closed")
    assert Words([notice]).of(notice).sentence.endswith("nobody voted")


def test_the_decision_reaches_the_voters_in_its_words_of_now(voter, staff):
    poll = make_poll(days=1, weight=PollWeight.ADVISORY)
    say(poll, "Moss", member=voter)
    decide_poll(poll=poll, text="Moss, from March on.", by=staff, at=poll.closes_at)
    drain()
    notice = Notice.objects.select_related("member", "post__board").get(kind="poll_decided", member=voter)
    words = Words([notice]).of(notice)
    assert words.quote == "Moss, from March on." and "Ines Okafor" in words.sentence


def test_a_decision_is_due_within_a_week_of_closing():
    poll = make_poll(days=1, weight=PollWeight.BINDING)
    view = read_polls([poll], viewer=None, at=poll.closes_at)[poll.pk]
    assert view.decide_by == poll.closes_at + timedelta(days=7)
    assert read_polls([make_poll(days=1)], viewer=make_member(), at=poll.closes_at).popitem()[1].decide_by is None


def test_a_poll_that_is_gone_is_worded_as_nothing(voter):
    poll = make_poll(days=1)
    say(poll, "Moss", member=voter)
    announce_closed_polls(at=poll.closes_at)
    drain()
    Poll.objects.filter(pk=poll.pk).update(closes_at=None)
    notice = Notice.objects.select_related("member", "post__board").get(member=voter)
    assert Words([notice]).of(notice) is None
