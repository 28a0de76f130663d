"""Administrators set how careful boards are and which words are watched, in the admin."""

import pytest

from community.care.plans import keep_plan, unwatch_word, watch_word
from community.models import CarePlan, Decision, HouseRules, Member, Post, WatchedWord
from community.refusals import Conflict, Invalid, NotAllowed
from tests.factories import NOW, make_admin, make_board, make_post
from tests.feedback.desks import at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, admin_member):
    return at_the_desk(client, admin_member)


def test_a_word_is_watched_once_per_place(admin_member, board):
    watch_word(word=WatchedWord(word="  buy   now "), by=admin_member)
    watch_word(word=WatchedWord(word="buy now", board=board), by=admin_member)
    assert list(WatchedWord.objects.values_list("word", flat=True)) == ["buy now"] * 2
    with pytest.raises(Conflict):
        watch_word(word=WatchedWord(word="BUY NOW"), by=admin_member)


@pytest.mark.parametrize("word", ["", "  ", "\u200b"])
def test_an_empty_word_is_none(admin_member, word):
    with pytest.raises(Invalid):
        watch_word(word=WatchedWord(word=word), by=admin_member)


def test_only_administrators_set_it(staff, board):
    for act in (
        lambda: watch_word(word=WatchedWord(word="x"), by=staff),
        lambda: unwatch_word(word=WatchedWord(word="x"), by=staff),
        lambda: keep_plan(plan=CarePlan(board=board), by=staff),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_site_has_one_plan(admin_member, board):
    kept = keep_plan(plan=CarePlan(hold_first=True), by=admin_member)
    kept.hold_first = False
    keep_plan(plan=kept, by=admin_member)
    keep_plan(plan=CarePlan(board=board), by=admin_member)
    with pytest.raises(Conflict):
        keep_plan(plan=CarePlan(), by=admin_member)


def test_words_and_plans_are_kept_in_the_admin(desk, board):
    desk.post("/admin/community/watchedword/add/", {"word": "代购", "board": "", "note": "Resellers"})
    desk.post(
        "/admin/community/careplan/add/", {"board": board.pk, "hold_first": "on", "links_to_one_host": 2, "target_hours": 4}
    )
    assert WatchedWord.objects.get().note == "Resellers" and CarePlan.objects.get().links_to_one_host == 2
    desk.post(f"/admin/community/watchedword/{WatchedWord.objects.get().pk}/delete/", {"post": "yes"})
    assert not WatchedWord.objects.exists()


def test_new_rules_are_given_in_the_admin_and_each_text_is_a_new_row(desk, client):
    desk.post("/admin/community/houserules/add/", {"text": "Be kind.", "text_zh_hans": "", "text_zh_hant": ""})
    first = HouseRules.objects.get()
    desk.post(f"/admin/community/houserules/{first.pk}/change/", {"text": "Be kinder.", "text_zh_hans": "", "text_zh_hant": ""})
    assert sorted(HouseRules.objects.values_list("text", flat=True)) == ["Be kind.", "Be kinder."]
    assert "Be kinder." in client.get("/rules/").content.decode()


def test_what_the_desk_hides_and_limits_is_told_and_can_be_appealed(desk, author):
    post = make_post("Of the desk", author=author, board=make_board(), at=NOW)
    desk.post("/admin/community/post/", {"action": "hide", "_selected_action": [post.pk]})
    assert Post.objects.get(pk=post.pk).state == "hidden" and Decision.objects.get().rule == "other"
    desk.post("/admin/community/post/", {"action": "restore", "_selected_action": [post.pk]})
    assert list(Decision.objects.order_by("pk").values_list("verdict", flat=True)) == ["hidden", "restored"]
    assert make_admin() and Member.objects.get(pk=author.pk).trust == 2
