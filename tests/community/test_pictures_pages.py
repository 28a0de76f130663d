"""Pictures on pages: shown to whoever may read their text, added with and without script."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from community.comments import delete_comment, hide_comment
from community.models import Attachment, Audience, Board, Comment, Post
from community.pictures import store
from community.pictures.redraw import MOST_BYTES
from community.posts import delete_post, edit_post, hide_post
from tests.factories import NOW, make_board, make_comment, make_member, make_post, make_team_board
from tests.pictures import make_picture, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def shot(author):
    return make_picture(author)


@pytest.fixture
def post(author, board, shot):
    return make_post(author=author, board=board, body=f"![A page]({shot.get_absolute_url()})")


def code(client, shot, width=480) -> int:
    answer = client.get(shot.address(width))
    b"".join(answer)
    return answer.status_code


def given(data=None, name="a.png"):
    return SimpleUploadedFile(name, picture() if data is None else data)


# --- Who sees it ----------------------------------------------------------------------------------------


def test_everybody_sees_the_pictures_of_an_open_post(client, post, shot):
    answer = client.get(shot.address(960))
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "image/webp", "public, max-age=300")
    assert b"".join(answer) == store.path_of("pictures", shot.name, 960).read_bytes()


def test_a_picture_can_do_nothing_even_where_it_is_opened_by_itself(client, post, shot):
    answer = client.get(shot.address(480))
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_before_it_is_posted_only_its_owner_sees_it(client, shot, author):
    assert code(client, shot) == 404
    client.force_login(make_member())
    assert code(client, shot) == 404
    client.force_login(author)
    answer = client.get(shot.address(480))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-cache")


@pytest.mark.parametrize("hide", [hide_post, delete_post])
def test_what_happens_to_the_post_happens_to_its_pictures(client, post, shot, staff, hide):
    hide(post=post, by=staff, at=NOW)
    assert code(client, shot) == 404


@pytest.mark.parametrize("hide", [hide_comment, delete_comment])
def test_what_happens_to_the_comment_happens_to_its_pictures(client, author, board, shot, staff, hide):
    comment = make_comment(make_post(board=board), f"![x]({shot.get_absolute_url()})", author=author)
    assert code(client, shot) == 200
    hide(comment=comment, by=staff, at=NOW)
    assert code(client, shot) == 404


def test_a_hidden_posts_picture_is_still_shown_to_its_author_and_to_the_team_and_kept_nowhere(
    client, post, shot, staff, author
):
    hide_post(post=post, by=staff, at=NOW)
    for person in (author, staff):
        client.force_login(person)
        assert client.get(shot.address(480))["Cache-Control"] == "private, no-cache"


def test_a_closed_boards_pictures_are_for_those_who_may_enter(client, staff):
    shot = make_picture(staff)
    make_post(author=staff, board=make_team_board(), body=f"![x]({shot.get_absolute_url()})")
    assert code(client, shot) == 404
    client.force_login(make_member())
    assert code(client, shot) == 404
    client.force_login(staff)
    assert code(client, shot) == 200


def test_a_members_boards_pictures_are_kept_by_nobody_between(client, author):
    shot = make_picture(author)
    make_post(author=author, board=make_board(see=Audience.MEMBERS), body=f"![x]({shot.get_absolute_url()})")
    assert code(client, shot) == 404
    client.force_login(make_member())
    assert client.get(shot.address(480))["Cache-Control"] == "private, no-cache"


def test_what_was_taken_out_of_a_text_is_seen_no_more(client, post, shot, author):
    edit_post(post=post, by=author, title=post.title, body="Without.", at=NOW)
    assert code(client, shot) == 404


@pytest.mark.parametrize(
    "address",
    ["/pictures/{0}/481.webp", "/pictures/999999/480.webp", "/pictures/{0}/0.webp", "/pictures/9999999999999999999999/"],
)
def test_what_is_not_there_is_not_found(client, post, shot, address):
    assert client.get(address.format(shot.pk)).status_code == 404


def test_what_is_hidden_is_answered_like_what_was_never_there(client, post, shot, staff):
    hide_post(post=post, by=staff, at=NOW)
    hidden, absent = client.get(f"/pictures/{shot.pk}/480.webp"), client.get("/pictures/999999/480.webp")
    told = [re.sub(rb"pictures(/|%2F)\d+", b"pictures", answer.content) for answer in (hidden, absent)]
    assert told[0] == told[1] and hidden.headers.keys() == absent.headers.keys()


def test_a_browser_that_has_it_is_told_so(client, post, shot):
    tag = client.get(shot.address(480))["ETag"]
    answer = client.get(shot.address(480), HTTP_IF_NONE_MATCH=tag)
    assert (answer.status_code, answer["ETag"], answer["Cache-Control"]) == (304, tag, "public, max-age=300")


def test_a_tag_that_is_known_does_not_open_what_is_hidden(client, post, shot, staff):
    tag = client.get(shot.address(480))["ETag"]
    hide_post(post=post, by=staff, at=NOW)
    assert client.get(shot.address(480), HTTP_IF_NONE_MATCH=tag).status_code == 404
    assert client.get(shot.address(480), HTTP_IF_NONE_MATCH="*").status_code == 404


def test_the_short_address_leads_to_the_largest(client, post, shot):
    answer = client.get(shot.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (302, f"/pictures/{shot.pk}/960.webp")


def test_a_visitor_costs_one_query(client, post, shot, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert code(client, shot) == 200


def test_a_file_that_is_lost_is_not_found(client, post, shot):
    store.drop("pictures", shot.name)
    assert code(client, shot) == 404


def test_no_route_hands_out_the_folder(client, shot):
    for path in (
        f"/media/pictures/{shot.name[:2]}/{shot.name}/480.webp",
        "/pictures/../media/",
        f"/pictures/{shot.name}/480.webp",
    ):
        assert client.get(path).status_code == 404


# --- Added by script ------------------------------------------------------------------------------------


def test_script_sends_a_picture_and_gets_its_thumbnail_and_its_words_in_markdown(client, author):
    client.force_login(author)
    answer = client.post(reverse("picture-new"), {"picture": given()})
    made = Attachment.objects.get()
    assert (answer.status_code, answer["X-Picture"], made.owner) == (201, f"![](/pictures/{made.pk}/)", author)
    assert f'name="alt-{made.pk}"' in answer.content.decode() and f"/pictures/{made.pk}/60.webp" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"<svg/>", "a.svg", "no picture"),
        (b"", "a.png", "Please"),
        (picture()[:60], "a.png", "damaged"),
        (picture(), "a.html", "name of this file"),
    ],
)
def test_script_is_told_in_a_sentence_what_is_wrong(client, author, data, name, sentence):
    client.force_login(author)
    answer = client.post(reverse("picture-new"), {"picture": given(data, name)})
    assert answer.status_code == 422 and sentence in answer.content.decode() and answer["Content-Type"].startswith("text/plain")


def test_a_picture_past_ten_megabytes_is_dropped_while_it_arrives(client, author):
    client.force_login(author)
    answer = client.post(reverse("picture-new"), {"picture": given(picture() + bytes(MOST_BYTES))})
    assert answer.status_code == 422 and "10 MB" in answer.content.decode()


def test_a_visitor_adds_no_pictures(client):
    assert client.post(reverse("picture-new"), {"picture": given()}).status_code == 403 and not Attachment.objects.exists()


def test_adding_takes_a_post(client, author):
    client.force_login(author)
    assert client.get(reverse("picture-new")).status_code == 405


# --- Added by the form alone ----------------------------------------------------------------------------


@pytest.fixture
def say(client, author, board):
    client.force_login(author)
    address = reverse("comment-new", args=[make_post(board=board).pk])
    return lambda **typed: client.post(address, {"body": "Look:", **typed})


def test_a_picture_that_comes_with_a_comment_stands_in_it_and_is_asked_what_it_shows(say):
    answer = say(pictures=[given(), given()])
    first, second = Attachment.objects.order_by("pk")
    page = answer.content.decode()
    assert answer.status_code == 422 and not Comment.objects.exists()
    assert f"Look:\n\n![](/pictures/{first.pk}/)\n\n![](/pictures/{second.pk}/)" in page and f'name="alt-{first.pk}"' in page


def test_what_is_typed_beside_it_becomes_its_words(say, shot):
    assert say(body=f"Look: ![](/pictures/{shot.pk}/)", **{f"alt-{shot.pk}": "The *battery* page"}).status_code == 302
    assert Comment.objects.get().body == f"Look: ![The battery page](/pictures/{shot.pk}/)"


def test_without_words_it_is_asked_again_and_nothing_is_lost(say, shot):
    answer = say(body=f"Look: ![](/pictures/{shot.pk}/)", **{f"alt-{shot.pk}": ""})
    assert answer.status_code == 422 and "what the picture shows" in answer.content.decode()
    assert f"![](/pictures/{shot.pk}/)" in answer.content.decode() and not Comment.objects.exists()


def test_it_may_be_only_decoration(say, shot):
    say(body=f"Look: ![old](/pictures/{shot.pk}/)", decorative=[shot.pk], **{f"alt-{shot.pk}": ""})
    assert f"![](/pictures/{shot.pk}/)" in Comment.objects.get().body and Attachment.objects.get().decorative


def test_remove_takes_it_out_of_the_text_and_shows_the_form_again(say, shot):
    answer = say(body=f"Look: ![x](/pictures/{shot.pk}/) here", drop=shot.pk, **{f"alt-{shot.pk}": "x"})
    assert answer.status_code == 422 and "Look: here" in answer.content.decode() and not Comment.objects.exists()


def test_a_bad_file_says_so_and_the_others_are_taken(say):
    page = say(pictures=[given(b"<svg/>", "evil.svg"), given()]).content.decode()
    assert "evil.svg: This is no picture" in page and Attachment.objects.count() == 1


def test_putting_none_into_the_text_says_so(say):
    assert "choose a picture first" in say(add_pictures="1").content.decode()


def test_a_visitors_picture_is_not_taken_and_their_text_is_kept(client, board):
    answer = client.post(reverse("comment-new", args=[make_post(board=board).pk]), {"body": "Look:", "pictures": [given()]})
    assert "once you are signed in" in answer.content.decode() and "Look:" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_the_composer_takes_pictures_too(client, author, board):
    client.force_login(author)
    typed = {"title": "A new wish", "body": "Why", "kind": "suggestion", "board": board.slug, "tags": "", "need": "2000"}
    answer = client.post(reverse("post-new"), typed | {"pictures": [given()]})
    made = Attachment.objects.get()
    assert answer.status_code == 422 and f"![](/pictures/{made.pk}/)" in answer.content.decode()
    assert (
        client.post(reverse("post-new"), typed | {"body": f"![](/pictures/{made.pk}/)", f"alt-{made.pk}": "Why"}).status_code
        == 302
    )
    assert Post.objects.get().attachments.get() == made


def test_the_words_beside_a_picture_are_no_business_of_higher_apps(client, author, board, shot, monkeypatch):
    seen = {}
    monkeypatch.setattr(
        "community.views.compose.write_post", lambda **more: seen.update(more["extras"]) or make_post(board=board)
    )
    client.force_login(author)
    typed = {"title": "A new wish", "body": "Why", "kind": "suggestion", "board": board.slug, "tags": "", "decorative": "7"}
    client.post(reverse("post-new"), typed | {f"alt-{shot.pk}": "x"})
    assert not {name for name in seen if name.startswith(("alt-", "decorative", "pictures"))}


def test_an_edit_shows_the_pictures_of_the_text_with_their_words(client, author, post, shot):
    client.force_login(author)
    page = client.get(reverse("post-edit", args=[post.pk])).content.decode()
    assert f'name="alt-{shot.pk}" value="A page"' in page


def test_nobody_describes_the_picture_of_somebody_else(client, board, shot):
    client.force_login(make_member())
    body = f"![x](/pictures/{shot.pk}/)"
    client.post(
        reverse("comment-new", args=[make_post(board=board).pk]),
        {"body": body, "decorative": shot.pk, f"alt-{shot.pk}": "mine"},
    )
    assert not Attachment.objects.get().decorative and "<img" not in Comment.objects.get().body_html


def test_a_request_of_nothing_but_files_is_cut_off(client, author, monkeypatch):
    monkeypatch.setattr("community.pictures.uploads.MOST_AT_ONCE", 50_000)
    client.force_login(author)
    answer = client.post(reverse("picture-new"), {"picture": given(picture() + bytes(200_000))})
    assert answer.status_code == 422 and not Attachment.objects.exists()


def test_a_post_page_asks_no_more_for_pictures(client, author, board, queries_of):
    plain = queries_of(make_post(board=board).get_absolute_url())
    shots = [make_picture(author) for _ in range(5)]
    body = "\n\n".join(f"![x]({shot.get_absolute_url()})" for shot in shots)
    assert queries_of(make_post(author=author, board=board, body=body).get_absolute_url()) <= plain
    assert Board.objects.exists()
