"""Drafts wait on the server for their member, and for nobody else."""

from datetime import timedelta

import pytest

from community import comments, posts
from community.models import Draft
from community.refusals import Conflict, Invalid
from community.writing import drafts
from community.writing.drafts import save_draft, waiting_drafts
from tests.factories import NOW, make_board, make_comment, make_member, make_post, make_team_board

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}


def keep(member, form="post", subject=0, at=NOW, draft_id=0, **data):
    return save_draft(member=member, form=form, subject=subject, data=data, at=at, draft_id=draft_id)


def test_what_was_typed_waits_and_is_kept_again_in_its_place(author):
    draft = keep(author, title="A wish")
    assert keep(author, title="A wish, longer", draft_id=draft.pk).pk == draft.pk
    assert Draft.objects.get().data == {"title": "A wish, longer"}


def test_several_new_posts_may_wait_and_one_comment_per_post(author, board):
    post = make_post(board=board)
    for number in range(2):
        keep(author, title=f"Wish {number}")
        keep(author, "comment", post.pk, body=f"Comment {number}")
    assert Draft.objects.filter(form="post").count() == 2
    assert Draft.objects.get(form="comment").data == {"body": "Comment 1"}


def test_an_emptied_form_keeps_nothing(author):
    draft = keep(author, title="A wish")
    assert keep(author, title=" ", body="", draft_id=draft.pk) is None and not Draft.objects.exists()


def test_nobody_keeps_into_somebody_elses_draft(author, voter):
    theirs = keep(voter, title="Theirs")
    mine = keep(author, title="Mine", draft_id=theirs.pk)
    assert mine.pk != theirs.pk and Draft.objects.get(pk=theirs.pk).data["title"] == "Theirs"


def test_fifty_drafts_are_enough(author, monkeypatch):
    monkeypatch.setattr(drafts, "MOST", 2)
    first = keep(author, title="One")
    keep(author, title="Two")
    with pytest.raises(Conflict, match="discard"):
        keep(author, title="Three")
    assert keep(author, title="One again", draft_id=first.pk)


def test_a_draft_is_no_store_room(author):
    with pytest.raises(Invalid):
        keep(author, body="x" * 70_000)


@pytest.mark.parametrize("form", ["comment", "post_edit", "comment_edit"])
def test_nothing_is_kept_about_what_one_may_not_see(author, form):
    hidden = make_post(author=make_member(role="staff", is_staff=True), board=make_team_board())
    with pytest.raises(Conflict):
        keep(author, form, hidden.pk, body="Hm")


def test_old_drafts_are_forgotten(author):
    keep(author, title="Old", at=NOW - timedelta(days=91))
    keep(author, title="Young", at=NOW - timedelta(days=89))
    assert drafts.forget_old_drafts(before=NOW - drafts.KEPT_FOR) == 1 and Draft.objects.get().data["title"] == "Young"


def test_the_list_says_what_each_is_about_while_one_may_see_it(author, board, staff):
    post = make_post("A visible title", board=board)
    keep(author, "comment", post.pk, body="Hm")
    assert [(one.about, one.can_go_on) for one in waiting_drafts(author)] == [("A visible title", True)]
    posts.move_post(post=post, board=make_team_board(), by=staff, at=NOW)
    assert [(one.about, one.can_go_on) for one in waiting_drafts(author)] == [("", False)]


@pytest.fixture
def mine(client, author):
    client.force_login(author)
    return client


def save(client, by_script=True, **fields):
    return client.post("/me/drafts/save/", {"draft_form": "post", **fields}, headers=SCRIPT if by_script else {})


def test_the_script_is_told_when_it_was_saved_and_as_which(mine):
    told = save(mine, title="A wish", kind="bug", board="", need="500").json()
    draft = Draft.objects.get()
    assert told["draft"] == draft.pk and told["said"].startswith("Saved at")
    assert draft.data == {"title": "A wish", "kind": "bug", "board": "", "need": "500"}


def test_without_script_a_press_keeps_it_and_leads_to_the_list(mine):
    page = mine.post("/me/drafts/save/", {"draft_form": "post", "title": "A wish"}, follow=True).content.decode()
    assert "Your draft is kept." in page and "A wish" in page


def test_a_refusal_is_told_to_the_script(mine):
    answer = save(mine, draft_form="comment", draft_subject="999", body="Hm")
    assert answer.status_code == 409 and "not here any more" in answer.json()["said"]


@pytest.mark.parametrize("typed", [{"draft_subject": "x", "draft": "-1"}, {"draft": "9" * 40}, {"title": "\x00A wish"}])
def test_nonsense_breaks_nothing(mine, typed):
    assert save(mine, **{"title": "A wish", **typed}).status_code == 200


def test_a_visitor_has_no_drafts_on_the_server(client):
    assert "/accounts/login/" in save(client, title="A wish")["Location"]
    assert "/accounts/login/" in client.get("/me/drafts/")["Location"]


def test_a_draft_is_gone_on_with_in_the_composer_and_gone_once_it_is_posted(mine, board):
    save(mine, title="A wish about nights", body="It **rings**.", kind="bug", board=board.slug, tags="a, b", need="1000")
    draft = Draft.objects.get()
    page = mine.get(f"/posts/new/?draft={draft.pk}").content.decode()
    assert 'value="A wish about nights"' in page and "It **rings**." in page and 'value="1000" checked' in page
    typed = {"title": "A wish about nights", "body": "", "kind": "bug", "board": board.slug, "tags": ""}
    mine.post("/posts/new/", typed | {"draft": draft.pk})
    assert not Draft.objects.exists()


def test_nobody_opens_or_discards_somebody_elses(mine, voter):
    theirs = keep(voter, title="Theirs")
    assert mine.get(f"/posts/new/?draft={theirs.pk}").status_code == 404
    assert mine.post(f"/me/drafts/{theirs.pk}/discard/").status_code == 404 and Draft.objects.exists()


def test_an_empty_composer_names_what_waits(mine, author, board):
    keep(author, title="Begun on the train")
    assert "Begun on the train" in mine.get("/posts/new/").content.decode()


def test_one_press_discards(mine, author):
    draft = keep(author, title="A wish")
    mine.post(f"/me/drafts/{draft.pk}/discard/")
    assert not Draft.objects.exists()


def test_a_comment_is_gone_on_with_and_gone_once_sent(mine, author, board):
    post = make_post(board=board)
    keep(author, "comment", post.pk, body="Half a thought")
    assert "Half a thought" in mine.get(f"/posts/{post.pk}/comments/new/?draft=1").content.decode()
    mine.post(f"/posts/{post.pk}/comments/new/", {"body": "A whole thought"})
    assert not Draft.objects.exists()


def test_begun_changes_are_offered_and_never_put_in_unasked(mine, author, board):
    post = make_post(author=author, board=board, body="As it is.")
    keep(author, "post_edit", post.pk, title=post.title, body="As it could be.")
    address = f"/posts/{post.pk}/edit/"
    assert "As it could be." not in (page := mine.get(address).content.decode()) and "Go on with that" in page
    assert "As it could be." in mine.get(f"{address}?draft=1").content.decode()
    mine.post(address, {"title": post.title, "body": "Changed.", "tags": ""})
    assert not Draft.objects.exists()


def test_what_one_took_back_is_listed_for_two_weeks_with_the_way_back(mine, author, board):
    post = make_post("Taken back in haste", author=author, board=board)
    comment = make_comment(make_post(board=board), "Said in anger.", author=author)
    mine.post(f"/posts/{post.pk}/delete/")
    mine.post(f"/comments/{comment.pk}/delete/")
    page = mine.get("/me/drafts/").content.decode()
    assert f'action="/posts/{post.pk}/restore/"' in page and f'action="/comments/{comment.pk}/restore/"' in page


def test_the_list_costs_the_same_with_two_and_with_twenty(mine, author, queries_of):
    costs = []
    for number in range(20):
        keep(author, "comment", make_post(board=make_board()).pk, body=f"Thought {number}")
        if number in (1, 19):
            costs.append(queries_of("/me/drafts/"))
    assert costs[0] == costs[1] <= 16


@pytest.mark.parametrize("before", ["held", "hidden", "visible"])
def test_a_comment_its_author_took_back_is_again_what_it_was(author, voter, board, before):
    comment = make_comment(make_post(author=author, board=board), author=voter)
    type(comment).objects.filter(pk=comment.pk).update(state=before)
    comments.delete_comment(comment=comment, by=voter, at=NOW)
    assert comments.restore_comment(comment=comment, by=voter, at=NOW + timedelta(minutes=1)).state == before


def test_a_comment_comes_back_within_14_days(author, board, moderator):
    comment = make_comment(make_post(board=board), author=author)
    comments.delete_comment(comment=comment, by=author, at=NOW)
    with pytest.raises(Conflict, match="14 days"):
        comments.restore_comment(comment=comment, by=author, at=NOW + timedelta(days=15))
    assert comments.restore_comment(comment=comment, by=moderator, at=NOW + timedelta(days=15)).state == "visible"
