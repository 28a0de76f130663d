"""Rules for themes are read as people write them."""

import pytest

from community.refusals import Invalid
from feedback.themes import read_themes, write_themes


def test_themes_are_read_in_team_weeks():
    assert read_themes("battery 2-6, technical debt 3-,\ndisplay -0.5") == (
        {"battery": 8, "technical debt": 12},
        {"battery": 24, "display": 2},
    )


def test_chinese_themes_and_commas_are_read_as_well():
    assert read_themes("续航 2-6，影像 -3") == ({"续航": 8}, {"续航": 24, "影像": 12})


@pytest.mark.parametrize("text", ["battery", "battery 2", "battery -", "2-6", "battery two-six", "battery 2-6-8"])
def test_what_cannot_be_read_is_named(text):
    with pytest.raises(Invalid) as told:
        read_themes(f"os 1-2, {text}")
    assert text in told.value.fields["themes"]


@pytest.mark.parametrize("text", ["", "battery 2-6", "a 1-, b -2", "os 0.25-0.75"])
def test_what_is_written_is_read_again(text):
    assert write_themes(*read_themes(text)) == text
