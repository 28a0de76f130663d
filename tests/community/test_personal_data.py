"""Whatever refers to a person is known: it goes with them, or it stays for a reason that is written down."""

import pytest
from django.apps import apps

from community.accounts.registry import ERASED, EXPORTED, KEPT, PARTS
from community.models import Member

OURS = ("community", "feedback", "rewards", "account", "mfa", "usersessions")


def refers_to_members(model) -> bool:
    return any(field.is_relation and field.many_to_one and field.related_model is Member for field in model._meta.get_fields())


def models():
    return [model for model in apps.get_models() if model._meta.app_label in OURS and refers_to_members(model)]


def test_every_model_that_refers_to_a_member_says_what_becomes_of_it_when_they_leave():
    unsaid = {model.__name__ for model in models()} - {model.__name__ for model in ERASED | set(KEPT)}
    assert unsaid == set(), "Say in the app's personal.py whether this is erased or why it is kept."


def test_everything_erased_that_could_be_of_use_can_be_taken_along_first():
    silent = {"IdempotentAnswer"}
    # The question of a poll stands in its post, which is there.
    assert {model.__name__ for model in ERASED - EXPORTED} <= silent | {"Poll"}


def test_every_reason_to_keep_something_is_a_sentence():
    assert all(len(why.split()) >= 4 for why in KEPT.values())


@pytest.mark.parametrize("part", ["profile", "posts", "comments", "votes", "points", "notices", "mails", "sign_in", "record"])
def test_the_export_has_its_parts(part):
    assert part in PARTS
