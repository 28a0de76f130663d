"""A poll that was typed: what it becomes, what it says when it is shown again, and what is told beside which field."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.models import PollKind, PollShows
from community.polls.drafting import FEWEST, LONGEST, MOST, OPEN_AT_MOST, asks_poll, read_draft, typed_from
from community.polls.voting import check_choices
from community.refusals import Invalid
from tests.community.polling import make_poll
from tests.factories import NOW

pytestmark = pytest.mark.django_db
options = st.lists(
    st.text("abc电池 ", min_size=1, max_size=12).filter(str.strip), min_size=FEWEST, max_size=MOST,
    unique_by=lambda words: " ".join(words.split()).casefold(),
)  # fmt: skip
laws = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
TYPED = {"poll_options": "Moss\nSlate\nClay", "poll_kind": "multiple"}


def fault(by, **typed):
    """The field the refusal stands beside."""
    with pytest.raises(Invalid) as refused:
        read_draft(TYPED | typed, by=by, at=NOW)
    return [*refused.value.fields]


@laws
@given(lines=options, least=st.integers(1, 12), more=st.integers(0, 11), kind=st.sampled_from(PollKind.values))
def test_whatever_is_typed_the_bounds_fit_the_options(author, lines, least, more, kind):
    typed = {"poll_options": "\n\n".join(lines), "poll_kind": kind, "poll_least": str(least), "poll_most": str(least + more)}
    try:
        draft = read_draft(typed, by=author, at=NOW)
    except Invalid as refused:
        assert least > len(lines) and [*refused.fields] == ["poll_least"]
        return
    assert draft.options == tuple(" ".join(line.split()) for line in lines)
    assert 1 <= draft.least <= draft.most <= len(lines)
    assert (draft.least, draft.most) == (1, 1) or kind != PollKind.SINGLE


def test_a_poll_that_is_shown_again_says_the_same(author):
    poll = make_poll("Moss", "Slate", "Clay", kind=PollKind.RANKED, least=2, most=3, shows=PollShows.CLOSED)
    draft = read_draft(typed_from(poll), by=author, at=NOW)
    assert (draft.options, draft.kind, draft.least, draft.most, draft.shows) == (
        ("Moss", "Slate", "Clay"),
        "ranked",
        2,
        3,
        "closed",
    )
    assert draft.closes_at == poll.closes_at


@pytest.mark.parametrize(
    "text", ["", "Moss", "\n \n", "Moss\nmoss", "Moss\n  MOSS ", "\n".join(f"O{n}" for n in range(MOST + 1))]
)
def test_too_few_too_many_or_the_same_twice_are_no_options(author, text):
    assert fault(author, poll_options=text) == ["poll_options"]


@pytest.mark.parametrize("length", [LONGEST, LONGEST + 1])
def test_an_option_is_as_long_as_its_column(author, length):
    long = f"Moss\n{'x' * length}"
    if length > LONGEST:
        assert fault(author, poll_options=long) == ["poll_options"]
    else:
        assert len(read_draft(TYPED | {"poll_options": long}, by=author, at=NOW).options[1]) == LONGEST


@pytest.mark.parametrize("value", ["0", "-1", "two", "²", "9999", "1.5", "4"])
def test_a_least_that_is_no_number_or_too_many_is_told_there(author, value):
    assert fault(author, poll_least=value) == ["poll_least"]


def test_a_most_below_the_least_is_told_at_the_least(author):
    assert fault(author, poll_least="2", poll_most="1") == ["poll_least"]


@pytest.mark.parametrize(("name", "value"), [("poll_kind", "loud"), ("poll_shows", "never"), ("poll_weight", "heavy")])
def test_what_was_not_offered_is_refused(author, name, value):
    assert fault(author, **{name: value}) == [name]


@pytest.mark.parametrize("value", ["soon", "2026-02-30T10:00", "2026-11-16T11:59", "2029-01-01T00:00"])
def test_a_poll_closes_at_a_time_that_comes_within_a_year(author, value):
    assert fault(author, poll_closes=value) == ["poll_closes"]


def test_the_last_moment_of_the_year_is_still_one(author):
    end = timezone.localtime(NOW + OPEN_AT_MOST)
    assert read_draft(TYPED | {"poll_closes": end.strftime("%Y-%m-%dT%H:%M")}, by=author, at=NOW).closes_at == end


def test_a_time_with_a_zone_is_taken_by_it(author):
    draft = read_draft(TYPED | {"poll_closes": "2026-11-18T02:00+08:00"}, by=author, at=NOW)
    assert draft.closes_at == NOW + timedelta(hours=30)


@pytest.mark.parametrize(("typed", "asks"), [({}, False), ({"poll_options": " \n"}, False), ({"poll_options": "x"}, True)])
def test_only_options_ask_for_a_poll(typed, asks):
    assert asks_poll(typed | {"poll_kind": "ranked"}) is asks


@pytest.fixture
def polls(db):
    return {kind: make_poll(kind=kind) for kind in (PollKind.MULTIPLE, PollKind.RANKED)}


@laws
@given(chosen=st.lists(st.integers(0, 2), min_size=1, max_size=5), kind=st.sampled_from([PollKind.MULTIPLE, PollKind.RANKED]))
def test_a_ballot_is_read_in_the_polls_order_but_where_order_is_the_answer(polls, chosen, kind):
    ids = list(polls[kind].options.order_by("position").values_list("pk", flat=True))
    named = [ids[one] for one in dict.fromkeys(chosen)]
    wanted = named if kind == PollKind.RANKED else sorted(named, key=ids.index)
    assert check_choices(polls[kind], [ids[one] for one in chosen]) == wanted


def test_an_empty_ballot_asks_for_an_answer_first(polls):
    with pytest.raises(Invalid, match="choose an answer first"):
        check_choices(polls[PollKind.RANKED], [])
