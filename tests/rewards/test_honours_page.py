"""The rules in words, levels beside names, and the auditor's banner."""

import re

import pytest
from django.utils import translation

from rewards import sealing
from rewards.awards import settle_awards
from rewards.levels import LEVELS, level_of, progress_of
from rewards.models import Breach
from rewards.rules import BOOKS
from rewards.words import REASONS, RULES
from tests.factories import NOW, make_comment, make_member, make_post
from tests.rewards.facts import adopt, ship
from tests.rewards.ledgers import give

pytestmark = pytest.mark.django_db


@pytest.fixture
def grown(author):
    post = make_post("Charge limit", author=author)
    settle_awards([adopt(post), ship(post)])
    author.refresh_from_db()
    return author


def test_every_rule_is_told_with_what_it_pays(client):
    page = client.get("/honours/").content.decode()
    for name, rule in BOOKS[-1].rules.items():
        row = re.search(rf'<tr id="rule-{name}">.*?</tr>', page, re.S)[0]
        numbers = [int(number.replace(",", "")) for number in re.findall(r'class="num">([\d,]+)<', row)]
        assert numbers == [rule.earns.points, rule.earns.honour]
        assert f"At most {rule.daily.points:,} points a day." in row
        assert str(RULES[name][0]) in row


def test_every_rule_of_every_book_has_words():
    names = {name for book in BOOKS for name in book.rules}
    assert names <= RULES.keys()
    assert names <= REASONS.keys()


def test_a_visitor_s_page_may_be_kept_by_caches(client):
    response = client.get("/honours/")
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert "honour to" not in response.content.decode()


def test_a_member_sees_how_far_it_is_to_the_next_level(client, grown):
    client.force_login(grown)
    page = client.get("/honours/").content.decode()
    assert "180 of 300 honour to Branch" in page
    assert page.count('aria-current="step"') == 1


def test_the_newest_seal_is_published_on_the_page(client, grown, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (seal,) = sealing.seal_ledger()
    assert f"1 {seal.hash}" in client.get("/honours/").content.decode()


@pytest.mark.parametrize(
    ("honour", "number", "places"),
    [
        (0, 0, ["now", "next", "next", "next", "next", "next"]),
        (49, 0, ["now", "next", "next", "next", "next", "next"]),
        (50, 1, ["past", "now", "next", "next", "next", "next"]),
        (999, 3, ["past", "past", "past", "now", "next", "next"]),
        (2500, 5, ["past", "past", "past", "past", "past", "now"]),
        (10**9, 5, ["past", "past", "past", "past", "past", "now"]),
    ],
)
def test_honour_makes_the_level(honour, number, places):
    assert level_of(honour).number == number
    assert [step.place for step in progress_of(honour).steps] == places


def test_at_the_top_nothing_follows():
    assert progress_of(2500).following is None


def test_levels_rise_and_are_numbered_by_their_place():
    assert [level.number for level in LEVELS] == list(range(6))
    assert [level.honour for level in LEVELS] == sorted({level.honour for level in LEVELS})


def test_a_members_page_shows_the_level_to_all_and_points_to_oneself(client, grown):
    page = client.get(grown.get_absolute_url()).content.decode()
    assert '<span class="mark">Shoot</span>' in page
    assert "180 of 300 honour to Branch" in page
    assert "to spend" not in page
    client.force_login(grown)
    own = client.get(grown.get_absolute_url()).content.decode()
    assert re.search(r'<strong class="big">600</strong>\s*to spend', own)


def test_the_team_has_no_level_and_no_points(client, staff):
    client.force_login(staff)
    page = client.get(staff.get_absolute_url()).content.decode()
    assert 'id="h-level"' not in page
    assert "to spend" not in page


def test_a_profile_nobody_claimed_has_no_level_yet(client):
    ghost = make_member("Ghost", claimed_at=None, source_system="github", source_id="1")
    assert 'id="h-level"' not in client.get(ghost.get_absolute_url()).content.decode()


def test_a_level_stands_beside_a_name_without_a_query_more(client, grown, django_assert_num_queries):
    post = make_post("Talk about it")
    make_comment(post, author=make_member())
    with django_assert_num_queries(0):
        from rewards.slots import level_mark

        assert "Shoot" in level_mark(None, grown, None)
    make_comment(post, author=grown)
    assert '<span class="mark">Shoot</span>' in client.get(post.get_absolute_url()).content.decode()


def test_who_holds_no_level_yet_has_no_mark(client, author):
    assert 'class="mark"' not in client.get(author.get_absolute_url()).content.decode()


def test_staff_see_a_banner_while_the_books_are_broken_and_nobody_else(client, staff, author):
    breach = Breach.objects.create(law="balances", detail="account 7 shows 3", found_at=NOW)
    client.force_login(author)
    assert "does not add up" not in client.get("/honours/").content.decode()
    client.force_login(staff)
    assert "account 7 shows 3" in client.get("/honours/").content.decode()
    breach.closed_at = NOW
    breach.save()
    assert "does not add up" not in client.get("/honours/").content.decode()


def test_a_debtor_is_told_on_their_own_page(client, author):
    give(author.pk, 5)
    client.force_login(author)
    assert "still owed" not in client.get(author.get_absolute_url()).content.decode()


def test_the_community_page_leads_to_the_honours(client):
    assert 'href="/honours/"' in client.get("/community/").content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_level_names_are_translatable(language):
    with translation.override(language):
        assert all(str(level.name) for level in LEVELS)
