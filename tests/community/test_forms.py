"""Forms parse and show again; the operations decide."""

import pytest

from community.forms.people import SettingsForm, time_zone_choices
from community.forms.writing import PostForm, WritingForm, boards_to_post_in
from community.refusals import Conflict, Invalid
from tests.factories import make_board, make_member, make_team_board


def filled(**typed):
    return WritingForm({"title": "A quieter alarm", "body": "", "tags": "", **typed})


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("", []),
        ("Alarm", ["Alarm"]),
        ("Alarm, Night mode ,, ", ["Alarm", "Night mode"]),
        ("闹钟，充电、夜间", ["闹钟", "充电", "夜间"]),
        ("one; two；three", ["one", "two", "three"]),
    ],
)
def test_tags_are_parted_by_commas_of_any_script(typed, tags):
    form = filled(tags=typed)
    assert form.is_valid() and form.cleaned_data["tags"] == tags


def test_a_refusal_stands_beside_its_field():
    form = filled()
    form.is_valid()
    form.take(Invalid("It does not fit.", fields={"title": "Please write a few words."}))
    assert form.errors == {"title": ["Please write a few words."]}


def test_a_refusal_that_only_names_a_limit_is_told_in_full():
    form = filled()
    form.is_valid()
    form.take(Invalid("This text is longer than 20,000 bytes.", fields={"body": "long"}))
    assert form.errors["body"] == ["This text is longer than 20,000 bytes."]


@pytest.mark.parametrize("fields", [{}, {"unheard_of": "Never mind."}])
def test_a_refusal_of_no_field_stands_above_the_form(fields):
    form = filled()
    form.is_valid()
    form.take(Invalid("Not today.", fields=fields))
    assert form.non_field_errors() == ["Not today."]


def test_a_conflict_is_told_too():
    form = filled()
    form.is_valid()
    form.take(Conflict("That was done already."))
    assert form.non_field_errors() == ["That was done already."]


def test_faults_are_tied_to_their_fields_for_screen_readers():
    form = filled(title="")
    form.is_valid()
    assert 'aria-invalid="true"' in str(form["title"]) and "id_title_error" in str(form["title"])


@pytest.mark.django_db
def test_a_draft_holds_plain_values_only(board):
    form = PostForm(
        {"title": "A wish", "body": "Why", "kind": "bug", "board": board.slug, "tags": "One, two"}, viewer=make_member()
    )
    assert form.is_valid()
    assert form.draft({"need": "500"}) == {
        "title": "A wish", "body": "Why", "kind": "bug", "tags": ["One", "two"], "board": "battery", "extras": {"need": "500"},
    }  # fmt: skip


@pytest.mark.django_db
def test_a_visitor_is_offered_what_they_may_use_once_signed_in():
    for slug, post in (("anyone", "anyone"), ("members", "members"), ("staff", "staff"), ("nobody", "nobody")):
        make_board(slug, post=post)
    make_team_board("secret")
    names = [board.slug for board in boards_to_post_in(None)]
    assert names == ["anyone", "members"] == [board.slug for board in boards_to_post_in(make_member())]


@pytest.mark.django_db
def test_settings_begin_with_what_holds_now(author):
    author.time_zone, author.bio = "Asia/Shanghai", "Hello"
    form = SettingsForm(member=author)
    assert form.initial["time_zone"] == "Asia/Shanghai" and form.initial["bio"] == "Hello"
    assert 'value="Asia/Shanghai" selected' in str(form["time_zone"])


def test_zones_are_grouped_by_part_of_the_world():
    groups = dict(time_zone_choices({"Asia/Shanghai", "Europe/Berlin", "Etc/GMT+5", "UTC", "America/Argentina/Salta", "EST"}))
    assert groups["Asia"] == [("Asia/Shanghai", "Shanghai")]
    assert groups["America"] == [("America/Argentina/Salta", "Argentina/Salta")]
    assert "Etc" not in groups and next(iter(groups.values())) == [("UTC", "UTC")]
