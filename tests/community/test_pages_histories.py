"""The page of versions: what differs, in words as well as in strokes; who may read it, and who may hide what."""

from datetime import timedelta

import pytest

from community import comments, posts
from community.models import Revision
from community.writing.revisions import hide_revision
from tests.factories import NOW, make_comment, make_post, make_team_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(author, board):
    post = make_post("What the counter taught me", author=author, board=board, body="A customer said so.", tags=["repair"])
    return posts.edit_post(
        post=post, by=author, title=post.title, body="Somebody said so.", tags=["repair", "people"], at=NOW + timedelta(hours=1)
    )


@pytest.fixture
def comment(post, voter):
    said = make_comment(post, "请早上充满。", author=voter)
    return comments.edit_comment(comment=said, by=voter, body="请晚上充满。", at=NOW + timedelta(hours=2))


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_what_went_and_what_came_without_colours(client, post):
    page = page_of(client, f"/posts/{post.pk}/history/")
    assert '<del><span class="vh">[removed: </span>A customer' in page
    assert '<ins><span class="vh">[added: </span>Somebody' in page
    assert '<ins><span class="vh">Tag added: </span>people' in page


def test_chinese_differs_by_its_signs(client, comment):
    page = page_of(client, f"/comments/{comment.pk}/history/")
    assert "</span>早<span" in page and "</span>晚<span" in page and "What this comment has said" in page


def test_edited_leads_there_from_the_post_and_from_the_comment(client, post, comment):
    page = page_of(client, post.get_absolute_url())
    assert f'href="/posts/{post.pk}/history/"' in page and f'href="/comments/{comment.pk}/history/"' in page


def test_nothing_that_was_typed_can_run(client, post, author):
    evil = "<script>alert(1)</script>"
    posts.edit_post(post=post, by=author, title=f"Title {evil}", body=evil, at=NOW + timedelta(hours=3), reason=evil)
    assert "<script>alert" not in page_of(client, f"/posts/{post.pk}/history/")


def test_what_was_never_edited_says_so(client, board):
    assert "Never edited" in page_of(client, f"/posts/{make_post(board=board).pk}/history/")


def test_it_is_as_visible_as_what_it_is_about(client, post, comment, staff, moderator):
    comments.hide_comment(comment=comment, by=moderator, at=NOW)
    assert client.get(f"/comments/{comment.pk}/history/").status_code == 404
    posts.move_post(post=post, board=make_team_board(), by=staff, at=NOW)
    assert client.get(f"/posts/{post.pk}/history/").status_code == 404


def test_a_moderator_hides_a_version_and_the_toast_shows_it_again(client, post, moderator):
    client.force_login(moderator)
    first = post.revisions.get(number=1)
    page = client.post(f"/revisions/{first.pk}/hide/", follow=True).content.decode()
    assert f'action="/revisions/{first.pk}/show/"' in page and "This version is hidden." in page
    client.logout()
    page = page_of(client, f"/posts/{post.pk}/history/")
    assert "A customer" not in page and "A moderator has hidden what this version said." in page


def test_a_comments_version_is_hidden_in_the_same_way(client, comment, moderator):
    client.force_login(moderator)
    answer = client.post(f"/revisions/{comment.revisions.get(number=1).pk}/hide/")
    assert answer["Location"] == f"/comments/{comment.pk}/history/"
    assert comment.revisions.get(number=1).hidden_by == moderator


def test_one_who_may_not_moderate_is_not_offered_it_and_refused(client, post, author):
    client.force_login(author)
    first = post.revisions.get(number=1)
    assert "Hide this version" not in page_of(client, f"/posts/{post.pk}/history/")
    assert client.post(f"/revisions/{first.pk}/hide/").status_code == 403
    assert Revision.objects.get(pk=first.pk).hidden_at is None


def test_versions_of_what_one_may_not_see_are_not_there(client, post, staff, voter):
    posts.move_post(post=post, board=make_team_board(), by=staff, at=NOW)
    client.force_login(voter)
    assert client.post(f"/revisions/{post.revisions.get(number=1).pk}/hide/").status_code == 404
    assert client.post("/revisions/999999/show/").status_code == 404


def test_htmx_gets_the_earlier_versions_alone(client, post, author):
    for number in range(9):
        posts.edit_post(post=post, by=author, title=post.title, body=f"Take {number}", at=NOW + timedelta(days=number + 1))
    last = page_of(client, f"/posts/{post.pk}/history/")
    after = post.revisions.get(number=4).pk
    assert f"?after={after}" in last
    rest = client.get(f"/posts/{post.pk}/history/?after={after}", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in rest and "As it was first" in rest


def test_a_page_of_versions_costs_the_same_with_two_and_with_eight(client, board, author, queries_of):
    post, costs = make_post(author=author, board=board), []
    for number in range(7):
        posts.edit_post(post=post, by=author, title=post.title, body=f"Take {number}", at=NOW + timedelta(days=number + 1))
        if number in (0, 6):
            costs.append(queries_of(f"/posts/{post.pk}/history/"))
    assert costs[0] == costs[1] <= 10


def test_whoever_tidies_up_somebody_elses_post_says_why(client, post, moderator):
    client.force_login(moderator)
    typed = {"title": post.title, "body": "Tidied.", "tags": ""}
    assert client.post(f"/posts/{post.pk}/edit/", typed).status_code == 422
    client.post(f"/posts/{post.pk}/edit/", typed | {"reason": "An address stood in it."})
    page = page_of(client, f"/posts/{post.pk}/history/")
    assert "Why: An address stood in it." in page and "not the author" in page and str(moderator) in page


def test_so_does_whoever_mends_a_comment(client, comment, moderator):
    client.force_login(moderator)
    assert client.post(f"/comments/{comment.pk}/edit/", {"body": "Tidied."}).status_code == 422
    client.post(f"/comments/{comment.pk}/edit/", {"body": "Tidied.", "reason": "A name."})
    assert comment.revisions.first().reason == "A name."


def test_authors_need_no_reason(client, post, author):
    client.force_login(author)
    typed = {"title": post.title, "body": "My own change.", "tags": ""}
    assert client.post(f"/posts/{post.pk}/edit/", typed).status_code == 302


def test_the_author_of_a_hidden_version_reads_no_more_of_it_than_others(client, post, author, moderator):
    hide_revision(revision=post.revisions.get(number=1), by=moderator, at=NOW)
    client.force_login(author)
    assert "A customer" not in page_of(client, f"/posts/{post.pk}/history/")
