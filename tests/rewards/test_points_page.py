"""The statement: what for, when, by which rule, each line with its cause; one's own alone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.models import Post, PostState
from rewards import ledger
from rewards.awards import settle_awards
from rewards.statement import statement_of
from tests.factories import NOW, make_post
from tests.rewards.facts import adopt, merge, ship, turn, unmerge
from tests.rewards.ledgers import give, make_cause

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(client, author):
    client.force_login(author)
    return author


def words(response):
    """What a reader reads, without the tags."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def test_a_visitor_is_asked_to_sign_in(client):
    response = client.get("/me/points/")
    assert response.status_code == 302
    assert "next=%2Fme%2Fpoints%2F" in response["Location"]


def test_an_empty_statement_says_how_to_begin(client, mara):
    page = client.get("/me/points/")
    assert "Nothing here yet" in words(page)
    assert 'href="/honours/"' in page.content.decode()


def test_each_line_says_what_for_when_by_which_rule_and_what_it_left(client, mara):
    post = make_post("Charge limit", author=mara)
    settle_awards([adopt(post), ship(post)])
    page = client.get("/me/points/")
    read = words(page)
    assert re.search(r"Charge limit Your suggestion shipped 16 November · rules of version 1 \+400 600", read)
    assert re.search(r"Charge limit Your suggestion was adopted 16 November · rules of version 1 \+200 200", read)
    assert f'href="{post.get_absolute_url()}"' in page.content.decode()
    assert 'href="/honours/#rule-shipped"' in page.content.decode()


def test_honour_has_its_own_statement(client, mara):
    settle_awards([adopt(make_post("Charge limit", author=mara))])
    read = words(client.get("/me/points/?of=honour"))
    assert "+60 60" in read
    assert "+200" not in read


def test_what_was_taken_back_says_why(client, voter):
    client.force_login(voter)
    post = make_post("A wish")
    settle_awards([merge(post, 1, by=voter)])
    settle_awards([unmerge(post, 1)])
    read = words(client.get("/me/points/"))
    assert "Taken back: the merge was undone" in read
    assert "−20 0" in read


def test_a_debt_is_said_and_explained(client, voter):
    client.force_login(voter)
    post = make_post("A wish")
    report = merge(post, 1, by=voter)
    settle_awards([report])
    ledger.spend(member=voter, amount=20, key="perk", activity=make_cause(), at=NOW)
    settle_awards([unmerge(post, 1)])
    read = words(client.get("/me/points/"))
    assert "20 points were taken back after you had spent them" in read
    assert "Already spent, so it is owed" in read


def test_a_suggestion_one_may_no_longer_see_is_not_named(client, mara):
    post = make_post("Secret title", author=mara)
    settle_awards([adopt(post)])
    settle_awards([turn(post, "deleted", NOW)])
    Post.objects.filter(pk=post.pk).update(state=PostState.DELETED)
    read = words(client.get("/me/points/"))
    assert "Secret title" not in read
    assert "Taken back: the suggestion is not shown now" in read


def test_nobody_reads_anothers_statement(client, mara, voter):
    settle_awards([merge(make_post("Theirs"), 1, by=voter)])
    assert "Theirs" not in words(client.get("/me/points/"))


def test_pages_follow_each_other_without_a_gap_and_balances_run_through(mara):
    cause = make_cause()
    for amount in range(1, 8):
        give(mara.pk, amount, activity=cause)
    seen, after = [], ""
    while after is not None:
        page = statement_of(mara, "points", after=str(after), size=3)
        seen += [(line.amount, line.balance) for line in page.lines]
        after = page.after
    assert seen == [(7, 28), (6, 21), (5, 15), (4, 10), (3, 6), (2, 3), (1, 1)]


def test_the_next_page_comes_as_rows_alone(client, mara):
    for _ in range(22):
        give(mara.pk, 1)
    first = client.get("/me/points/").content.decode()
    after = re.search(r"after=(\d+)", first)[1]
    rows = client.get(f"/me/points/?of=points&after={after}", headers={"HX-Request": "true"}).content.decode()
    assert rows.lstrip().startswith("<tr>")
    assert rows.count("<tr>") == 2
    assert "Show earlier ones" not in rows


@pytest.mark.parametrize("after", ["0", "-1", "x", "9" * 30, "1' or 1=1"])
def test_a_strange_page_is_no_error(client, mara, after):
    give(mara.pk, 1)
    assert client.get("/me/points/", {"after": after}).status_code == 200


def test_a_long_statement_takes_as_many_queries_as_a_short_one(client, mara, django_assert_num_queries):
    def earn(*days):
        settle_awards([adopt(make_post(f"Wish {day}", author=mara), NOW + timedelta(days=day)) for day in days])

    earn(1, 2)
    client.get("/me/points/")
    with CaptureQueriesContext(connection) as two:
        client.get("/me/points/")
    earn(*range(3, 21))
    with django_assert_num_queries(len(two)):
        page = client.get("/me/points/")
    assert page.content.decode().count("Your suggestion was adopted") == 20


def test_the_statement_is_kept_by_no_cache(client, mara):
    assert "no-store" in client.get("/me/points/")["Cache-Control"]


def test_lines_stand_in_the_order_in_which_things_happened(mara):
    facts = [adopt(make_post(f"Wish of day {day}", author=mara), NOW + timedelta(days=day)) for day in (3, 1, 2)]
    settle_awards(facts)
    assert [line.post.title for line in statement_of(mara, "points").lines] == [f"Wish of day {day}" for day in (3, 2, 1)]


def test_no_line_shows_less_than_nothing(voter):
    post = make_post()
    report = merge(post, 1, by=voter)
    settle_awards([report])
    ledger.spend(member=voter, amount=20, key="perk", activity=report, at=NOW)
    settle_awards([unmerge(post, 1)])
    settle_awards([merge(make_post(), 2, by=voter, at=NOW + timedelta(days=1))])
    lines = statement_of(voter, "points").lines
    assert [(line.amount, line.balance) for line in lines] == [(-20, 0), (20, 20), (-20, 0), (20, 20), (-20, 0), (20, 20)]
