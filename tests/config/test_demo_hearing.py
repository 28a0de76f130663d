"""What the demo's people follow, mute and want to hear fits the script, and happens by the product's own operations."""

import tomllib

import pytest
from django.utils import timezone

from community.follows import Ear, Thing, ear_of
from community.mail_choices import paces_of, wishes_of
from community.models import MailList, Pace, Tag
from config.demo.hearing import choose, follow, steps_of_hearing
from config.demo.script import HERE, read_script
from config.demo.stage import Stage
from tests.factories import make_board, make_member

SCRIPT = tomllib.loads((HERE / "hearing.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def play():
    return read_script()


def test_everybody_and_everything_named_is_in_the_play(play):
    boards = {row["slug"] for row in play.places["boards"]}
    tags = {row["slug"] for row in play.places["tags"]}
    for row in SCRIPT["follows"]:
        assert row["by"] in play.people
        assert row.get("board", "battery") in boards
        assert row.get("tag", "alarm") in tags
        assert row.get("person", "mara") in play.people


def test_nobody_follows_before_they_joined(play):
    for row in SCRIPT["follows"] + SCRIPT["choices"]:
        assert play.people[row["by"]].joined > row["ago"], row
        assert "person" not in row or play.people[row["person"]].joined > row["ago"], row


def test_every_choice_is_one_the_form_offers():
    assert all(Pace(row["pace"]) in paces_of(MailList(row["list"])) for row in SCRIPT["choices"])


@pytest.mark.django_db
def test_a_board_a_person_a_tag_in_all_its_languages_and_a_choice(play):
    now = timezone.now()
    stage = Stage(play, now, boards={"battery": make_board("battery")})
    stage.members |= {"mara": make_member("Mara"), "ines": make_member("Ines")}
    alarm, clock = Tag.objects.create(slug="alarm", name="Alarm"), Tag.objects.create(slug="闹钟", name="闹钟")
    for row in (
        {"by": "mara", "board": "battery"},
        {"by": "mara", "person": "ines"},
        {"by": "mara", "tag": "alarm", "mute": True},
    ):
        follow(stage, row, now)
    choose(stage, {"by": "mara", "list": "posts", "pace": "weekly"}, now)
    mara = stage.members["mara"]
    assert ear_of(mara, Thing.BOARD, stage.boards["battery"]) == ear_of(mara, Thing.PERSON, stage.members["ines"]) == Ear.FOLLOW
    assert ear_of(mara, Thing.TAG, alarm) == ear_of(mara, Thing.TAG, clock) == Ear.MUTE
    assert wishes_of(mara)[MailList.POSTS].pace == Pace.WEEKLY
    assert len(list(steps_of_hearing(stage))) == len(SCRIPT["follows"]) + len(SCRIPT["choices"])
