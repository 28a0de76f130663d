"""A refused form keeps every word and changes nothing; who may not act is told so, and who may not see finds nothing."""

import pytest

from community.groups.memberships import settle
from community.models import (
    Claim,
    Comment,
    ContestEntry,
    GroupMembership,
    Layer,
    Member,
    MembershipState,
    Post,
    PostKind,
    Revision,
)
from community.posts import delete_post, edit_post
from tests.community.contesting import make_contest, make_entry
from tests.community.polling import make_poll, say
from tests.factories import NOW, make_comment, make_group, make_member, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(author, board):
    return make_post("Who else wakes at six?", author=author, board=board, body="I do.")


@pytest.fixture
def signed_in(client):
    """The client, signed in as this person."""

    def come(member):
        client.force_login(member)
        return client

    return come


@pytest.mark.parametrize(
    "typed", [{"title": "ab", "body": "All my words"}, {"title": "A good title", "body": "All my words " * 2000}]
)
def test_a_post_that_does_not_fit_is_shown_again(signed_in, post, author, typed):
    answer = signed_in(author).post(f"/posts/{post.pk}/edit/", typed)
    assert answer.status_code == 422 and "All my words" in answer.content.decode()
    assert Post.objects.get().title == "Who else wakes at six?" and not Revision.objects.exists()


@pytest.mark.parametrize("typed", ["", "  \n ", "All my words " * 2000])
def test_a_comment_that_does_not_fit_is_shown_again(signed_in, post, voter, typed):
    comment = make_comment(post, "I do.", author=voter)
    answer = signed_in(voter).post(f"/comments/{comment.pk}/edit/", {"body": typed})
    assert answer.status_code == 422 and typed.strip() in answer.content.decode()
    assert Comment.objects.get().body == "I do."


def test_nobody_mends_the_words_of_another(signed_in, post, voter, stranger):
    comment = make_comment(post, "I do.", author=voter)
    for address in (f"/posts/{post.pk}/edit/", f"/comments/{comment.pk}/edit/"):
        assert signed_in(stranger).get(address).status_code == 404
        assert signed_in(stranger).post(address, {"title": "Mine now", "body": "Mine now"}).status_code == 404


@pytest.mark.parametrize("act", ["delete", "restore"])
def test_nobody_takes_back_or_brings_back_the_post_of_another(signed_in, post, author, stranger, act):
    if act == "restore":
        delete_post(post=post, by=author, at=NOW)
    before = Post.objects.get().state
    assert signed_in(stranger).post(f"/posts/{post.pk}/{act}/").status_code in (403, 404)
    assert Post.objects.get().state == before


def test_a_visitors_edit_asks_them_to_sign_in_and_leads_back(client, post):
    answer = client.post(f"/posts/{post.pk}/edit/", {"title": "A good title"})
    assert answer.status_code == 302 and answer["Location"].endswith(f"next=%2Fposts%2F{post.pk}%2Fedit%2F")


def test_settings_are_kept_all_or_not_at_all(signed_in, author, voter):
    wishes = {
        "display_name": "Mara L",
        "username": voter.username,
        "bio": "New words",
        "language": "en",
        "time_zone": "UTC",
        "persona": "",
    }
    answer = signed_in(author).post("/me/settings/", wishes)
    assert answer.status_code == 422 and "New words" in answer.content.decode()
    kept = Member.objects.get(pk=author.pk)
    assert (kept.display_name, kept.bio, kept.username) == ("Mara Lindqvist", "", author.username)


@pytest.mark.parametrize("name", ["", "somebody-else"])
def test_nobody_leaves_by_a_slip(signed_in, author, name):
    answer = signed_in(author).post("/me/leave/", {"words": "remove", "name": name})
    assert answer.status_code == 422 and author.username in answer.content.decode() + author.username
    assert Member.objects.get(pk=author.pk).closed_at is None


def test_whoever_belongs_to_the_team_is_told_what_to_do_before_leaving(signed_in, staff):
    answer = signed_in(staff).post("/me/leave/", {"words": "keep", "name": f"@{staff.username.upper()}"})
    assert answer.status_code == 422 and "administrator" in answer.content.decode()


def test_a_fourth_claim_is_refused_with_what_was_written(signed_in, author):
    profiles = [make_member(claimed_at=None, source_system="forum", source_id=str(number)) for number in range(4)]
    for profile in profiles:
        answer = signed_in(author).post(f"/members/{profile.username}/claim/", {"words": "It is me, really"})
    assert answer.status_code == 422 and "It is me, really" in answer.content.decode()
    assert Claim.objects.count() == 3


def test_a_voice_for_somebody_who_is_in_already_is_refused_beside_the_name(signed_in, voter, author):
    group = make_group("circle", layer=Layer.INNER, members=[voter, author])
    answer = signed_in(voter).post("/groups/circle/speak/", {"username": f"@{author.username}"})
    assert answer.status_code == 422 and "already" in answer.content.decode() and author.username in answer.content.decode()
    assert not group.voices.exists()


@pytest.mark.parametrize(("act", "state"), [("leave", "declined"), ("return", "accepted")])
def test_what_does_not_fit_ones_place_is_refused_with_a_sentence(signed_in, voter, act, state):
    settle(GroupMembership(group=make_group("early"), member=voter), MembershipState(state), by=None, at=NOW)
    answer = signed_in(voter).post(f"/groups/early/{act}/")
    assert answer.status_code == 409 and "You" in answer.content.decode()
    assert GroupMembership.objects.get().state == state


def test_a_poll_that_does_not_fit_is_shown_as_it_was_typed(signed_in, post, author):
    make_poll(post=post)
    answer = signed_in(author).post(f"/posts/{post.pk}/poll/edit/", {"poll_options": "Only one of them"})
    assert answer.status_code == 422 and "Only one of them" in answer.content.decode()
    assert post.poll.options.count() == 3


def test_a_poll_somebody_voted_in_stays_and_what_was_typed_is_not_lost(signed_in, post, author):
    say(make_poll(post=post), "Moss")
    answer = signed_in(author).post(f"/posts/{post.pk}/poll/edit/", {"poll_options": "Fern\nHeather"})
    assert answer.status_code == 409 and "Heather" in answer.content.decode()
    assert not post.poll.options.filter(text="Fern").exists()


@pytest.mark.parametrize("act", ["edit", "close"])
def test_a_poll_of_somebody_else_has_no_such_page(signed_in, post, stranger, act):
    make_poll(post=post)
    assert signed_in(stranger).get(f"/posts/{post.pk}/poll/{act}/").status_code == 404
    assert signed_in(stranger).post(f"/posts/{post.pk}/poll/{act}/").status_code == 404


def test_what_the_team_does_with_a_poll_is_for_the_team_and_for_closed_polls(signed_in, post, author, staff):
    make_poll(post=post, days=None)
    assert signed_in(author).post(f"/posts/{post.pk}/poll/decision/", {"decision": "We build it."}).status_code == 403
    answer = signed_in(staff).post(f"/posts/{post.pk}/poll/decision/", {"decision": "We build it."})
    assert answer.status_code == 409 and "We build it." in answer.content.decode()
    post.poll.refresh_from_db()
    assert post.poll.decision == ""


def test_an_entry_is_mended_by_its_author_alone_and_keeps_what_was_typed(signed_in, author, stranger, time_machine):
    time_machine.move_to(NOW)
    entry = make_entry(make_contest(), author=author)
    address = f"{entry.get_absolute_url()}edit/"
    assert signed_in(stranger).get(address).status_code == 404
    answer = signed_in(author).post(address, {"title": "", "body": "All my words", "team": "nobody-here"})
    assert answer.status_code == 422 and "All my words" in answer.content.decode() and "nobody-here" in answer.content.decode()
    assert ContestEntry.objects.get().body == "It is about light."


def test_an_entry_is_hidden_with_a_reason_or_not_at_all(signed_in, author, staff, stranger):
    entry = make_entry(make_contest(), author=author)
    address = f"/moderation/entry/{entry.pk}/hide/"
    assert signed_in(stranger).get(address).status_code in (403, 404)
    assert signed_in(staff).post(address, {"reason": "  "}).status_code == 422
    assert ContestEntry.objects.visible_to(None).exists()


@pytest.mark.parametrize("act", ["announce", "standing"])
def test_how_a_contest_would_end_is_for_the_team(signed_in, voter, act):
    address = f"{make_contest().get_absolute_url()}{act}/"
    answer = signed_in(voter).post(address) if act == "announce" else signed_in(voter).get(address)
    assert answer.status_code == 403


def test_the_jury_alone_finds_its_page_and_only_the_jury_scores(signed_in, voter, author):
    contest = make_contest(jury=[author])
    entry = make_entry(contest)
    assert signed_in(author).get(f"{contest.get_absolute_url()}jury/").status_code == 200
    assert signed_in(voter).get(f"{contest.get_absolute_url()}jury/").status_code == 404
    assert signed_in(voter).post(f"{contest.get_absolute_url()}jury/{entry.pk}/", {"score-1": "9"}).status_code in (403, 409)


@pytest.mark.parametrize("kind", ["poem", "announcement", "discussion"])
def test_a_post_becomes_nothing_that_is_not_offered(signed_in, post, author, kind):
    assert signed_in(author).get(f"/posts/{post.pk}/convert/{kind}/").status_code == 404
    assert signed_in(author).post(f"/posts/{post.pk}/convert/{kind}/").status_code in (302, 403, 404)
    assert Post.objects.get().kind == PostKind.DISCUSSION


def test_only_the_asker_says_what_answers_a_question(signed_in, author, board, voter, stranger):
    question = make_post("How do I dim it?", author=author, board=board, kind="question")
    answer = make_comment(question, "Hold the button.", author=voter)
    assert signed_in(stranger).post(f"/comments/{answer.pk}/accept/").status_code == 403
    assert signed_in(author).post(f"/comments/{make_comment(make_post(author=author)).pk}/accept/").status_code == 409
    question.refresh_from_db()
    assert question.accepted_answer is None


def test_an_unknown_kind_of_user_is_none(signed_in, voter):
    assert signed_in(voter).post("/me/persona/", {"persona": "astronaut"}).status_code == 404
    assert Member.objects.get(pk=voter.pk).persona is None


def test_without_a_persona_the_question_is_put_away_and_nothing_is_chosen(signed_in, voter):
    answer = signed_in(voter).post("/me/persona/", {"persona": "", "next": "/suggestions/"})
    assert answer["Location"] == "/suggestions/" and Member.objects.get(pk=voter.pk).persona is None


def test_a_draft_past_its_bounds_is_refused_on_a_page_too(signed_in, voter):
    answer = signed_in(voter).post("/me/drafts/save/", {"draft_form": "post", "title": "x", "body": "x" * 60_001})
    assert answer.status_code == 422 and "too long" in answer.content.decode()


@pytest.mark.parametrize("made", ["a post", "a comment"])
def test_history_of_what_one_may_not_see_is_not_there(client, signed_in, post, voter, moderator, made):
    edit_post(post=post, by=post.author, title="Who wakes at seven?", body="I do.", at=NOW)
    comment = make_comment(post, "I do.", author=voter)
    delete_post(post=post, by=post.author, at=NOW)
    address = f"/posts/{post.pk}/history/" if made == "a post" else f"/comments/{comment.pk}/history/"
    assert client.get(address).status_code == signed_in(voter).get(address).status_code == 404
