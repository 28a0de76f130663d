"""Blocked and muted: what one reads no more and what stays, for whom it changes, and that nobody learns of it."""

import email
from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.blocks import block_member, blocked_pairs, hidden_from, unblock_member
from community.bounces import Refusal, pause_address, pause_all, pause_of, refusals_in, resting, resume_address
from community.deliveries import drain
from community.follows import Ear, Thing, ear_of, listen_to
from community.mentions.naming import unwilling
from community.models import Activity, Block, BoardFollow, MailList, MailPause, Member, Notice, PersonFollow
from community.privileges import RANK, RULES, Privilege, has, moderates, require, require_moderator
from community.refusals import Conflict, NotAllowed
from community.screening import Manner
from community.silence import SAID_BY_PEOPLE, THROUGH_MUTED_POSTS, Silence
from community.threads import read_talk
from tests.factories import (
    NOW,
    make_admin,
    make_board,
    make_comment,
    make_member,
    make_moderator,
    make_newcomer,
    make_post,
    make_staff,
)

pytestmark = pytest.mark.django_db
HOWS = ["block", "mute"]


def turn_away(member, other, how):
    if how == "block":
        block_member(member=member, other=other, at=NOW)
    else:
        listen_to(member=member, kind=Thing.PERSON, thing=other, ear=Ear.MUTE, at=NOW)


def turn_back(member, other, how):
    if how == "block":
        unblock_member(member=member, other=other)
    else:
        listen_to(member=member, kind=Thing.PERSON, thing=other, ear=Ear.NONE, at=NOW)


@pytest.mark.parametrize("how", HOWS)
def test_as_before_once_it_is_taken_back(author, voter, board, how):
    post = make_post(board=board)
    make_comment(post, author=voter)
    seen = []
    for act in (turn_away, turn_back):
        act(author, voter, how)
        seen.append([one.folded for one in read_talk(post, author, order="old").threads])
    assert seen == [[True], [False]]


@pytest.mark.parametrize("how", HOWS)
def test_what_is_folded_is_neither_new_nor_counted_as_such(author, voter, board, how):
    post = make_post(board=board)
    read_talk(post, author, order="old")
    make_comment(post, "Hear me", author=voter)
    turn_away(author, voter, how)
    assert [(one.folded, one.fresh) for one in read_talk(post, author, order="old").threads] == [(True, False)]


@pytest.mark.parametrize("how", HOWS)
def test_the_other_finds_no_trace_of_it(client, author, voter, board, how):
    """Their pages are what they were: the post, the person's page, and what they may do there."""
    post = make_post(author=author, board=board)
    pages = (post.get_absolute_url(), author.get_absolute_url(), "/me/blocks/", "/me/notices/")
    client.force_login(voter)

    def said():
        answers = [client.get(page) for page in pages]
        return [(answer.status_code, answer.content.count(b"block"), answer.content.count(b"muted")) for answer in answers]

    before = said()
    turn_away(author, voter, how)
    assert said() == before
    assert client.post(f"/posts/{post.pk}/comments/new/", {"body": "Hello Mara"}).status_code == 302


@pytest.mark.parametrize(("how", "role"), list(product(HOWS, ["staff", "admin"])))
def test_the_team_is_read_although_it_was_turned_away_before_it_was_the_team(author, voter, board, how, role):
    turn_away(author, voter, how)
    Member.objects.filter(pk=voter.pk).update(role=role)
    silence = Silence(member_ids=[author.pk], posts=[], actor_ids=[voter.pk])
    hushed = silence.covers(author.pk, post=None, actor_id=voter.pk, mail_list=MailList.COMMENTS)
    assert hushed is (how == "mute") and (author.pk in hidden_from([author.pk])) is hushed


def test_a_team_member_who_was_blocked_before_is_heard_when_they_name_somebody(author, voter, board):
    turn_away(author, voter, "block")
    assert unwilling(voter, [author]) == {author.pk}
    Member.objects.filter(pk=voter.pk).update(role="staff")
    assert unwilling(Member.objects.get(pk=voter.pk), [author]) == set() == unwilling(voter, [])


@pytest.mark.parametrize(("how", "told"), [("block", 0), ("mute", 1)])
def test_blocking_is_for_both_and_muting_for_one(author, voter, board, how, told):
    """Whoever blocked somebody does not speak to them either; whoever muted somebody may still be heard by them."""
    turn_away(voter, author, how)
    make_comment(make_post(board=board), f"What do you say, @{author.username}?", author=voter)
    drain()
    assert Notice.objects.filter(member=author, kind="mentioned").count() == told


def test_a_block_survives_a_mute_and_its_end(author, voter):
    turn_away(author, voter, "block"), turn_away(author, voter, "mute")
    turn_back(author, voter, "mute")
    assert hidden_from([author.pk]) == {author.pk: {voter.pk}} and ear_of(author, Thing.PERSON, voter) == Ear.NONE


def test_who_follows_and_blocks_follows_no_more_and_a_mute_stays(author, voter):
    listen_to(member=author, kind=Thing.PERSON, thing=voter, ear=Ear.FOLLOW, at=NOW)
    listen_to(member=voter, kind=Thing.PERSON, thing=author, ear=Ear.MUTE, at=NOW)
    turn_away(author, voter, "block")
    assert list(PersonFollow.objects.values_list("member", "muted")) == [(voter.pk, True)]


def test_everybodys_silence_is_found_with_two_questions_and_pairs_with_one(django_assert_num_queries):
    people = [make_member() for _ in range(12)]
    for one, other in zip(people, people[1:], strict=False):
        Block.objects.create(member=one, other=other)
    ids = [person.pk for person in people]
    with django_assert_num_queries(2):
        assert len(hidden_from(ids)) == 11
    with django_assert_num_queries(1):
        assert blocked_pairs(member_ids=ids[:1], other_ids=iter(ids[1:])) == {(ids[0], ids[1])}


def test_ones_own_list_names_both_and_offers_the_way_back(client, author, voter):
    muted, stranger = make_member("Muted Somebody"), make_member("Never Mentioned")
    turn_away(author, voter, "block"), turn_away(author, muted, "mute"), turn_away(stranger, author, "block")
    client.force_login(author)
    page = client.get("/me/blocks/")
    assert (page.context["blocked"], page.context["muted"]) == ([voter], [muted])
    assert f"/members/{muted.username}/unmute/" in page.content.decode() and "Never Mentioned" not in page.content.decode()


@pytest.mark.parametrize("how", HOWS)
def test_who_has_left_stands_in_no_list_that_offers_a_way_back(client, author, voter, how):
    turn_away(author, voter, how)
    Member.objects.filter(pk=voter.pk).update(closed_at=NOW)
    client.force_login(author)
    assert "Nobody is blocked or muted" in client.get("/me/blocks/").content.decode()


@pytest.mark.parametrize("act", ["block", "unblock", "mute", "unmute"])
def test_nobody_is_blocked_or_muted_who_is_not_here(client, author, act):
    client.force_login(author)
    gone = make_member(closed_at=NOW)
    assert {client.post(f"/members/{name}/{act}/").status_code for name in (gone.username, "nobody-at-all")} == {404}
    assert client.post(f"/members/{author.username}/{act}/").status_code == (409 if act == "block" else 302)
    assert not Block.objects.exists() and not PersonFollow.objects.exists()


@pytest.mark.parametrize(
    ("goal", "leads"), [("/members/x/", "/members/x/"), ("https://evil.example/", "/me/blocks/"), ("", "/me/blocks/")]
)
def test_after_blocking_one_goes_back_to_a_page_of_ours(client, author, voter, goal, leads):
    client.force_login(author)
    assert client.post(f"/members/{voter.username}/block/", {"next": goal})["Location"] == leads


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*MailList]), st.booleans(), st.booleans(), st.booleans())
def test_silence_covers_what_the_table_says_and_nothing_else(author, voter, board, mail_list, thread, person, place):
    post = make_post(author=voter, board=board)
    silence = Silence(member_ids=[author.pk], posts=[post], actor_ids=[voter.pk])
    for name, muted, pair in (("posts", thread, post.pk), ("people", person, voter.pk), ("boards", place, board.pk)):
        silence.__dict__[name] = {(author.pk, pair)} if muted else set()
    silence.__dict__["tags"] = set()
    hushed = thread and mail_list not in THROUGH_MUTED_POSTS or person and mail_list in SAID_BY_PEOPLE
    hushed = hushed or place and mail_list == MailList.POSTS
    assert silence.covers(author.pk, post=post, actor_id=voter.pk, mail_list=mail_list) is bool(hushed)
    assert not silence.covers(voter.pk, post=post, actor_id=voter.pk, mail_list=mail_list)


def test_a_muted_tag_or_author_brings_no_new_post_by_whoever_moved_it(author, voter, board):
    """The list of new posts is about the post's author, whoever acted."""
    post = make_post(author=voter, board=board, tags=["Power"])
    quiet, deaf = make_member(), make_member()
    listen_to(member=quiet, kind=Thing.TAG, thing=post.tags.get(), ear=Ear.MUTE, at=NOW)
    listen_to(member=deaf, kind=Thing.PERSON, thing=voter, ear=Ear.MUTE, at=NOW)
    silence = Silence(member_ids=[author.pk, quiet.pk, deaf.pk], posts=[post], actor_ids=[None])
    heard = [silence.covers(who.pk, post=post, actor_id=None, mail_list=MailList.POSTS) for who in (author, quiet, deaf)]
    assert heard == [False, True, True] and not BoardFollow.objects.exists()
    assert not silence.covers(deaf.pk, post=None, actor_id=None, mail_list=MailList.POSTS)


ROLES = [make_newcomer, make_member, make_moderator, make_staff, make_admin]


def test_whoever_ranks_higher_may_do_all_that_a_lower_one_may():
    held = [{privilege for privilege in Privilege if has(make(), privilege)} for make in ROLES]
    assert all(lower <= higher for lower, higher in zip(held, held[1:], strict=False)) and held[-1] == set(RULES)
    assert sorted(RANK.values()) == [0, 1, 2, 3]


@pytest.mark.parametrize(("trust", "may"), [(0, False), (1, True), (2, True)])
def test_trust_opens_what_asks_for_it_and_staff_need_none(trust, may):
    assert has(make_member(trust=trust), Privilege.PROPOSE_MERGE) is may and has(make_staff(trust=0), Privilege.PROPOSE_MERGE)


def test_a_moderator_keeps_their_own_boards_and_staff_keep_all(board, moderator, staff, author):
    other = make_board()
    assert [moderates(who, place.pk) for who in (moderator, staff, author, None) for place in (board, other)] == [
        True, False, True, True, False, False, False, False]  # fmt: skip
    with pytest.raises(NotAllowed, match="no moderator of this board"):
        require_moderator(moderator, other.pk)
    with pytest.raises(NotAllowed) as told:
        require_moderator(None, board.pk)
    assert told.value.code == "sign-in" and require_moderator(moderator, board.pk) == moderator


def test_a_suspension_that_is_over_gives_every_right_back():
    over = make_moderator(suspended_at=NOW, suspended_until=timezone.now())
    running = make_moderator(suspended_at=NOW, suspended_until=timezone.now() + timedelta(hours=1))
    assert has(over, Privilege.MODERATE) and not has(running, Privilege.WRITE)
    with pytest.raises(NotAllowed, match="until"):
        require(running, Privilege.WRITE)


def test_a_role_taken_away_takes_the_board_along(moderator, board):
    Member.objects.filter(pk=moderator.pk).update(role="member")
    again = Member.objects.get(pk=moderator.pk)
    assert board.moderators.filter(pk=again.pk).exists() and not moderates(again, board.pk)


@given(st.builds(Manner, st.sampled_from(["page", "token"]), st.none() | st.integers(0, 10**8), st.booleans()))
def test_how_a_text_came_in_survives_the_session(manner):
    assert Manner.from_kept(manner.kept()) == manner


def test_a_reason_of_many_lines_is_kept_as_one_and_short(author, now):
    assert pause_address(member=author, reason="550\r\n5.1.1   no such\tuser " + "x" * 400, at=now)
    assert pause_of(author).reason.startswith("550 5.1.1 no such user x") and len(pause_of(author).reason) == 300


def test_nobody_without_an_address_rests_or_wakes(now):
    bare = make_member(email=None)
    assert (pause_address(member=bare, reason="550", at=now), resume_address(member=bare, at=now), resting([bare])) == (
        False,
        False,
        set(),
    )
    assert pause_of(bare) is None and not MailPause.objects.exists()


def test_who_woke_an_address_for_its_owner_is_on_record(author, admin_member, now):
    pause_address(member=author, reason="550", at=now)
    resume_address(member=author, by=admin_member, at=now)
    assert Activity.objects.get(verb="mail_resumed").actor == admin_member and resting([author]) == set()


def test_one_report_of_two_pauses_both_and_counts_only_what_is_new(author, voter, now):
    told = [Refusal(member.email, "5.1.1") for member in (author, voter)]
    assert pause_all(told[:1], at=now) == 1 and pause_all(told, at=now + timedelta(hours=1)) == 1
    assert resting([author, voter, make_member()]) == {author.pk, voter.pk}


def test_a_broken_report_names_nobody(now):
    for text in ("", "Content-Type: message/delivery-status\n\nnonsense", "Content-Type: multipart/report\n\nno parts at all",
                 "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822;\nAction: failed\nStatus: 5.1.1"):  # fmt: skip
        assert list(refusals_in(email.message_from_string(text))) == []
    assert pause_all([], at=now) == 0


def test_blocking_twice_at_once_is_refused_by_nobody(author, voter):
    assert block_member(member=author, other=voter, at=NOW) == block_member(member=author, other=voter, at=timezone.now())
    with pytest.raises(Conflict, match="That is you"):
        block_member(member=author, other=author, at=NOW)
