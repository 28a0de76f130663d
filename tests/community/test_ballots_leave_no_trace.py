"""Whatever people say, change and take back, the result is that of the last ballots alone."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.models import Ballot, BallotChoice, PollKind, PollShows
from community.polls.reading import read_polls
from community.polls.voting import cast_ballot, withdraw_ballot
from community.tallies import run_off
from tests.community.polling import make_poll
from tests.factories import NOW, make_member

pytestmark = pytest.mark.django_db
VOTERS, OPTIONS = 3, 3
# Who, and what they name; naming nothing takes the ballot back.
steps = st.lists(
    st.tuples(st.integers(0, VOTERS - 1), st.permutations(range(OPTIONS)), st.integers(0, OPTIONS)).map(
        lambda drawn: (drawn[0], tuple(drawn[1][: drawn[2]]))
    ),
    max_size=8,
)
laws = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def people(db):
    return [make_member() for _ in range(VOTERS)]


@pytest.fixture(params=[PollKind.MULTIPLE, PollKind.RANKED])
def poll(request, db):
    return make_poll(kind=request.param, shows=PollShows.ALWAYS)


def play(poll, people, said):
    """The steps, one after the other; what each person says in the end."""
    for member in people:
        withdraw_ballot(poll=poll, member=member, at=NOW)
    ids, last = list(poll.options.order_by("position").values_list("pk", flat=True)), {}
    for minute, (who, named) in enumerate(said):
        at, choices = NOW + timedelta(minutes=minute), [ids[one] for one in named]
        if choices:
            cast_ballot(poll=poll, member=people[who], choices=choices, at=at)
            last[who] = tuple(choices)
        else:
            assert withdraw_ballot(poll=poll, member=people[who], at=at) == (who in last)
            last.pop(who, None)
    return last


def view_of(poll, viewer=None):
    return read_polls([poll], viewer=viewer, at=NOW + timedelta(hours=1))[poll.pk]


@laws
@given(said=steps)
def test_the_result_knows_the_last_words_alone(poll, people, said):
    last = play(poll, people, said)
    view = view_of(poll)
    counted = Counter(option for named in last.values() for option in (named[:1] if poll.kind == PollKind.RANKED else named))
    assert {line.option.pk: line.votes for line in view.lines} == {
        line.option.pk: counted[line.option.pk] for line in view.lines
    }
    assert view.voters == len(last) == Ballot.objects.filter(poll=poll).count()


@laws
@given(said=steps)
def test_a_ranked_result_is_the_runoff_of_the_last_words(people, said):
    poll = make_poll(kind=PollKind.RANKED, shows=PollShows.ALWAYS)
    last = play(poll, people, said)
    ids = list(poll.options.order_by("position").values_list("pk", flat=True))
    assert view_of(poll).runoff == run_off(Counter(last.values()), ids)


@laws
@given(said=steps)
def test_what_everybody_took_back_was_never_said(poll, people, said):
    play(poll, people, said)
    play(poll, people, [])
    assert not BallotChoice.objects.filter(ballot__poll=poll).exists()
    assert view_of(poll).voters == 0 and not any(line.votes or line.leads for line in view_of(poll).lines)


@laws
@given(said=steps)
def test_everybody_finds_their_own_words_again(poll, people, said):
    last = play(poll, people, said)
    for who, member in enumerate(people):
        mine, said_last = list(view_of(poll, member).mine), list(last.get(who, ()))
        assert mine == said_last if poll.kind == PollKind.RANKED else set(mine) == set(said_last)
