"""Staff read the names of things in their language too."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.utils.translation import override

from community.verbs import Verb
from config.labels import OURS, VERBS, WORDS
from tests.factories import make_staff
from tests.feedback.desks import at_the_desk

HAN = re.compile("[一-鿿]")
# Of the machinery, and on no page of the admin.
UNSEEN = {"ID", "answer html", "body html", "notes html", "about html", "brief html", "decision html", "prizes html", "rules html", "is demo",
          "renderer", "root"}  # fmt: skip
DESKS = [model for model in admin.site._registry if model._meta.app_label in OURS]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_every_model_and_field_of_the_admin_has_a_chinese_name(language):
    with override(language):
        names = {str(name) for model in DESKS for name in (model._meta.verbose_name, model._meta.verbose_name_plural)}
        names |= {str(field.verbose_name) for model in DESKS for field in (*model._meta.fields, *model._meta.many_to_many)}
    assert not {name for name in names if not HAN.search(name)} - UNSEEN


def test_in_english_names_are_what_django_makes_of_them():
    proposal = apps.get_model("feedback", "MergeProposal")._meta
    with override("en"):
        assert (str(proposal.verbose_name), str(proposal.verbose_name_plural)) == ("merge proposal", "merge proposals")
        assert str(proposal.get_field("proposed_by").verbose_name) == "proposed by"


def test_no_word_is_listed_that_names_nothing():
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    with override("en"):
        names = {str(name) for model in models for name in (model._meta.verbose_name, model._meta.verbose_name_plural)}
        names |= {str(field.verbose_name) for model in models for field in (*model._meta.fields, *model._meta.many_to_many)}
    assert not set(WORDS) - names


def test_every_fact_of_the_record_is_put_in_words():
    assert set(VERBS) == {verb.value.replace("_", " ") for verb in Verb}


@pytest.mark.django_db
def test_the_desk_reads_chinese_for_who_reads_chinese(client):
    desk_client = at_the_desk(client, make_staff(language="zh-hans"))
    page = desk_client.get("/admin/feedback/mergeproposal/").content.decode()
    assert "合并提议" in page and "merge proposal" not in page
