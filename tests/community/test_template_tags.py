"""The few tags every template may use."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from community.models import Member
from community.templatetags.sprout import face, tenth

SOON = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)


def render(text, path="/suggestions/", **context):
    return Template(text).render(Context({"request": RequestFactory().get(path)} | context))


@pytest.fixture(autouse=True)
def november(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    ("numerator", "shown"), [(0, "0.0"), (672485, "67.2"), (999999, "99.9"), (1_000_000, "100.0"), (999, "0.0"), (1000, "0.1")]
)
def test_a_score_is_shown_with_one_decimal_rounded_down(numerator, shown):
    assert tenth(numerator) == shown


@pytest.mark.parametrize(("language", "shown"), [("en", "17 November"), ("zh-hans", "11月17日"), ("zh-hant", "11月17日")])
def test_a_day_reads_as_people_write_it(language, shown):
    with translation.override(language):
        assert render("{{ at|day }}", at=SOON) == f'<time datetime="2026-11-17">{shown}</time>'


def test_a_day_is_that_of_the_readers_place():
    with timezone.override("Asia/Shanghai"):
        assert "2026-11-18" in render("{{ at|day }}", at=SOON)


def test_a_day_of_another_year_says_which():
    assert "2024" in render("{{ at|day }}", at=SOON.replace(year=2024)).split(">")[1]


def test_no_day_is_nothing():
    assert render("{{ at|day }}", at=None) == ""


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in render('{% icon "bell" %}')
    assert 'aria-label="3 &lt;new&gt;"' in render('{% icon "bell" label %}', label="3 <new>")


def test_a_face_of_the_team_has_the_shape_of_a_leaf():
    assert "face-staff" in face(Member(pk=1, display_name="Ines Okafor", role="staff"))
    assert "face-staff" not in face(Member(pk=1, display_name="Ines Okafor"))


def test_a_name_in_a_face_is_text():
    assert "<b" not in face(Member(pk=1, display_name="<b> x"))


@pytest.mark.parametrize(
    ("path", "tag", "address"),
    [
        ("/s/?sort=hot", '{% query sort="top" %}', "?sort=top"),
        ("/s/?sort=hot&tag=a", "{% query tag=None %}", "?sort=hot"),
        ("/s/?sort=hot&after=xyz", '{% query tag="夜" %}', "?sort=hot&amp;tag=%E5%A4%9C"),
        ("/s/?sort=hot", "{% query sort=None %}", "?"),
        ("/s/?q=%22%3E%3Cscript%3E", '{% query sort="top" %}', "?q=%22%3E%3Cscript%3E&amp;sort=top"),
    ],
)
def test_an_address_keeps_what_is_not_changed_and_starts_paging_anew(path, tag, address):
    assert render(tag, path) == address
