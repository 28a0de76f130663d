"""Whatever name somebody may choose can be called, linked and kept; and no tag has two addresses."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from community.accounts.names import LONGEST, PATTERN, RESERVED, SHORTEST, choose_name, member_formerly
from community.members import fresh_username
from community.models import FormerName, Member, Tag
from community.names import name_in, words_after_at
from community.refusals import Conflict, Invalid
from community.rendering import render
from community.tags import MOST_TAGS, name_tags, slug_of, tags_called
from tests.factories import make_member

laws = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
names = st.from_regex(PATTERN, fullmatch=True).filter(lambda name: SHORTEST <= len(name) <= LONGEST and "\n" not in name)
# What may stand around a name in a sentence: nothing that could belong to it.
before, behind = (
    st.sampled_from(["", "(", "Hello ", "你好", "“", "*"]),
    st.sampled_from(["", ".", "!", " x", "，你好", ")", "’s", "\n", "…"]),
)
tag_names = st.text("aB 电電#-é", max_size=12)


@given(names, before, behind)
def test_every_name_that_may_be_chosen_can_be_called(name, ahead, after):
    [word] = words_after_at(f"{ahead}@{name}{after}")
    assert name_in(word, {name}) == name


@given(names)
def test_a_name_called_in_capitals_is_the_same_person(name):
    assume(name.upper().lower() == name)
    assert name_in(name.upper(), {name}) == name


@given(names, behind)
def test_every_name_is_linked_to_its_own_page(name, after):
    html = render(f"Ask @{name}{after}", people={name: name})
    assert f'href="/members/{name}/"' in html and f">@{name}</a>" in html


@given(names)
def test_the_column_takes_every_name_that_may_be_chosen(name):
    Member._meta.get_field("username").run_validators(name)


@pytest.mark.django_db
@laws
@given(name=st.text("aZ9._-电 @é", min_size=1, max_size=33))
def test_a_name_is_taken_as_it_reads_in_addresses_or_not_at_all(voter, now, name):
    FormerName.objects.all().delete()
    before = Member.objects.get(pk=voter.pk).username
    try:
        choose_name(member=voter, name=name, at=now)
    except Invalid as refused:
        assert "username" in refused.fields and Member.objects.get(pk=voter.pk).username == before
    else:
        kept = Member.objects.get(pk=voter.pk).username
        assert kept == before or (kept == name.strip().lower().lstrip("@") and PATTERN.fullmatch(kept))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", [*sorted(RESERVED)[:3], "Admin", "@STAFF", "left-1a2b", "x", "x" * 31, ".mara", "mara-", "ma ra", "ma\nra", "mára"]
)
def test_a_name_that_would_pass_for_the_house_or_reads_badly_is_refused(voter, now, name):
    with pytest.raises(Invalid) as refused:
        choose_name(member=voter, name=name, at=now)
    assert "username" in refused.value.fields and not FormerName.objects.exists()


@pytest.mark.django_db
def test_a_former_name_leads_on_and_is_nobody_elses_in_any_case(voter, author, now, hours):
    old = voter.username
    choose_name(member=voter, name="tomasz", at=now)
    assert member_formerly(old) == voter and member_formerly("tomasz") is None
    with pytest.raises(Invalid, match="taken"):
        choose_name(member=author, name=old.upper(), at=now)
    with pytest.raises(Conflict, match="30 days"):
        choose_name(member=voter, name="tom", at=now + hours(29 * 24))
    assert choose_name(member=voter, name=old, at=now + hours(30 * 24)).username == old


@pytest.mark.django_db
def test_the_former_name_of_somebody_who_left_leads_nowhere(voter, now):
    old = voter.username
    choose_name(member=voter, name="tomasz", at=now)
    Member.objects.filter(pk=voter.pk).update(closed_at=now)
    assert member_formerly(old) is None


@pytest.mark.django_db
@pytest.mark.parametrize("wish", ["Mara Lindqvist", "", "!!!", "林小满", "x" * 90, "a@b.example"])
def test_a_fresh_name_is_free_fits_its_column_and_is_found_as_an_address(wish):
    name = fresh_username(wish)
    Member._meta.get_field("username").run_validators(name)
    assert not Member.objects.filter(username=name).exists()
    make_member(username=name)
    assert fresh_username(wish) != name


@given(st.text(max_size=40).filter(str.isprintable))
def test_the_address_of_a_tag_has_nothing_that_parts_addresses(name):
    slug = slug_of(name)
    assert not set(slug) & set(" /?#&%\\\"'<>.,") and "--" not in slug and not slug.startswith("-")
    assert slug_of(f"  {name} ") == slug and len(slug) <= 60


@pytest.mark.django_db
@laws
@given(said=st.lists(tag_names, max_size=8))
def test_the_same_words_are_the_same_few_tags_however_often_they_are_typed(db, said):
    Tag.objects.all().delete()
    tags = name_tags(said)
    assert len(tags) == len({tag.pk for tag in tags}) <= MOST_TAGS
    assert name_tags(said) == tags == name_tags([f" #{name.upper()}  " for name in said])
    assert Tag.objects.count() == len(tags)
    assert all(list(tags_called(tag.slug)) == [tag] for tag in tags)
