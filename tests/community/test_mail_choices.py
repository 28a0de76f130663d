"""Each list has a pace and a place; what nobody said is the default."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from community.mail_choices import (
    DEFAULTS,
    Wish,
    Wishes,
    choose_wishes,
    lists_wanted_by,
    paces_of,
    resume_list,
    stop_all_lists,
    stop_list,
    wishes_of,
)
from community.models import MailChoice, MailList, Pace
from tests.factories import NOW, make_member

pytestmark = pytest.mark.django_db


def test_without_a_word_every_list_has_its_default(author):
    assert wishes_of(author) == DEFAULTS
    assert set(DEFAULTS) == set(MailList)


def test_what_concerns_ones_own_comes_at_once_and_what_is_merely_new_once_a_day():
    assert {name for name, wish in DEFAULTS.items() if wish.pace == Pace.DAILY} == {MailList.POSTS}
    assert {name for name, wish in DEFAULTS.items() if wish.pace == Pace.NEVER} == {MailList.REACTIONS}
    assert {name for name, wish in DEFAULTS.items() if not wish.on_page} == {MailList.DIGEST}


def test_a_choice_is_kept_and_leaves_the_others_be(author, now):
    choose_wishes(member=author, wishes={"comments": Wish(Pace.WEEKLY, on_page=False)}, at=now)
    assert wishes_of(author) == DEFAULTS | {MailList.COMMENTS: Wish(Pace.WEEKLY, on_page=False)}


def test_a_list_that_comes_back_comes_as_often_as_before(author, now):
    choose_wishes(member=author, wishes={"comments": Wish(Pace.WEEKLY)}, at=now)
    stop_list(member=author, name="comments", at=now)
    assert wishes_of(author)[MailList.COMMENTS] == Wish(Pace.NEVER)
    resume_list(member=author, name="comments", at=now)
    assert wishes_of(author)[MailList.COMMENTS] == Wish(Pace.WEEKLY)


def test_stopping_a_mail_leaves_the_page_as_it_was(author, now):
    choose_wishes(member=author, wishes={"posts": Wish(Pace.DAILY, on_page=False)}, at=now)
    stop_list(member=author, name="posts", at=now)
    assert wishes_of(author)[MailList.POSTS] == Wish(Pace.NEVER, on_page=False)


def test_a_list_that_is_off_by_default_comes_once_a_day_when_it_is_asked_for(author, now):
    resume_list(member=author, name="reactions", at=now)
    assert wishes_of(author)[MailList.REACTIONS].pace == Pace.DAILY


def test_all_mails_end_at_once_and_the_page_goes_on(author, now):
    stop_all_lists(member=author, at=now)
    assert lists_wanted_by(author) == set()
    assert {name for name, wish in wishes_of(author).items() if wish.on_page} == set(MailList) - {MailList.DIGEST}


def test_the_roadmap_comes_once_a_week_or_never(author, now):
    choose_wishes(member=author, wishes={"digest": Wish(Pace.NOW, on_page=True)}, at=now)
    assert wishes_of(author)[MailList.DIGEST] == DEFAULTS[MailList.DIGEST]
    assert paces_of("digest") == [Pace.WEEKLY, Pace.NEVER]


def test_what_a_moderator_decided_is_always_on_the_page(author, now):
    choose_wishes(member=author, wishes={"care": Wish(Pace.NEVER, on_page=False)}, at=now)
    assert wishes_of(author)[MailList.CARE] == Wish(Pace.NEVER, on_page=True)


def test_saying_the_same_again_keeps_the_date_of_the_choice(author, now, hours):
    for at in (now, now + hours(5)):
        choose_wishes(member=author, wishes={"status": Wish(Pace.DAILY)}, at=at)
    assert MailChoice.objects.get().changed_at == now


def test_the_database_knows_never_as_a_switch_and_not_as_a_pace(author):
    with pytest.raises(IntegrityError, match="never_is_not_wanted"), transaction.atomic():
        MailChoice.objects.create(member=author, list="status", pace="never")


def test_many_members_cost_one_query(django_assert_num_queries):
    members = [make_member() for _ in range(20)]
    with django_assert_num_queries(1):
        wishes = Wishes([member.pk for member in members])
        assert all(wishes.of(member.pk, name) == DEFAULTS[name] for member in members for name in MailList)


class Laws(TestCase):
    """Whatever somebody does to their choices, the last word counts."""

    steps = st.lists(
        st.tuples(st.sampled_from(["choose", "stop", "resume"]), st.sampled_from(list(Pace)), st.booleans()), max_size=8
    )

    @given(steps)
    def test_never_is_heard_and_a_pace_is_remembered(self, steps):
        member, pace, on, on_page = make_member(), Pace.NOW, True, True
        for act, said, shown in steps:
            if act == "choose":
                choose_wishes(member=member, wishes={"comments": Wish(said, shown)}, at=NOW)
                pace, on, on_page = (pace if said == Pace.NEVER else said), said != Pace.NEVER, shown
            elif act == "stop":
                stop_list(member=member, name="comments", at=NOW)
                on = False
            else:
                resume_list(member=member, name="comments", at=NOW)
                on = True
        assert wishes_of(member)[MailList.COMMENTS] == Wish(pace if on else Pace.NEVER, on_page)
