"""The page of a post, and what its author may do there."""

import re

import pytest

from community.models import Follow, Member, MemberDay, Post, PostState, Standing
from community.posts import edit_post, hide_post
from tests.factories import (
    NOW,
    make_board,
    make_comment,
    make_member,
    make_moderator,
    make_post,
    make_suggestion,
    make_team_board,
)

pytestmark = pytest.mark.django_db
EVIL = '<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7|add:7 }}'


def test_the_page_shows_who_wrote_what(client, suggestion):
    page = client.get(suggestion.post.get_absolute_url()).content.decode()
    assert '<h1 lang="en">Charge limit that learns my alarm</h1>' in page
    assert "Mara Lindqvist" in page and "Here is why." in page


def test_the_short_address_leads_to_the_readable_one(client, suggestion):
    assert client.get(f"/posts/{suggestion.pk}/")["Location"] == suggestion.post.get_absolute_url()


def test_an_old_titles_address_leads_to_the_new_one_for_good(client, suggestion, author):
    old = suggestion.post.get_absolute_url()
    edit_post(post=suggestion.post, by=author, title="A charge limit that learns", body="Why", at=NOW)
    answer = client.get(f"{old}?talk=new")
    assert answer.status_code == 301
    assert answer["Location"] == f"/posts/{suggestion.pk}/a-charge-limit-that-learns/?talk=new"


def test_a_chinese_title_has_a_readable_address(client, author, board):
    post = make_post("充电到 80% 就停", author=author, board=board)
    assert post.slug == "充电到-80-就停"
    assert client.get(post.get_absolute_url()).status_code == 200


def test_nothing_that_was_typed_can_run(client, author, board):
    author.display_name, author.bio = EVIL[:60], EVIL
    author.save()
    post = make_suggestion(EVIL, author=author, board=board, body=EVIL, tags=[EVIL]).post
    make_comment(post, EVIL, author=author)
    for address in (
        post.get_absolute_url(),
        author.get_absolute_url(),
        "/",
        "/suggestions/",
        "/suggestions/?q=<script>",
        "/community/",
    ):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page, address
        assert "14" not in re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1]


def test_a_merged_post_points_to_the_one_it_joined(client, suggestion, author, board):
    other = make_suggestion("Stop at four fifths", author=author, board=board)
    Standing.objects.filter(post=other.pk).update(folded_into=suggestion.post)
    page = client.get(other.post.get_absolute_url()).content.decode()
    assert "the same wish" in page and suggestion.post.get_absolute_url() in page


def test_a_canonical_that_one_may_not_see_is_not_named(client, suggestion):
    secret = make_suggestion("A secret plan", author=make_member(is_staff=True, role="staff"), board=make_team_board())
    Standing.objects.filter(post=suggestion.pk).update(folded_into=secret.post)
    assert "A secret plan" not in client.get(suggestion.post.get_absolute_url()).content.decode()


def test_a_hidden_post_is_there_for_its_author_and_those_who_moderate(client, suggestion, author, stranger, board):
    moderator = make_moderator(board=board)
    hide_post(post=suggestion.post, by=moderator, at=NOW)
    expected = {None: 404, stranger: 404, author: 200, moderator: 200}
    for person, status in expected.items():
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(suggestion.post.get_absolute_url()).status_code == status


def test_reading_a_post_counts_as_a_read_and_an_active_day(client, suggestion, stranger):
    client.force_login(stranger)
    client.get(suggestion.post.get_absolute_url())
    reader = Member.objects.get(pk=stranger.pk)
    assert (reader.reads, reader.active_days) == (stranger.reads + 1, stranger.active_days + 1)
    assert MemberDay.objects.get(member=stranger).reads == 1


def test_a_visitor_leaves_no_trace_of_reading(client, suggestion):
    client.get(suggestion.post.get_absolute_url())
    assert not MemberDay.objects.exists()


def test_a_suggestion_and_a_talk_both_have_a_page(client, author, board):
    for kind in ("suggestion", "bug", "question", "discussion", "story"):
        assert client.get(make_post(kind=kind, author=author, board=board).get_absolute_url()).status_code == 200


def test_a_talk_has_no_vote_button(client, author, board):
    talk = make_post("Who else wakes at six?", author=author, board=board)
    assert "/vote/" not in client.get(talk.get_absolute_url()).content.decode()


def test_the_author_edits_and_is_taken_to_the_post(client, suggestion, author):
    client.force_login(author)
    address = f"/posts/{suggestion.pk}/edit/"
    assert "Charge limit that learns my alarm" in client.get(address).content.decode()
    answer = client.post(address, {"title": "A better title", "body": "New **text**", "tags": "Alarm, Battery"})
    post = Post.objects.get(pk=suggestion.pk)
    assert answer["Location"] == post.get_absolute_url()
    assert "<strong>text</strong>" in post.body_html
    assert {tag.name for tag in post.tags.all()} == {"Alarm", "Battery"}


def test_a_refused_edit_keeps_what_was_typed(client, suggestion, author):
    client.force_login(author)
    answer = client.post(f"/posts/{suggestion.pk}/edit/", {"title": "ab", "body": "All of my new text", "tags": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "All of my new text" in page and 'aria-invalid="true"' in page and "id_title_error" in page


@pytest.mark.parametrize("act", ["edit", "delete"])
def test_nobody_else_changes_a_post(client, suggestion, stranger, act):
    client.force_login(stranger)
    answer = client.post(f"/posts/{suggestion.pk}/{act}/", {"title": "Mine now", "body": ""})
    assert answer.status_code in (403, 404)
    assert Post.objects.get(pk=suggestion.pk).state == PostState.VISIBLE


def test_taking_a_post_back_can_be_undone_with_one_press(client, suggestion, author):
    client.force_login(author)
    page = client.post(f"/posts/{suggestion.pk}/delete/", follow=True).content.decode()
    assert "is taken back" in page and f'action="/posts/{suggestion.pk}/restore/"' in page
    assert client.get(suggestion.post.get_absolute_url()).status_code == 404
    client.post(f"/posts/{suggestion.pk}/restore/")
    assert client.get(suggestion.post.get_absolute_url()).status_code == 200


def test_a_stranger_cannot_bring_back_what_another_took_back(client, suggestion, author, stranger):
    client.force_login(author)
    client.post(f"/posts/{suggestion.pk}/delete/")
    client.force_login(stranger)
    assert client.post(f"/posts/{suggestion.pk}/restore/").status_code == 404


def test_a_refusal_is_a_kind_page_with_the_way_back(client, suggestion, author):
    client.force_login(author)
    answer = client.post(f"/posts/{suggestion.pk}/restore/", headers={"Referer": "http://testserver/suggestions/"})
    assert answer.status_code == 403
    assert "This takes a right" in answer.content.decode() and 'href="/suggestions/"' in answer.content.decode()


def test_the_way_back_never_leads_to_another_site(client, suggestion, author):
    client.force_login(author)
    answer = client.post(f"/posts/{suggestion.pk}/restore/", headers={"Referer": "https://evil.example/suggestions/"})
    assert "evil.example" not in answer.content.decode()


@pytest.mark.parametrize("act", ["delete", "restore"])
def test_what_changes_something_is_never_a_link(client, suggestion, author, act):
    client.force_login(author)
    assert client.get(f"/posts/{suggestion.pk}/{act}/").status_code == 405


def test_follow_and_stop_with_one_button(client, suggestion, stranger):
    client.force_login(stranger)
    for muted in (False, True, False):
        client.post(f"/posts/{suggestion.pk}/follow/")
        assert Follow.objects.get(post=suggestion.pk, member=stranger).muted is muted


def test_the_confirm_page_of_following_never_stops_it(client, suggestion, author):
    client.force_login(author)
    client.post(f"/posts/{suggestion.pk}/follow/", {"want": "follow"})
    assert not Follow.objects.get(post=suggestion.pk, member=author).muted


def test_htmx_gets_the_button_alone(client, suggestion, stranger):
    client.force_login(stranger)
    page = client.post(f"/posts/{suggestion.pk}/follow/", headers={"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="true"' in page and "<html" not in page


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_page_costs_as_many_queries_with_two_comments_as_with_twenty(client, suggestion, signed_in, queries_of):
    if signed_in:
        client.force_login(make_member("Vera Voter"))
    costs = []
    for number in range(20):
        top = make_comment(suggestion.post, f"Comment {number}")
        make_comment(suggestion.post, f"Answer {number}", parent=top)
        if number in (1, 19):
            costs.append(queries_of(suggestion.post.get_absolute_url()))
    assert costs[0] == costs[1] <= 48


def test_an_unknown_post_is_a_kind_404(client):
    answer = client.get("/posts/999999/nothing/")
    assert answer.status_code == 404
    assert "This page is not here" in answer.content.decode()


def test_imported_posts_name_their_source(client, author):
    post = make_post("From afar", author=author, board=make_board())
    Post.objects.filter(pk=post.pk).update(source_system="github", source_id="7", source_url="https://example.org/7")
    page = client.get(post.get_absolute_url()).content.decode()
    assert 'href="https://example.org/7" rel="nofollow noopener"' in page
