"""What pages of circles are told: numbers, orders and faces, never more than the reader may see."""

import pytest
from django.utils.translation import override

from community.circles.joining import leave_circle
from community.circles.reading import FACES, card_of, cards_of, overview_for, people_of
from community.models import Audience, Board, Circle, Member
from community.posts import hide_post, write_post
from tests.community.circling import come, make_circle, make_open_circle, three_open_it  # noqa: F401
from tests.factories import NOW, make_member, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_open_it")]


def say(circle: Circle, at=NOW):
    return write_post(author=make_member(), board=circle.board, kind="discussion", title="Good morning", body="Hi", at=at)


def test_a_card_counts_what_is_there_and_what_is_missing(author):
    circle = make_circle(by=author)
    card = card_of(circle, author)
    assert (card.count, card.needed, card.shown, card.missing, card.mine) == (1, 3, 1, 2, True)


def test_more_than_enough_fill_the_bar_and_no_more():
    circle = come(make_circle(keeps=False), *[make_member() for _person in range(4)])
    card = card_of(circle, None)
    assert (card.count, card.shown, card.missing, card.mine) == (5, 3, 0, False)


def test_a_visitor_costs_one_query(django_assert_num_queries):
    make_open_circle(), make_circle()
    with django_assert_num_queries(1):
        overview_for(None)


def test_the_last_word_is_the_last_the_reader_may_see(hours):
    circle = make_open_circle()
    say(circle, at=NOW + hours(1))
    hide_post(post=say(circle, at=NOW + hours(2)), by=make_staff(), at=NOW + hours(3))
    assert card_of(circle, None).active_at == NOW + hours(1)


def test_a_board_that_staff_closed_tells_others_nothing_of_when_it_was_written_in(author):
    circle = make_open_circle()
    say(circle)
    Board.objects.filter(pk=circle.board_id).update(see=Audience.STAFF)
    assert card_of(circle, author).active_at is None and card_of(circle, make_staff()).active_at == NOW


def test_faces_are_of_the_first_who_came_and_of_nobody_who_left_the_house(hours):
    circle = make_circle()
    people = [make_member() for _person in range(FACES + 2)]
    for number, person in enumerate(people):
        come(circle, person, at=NOW + hours(number + 1))
    Member.objects.filter(pk=people[0].pk).update(is_active=False)
    shown = people_of(circle)
    assert len(shown) == FACES and people[0] not in shown and shown[1] == people[1]


def test_an_overview_parts_mine_open_and_proposed(author):
    mine, other, proposed = make_open_circle(kind="skill", by=author), make_open_circle(kind="city"), make_circle()
    overview = overview_for(author)
    assert [card.circle for card in overview.mine] == [mine] and not overview.is_empty
    assert [[card.circle for card in cards] for _label, cards in overview.by_kind] == [[other], [mine]]
    assert [card.circle for card in overview.proposed] == [proposed]


def test_kinds_are_called_in_the_readers_language_and_empty_ones_are_left_out():
    make_open_circle(kind="school")
    with override("en"):
        assert [label for label, _cards in overview_for(None).by_kind] == ["School"]


def test_who_has_left_has_no_circle_of_their_own(author):
    circle = come(make_open_circle(), author)
    leave_circle(circle=circle, member=author, at=NOW)
    assert not overview_for(author).mine


def test_no_more_cards_are_read_than_are_asked_for():
    for _circle in range(3):
        make_circle()
    assert len(cards_of(Circle.objects.all(), None, most=2)) == 2
