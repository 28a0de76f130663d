"""Who would rather not read somebody does not, and nobody is told."""

import pytest
from django.db import IntegrityError, transaction

from community.blocks import block_member, blocked_pairs, hidden_from, unblock_member
from community.deliveries import drain
from community.follows import Ear, Thing, ear_of, listen_to
from community.models import Block, Notice
from community.refusals import Conflict
from community.threads import read_talk
from tests.factories import NOW, make_comment, make_member, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def blocked(author, voter):
    return block_member(member=author, other=voter, at=NOW)


def test_blocking_twice_is_blocking_once_and_undone_is_gone(author, voter, blocked):
    block_member(member=author, other=voter, at=NOW)
    assert Block.objects.count() == 1
    assert unblock_member(member=author, other=voter) and not unblock_member(member=author, other=voter)


def test_nobody_blocks_the_team_or_themselves(author, staff):
    for other in (staff, author):
        with pytest.raises(Conflict):
            block_member(member=author, other=other, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(member=author, other=author)


def test_who_joins_the_team_is_read_again(author, voter, blocked):
    assert hidden_from([author.pk]) == {author.pk: {voter.pk}}
    type(voter).objects.filter(pk=voter.pk).update(role="staff")
    assert hidden_from([author.pk]) == {} and blocked_pairs(member_ids=[author.pk], other_ids=[voter.pk]) == set()


def test_muted_and_blocked_alike_are_hidden_from_one_only(author, voter, blocked):
    third = make_member()
    listen_to(member=author, kind=Thing.PERSON, thing=third, ear=Ear.MUTE, at=NOW)
    assert hidden_from([author.pk, voter.pk]) == {author.pk: {voter.pk, third.pk}}


def test_following_ends_both_ways_and_cannot_begin_again(author, voter):
    listen_to(member=voter, kind=Thing.PERSON, thing=author, ear=Ear.FOLLOW, at=NOW)
    block_member(member=author, other=voter, at=NOW)
    assert ear_of(voter, Thing.PERSON, author) == Ear.NONE
    listen_to(member=voter, kind=Thing.PERSON, thing=author, ear=Ear.FOLLOW, at=NOW)
    assert ear_of(voter, Thing.PERSON, author) == Ear.NONE
    listen_to(member=voter, kind=Thing.PERSON, thing=author, ear=Ear.MUTE, at=NOW)
    assert ear_of(voter, Thing.PERSON, author) == Ear.MUTE


def test_no_notice_tells_of_what_the_blocked_say(author, voter, blocked, board):
    post = make_post(author=author, board=board)
    make_comment(post, author=voter)
    make_comment(post, "@mara hello", author=make_member("Somebody"))
    drain()
    told = set(Notice.objects.filter(member=author).values_list("activity__actor__display_name", flat=True))
    assert told == {"Somebody"}


def test_what_they_say_is_folded_for_one_and_open_for_all_others(author, voter, blocked, board):
    post = make_post(board=board)
    root = make_comment(post, author=voter)
    make_comment(post, "An answer", author=voter, parent=root)
    make_comment(post, "Another")
    shape = {who: [(one.folded, [answer.folded for answer in one.answers]) for one in read_talk(post, who, order="old").threads]
             for who in (author, voter, None)}  # fmt: skip
    assert shape[author] == [(True, [True]), (False, [])]
    assert shape[voter] == shape[None] == [(False, [False]), (False, [])]


def test_a_folded_comment_can_be_opened(client, author, voter, blocked, board):
    post = make_post(board=board)
    make_comment(post, "What I have to say", author=voter)
    client.force_login(author)
    page = client.get(post.get_absolute_url()).content.decode()
    assert "<details" in page and "What I have to say" in page


def test_from_a_members_page_and_back_from_the_list(client, author, voter):
    client.force_login(author)
    assert f"/members/{voter.username}/block/" in client.get(voter.get_absolute_url()).content.decode()
    client.post(f"/members/{voter.username}/block/")
    page = client.get("/me/blocks/").content.decode()
    assert "Tomasz Wilk" in page and "Unblock" in page
    client.post(f"/members/{voter.username}/unblock/")
    assert "Nobody is blocked or muted" in client.get("/me/blocks/").content.decode()


def test_muting_from_a_page_and_back(client, author, voter):
    client.force_login(author)
    client.post(f"/members/{voter.username}/mute/")
    assert ear_of(author, Thing.PERSON, voter) == Ear.MUTE and "Unmute" in client.get("/me/blocks/").content.decode()
    client.post(f"/members/{voter.username}/unmute/")
    assert ear_of(author, Thing.PERSON, voter) == Ear.NONE


def test_the_team_is_not_offered_to_be_blocked(client, author):
    client.force_login(author)
    staff = make_staff("Someone")
    assert "/block/" not in client.get(staff.get_absolute_url()).content.decode()
    assert client.post(f"/members/{staff.username}/block/").status_code == 409


def test_a_visitor_signs_in_first(client, voter):
    assert "login" in client.post(f"/members/{voter.username}/block/")["Location"]
    assert client.get(f"/members/{voter.username}/block/").status_code == 405
