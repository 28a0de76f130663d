"""Contests: what staff may arrange, who may enter, vote and judge, and how it is decided."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from community.contests.arranging import arrange_contest, read_criteria, write_criteria
from community.contests.deciding import adopt_entry, announce_winners, missing_sheets, standing_of
from community.contests.entering import answer_invitation, edit_entry, hide_entry, show_entry, team_ids, withdraw_entry
from community.contests.judging import declare_interests, score_entry, take_vote_back, vote_for_entry
from community.models import Activity, Audience, Contest, ContestEntry, ContestPlace, FanVote, JuryScore, Phase
from community.refusals import Conflict, Invalid, NotAllowed
from tests.community.contesting import (
    DAY,
    DECIDING,
    JUDGING,
    VOTING,
    announced,
    give_scores,
    give_vote,
    make_contest,
    make_entry,
)
from tests.factories import NOW, make_board, make_member, make_moderator, make_staff, make_team_board

pytestmark = pytest.mark.django_db


def again(contest, criteria=(("Idea", 2), ("Craft", 1)), at=NOW + DAY, **changes):
    for name, value in changes.items():
        setattr(contest, name, value)
    return arrange_contest(contest=contest, criteria=criteria, by=make_staff(), at=at)


@pytest.mark.parametrize(
    ("days", "phase"), [(-1, "soon"), (0, "entries"), (7, "votes"), (14, "jury"), (21, "deciding"), (99, "deciding")]
)
def test_the_phase_follows_from_the_dates(days, phase):
    assert make_contest().phase(NOW + days * DAY) == phase


def test_an_announced_contest_is_decided_from_that_moment_on():
    contest = announced(make_contest())
    assert (contest.phase(DECIDING), contest.phase(JUDGING)) == (Phase.DECIDED, Phase.JURY)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"entries_until": NOW}, "entries_until"),
        ({"votes_until": NOW + DAY}, "votes_until"),
        ({"jury_until": NOW + DAY}, "jury_until"),
        ({"votes_until": NOW + 7 * DAY, "jury_until": NOW + 7 * DAY}, "votes_until"),
        ({"fan_weight": 101}, "fan_weight"),
    ],
)
def test_what_does_not_fit_together_is_refused_beside_its_field(more, field):
    with pytest.raises(Invalid) as refused:
        make_contest(**more)
    assert list(refused.value.fields) == [field]


def test_a_jury_needs_criteria_each_with_a_name_of_its_own():
    for criteria in ([], [("Idea", 1), ("idea", 2)], [("", 1)]):
        with pytest.raises(Invalid):
            again(make_contest(), criteria=criteria)


def test_criteria_are_read_as_they_are_written():
    contest = make_contest(("Idea", 2), ("Craft: by hand", 1))
    assert read_criteria(write_criteria(contest.criteria.all())) == [("Idea", 2), ("Craft: by hand", 1)]
    assert read_criteria("创意：3\n\nCraft") == [("创意", 3), ("Craft", 1)]
    with pytest.raises(Invalid):
        read_criteria("Idea: many")


def test_only_staff_arrange_contests(voter):
    with pytest.raises(NotAllowed):
        make_contest(by=voter)


def test_a_contest_cannot_live_where_nobody_sees_what_others_post():
    with pytest.raises(Invalid, match="nobody sees"):
        make_contest(board=make_board(one_way=True))


@pytest.mark.parametrize(
    "changes", [{"fan_weight": 60}, {"votes_each": 5}, {"places": 1}, {"criteria": [("Idea", 3), ("Craft", 1)]}]
)
def test_what_decides_who_wins_is_fixed_once_entries_are_open(changes):
    with pytest.raises(Conflict, match="stays as it was"):
        again(make_contest(), **changes)
    assert again(make_contest(opens=NOW + 9 * DAY), **changes)


def test_dates_ahead_and_words_can_still_change_and_nothing_once_it_is_decided():
    contest = make_contest()
    assert again(contest, jury_until=NOW + 40 * DAY, brief="Draw **two**.").brief_html == "<p>Draw <strong>two</strong>.</p>\n"
    announced(contest, at=NOW + 41 * DAY)
    with pytest.raises(Conflict, match="announced"):
        again(Contest.objects.get(), title="Another")


def test_drafts_and_closed_boards_are_for_those_who_may_see_them(voter, staff):
    make_contest(published=False), make_contest(board=make_team_board())
    assert Contest.objects.visible_to(staff).count() == 2
    assert not Contest.objects.visible_to(voter).exists() and not Contest.objects.visible_to(None).exists()


def test_an_entry_takes_part_while_entries_are_open(author):
    contest = make_contest()
    with pytest.raises(Conflict, match="no entries now"):
        make_entry(contest, author=author, at=NOW - timedelta(seconds=1))
    entry = make_entry(contest, author=author, body="**Light**.")
    assert "<strong>" in entry.body_html
    with pytest.raises(Conflict, match="no entries now"):
        make_entry(contest, at=VOTING)


@pytest.mark.parametrize("typed", [{"title": "x"}, {"title": "x" * 121}, {"body": " "}])
def test_an_entry_says_something(author, typed):
    with pytest.raises(Invalid):
        make_entry(make_contest(), author=author, **typed)


def test_a_member_sends_as_many_entries_as_one_may(author):
    contest = make_contest(entries_each=2)
    first, _second = make_entry(contest, author=author), make_entry(contest, author=author)
    with pytest.raises(Conflict, match="all the entries"):
        make_entry(contest, author=author)
    withdraw_entry(entry=first, by=author, at=NOW)
    assert make_entry(contest, author=author).number == 1


def test_the_database_refuses_two_entries_of_one_number(author):
    entry = make_entry(make_contest(), author=author)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContestEntry.objects.create(contest=entry.contest, author=author, title="x", body="x", created_at=NOW)


def test_staff_do_not_enter_and_do_not_vote_with_the_fans(staff):
    contest = make_contest()
    with pytest.raises(NotAllowed, match="for the community"):
        make_entry(contest, author=staff)
    with pytest.raises(NotAllowed, match="fans decide"):
        give_vote(make_entry(contest), staff)


def test_the_boards_rights_say_who_enters_and_who_votes(voter):
    contest = make_contest(board=make_board(post=Audience.STAFF))
    with pytest.raises(NotAllowed, match="not open for your entries"):
        make_entry(contest, author=voter)
    other = make_contest(board=make_board(vote=Audience.STAFF))
    with pytest.raises(NotAllowed, match="does not take votes"):
        give_vote(make_entry(other), voter)


def test_an_entry_can_be_mended_until_entries_close(author, voter):
    entry = make_entry(make_contest(), author=author)
    edit_entry(entry=entry, by=author, title="Better", body="More.", at=NOW + DAY)
    with pytest.raises(NotAllowed):
        edit_entry(entry=entry, by=voter, title="Mine", body="More.", at=NOW + DAY)
    for change in (lambda: edit_entry(entry=entry, by=author, title="Late", body="x", at=VOTING),
                   lambda: withdraw_entry(entry=entry, by=author, at=VOTING)):  # fmt: skip
        with pytest.raises(Conflict):
            change()
    assert ContestEntry.objects.get().title == "Better"


def test_a_co_author_belongs_to_the_team_once_they_agree(author, voter):
    entry = make_entry(make_contest(), author=author, team=[voter])
    assert team_ids(entry) == [author.pk]
    answer_invitation(entry=entry, member=voter, agreed=True, at=NOW)
    assert team_ids(entry) == [author.pk, voter.pk]
    answer_invitation(entry=entry, member=voter, agreed=False, at=NOW)
    with pytest.raises(Conflict, match="not asked"):
        answer_invitation(entry=entry, member=voter, agreed=True, at=NOW)


def test_a_team_is_of_members_not_too_many_and_no_staff(author, staff):
    contest = make_contest(team_most=2)
    for team in ([staff], [make_member(), make_member()], [make_member(closed_at=NOW)]):
        with pytest.raises(Invalid):
            make_entry(contest, author=author, team=team)
    assert make_entry(contest, author=author, team=[author, make_member()]).team.count() == 1


def test_whoever_is_named_no_longer_is_asked_no_longer(author, voter, stranger):
    entry = make_entry(make_contest(), author=author, team=[voter])
    edit_entry(entry=entry, by=author, title="Same", body="Same.", team=[stranger.username], at=NOW)
    assert [mate.member for mate in entry.team.all()] == [stranger]


def test_a_fan_has_so_many_votes_one_for_an_entry_none_for_their_own(voter):
    contest = make_contest(votes_each=2)
    one, two, three = (make_entry(contest) for _ in range(3))
    give_vote(one, voter), give_vote(one, voter), give_vote(two, voter)
    with pytest.raises(Conflict, match="all 2 votes"):
        give_vote(three, voter)
    assert take_vote_back(entry=one, member=voter, at=VOTING)
    assert give_vote(three, voter).number == 1
    assert not take_vote_back(entry=one, member=voter, at=VOTING)


def test_nobody_votes_for_what_they_have_a_hand_in(author, voter):
    entry = make_entry(make_contest(), author=author, team=[voter])
    for member in (author, voter):
        with pytest.raises(NotAllowed, match="a hand in"):
            give_vote(entry, member)


@pytest.mark.parametrize("at", [NOW, JUDGING, DECIDING])
def test_fans_vote_in_their_phase(voter, at):
    entry = make_entry(make_contest())
    with pytest.raises(Conflict, match="not the time"):
        vote_for_entry(entry=entry, member=voter, at=at)


def test_in_a_showcase_fans_vote_as_soon_as_an_entry_is_in(voter):
    entry = make_entry(make_contest(kind="showcase", fan_weight=100))
    assert give_vote(entry, voter, at=NOW)


def test_a_vote_for_what_is_gone_is_free_again(voter, staff):
    contest = make_contest(votes_each=1)
    one, two = make_entry(contest), make_entry(contest)
    give_vote(one, voter)
    hide_entry(entry=one, reason="Copied.", by=staff, at=VOTING)
    assert give_vote(two, voter)
    assert FanVote.objects.count() == 1


def test_a_juror_declares_first_and_scores_every_criterion(voter):
    entry = make_entry(make_contest(jury=[voter]))
    scores = dict.fromkeys(entry.contest.criteria.values_list("pk", flat=True), 7)
    with pytest.raises(NotAllowed, match="say first"):
        score_entry(entry=entry, juror=voter, scores=scores, at=JUDGING)
    declare_interests(contest=entry.contest, juror=voter, interests="My cousin", at=JUDGING)
    for wrong in ({}, dict.fromkeys(scores, 11), {next(iter(scores)): 5}):
        with pytest.raises(Invalid):
            score_entry(entry=entry, juror=voter, scores=wrong, at=JUDGING)
    score_entry(entry=entry, juror=voter, scores=scores, at=JUDGING)
    score_entry(entry=entry, juror=voter, scores=dict.fromkeys(scores, 8), at=JUDGING)
    assert list(JuryScore.objects.values_list("score", flat=True)) == [8, 8]


def test_jurors_score_only_others_only_in_their_time_and_nobody_else_does(voter, author):
    contest = make_contest(jury=[voter])
    own, other = make_entry(contest, author=voter), make_entry(contest, author=author)
    with pytest.raises(NotAllowed, match="a hand in"):
        give_scores(own, voter, 10, 10)
    with pytest.raises(Conflict, match="not the jury"):
        give_scores(other, voter, 10, 10, at=NOW)
    with pytest.raises(NotAllowed, match="Only the jury"):
        give_scores(other, author, 10, 10)


def test_a_hidden_entry_takes_no_part_until_it_is_shown_again(staff, voter, board):
    contest, keeper = make_contest(board=board), make_moderator(board=board)
    entry = make_entry(contest)
    with pytest.raises(NotAllowed):
        hide_entry(entry=entry, reason="Because.", by=voter, at=VOTING)
    with pytest.raises(Invalid):
        hide_entry(entry=entry, reason=" ", by=keeper, at=VOTING)
    hide_entry(entry=entry, reason="Somebody else drew it.", by=keeper, at=VOTING)
    with pytest.raises(Conflict, match="take part"):
        give_vote(ContestEntry.objects.get(), voter)
    assert standing_of(contest) == []
    assert not ContestEntry.objects.visible_to(voter).exists()
    assert ContestEntry.objects.visible_to(entry.author).exists() and ContestEntry.objects.visible_to(keeper).exists()
    show_entry(entry=entry, by=keeper, at=VOTING)
    with pytest.raises(Conflict):
        show_entry(entry=entry, by=staff, at=VOTING)


def test_the_standing_follows_votes_and_scores(voter):
    contest = make_contest(jury=[voter], fan_weight=50)
    one, two = make_entry(contest), make_entry(contest)
    give_vote(one), give_vote(one), give_vote(two)
    give_scores(two, voter, 10, 10)
    assert [(row.entry, row.votes, row.total) for row in standing_of(contest)] == [(two.pk, 1, 75), (one.pk, 2, 50)]


def test_what_the_jury_owes_is_counted_without_their_own(voter, author):
    contest = make_contest(jury=[voter, author])
    first = make_entry(contest, author=voter)
    make_entry(contest)
    assert dict(missing_sheets(contest)) == {author: 2, voter: 1}
    give_scores(first, author, 1, 2)
    assert dict(missing_sheets(contest)) == {author: 1, voter: 1}


def test_it_is_announced_once_by_staff_when_all_have_had_their_say(voter, staff):
    contest = make_contest(jury=[voter])
    entry = make_entry(contest)
    for by, at, refusal in [(voter, DECIDING, NotAllowed), (staff, VOTING, Conflict), (staff, JUDGING, Conflict)]:
        with pytest.raises(refusal):
            announce_winners(contest=contest, by=by, at=at)
    give_scores(entry, voter, 8, 8)
    announce_winners(contest=contest, by=staff, at=JUDGING)
    with pytest.raises(Conflict, match="already"):
        announce_winners(contest=contest, by=staff, at=DECIDING)


def test_the_result_is_kept_and_each_of_an_honoured_team_is_on_record(voter):
    contest = make_contest(places=1)
    entry, other = make_entry(contest, team=[voter]), make_entry(contest)
    answer_invitation(entry=entry, member=voter, agreed=True, at=NOW)
    give_vote(entry)
    announced(contest)
    places = list(ContestPlace.objects.values_list("entry", "place", "votes", "total"))
    assert places == [(entry.pk, 1, 2, 5000), (other.pk, 2, 1, 2500)]
    won = Activity.objects.filter(verb="contest_won").order_by("pk")
    assert [(fact.subject_id, fact.data["author_id"], fact.data["place"]) for fact in won] == [
        (entry.pk, entry.author_id, 1), (entry.pk, voter.pk, 1),
    ]  # fmt: skip
    assert Activity.objects.get(verb="contest_decided").data == {"winners": [entry.pk]}


def test_a_contest_nobody_wanted_is_decided_without_winners(staff):
    contest = make_contest()
    make_entry(contest)
    announce_winners(contest=contest, by=staff, at=DECIDING)
    assert Activity.objects.get(verb="contest_decided").data == {"winners": []}


def test_a_winner_becomes_a_suggestion_under_its_authors_name_once(staff, voter):
    contest = make_contest(places=1)
    entry, other = make_entry(contest, title="A wallpaper that ages"), make_entry(contest)
    give_vote(entry)
    announced(contest)
    with pytest.raises(NotAllowed):
        adopt_entry(entry=entry, by=voter, at=DECIDING)
    post = adopt_entry(entry=entry, by=staff, at=DECIDING)
    assert (post.kind, post.author, post.title) == ("suggestion", entry.author, "A wallpaper that ages")
    assert entry.get_absolute_url() in post.body
    for which in (entry, other):
        with pytest.raises(Conflict):
            adopt_entry(entry=which, by=staff, at=DECIDING)
