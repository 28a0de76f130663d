"""What a contest pays: each of an honoured team, capped, and back again where the entry goes."""

from datetime import timedelta

import pytest

from community.contests.entering import hide_entry, show_entry
from community.deliveries import drain
from community.verbs import ContestEntryChanged, ContestWon, PostChanged
from rewards import ledger
from rewards.audit import examine
from rewards.models import Transfer
from rewards.rebuild import differences
from rewards.rules import claim_of, settle, void_by
from rewards.statement import statement_of
from tests.community.contesting import announced, make_contest, make_entry
from tests.factories import NOW, make_member, make_post, make_staff
from tests.rewards.test_rules import fact

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def won(number, entry=1, place=1, by=7, at=NOW):
    return fact(number, "contest_won", entry, at, contest_id=1, author_id=by, place=place)


def turned(number, state, entry=1, at=NOW + DAY):
    return fact(number, "contest_entry_changed", entry, at, contest_id=1, moment="hidden", state=state)


def held_by(member_id):
    held = ledger.balances_of([member_id])[member_id]
    return held["points"], held["honour"]


def worth(*facts):
    void = void_by(facts)
    claims = [claim for claim in map(claim_of, facts) if claim and void(claim) is None]
    return {claim.fact.id: (amounts.points, amounts.honour) for claim, amounts in settle(claims).items()}


def test_the_first_place_earns_more_than_the_others():
    assert worth(won(1), won(2, entry=2, place=2, by=8)) == {1: (300, 90), 2: (100, 30)}


def test_everybody_of_a_team_is_honoured_once():
    assert worth(won(1), won(2, by=8), won(3)) == {1: (300, 90), 2: (300, 90)}


def test_a_day_of_many_prizes_has_a_limit():
    assert worth(*(won(number, entry=number, place=2) for number in (1, 2, 3))) == {1: (100, 30), 2: (100, 30), 3: (0, 0)}


def test_a_hidden_entry_loses_its_prize_until_it_is_shown_again():
    assert worth(won(1), turned(2, "hidden")) == {}
    assert worth(won(1), turned(2, "hidden"), turned(3, "visible", at=NOW + 2 * DAY)) == {1: (300, 90)}
    assert worth(won(1), turned(2, "hidden", entry=2)) == {1: (300, 90)}


def test_a_post_with_the_same_number_as_an_entry_says_nothing_of_it():
    hidden = fact(2, "post_changed", 1, NOW + DAY, moment="hidden", board_id=1, kind="bug", state="hidden")
    assert worth(won(1), hidden) == {1: (300, 90)}
    assert {ContestWon.verb, ContestEntryChanged.verb, PostChanged.verb} == {
        "contest_won",
        "contest_entry_changed",
        "post_changed",
    }


def test_announcing_pays_and_hiding_takes_back():
    contest = make_contest(places=1)
    entry = make_entry(contest, author=make_member("Mara"))
    announced(contest)
    drain()
    assert held_by(entry.author.pk) == (300, 90)
    hide_entry(entry=entry, reason="Copied.", by=make_staff(), at=NOW + 40 * DAY)
    drain()
    assert held_by(entry.author.pk) == (0, 0)
    show_entry(entry=entry, by=make_staff(), at=NOW + 41 * DAY)
    drain()
    assert held_by(entry.author.pk) == (300, 90)
    assert list(differences()) == []


def test_who_joined_the_team_of_the_company_meanwhile_earns_nothing():
    contest = make_contest(places=1)
    entry = make_entry(contest, author=make_member("Mara"))
    entry.author.role, entry.author.is_staff = "staff", True
    entry.author.save()
    announced(contest)
    drain()
    assert not Transfer.objects.filter(reason="contest_first").exists()


def test_the_statement_names_the_prize_and_links_no_post_that_is_not_meant():
    contest, mara = make_contest(places=1), make_member("Mara")
    entry = make_entry(contest, author=mara)
    for _number in range(entry.pk + 1):
        make_post(author=mara)
    announced(contest)
    drain()
    line = statement_of(mara, "points").lines[0]
    assert (str(line.words), line.post, line.rule) == ("Your entry won a contest", None, "contest_first")
    assert list(examine()) == []
