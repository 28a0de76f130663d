"""Whoever leaves is gone: their name from everywhere, their words as they chose, and no sum changes."""

import pytest
from django.apps import apps
from django.db import connection

from community.accounts.leaving import close_account
from community.accounts.names import choose_name
from community.deliveries import drain
from community.models import Comment, Member, Post, PostState, Standing
from community.refusals import Conflict
from feedback.rescoring import verify
from rewards.models import Account, Entry
from tests.factories import NOW, make_comment, make_member, make_persona, make_post, make_staff, make_suggestion, make_vote
from tests.rewards.facts import adopt

pytestmark = pytest.mark.django_db
CANARIES = ("qxmara", "qxname", "qxbio", "qxwords")


@pytest.fixture
def mara():
    return make_member(
        "Qxname Lindqvist", username="qxmara", email="qxmara@example.org", bio="Qxbio", persona=make_persona("commuter")
    )


@pytest.fixture
def past(mara):
    """What Mara leaves behind: a wish others voted for, a comment, an answer to it, points."""
    wish = make_suggestion("A wish", body="Qxwords of the wish", author=mara)
    make_vote(wish, make_member("Otto"))
    said = make_comment(make_post("Of another"), author=mara, body="Qxwords of a comment")
    make_comment(said.post, author=make_member("Lin"), parent=said, body="An answer")
    adopt(wish.post)
    choose_name(member=mara, name="qxmara2", at=NOW)
    drain()
    return wish


def found_in_database(*words) -> set[str]:
    """`table: word` wherever a word of the person is still found, in any column of any table."""
    hits, tables = set(), {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        for table in sorted(tables & set(connection.introspection.table_names(cursor))):
            for word in words:
                cursor.execute(f"SELECT 1 FROM {table} t WHERE t::text ILIKE %s LIMIT 1", [f"%{word}%"])  # noqa: S608
                if cursor.fetchone():
                    hits.add(f"{table}: {word}")
    return hits


def test_the_control_finds_the_person_before_they_leave(past):
    assert len(found_in_database(*CANARIES)) >= 4


def test_nothing_of_the_person_is_left_in_any_table(past, mara):
    close_account(member=mara, keeps_words=False, at=NOW)
    drain()
    assert found_in_database(*CANARIES) == set()


def test_words_that_stay_stay_without_a_name(past, mara, client):
    close_account(member=mara, keeps_words=True, at=NOW)
    assert found_in_database("qxmara", "qxname", "qxbio") == set()
    shown = client.get(past.post.get_absolute_url(), follow=True).content.decode()
    assert "Qxwords of the wish" in shown and "A former member" in shown


def test_words_that_go_leave_the_answers_of_others(past, mara):
    close_account(member=mara, keeps_words=False, at=NOW)
    assert not Post.objects.filter(author=mara).exclude(state=PostState.DELETED).exists()
    assert Comment.objects.filter(body="An answer", state=PostState.VISIBLE).exists()


def test_their_votes_stay_and_the_score_is_still_exact(past, mara):
    close_account(member=mara, keeps_words=True, at=NOW)
    drain()
    assert Standing.objects.get(pk=past.pk).votes == 2 and verify().differences == 0


def test_the_ledger_keeps_every_entry_and_sum(past, mara):
    before = [sorted(Entry.objects.values_list("pk", "amount")), sorted(Account.objects.values_list("pk", "balance"))]
    close_account(member=mara, keeps_words=True, at=NOW)
    assert before == [sorted(Entry.objects.values_list("pk", "amount")), sorted(Account.objects.values_list("pk", "balance"))]


def test_their_page_says_so_and_tells_nothing(past, mara, client):
    closed = close_account(member=mara, keeps_words=True, at=NOW)
    answer = client.get(closed.get_absolute_url())
    assert answer.status_code == 410 and "A former member" in answer.content.decode()
    assert client.get("/members/qxmara/").status_code == client.get("/members/qxmara2/").status_code == 404


def test_their_address_is_free_for_a_new_beginning(mara):
    close_account(member=mara, keeps_words=True, at=NOW)
    assert make_member("Again", email="qxmara@example.org").pk != mara.pk


def test_closing_twice_closes_once(mara):
    first = close_account(member=mara, keeps_words=True, at=NOW)
    assert close_account(member=mara, keeps_words=True, at=NOW).username == first.username


def test_the_team_steps_down_first():
    with pytest.raises(Conflict, match="administrator"):
        close_account(member=make_staff(), keeps_words=True, at=NOW)


def test_the_page_asks_for_the_name_and_ends_every_session(mara, client):
    client.force_login(mara)
    assert client.post("/me/leave/", {"words": "keep", "name": "somebody"}).status_code == 422
    assert Member.objects.open().filter(pk=mara.pk).exists()
    answer = client.post("/me/leave/", {"words": "keep", "name": "@QxMara"}, follow=True)
    assert "Goodbye, and thank you" in answer.content.decode()
    assert client.get("/me/settings/").status_code == 302


def test_looking_at_the_page_closes_nothing(mara, client):
    client.force_login(mara)
    client.get("/me/leave/?words=keep&name=qxmara")
    assert Member.objects.open().filter(pk=mara.pk).exists()
