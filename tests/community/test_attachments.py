"""Pictures are added, stand in texts, are let go, and are swept away."""

import os
import time

import pytest
from celery import current_app
from django.db import IntegrityError, transaction

from community import tasks
from community.accounts.registry import Leaving, erase_all
from community.comments import edit_comment
from community.dressing import preview
from community.models import Attachment, Comment, Draft, Post
from community.notice_words import Words
from community.pictures import store
from community.pictures.attachments import A_DAY, MOST_PER_TEXT, add_picture, mark_decorative, markdown_of, sweep_pictures, tame
from community.posts import edit_post
from community.refusals import Invalid, NotAllowed, TooMany
from tests.factories import NOW, make_comment, make_member, make_newcomer, make_post
from tests.pictures import make_picture, photo, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def shot(author):
    return make_picture(author)


def told(shot, words="The battery page") -> str:
    return f"See:\n\n![{words}]({shot.get_absolute_url()})"


def again(shot) -> Attachment:
    return Attachment.objects.get(pk=shot.pk)


def test_a_picture_is_kept_in_its_widths_for_its_owner_alone(author, media):
    made = add_picture(owner=author, data=photo(), filename="a.jpg", at=NOW)
    assert (made.widths, made.width, made.height, made.loose_since) == ([480, 960, 1200], 1200, 800, NOW)
    lying = sorted(path.name for path in media.rglob("*.webp"))
    assert lying == ["1200.webp", "480.webp", "960.webp"]
    assert sum(path.stat().st_size for path in media.rglob("*.webp")) == made.bytes


def test_nothing_of_the_name_it_came_with_is_kept(author, media):
    add_picture(owner=author, data=picture(), filename="holiday-at-home.png", at=NOW)
    assert not [path for path in media.rglob("*") if "holiday" in str(path)]


def test_what_is_no_picture_leaves_nothing_behind(author, media):
    with pytest.raises(Invalid):
        add_picture(owner=author, data=b"<svg/>", filename="a.svg", at=NOW)
    assert not Attachment.objects.exists() and not list(media.rglob("*"))


def test_a_row_that_fails_leaves_no_file(author, media, monkeypatch):
    monkeypatch.setattr(Attachment.objects, "create", lambda **fields: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        add_picture(owner=author, data=picture(), filename="a.png", at=NOW)
    assert not list(media.rglob("*.webp"))


@pytest.mark.parametrize("trust", [0, 2])
def test_a_day_has_room_for_so_many(settings, trust, monkeypatch):
    settings.RATE_LIMITS = True
    member = make_newcomer("New", trust=trust)
    monkeypatch.setattr("community.pictures.attachments.redraw", lambda **more: [store.Version(4, 3, picture("webp"))])
    for _ in range(A_DAY[trust]):
        add_picture(owner=member, data=picture(), filename="", at=NOW)
    with pytest.raises(TooMany):
        add_picture(owner=member, data=picture(), filename="", at=NOW)


def test_who_may_not_write_adds_no_pictures(author):
    author.is_active = False
    with pytest.raises(NotAllowed):
        add_picture(owner=author, data=picture(), filename="", at=NOW)


def test_a_post_shows_its_pictures_and_has_them(author, board, shot):
    post = make_post(author=author, board=board, body=told(shot))
    kept = again(shot)
    assert (kept.post, kept.comment, kept.loose_since, kept.alt) == (post, None, None, "The battery page")
    assert f'<img src="/pictures/{shot.pk}/960.webp"' in post.body_html and 'alt="The battery page"' in post.body_html


def test_a_comment_shows_its_pictures_and_has_them(author, board, shot):
    comment = make_comment(make_post(board=board), told(shot), author=author)
    assert again(shot).comment == comment and "<img" in Comment.objects.get(pk=comment.pk).body_html


def test_room_is_kept_for_it_and_no_more_is_loaded_than_needed(author, board, shot):
    html = make_post(author=author, board=board, body=told(shot)).body_html
    assert 'width="672" height="420"' in html and 'loading="lazy"' in html
    assert f'srcset="/pictures/{shot.pk}/480.webp 480w, /pictures/{shot.pk}/960.webp 960w"' in html


def test_a_tall_screenshot_is_no_taller_than_a_screen(author, board):
    tall = make_picture(author, widths=(480, 960), height=2133)
    assert 'width="252" height="560"' in make_post(author=author, board=board, body=told(tall)).body_html


def test_somebody_elses_picture_stays_a_link(board, shot):
    post = make_post(author=make_member(), board=board, body=told(shot))
    assert "<img" not in post.body_html and f'<a href="/pictures/{shot.pk}/"' in post.body_html
    assert again(shot).post is None


def test_a_picture_of_one_text_does_not_move_into_another(author, board, shot):
    first = make_post(author=author, board=board, body=told(shot))
    second = make_post(author=author, board=board, body=told(shot))
    assert again(shot).post == first and "<img" not in second.body_html


def test_a_picture_without_words_is_asked_for_some(author, board, shot):
    with pytest.raises(Invalid, match="what the picture shows"):
        make_post(author=author, board=board, body=told(shot, ""))
    assert again(shot).loose_since and not Post.objects.exists()


def test_a_picture_that_is_only_decoration_needs_none_and_leads_nowhere(author, board, shot):
    mark_decorative(pictures=[shot.pk], owner=author, decorative=True)
    html = make_post(author=author, board=board, body=told(shot, "")).body_html
    assert 'alt=""' in html and "<a " not in html


def test_nobody_else_says_that_a_picture_is_decoration(shot):
    mark_decorative(pictures=[shot.pk], owner=make_member(), decorative=True)
    assert not again(shot).decorative


def test_a_text_has_room_for_ten(author, board):
    body = "\n".join(markdown_of(make_picture(author), "x") for _ in range(MOST_PER_TEXT + 1))
    with pytest.raises(Invalid, match="10 pictures"):
        make_post(author=author, board=board, body=body)


def test_what_an_edit_takes_out_is_let_go_and_can_come_back(author, board, shot, hours):
    post = make_post(author=author, board=board, body=told(shot))
    edit_post(post=post, by=author, title=post.title, body="Without it.", at=NOW + hours(1))
    assert (again(shot).post, again(shot).loose_since) == (None, NOW + hours(1))
    edit_post(post=post, by=author, title=post.title, body=told(shot), at=NOW + hours(2))
    assert again(shot).post == post and "<img" in Post.objects.get().body_html


def test_a_moderator_who_tidies_up_keeps_the_authors_pictures_and_adds_their_own(author, board, shot, moderator):
    comment, more = make_comment(make_post(board=board), told(shot), author=author), make_picture(moderator)
    edit_comment(comment=comment, by=moderator, body=told(shot) + told(more), at=NOW)
    assert {again(shot).comment, again(more).comment} == {comment}


def test_the_words_follow_the_text(author, board, shot):
    post = make_post(author=author, board=board, body=told(shot))
    edit_post(post=post, by=author, title=post.title, body=told(shot, "Something else"), at=NOW)
    assert again(shot).alt == "Something else"


def test_a_preview_shows_ones_own_pictures_and_takes_none(author, shot):
    assert "<img" in preview(told(shot), by=author) and "<img" not in preview(told(shot), by=make_member())
    assert "<img" not in preview(told(shot), by=None) and again(shot).loose_since


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a ] b", "a b"),
        ("x](javascript:alert(1))", "x (javascript:alert(1))"),
        ("a\nb", "a b"),
        ("**a**", "a"),
        ("x" * 400, "x" * 300),
    ],
)
def test_words_for_a_picture_are_one_line_without_signs(typed, kept, shot):
    assert tame(typed) == kept and markdown_of(shot, typed) == f"![{kept}](/pictures/{shot.pk}/)"


@pytest.mark.parametrize("fields", [{"loose_since": None}, {"loose_since": NOW, "post": True}])
def test_the_database_knows_whether_a_picture_is_in_a_text(author, board, shot, fields):
    post = make_post(board=board)
    said = fields | ({"post": post} if "post" in fields else {})
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=shot.pk).update(**said)


def test_no_picture_is_of_a_post_and_a_comment(author, board, shot):
    post = make_post(board=board)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=shot.pk).update(post=post, comment=make_comment(post), loose_since=None)


# --- Sweeping -------------------------------------------------------------------------------------------


def sweep(django_capture_on_commit_callbacks, at) -> int:
    with django_capture_on_commit_callbacks(execute=True):
        return sweep_pictures(at=at)


def test_what_no_text_has_is_gone_after_48_hours(shot, media, hours, django_capture_on_commit_callbacks):
    assert sweep(django_capture_on_commit_callbacks, NOW + hours(47)) == 0
    assert sweep(django_capture_on_commit_callbacks, NOW + hours(49)) == 1
    assert not Attachment.objects.exists() and not list(media.rglob("*.webp"))


def test_what_a_text_has_stays(author, board, shot, media, hours, django_capture_on_commit_callbacks):
    make_post(author=author, board=board, body=told(shot))
    assert sweep(django_capture_on_commit_callbacks, NOW + hours(999)) == 0 and list(media.rglob("*.webp"))


def test_what_a_draft_has_stays(author, shot, hours, django_capture_on_commit_callbacks):
    Draft.objects.create(member=author, form=Draft.Form.POST, data={"title": "Begun", "body": told(shot)})
    assert sweep(django_capture_on_commit_callbacks, NOW + hours(49)) == 0


def test_folders_that_belong_to_nothing_are_gone(author, media, django_capture_on_commit_callbacks):
    lost, half = store.keep("pictures", []), store.folder("faces", "0" * 32).with_name("." + "0" * 32)
    half.mkdir(parents=True)
    for path in (store.folder("pictures", lost), half):
        os.utime(path, (time.time() - 200_000,) * 2)
    young = store.keep("pictures", [])
    assert sweep(django_capture_on_commit_callbacks, NOW) == 2
    assert [path.name for path in media.glob("*/??/*")] == [young]


def test_the_folder_of_a_picture_that_stands_in_a_text_is_not_swept_however_old(
    author, board, shot, media, django_capture_on_commit_callbacks
):
    make_post(author=author, board=board, body=told(shot))
    os.utime(store.folder("pictures", shot.name), (1, 1))
    assert sweep(django_capture_on_commit_callbacks, NOW) == 0 and list(media.rglob("*.webp"))


@pytest.mark.parametrize("name", ["", "..", "../..", "x" * 32, "/" * 32, "0" * 31])
def test_only_a_name_of_ours_is_ever_dropped(media, name):
    media.mkdir()
    (media / "precious").write_text("kept")
    store.drop("pictures", name)
    assert (media / "precious").exists()


def test_a_folder_is_there_whole_or_not_at_all(media, monkeypatch):
    monkeypatch.setattr(os, "replace", lambda *names: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store.keep("pictures", [store.Version(4, 3, b"x")])
    assert not [path for path in media.glob("*/??/*") if not path.name.startswith(".")]


# --- Leaving --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keeps", [True, False])
def test_who_leaves_takes_their_pictures_along_with_their_words(
    author, board, media, keeps, django_capture_on_commit_callbacks
):
    posted, loose = make_picture(author), make_picture(author)
    make_post(author=author, board=board, body=told(posted))
    with django_capture_on_commit_callbacks(execute=True):
        erase_all(Leaving(author, keeps, NOW))
    assert set(Attachment.objects.values_list("pk", flat=True)) == ({posted.pk} if keeps else set())
    assert len(list(media.rglob("*.webp"))) == (2 if keeps else 0) and loose and Words([]) is not None


# --- By the clock ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["community.sweep_pictures", "community.dress_again"])
def test_sweeping_and_drawing_anew_stand_in_the_schedule(name):
    assert name in current_app.tasks and name in {entry["task"] for entry in current_app.conf.beat_schedule.values()}


def test_the_nightly_task_draws_old_texts_anew_and_then_rests(author, board, shot):
    post = make_post(author=author, board=board, body=told(shot))
    comment = make_comment(post, "Plain.")
    for model in (Post, Comment):
        model.objects.update(renderer=1, body_html="old")
    assert (tasks.dress_old_texts(), tasks.dress_old_texts()) == (2, 0)
    assert "<img" in Post.objects.get().body_html and Comment.objects.get(pk=comment.pk).body_html == "<p>Plain.</p>\n"


def test_a_text_from_elsewhere_past_the_limits_stays_plain_words(board):
    post = make_post(board=board)
    Post.objects.filter(pk=post.pk).update(renderer=1, body="[x](https://e.org) " * 60)
    tasks.dress_old_texts()
    assert "<a" not in Post.objects.get().body_html and "[x]" in Post.objects.get().body_html
