"""The kinds of users are kept by administrators; what weighs the scores anew is on record."""

import pytest

from community.models import Activity, Persona
from community.personas import save_persona
from community.refusals import NotAllowed
from community.verbs import Verb


def facts():
    return list(Activity.objects.filter(verb=Verb.PERSONAS_CHANGED).order_by("pk").values_list("data__slug", flat=True))


def test_a_new_kind_of_user_is_a_fact(admin_member, now):
    persona = save_persona(persona=Persona(slug="daily", name="Daily"), by=admin_member, at=now)
    assert (persona.pk is not None, facts()) == (True, ["daily"])


def test_another_name_is_none_and_another_slug_is_one(admin_member, now, hours):
    persona = save_persona(persona=Persona(slug="daily", name="Daily"), by=admin_member, at=now)
    persona.name = "Every day"
    save_persona(persona=persona, by=admin_member, at=now + hours(1))
    assert (Persona.objects.get().name, facts()) == ("Every day", ["daily"])
    persona.slug = "every-day"
    save_persona(persona=persona, by=admin_member, at=now + hours(2))
    assert facts() == ["daily", "every-day"]


def test_only_administrators_keep_them(staff, now):
    with pytest.raises(NotAllowed):
        save_persona(persona=Persona(slug="daily", name="Daily"), by=staff, at=now)
