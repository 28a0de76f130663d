"""What staff paste to name a suggestion."""

import pytest

from community.models import Audience, Post
from community.refusals import Invalid
from feedback.links import suggestion_of_link
from tests.factories import make_board, make_staff, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "text",
    [
        "{pk}",
        " #{pk} ",
        "/posts/{pk}/charge-limit/",
        "/posts/{pk}",
        "{site}/posts/{pk}/charge-limit-that-learns-my-alarm/?sort=new#comment-3",
    ],
)
def test_a_number_or_address_of_ours_names_the_suggestion(suggestion, staff, settings, text):
    pasted = text.format(pk=suggestion.pk, site=settings.SITE_URL)
    assert suggestion_of_link(pasted, viewer=staff) == suggestion


def test_an_imported_suggestion_is_found_by_where_it_came_from(suggestion, staff):
    url = "https://github.com/linden/os/issues/7"
    Post.objects.filter(pk=suggestion.pk).update(source_url=url)
    assert suggestion_of_link(url, viewer=staff) == suggestion


@pytest.mark.parametrize(
    "text", ["", "charge limit", "0", "999999999999999999", "/members/{pk}/", "https://elsewhere.example/posts/{pk}/charge/"]
)
def test_anything_else_says_what_to_paste(suggestion, staff, text):
    with pytest.raises(Invalid) as refused:
        suggestion_of_link(text.format(pk=suggestion.pk), viewer=staff)
    assert "link" in refused.value.fields


def test_nobody_learns_of_what_they_may_not_see(author):
    hidden = make_suggestion("Team only", board=make_board(see=Audience.STAFF), author=make_staff("Jun Park"))
    with pytest.raises(Invalid):
        suggestion_of_link(str(hidden.pk), viewer=author)
