"""Tags are found by any of their names, named in three languages, and merged without losing a post or an address."""

import pytest
from django.utils import translation

from community.deliveries import drain
from community.follows import Ear, Thing, listen_to
from community.models import Activity, SearchEntry, Tag, TagFollow
from community.refusals import Conflict, Invalid, NotAllowed
from community.tags import merge_tags, name_tags, rename_tag, successor_of, tags_called
from tests.factories import NOW, make_post
from tests.feedback.desks import at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def charging(db):
    return Tag.objects.create(slug="charging", name="Charging", name_zh_hans="充电", name_zh_hant="充電")


@pytest.fixture
def power(db):
    return Tag.objects.create(slug="power", name="Power")


@pytest.mark.parametrize("word", ["Charging", "charging", "CHARGING", "#充电", "充電", " 充电 "])
def test_one_word_in_any_language_is_one_tag(charging, word):
    assert name_tags([word]) == [charging] and Tag.objects.count() == 1


def test_two_names_of_one_tag_are_one_tag_on_a_post(charging, author, board):
    assert list(make_post(author=author, board=board, tags=["Charging", "充电"]).tags.all()) == [charging]


def test_who_followed_a_merged_tag_follows_what_it_became(charging, power, author, moderator):
    listen_to(member=author, kind=Thing.TAG, thing=power, ear=Ear.FOLLOW, at=NOW)
    merge_tags(tag=power, into=charging, by=moderator, at=NOW)
    drain()
    assert list(TagFollow.objects.values_list("member", "tag")) == [(author.pk, charging.pk)]


def test_a_merged_tags_posts_are_found_by_its_new_name(charging, power, author, board, moderator):
    make_post("A post that is charged", author=author, board=board, tags=["Power"])
    drain()
    merge_tags(tag=power, into=charging, by=moderator, at=NOW)
    drain()
    facets = SearchEntry.objects.get().words
    assert charging.slug in facets and power.slug not in facets


def test_a_new_word_is_a_new_tag(charging):
    assert [tag.slug for tag in name_tags(["Night mode", "夜间"])] == ["night-mode", "夜间"]


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Charging"), ("zh-hans", "充电"), ("zh-hant", "充電"), ("de", "Charging")]
)
def test_a_tag_is_shown_in_the_language_of_the_page(charging, language, name):
    with translation.override(language):
        assert str(charging) == name


def test_a_merged_tag_gives_its_posts_and_its_address_away(charging, power, author, board, moderator):
    one, both = (make_post(author=author, board=board, tags=tags) for tags in (["Power"], ["Power", "Charging"]))
    merge_tags(tag=power, into=charging, by=moderator, at=NOW)
    assert [list(post.tags.all()) for post in (one, both)] == [[charging], [charging]]
    assert successor_of("power") == charging and successor_of("charging") is None
    assert list(tags_called("power")) == list(tags_called("charging")) == [charging]
    assert Activity.objects.get(verb="tags_merged").data == {"into_id": charging.pk, "posts": 2}


def test_whoever_types_a_merged_tag_gets_the_other(charging, power, moderator):
    merge_tags(tag=power, into=charging, by=moderator, at=NOW)
    assert name_tags(["Power"]) == [charging]


def test_merging_further_leads_all_the_way(charging, power, moderator):
    energy = Tag.objects.create(slug="energy", name="Energy")
    merge_tags(tag=power, into=charging, by=moderator, at=NOW)
    merge_tags(tag=charging, into=energy, by=moderator, at=NOW)
    assert successor_of("power") == successor_of("charging") == energy


def test_no_circle_can_be_merged(charging, power, moderator):
    merge_tags(tag=power, into=charging, by=moderator, at=NOW)
    for tag, into in ((charging, power), (charging, charging), (power, charging)):
        with pytest.raises(Conflict):
            merge_tags(tag=tag, into=into, by=moderator, at=NOW)


def test_fans_merge_and_rename_nothing(charging, power, author):
    with pytest.raises(NotAllowed):
        merge_tags(tag=power, into=charging, by=author, at=NOW)
    with pytest.raises(NotAllowed):
        rename_tag(tag=power, name="Mine", name_zh_hans="", name_zh_hant="", by=author)


def test_a_tag_is_named_in_three_languages(power, moderator):
    rename_tag(tag=power, name=" Power  supply ", name_zh_hans="电源", name_zh_hant="電源", by=moderator)
    assert (power.name, power.name_zh_hans, power.name_zh_hant, power.slug) == ("Power supply", "电源", "電源", "power")


def test_a_name_that_another_tag_has_is_refused_with_the_better_way(charging, power, moderator):
    with pytest.raises(Conflict, match="Merge the two") as refusal:
        rename_tag(tag=power, name="Power", name_zh_hans="充电", name_zh_hant="", by=moderator)
    assert "name_zh_hans" in refusal.value.fields


@pytest.mark.parametrize("name", ["", " ", "!!"])
def test_a_tag_has_a_name(power, moderator, name):
    with pytest.raises(Invalid):
        rename_tag(tag=power, name=name, name_zh_hans="", name_zh_hant="", by=moderator)


def test_the_desk_names_and_merges(client, charging, power, staff, author, board):
    make_post(author=author, board=board, tags=["Power"])
    at_the_desk(client, staff)
    address, typed = f"/admin/community/tag/{power.pk}/change/", {"name": "Power", "name_zh_hans": "电源", "name_zh_hant": ""}
    assert client.post(address, typed | {"into": ""}).status_code == 302
    assert Tag.objects.get(pk=power.pk).name_zh_hans == "电源"
    assert client.post(address, typed | {"into": charging.pk}).status_code == 302
    assert charging.posts.count() == 1 and Tag.objects.get(pk=power.pk).into == charging


def test_the_desk_shows_why_a_name_is_refused(client, charging, power, staff):
    at_the_desk(client, staff)
    typed = {"name": "Charging", "name_zh_hans": "", "name_zh_hant": "", "into": ""}
    page = client.post(f"/admin/community/tag/{power.pk}/change/", typed).content.decode()
    assert "Merge the two instead" in page and Tag.objects.get(pk=power.pk).name == "Power"
