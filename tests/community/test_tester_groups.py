"""Members come into tester groups by contribution and by invitation, leave at will, rest and come back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.deliveries import drain
from community.groups.arranging import arrange_group
from community.groups.entering import (
    accept_application,
    apply_to_group,
    decline_application,
    invite_member,
    speak_for,
)
from community.groups.leaving import leave_group, rest_the_silent, return_to_group
from community.groups.memberships import membership_of, places_left, waiting_in_order
from community.models import (
    Activity,
    Board,
    GroupMembership,
    GroupVoice,
    Layer,
    Mailing,
    MemberDay,
    Notice,
    Post,
    Standing,
)
from community.notice_words import Words
from community.refusals import Conflict, Invalid, NotAllowed
from tests.factories import (
    NOW,
    make_group,
    make_member,
    make_post,
    make_segment_board,
    make_staff,
    make_suggestion,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return make_group("early", capacity=2, asks="Keep it to yourself.")


@pytest.fixture
def circle():
    return make_group("circle", layer=Layer.INNER, capacity=3)


def ask(group, member, at=NOW, words="I test trains.", agreed=True):
    return apply_to_group(group=group, member=member, words=words, agreed=agreed, at=at)


def state(group, member) -> str:
    row = membership_of(group, member)
    return row.state if row else ""


def test_an_application_waits_and_is_accepted(group, voter, staff, now):
    row = ask(group, voter)
    assert (row.state, row.words, row.agreed_at) == ("applied", "I test trains.", NOW)
    accept_application(membership=row, by=staff, at=now)
    assert (state(group, voter), membership_of(group, voter).decided_by) == ("accepted", staff)


def test_the_groups_boards_open_in_the_same_moment_and_close_again(group, voter, staff, now):
    board = make_segment_board(segment=group.segment)
    post = make_post(board=board, author=staff)
    accept_application(membership=ask(group, voter), by=staff, at=now)
    assert Post.objects.visible_to(voter).filter(pk=post.pk).exists()
    leave_group(group=group, member=voter, at=now)
    assert not Board.objects.visible_to(voter).filter(pk=board.pk).exists()


def test_nothing_is_joined_without_agreeing_or_without_a_word(group, voter):
    with pytest.raises(Invalid) as refused:
        ask(group, voter, agreed=False)
    assert "agreed" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        ask(group, voter, words="  ")
    assert "words" in refused.value.fields and not GroupMembership.objects.exists()


def test_a_closed_group_says_why(group, voter, admin_member, now):
    group.is_open, group.closed_because = False, "We read the last twenty first."
    arrange_group(group=group, by=admin_member, at=now)
    with pytest.raises(Conflict, match="last twenty"):
        ask(group, voter)


def test_a_group_is_not_closed_without_a_reason(group, admin_member, now):
    group.is_open = False
    with pytest.raises(Invalid) as refused:
        arrange_group(group=group, by=admin_member, at=now)
    assert "closed_because" in refused.value.fields


def test_a_group_begins_at_its_level_and_staff_need_none(voter, staff):
    group = make_group(least_level=2)
    with pytest.raises(NotAllowed, match="level 2"):
        ask(group, voter)
    with pytest.raises(Conflict, match="team"):
        ask(group, staff)
    assert ask(group, make_member(level=2)).state == "applied"


@pytest.mark.parametrize("times", [1, 2])
def test_nobody_applies_twice(group, voter, staff, times, now):
    row = ask(group, voter)
    if times == 2:
        accept_application(membership=row, by=staff, at=now)
    with pytest.raises(Conflict, match="already"):
        ask(group, voter)


def test_no_more_are_accepted_than_there_are_places(group, staff, now):
    rows = [ask(group, make_member()) for _number in range(3)]
    for row in rows[:2]:
        accept_application(membership=row, by=staff, at=now)
    with pytest.raises(Conflict, match="place"):
        accept_application(membership=rows[2], by=staff, at=now)
    assert places_left(group) == 0


def test_applications_are_read_by_contribution_not_by_arrival(group, board):
    first, shipped, high = make_member("First"), make_member("Shipped"), make_member("High", level=3)
    wish = make_suggestion(author=shipped, board=board)
    Standing.objects.filter(pk=wish.pk).update(status="shipped")
    for member in (first, shipped, high):
        ask(group, member)
    assert [row.member for row in waiting_in_order(group)] == [high, shipped, first]


def test_declining_takes_a_reason_and_leaves_the_door_open(group, voter, staff, now):
    row = ask(group, voter)
    with pytest.raises(Invalid):
        decline_application(membership=row, reason=" ", by=staff, at=now)
    decline_application(membership=row, reason="We look for watches now.", by=staff, at=now)
    with pytest.raises(Conflict, match="apply again"):
        ask(group, voter, at=now + timedelta(days=29))
    assert ask(group, voter, at=now + timedelta(days=30)).state == "applied"


def test_what_was_decided_is_not_decided_again(group, voter, staff, now):
    row = ask(group, voter)
    accept_application(membership=row, by=staff, at=now)
    for act in (
        lambda: accept_application(membership=row, by=staff, at=now),
        lambda: decline_application(membership=row, reason="No", by=staff, at=now),
    ):
        with pytest.raises(Conflict):
            act()


def test_only_staff_answer_and_invite(group, voter, author, now):
    row = ask(group, voter)
    for act in (
        lambda: accept_application(membership=row, by=author, at=now),
        lambda: decline_application(membership=row, reason="No", by=author, at=now),
        lambda: invite_member(group=group, member=voter, by=author, at=now),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_invitation_keeps_a_place_and_is_accepted_by_coming(group, voter, staff, now):
    invite_member(group=group, member=voter, by=staff, at=now)
    assert (state(group, voter), places_left(group)) == ("invited", 1)
    assert not Board.objects.visible_to(voter).exists()
    assert ask(group, voter, words="").state == "accepted"


def test_an_invitation_opens_a_closed_group_and_a_higher_level(voter, staff, admin_member, now):
    group = make_group(least_level=5)
    group.is_open, group.closed_because = False, "Full."
    arrange_group(group=group, by=admin_member, at=now)
    invite_member(group=group, member=voter, by=staff, at=now)
    assert ask(group, voter, words="").state == "accepted"


def test_inviting_who_has_applied_accepts_them(group, voter, staff, now):
    ask(group, voter)
    assert invite_member(group=group, member=voter, by=staff, at=now).state == "accepted"
    with pytest.raises(Conflict, match="already"):
        invite_member(group=group, member=voter, by=staff, at=now)


def test_an_open_layer_lets_one_in_at_once_and_then_by_contribution(staff, now):
    group = make_group(layer=Layer.WIDE, capacity=1)
    one, two, three = make_member(), make_member(), make_member(level=2)
    assert [ask(group, member, words="").state for member in (one, two, three)] == ["accepted", "applied", "applied"]
    leave_group(group=group, member=one, at=now)
    assert (state(group, two), state(group, three)) == ("applied", "accepted")


def test_more_places_let_the_waiting_in(admin_member, now):
    group = make_group(layer=Layer.WIDE, capacity=0)
    waiting = make_member()
    ask(group, waiting, words="")
    group.capacity = 5
    arrange_group(group=group, by=admin_member, at=now)
    assert state(group, waiting) == "accepted"


def test_the_inner_circle_takes_two_voices(circle, voter, staff, now):
    other = make_staff("Jun Park")
    assert invite_member(group=circle, member=voter, by=staff, at=now) is None
    assert state(circle, voter) == ""
    with pytest.raises(Conflict, match="already"):
        invite_member(group=circle, member=voter, by=staff, at=now)
    assert invite_member(group=circle, member=voter, by=other, at=now).state == "invited"


def test_peers_speak_for_others_and_strangers_do_not(circle, voter, author, staff, now):
    peer = make_member("Peer")
    circle_of_one = make_group("small", layer=Layer.INNER, members=[peer])
    assert speak_for(group=circle_of_one, member=voter, by=peer, at=now) is None
    assert speak_for(group=circle_of_one, member=voter, by=staff, at=now).state == "invited"
    with pytest.raises(NotAllowed):
        speak_for(group=circle, member=voter, by=author, at=now)
    with pytest.raises(Conflict, match="themselves"):
        speak_for(group=circle, member=staff, by=staff, at=now)


def test_accepting_into_the_circle_counts_as_a_voice_and_is_not_enough_alone(circle, voter, staff, now):
    row = ask(circle, voter)
    with pytest.raises(Conflict, match="two voices"):
        accept_application(membership=row, by=staff, at=now)
    assert not GroupVoice.objects.exists()
    assert speak_for(group=circle, member=voter, by=make_staff("Jun Park"), at=now) is None
    assert accept_application(membership=row, by=staff, at=now).state == "accepted"


def test_other_groups_take_no_voices(group, voter, staff, now):
    with pytest.raises(Conflict, match="inner circle"):
        speak_for(group=group, member=voter, by=staff, at=now)


def test_the_database_lets_nobody_speak_for_themselves(circle, staff):
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupVoice.objects.create(group=circle, member=staff, by=staff)


def test_leaving_is_free_at_any_time_and_coming_back_is_asking_again(group, voter, staff, now):
    ask(group, voter)
    leave_group(group=group, member=voter, at=now)
    with pytest.raises(Conflict):
        leave_group(group=group, member=voter, at=now)
    assert ask(group, voter).state == "applied"


@pytest.fixture
def resting():
    """Somebody who has been in the circle for a year and was last here nine weeks ago."""
    member = make_member("Rita Rest")
    group = make_group("resting", layer=Layer.INNER, members=[member], capacity=1)
    GroupMembership.objects.update(changed_at=NOW - timedelta(days=365))
    MemberDay.objects.create(member=member, day=(NOW - timedelta(weeks=9)).date())
    return group, member


def test_after_eight_silent_weeks_one_rests_and_keeps_the_boards(resting):
    group, member = resting
    board = make_segment_board(segment=group.segment)
    assert rest_the_silent(at=NOW) == 1 and rest_the_silent(at=NOW) == 0
    assert state(group, member) == "resting" and places_left(group) == 1
    assert Board.objects.visible_to(member).filter(pk=board.pk).exists()


def test_one_tap_brings_one_back_even_where_the_place_was_given(resting, staff):
    group, member = resting
    rest_the_silent(at=NOW)
    invite_member(group=group, member=(other := make_member()), by=staff, at=NOW)
    invite_member(group=group, member=other, by=make_staff("Jun"), at=NOW)
    assert return_to_group(group=group, member=member, at=NOW).state == "accepted"
    assert rest_the_silent(at=NOW + timedelta(days=1)) == 0
    with pytest.raises(Conflict):
        return_to_group(group=group, member=member, at=NOW)


def test_after_half_a_year_the_circles_silent_are_emeriti_without_its_boards(resting):
    group, member = resting
    board = make_segment_board(segment=group.segment)
    rest_the_silent(at=NOW)
    assert rest_the_silent(at=NOW + timedelta(weeks=17)) == 0
    assert rest_the_silent(at=NOW + timedelta(weeks=18, days=1)) == 1
    assert state(group, member) == "emeritus"
    assert not Board.objects.visible_to(member).filter(pk=board.pk).exists()


def test_whoever_looks_in_does_not_rest(resting):
    group, member = resting
    MemberDay.objects.create(member=member, day=(NOW - timedelta(weeks=7)).date())
    assert rest_the_silent(at=NOW) == 0


def test_resting_is_never_a_mass_removal(resting):
    """Of everybody inside, all are inside afterwards."""
    group, _member = resting
    before = group.memberships.inside().count()
    rest_the_silent(at=NOW)
    assert group.memberships.inside().count() == before


def sentences(member) -> list[str]:
    notices = list(Notice.objects.filter(member=member).select_related("member", "post__board").order_by("pk"))
    words = Words(notices)
    return [said.sentence for notice in notices if (said := words.of(notice))]


def test_each_decision_is_told_to_whom_it_is_about(group, voter, staff, now):
    accept_application(membership=ask(group, voter), by=staff, at=now)
    drain()
    assert sentences(voter) == ["Welcome to “Early”: its boards are open to you"]
    assert not Notice.objects.exclude(member=voter).exists()


def test_a_declined_application_is_answered_in_staffs_own_words(group, voter, staff, now):
    decline_application(membership=ask(group, voter), reason="We look for watches now.", by=staff, at=now)
    drain()
    (notice,) = Notice.objects.select_related("member", "post__board")
    said = Words([notice]).of(notice)
    assert (said.quote, said.by) == ("We look for watches now.", "Ines Okafor")


def test_news_that_are_no_more_true_are_not_told(group, voter, staff, now):
    invite_member(group=group, member=voter, by=staff, at=now)
    drain()
    assert sentences(voter) == ["You are invited to “Early”"]
    leave_group(group=group, member=voter, at=now)
    assert sentences(voter) == []


def test_an_invitation_is_mailed_once(group, voter, staff):
    invite_member(group=group, member=voter, by=staff, at=timezone.now())
    drain(), drain()
    assert Mailing.objects.filter(member=voter, kind="news").count() == 1


def test_every_change_is_on_record(group, voter, staff, now):
    accept_application(membership=ask(group, voter), by=staff, at=now)
    facts = Activity.objects.filter(verb="membership_changed").order_by("pk").values_list("data", flat=True)
    assert [(fact["before"], fact["after"]) for fact in facts] == [("", "applied"), ("applied", "accepted")]
