"""Polls: asked with a post, answered once each, never made to vanish."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from community.models import Activity, Audience, Ballot, BallotChoice, Poll, PollKind, PollWeight
from community.polls.asking import close_poll, decide_poll, drop_poll, edit_poll
from community.polls.drafting import PollDraft, read_draft, typed_from
from community.polls.voting import cast_ballot, withdraw_ballot
from community.posts import convert_post, delete_post, hide_post, write_post
from community.refusals import Conflict, Invalid, NotAllowed
from tests.community.polling import COLOURS, make_poll, option, result, say
from tests.factories import NOW, make_board, make_member, make_post, make_staff, make_suggestion, make_team_board

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
TYPED = {"poll_options": "Moss\n\n  Slate  \nClay\n", "poll_kind": "multiple", "poll_most": "2"}


def test_a_poll_is_asked_with_its_post(author, board):
    post = write_post(author=author, board=board, kind="discussion", title="Which colour?", body="", extras=TYPED, at=NOW)
    assert [one.text for one in post.poll.options.all()] == list(COLOURS)
    assert (post.poll.kind, post.poll.least, post.poll.most) == ("multiple", 1, 2)


def test_a_post_without_options_asks_nothing(author, board):
    post = write_post(
        author=author, board=board, kind="discussion", title="Just talk", body="", extras={"poll_options": " \n"}, at=NOW
    )
    assert not Poll.objects.filter(post=post).exists()


@pytest.mark.parametrize("kind", ["suggestion", "bug"])
def test_a_wish_is_voted_for_itself(author, board, kind):
    with pytest.raises(Invalid, match="voted for itself"):
        write_post(author=author, board=board, kind=kind, title="A wish", body="", extras=TYPED, at=NOW)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"poll_options": "One"}, "poll_options"),
        ({"poll_options": "\n".join(map(str, range(13)))}, "poll_options"),
        ({"poll_options": "Moss\nmoss"}, "poll_options"),
        ({"poll_options": "a\n" + "b" * 121}, "poll_options"),
        ({"poll_options": "a\nb", "poll_kind": "guess"}, "poll_kind"),
        ({"poll_options": "a\nb", "poll_shows": "never"}, "poll_shows"),
        ({"poll_options": "a\nb", "poll_kind": "multiple", "poll_least": "3"}, "poll_least"),
        ({"poll_options": "a\nb", "poll_kind": "multiple", "poll_least": "2", "poll_most": "1"}, "poll_least"),
        ({"poll_options": "a\nb", "poll_kind": "multiple", "poll_most": "two"}, "poll_most"),
        ({"poll_options": "a\nb", "poll_closes": "2026-11-16T11:00"}, "poll_closes"),
        ({"poll_options": "a\nb", "poll_closes": "2028-11-16T11:00"}, "poll_closes"),
        ({"poll_options": "a\nb", "poll_closes": "2026-99-99T11:00"}, "poll_closes"),
        ({"poll_options": "a\nb", "poll_closes": "soon"}, "poll_closes"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(author, typed, field):
    with pytest.raises(Invalid) as refused:
        read_draft(typed, by=author, at=NOW)
    assert list(refused.value.fields) == [field]


def test_a_draft_reads_the_way_it_is_shown_again(author):
    poll = make_poll(kind=PollKind.RANKED, least=2)
    draft = read_draft(typed_from(poll), by=author, at=NOW)
    assert (draft.options, draft.kind, draft.least, draft.closes_at) == (COLOURS, "ranked", 2, poll.closes_at)


def test_only_staff_promise_what_becomes_of_it(author, staff):
    typed = {"poll_options": "a\nb", "poll_weight": "binding"}
    with pytest.raises(NotAllowed):
        read_draft(typed, by=author, at=NOW)
    assert read_draft(typed, by=staff, at=NOW).weight == PollWeight.BINDING


def test_one_ballot_a_person_and_it_can_change(voter):
    poll = make_poll()
    say(poll, "Moss", member=voter)
    say(poll, "Clay", member=voter, at=LATER)
    assert result(poll) == {"Moss": 0, "Slate": 0, "Clay": 1}
    assert Ballot.objects.get(poll=poll).revision == 2


def test_the_database_refuses_a_second_ballot(voter):
    poll = make_poll()
    say(poll, "Moss", member=voter)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(poll=poll, member=voter, cast_at=NOW, changed_at=NOW)


def test_saying_the_same_again_records_nothing_new(voter):
    poll = make_poll()
    say(poll, "Moss", member=voter)
    say(poll, "Moss", member=voter, at=LATER)
    assert Activity.objects.filter(verb="ballot_cast").count() == 1


def test_no_fact_tells_what_somebody_chose(voter):
    poll = make_poll()
    say(poll, "Moss", member=voter)
    assert set(Activity.objects.get(verb="ballot_cast").data) == {"revision", "stands"}


def test_a_ballot_can_be_taken_back_while_the_poll_is_open(voter):
    poll = make_poll()
    say(poll, "Moss", member=voter)
    assert withdraw_ballot(poll=poll, member=voter, at=LATER)
    assert result(poll) == {"Moss": 0, "Slate": 0, "Clay": 0}
    assert not withdraw_ballot(poll=poll, member=voter, at=LATER)


@pytest.mark.parametrize(("texts", "fits"), [((), False), (("Moss",), False), (("Moss", "Clay"), True), (COLOURS, False)])
def test_a_ballot_names_as_many_as_the_poll_asks_for(texts, fits):
    poll = make_poll(kind=PollKind.MULTIPLE, least=2, most=2)
    if fits:
        assert say(poll, *texts)
    else:
        with pytest.raises(Invalid):
            say(poll, *texts)


def test_an_option_of_another_poll_is_refused():
    poll, other = make_poll(), make_poll("Left", "Right")
    with pytest.raises(Invalid, match="changed meanwhile"):
        cast_ballot(poll=poll, member=make_member(), choices=[option(other, "Left")], at=NOW)


def test_naming_an_option_twice_counts_it_once():
    poll = make_poll(kind=PollKind.MULTIPLE)
    cast_ballot(poll=poll, member=make_member(), choices=[option(poll, "Moss")] * 2, at=NOW)
    assert BallotChoice.objects.filter(option__poll=poll).count() == 1


def test_a_ranked_ballot_keeps_its_order_and_others_take_the_polls(voter):
    ranked, several = make_poll(kind=PollKind.RANKED), make_poll(kind=PollKind.MULTIPLE)
    for poll in (ranked, several):
        say(poll, "Clay", "Moss", member=voter)
    said = [list(one.ballots.get().choices.values_list("option__text", flat=True)) for one in (ranked, several)]
    assert said == [["Clay", "Moss"], ["Moss", "Clay"]]


def test_time_closes_a_poll_without_anybody_doing_anything(voter):
    poll = make_poll(days=1)
    assert say(poll, "Moss", at=poll.closes_at - timedelta(seconds=1))
    with pytest.raises(Conflict, match="closed"):
        say(poll, "Clay", member=voter, at=poll.closes_at)


def test_closing_early_is_for_its_author_and_moderators(author, voter, moderator, board):
    poll = make_poll(post=make_post(author=author, board=board))
    with pytest.raises(NotAllowed):
        close_poll(poll=poll, by=voter, at=LATER)
    close_poll(poll=poll, by=moderator, at=LATER)
    with pytest.raises(Conflict):
        close_poll(poll=poll, by=author, at=LATER)
    with pytest.raises(Conflict, match="closed"):
        say(Poll.objects.get(), "Moss", at=LATER)


def test_options_are_mended_until_somebody_voted(author):
    poll = make_poll()
    edit_poll(poll=poll, draft=PollDraft(("Red", "Blue")), by=poll.post.author, at=LATER)
    assert set(result(poll, at=poll.closes_at)) == {"Red", "Blue"}
    say(poll, "Red")
    with pytest.raises(Conflict, match="voted already"):
        edit_poll(poll=poll, draft=PollDraft(COLOURS), by=poll.post.author, at=LATER)


def test_a_result_outlives_its_author_and_staff(staff):
    poll = make_poll()
    say(poll, "Moss")
    for who in (poll.post.author, staff):
        with pytest.raises(Conflict, match="a result stays"):
            delete_post(post=poll.post, by=who, at=LATER)
    with pytest.raises(Conflict):
        drop_poll(poll=poll)
    with pytest.raises(Conflict):
        convert_post(post=poll.post, kind="suggestion", by=staff, at=LATER)


def test_the_database_keeps_what_was_voted_in():
    poll = make_poll()
    say(poll, "Moss")
    with pytest.raises(IntegrityError), transaction.atomic():
        poll.options.all()._raw_delete("default")
        connection.check_constraints()


def test_a_poll_nobody_voted_in_goes_with_its_post_and_with_its_kind(staff):
    poll, other = make_poll(), make_poll()
    delete_post(post=poll.post, by=poll.post.author, at=LATER)
    convert_post(post=other.post, kind="suggestion", by=staff, at=LATER)
    assert not Poll.objects.filter(pk=other.pk).exists()


def test_the_poll_of_a_hidden_post_is_hidden_and_takes_no_votes(voter, staff):
    poll = make_poll()
    hide_post(post=poll.post, by=staff, at=LATER)
    assert not Poll.objects.visible_to(voter).exists() and Poll.objects.visible_to(staff).exists()
    with pytest.raises(Conflict, match="not shown"):
        say(Poll.objects.get(), "Moss", member=voter)


def test_who_may_vote_is_what_the_board_says_of_voting(voter, staff):
    poll = make_poll(post=make_post(board=make_board(vote=Audience.STAFF)))
    with pytest.raises(NotAllowed, match="does not take votes from you"):
        say(poll, "Moss", member=voter)
    assert say(poll, "Moss", member=staff)


def test_a_poll_of_a_closed_board_is_nobody_elses(voter, staff):
    make_poll(post=make_post(author=make_staff(), board=make_team_board()))
    assert not Poll.objects.visible_to(voter).exists() and not Poll.objects.visible_to(None).exists()
    assert Poll.objects.visible_to(staff).exists()


def test_staff_say_what_they_do_once_it_is_closed(staff, voter):
    poll = make_poll(weight=PollWeight.ADVISORY)
    with pytest.raises(Conflict, match="still open"):
        decide_poll(poll=poll, text="Moss it is.", by=staff, at=LATER)
    with pytest.raises(NotAllowed):
        decide_poll(poll=poll, text="Moss it is.", by=voter, at=poll.closes_at)
    with pytest.raises(Invalid):
        decide_poll(poll=poll, text="  ", by=staff, at=poll.closes_at)
    decided = decide_poll(poll=poll, text="**Moss** it is.", by=staff, at=poll.closes_at)
    assert "<strong>Moss</strong>" in decided.decision_html and decided.decided_by == staff


def test_a_decision_is_owed_only_where_the_team_promised_one(staff):
    promised, asked = make_poll(weight=PollWeight.BINDING, days=1), make_poll(days=1)
    assert list(Poll.objects.undecided(at=NOW)) == []
    assert list(Poll.objects.undecided(at=NOW + timedelta(days=2))) == [promised]
    decide_poll(poll=promised, text="We do it.", by=staff, at=NOW + timedelta(days=2))
    assert not Poll.objects.undecided(at=NOW + timedelta(days=9)).exists() and asked.weight == ""


def test_a_suggestion_never_has_a_poll():
    with pytest.raises(Invalid):
        make_poll(post=make_suggestion().post)


def test_a_post_asks_one_poll():
    with pytest.raises(Conflict):
        make_poll(post=make_poll().post)
