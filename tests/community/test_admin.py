"""Community in the admin: people, boards, talk and the record."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Activity, Board, Comment, Delivery, Mailing, Persona, Post, Product, Standing, Tag
from tests.factories import make_board, make_comment, make_member, make_persona, make_post
from tests.feedback.desks import at_the_desk, desk, queries_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client, admin_member):
    return at_the_desk(client, admin_member)


@pytest.fixture
def desk_client(client, staff):
    return at_the_desk(client, staff)


def test_a_member_is_appointed_by_the_form(boss, author):
    typed = {"role": "staff", "staff_title": "Battery", "is_active": "on", "limited_until_0": "", "limited_until_1": ""}
    assert boss.post(desk("community_member_change", author.pk), typed).status_code == 302
    author.refresh_from_db()
    assert (author.role, author.is_staff, author.staff_title) == ("staff", True, "Battery")


def test_a_refusal_is_shown_with_what_was_typed(boss, admin_member):
    typed = {"role": "member", "staff_title": "Nobody", "is_active": "on", "limited_until_0": "", "limited_until_1": ""}
    answer = boss.post(desk("community_member_change", admin_member.pk), typed)
    page = answer.content.decode()
    assert (answer.status_code, "The last one." in page, 'value="Nobody"' in page) == (200, True, True)
    admin_member.refresh_from_db()
    assert admin_member.role == "admin"


def test_staff_look_members_up_and_change_nothing(desk_client, author):
    url = desk("community_member_change", author.pk)
    assert "Mara Lindqvist" in desk_client.get(url).content.decode()
    assert desk_client.post(url, {"role": "admin"}).status_code == 403


@pytest.mark.parametrize("name", ["member", "activity", "mailing", "delivery", "comment", "post"])
def test_nobody_makes_or_deletes_these_by_hand(boss, name, suggestion):
    assert boss.get(desk(f"community_{name}_changelist")).status_code == 200
    assert boss.get(desk(f"community_{name}_add")).status_code == 403


def test_people_are_found_by_name_and_mail(desk_client, author):
    make_member("林小满")
    for words, name in (("Lindqvist", "Mara Lindqvist"), ("小满", "林小满")):
        rows = desk_client.get(desk("community_member_changelist") + f"?q={words}").context["cl"].result_list
        assert [str(row) for row in rows] == [name]


def test_a_product_a_board_a_persona_and_a_tag_are_kept(boss):
    boss.post(desk("community_product_add"), {"name": "Linden One", "slug": "one", "position": 1})
    product = Product.objects.get()
    rights = dict.fromkeys(("see", "post", "comment", "vote"), "members")
    boss.post(desk("community_board_add"), {"product": product.pk, "name": "Camera", "slug": "camera", "position": 1, **rights})
    boss.post(desk("community_persona_add"), {"name": "Traveller", "slug": "traveller", "position": 1})
    tag = Tag.objects.create(slug="alarm", name="Allarm")
    boss.post(desk("community_tag_change", tag.pk), {"name": "Alarm"})
    assert (Board.objects.get().see, Persona.objects.get(slug="traveller").name) == ("members", "Traveller")
    assert Tag.objects.get().name == "Alarm"


def test_a_board_that_would_leave_readers_behind_is_shown_again(boss):
    wide, narrow = make_board("wide"), make_board("narrow")
    Standing.objects.filter(pk=make_post(board=narrow).pk).update(folded_into=make_post(board=wide))
    rights = {"see": "staff", "post": "anyone", "comment": "anyone", "vote": "anyone"}
    typed = {"product": wide.product_id, "name": "Wide", "slug": "wide", "position": 0, **rights}
    answer = boss.post(desk("community_board_change", wide.pk), typed)
    assert "not all of their readers could see" in answer.content.decode()
    assert Board.objects.get(pk=wide.pk).see == "anyone"


def test_posts_are_hidden_and_shown_again_through_their_operations(desk_client, suggestion):
    for action, state in (("hide", "hidden"), ("restore", "visible")):
        desk_client.post(desk("community_post_changelist"), {"action": action, "_selected_action": [suggestion.pk]})
        assert (Post.objects.get().state, Standing.objects.get().state) == (state, state)
    assert Activity.objects.filter(verb="post_changed").count() == 2


def test_hiding_what_is_hidden_says_so(desk_client, suggestion):
    sent = {"action": "hide", "_selected_action": [suggestion.pk]}
    desk_client.post(desk("community_post_changelist"), sent)
    answer = desk_client.post(desk("community_post_changelist"), sent, follow=True)
    assert "That was done already." in said(answer)


def test_a_post_is_moved_and_converted_by_the_form(desk_client, suggestion):
    goal = make_board("camera")
    desk_client.post(desk("community_post_change", suggestion.pk), {"board": goal.pk, "kind": "bug", "language": "en"})
    standing = Standing.objects.get()
    assert (standing.board, standing.kind) == (goal, "bug")


def test_a_comment_is_hidden_and_no_more_counted(desk_client, suggestion):
    comment = make_comment(suggestion.post)
    desk_client.post(desk("community_comment_changelist"), {"action": "hide", "_selected_action": [comment.pk]})
    assert (Comment.objects.get().state, Standing.objects.get().comments) == ("hidden", 0)


def test_the_record_shows_facts_and_lets_nobody_change_them(boss, suggestion):
    fact = Activity.objects.filter(verb="post_written").get()
    page = boss.get(desk("community_activity_changelist") + "?verb=post_written").content.decode()
    assert "post_written" in page
    assert boss.post(desk("community_activity_change", fact.pk), {"verb": "post_edited"}).status_code == 403


@pytest.fixture
def parked(suggestion):
    debt = Delivery.objects.order_by("pk").first()
    debt.error, debt.attempts, debt.due_at = "ValueError: odd", 3, timezone.now() + timedelta(hours=12)
    debt.save()
    return debt


def test_failed_debts_are_shown_with_their_error_and_tried_again_at_once(boss, parked):
    url = desk("community_delivery_changelist")
    assert "ValueError: odd" in boss.get(url + "?parked=yes").content.decode()
    assert "ValueError: odd" not in boss.get(url + "?parked=no").content.decode()
    boss.post(url, {"action": "retry", "_selected_action": [parked.pk]})
    parked.refresh_from_db()
    assert parked.due_at <= timezone.now()


def test_staff_see_debts_and_do_not_retry_them(desk_client, parked):
    url = desk("community_delivery_changelist")
    assert desk_client.get(url).status_code == 200
    desk_client.post(url, {"action": "retry", "_selected_action": [parked.pk]})
    parked.refresh_from_db()
    assert parked.due_at > timezone.now()


def test_mails_are_shown_with_what_became_of_them(desk_client, author):
    Mailing.objects.create(kind="digest", period="2026-W47", member=author, message_id="<1@x>", state="failed", error="550 no")
    page = desk_client.get(desk("community_mailing_changelist")).content.decode()
    assert all(words in page for words in ("2026-W47", "550 no"))


def grow_members(count):
    for _row in range(count):
        make_member(persona=make_persona())


def grow_posts(count):
    for _row in range(count):
        make_comment(make_post())


@pytest.mark.parametrize(
    ("name", "grow"), [("member", grow_members), ("post", grow_posts), ("comment", grow_posts), ("activity", grow_posts)]
)
def test_twenty_rows_cost_no_more_queries_than_two(desk_client, name, grow):
    url = desk(f"community_{name}_changelist")
    grow(2)
    few = queries_of(desk_client, url)
    grow(18)
    assert queries_of(desk_client, url) == few
