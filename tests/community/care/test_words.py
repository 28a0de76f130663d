"""What people are told: every decision in a sentence of its own, with its reason, and never with a name."""

from datetime import timedelta

import pytest

from community.care import rules
from community.care.listeners import TOLD
from community.care.words import answer_to_reporter, headline, reason
from community.models import Decision, TargetKind, Verdict
from community.notice_words import REGISTER
from tests.factories import NOW

ABOUT_TEXTS = ["released", "declined", "hidden", "restored", "withheld", "dismissed"]
ABOUT_PEOPLE = ["warned", "limited", "suspended", "lifted"]


def decision(verdict: str, kind: str, **more) -> Decision:
    return Decision(verdict=verdict, target_kind=kind, target_id=1, at=NOW, **more)


@pytest.mark.parametrize("kind", ["post", "comment"])
@pytest.mark.parametrize("verdict", ABOUT_TEXTS)
def test_what_is_decided_about_a_text_names_the_kind_of_text(verdict, kind):
    assert headline(decision(verdict, kind)).startswith(f"Your {kind} ")


@pytest.mark.parametrize("verdict", ABOUT_PEOPLE)
def test_what_is_decided_about_a_person_is_told_to_them(verdict):
    told = headline(decision(verdict, "member", until=NOW + timedelta(days=7)))
    assert told.endswith(".") and ("23 November" in told) is (verdict in ("limited", "suspended"))


def test_a_suspension_without_an_end_says_so():
    assert headline(decision("suspended", "member")) == "Your account is suspended for good."


@pytest.mark.parametrize("kind", ["post", "comment", "member"])
def test_an_appeal_is_answered_alike_for_everything(kind):
    assert headline(decision("overturned", kind)) == "Your appeal is granted: everything is as it was before."
    assert headline(decision("upheld", kind)) == "Another moderator looked again, and the decision stands."


def test_every_decision_that_is_told_has_words_of_its_own():
    vague = "A moderator has decided something about you."
    for verdict in TOLD:
        kinds = ["member"] if verdict in ABOUT_PEOPLE else ["post", "comment"]
        assert all(headline(decision(verdict, kind, until=NOW)) != vague for kind in kinds), verdict
    assert {Verdict.TRUSTED, Verdict.DISMISSED}.isdisjoint(TOLD)


@pytest.mark.parametrize("rule", [*rules.BROKEN, *rules.HELD])
def test_every_reason_is_a_sentence(rule):
    assert reason(decision("hidden", "post", rule=rule)).endswith(".")


def test_an_unknown_reason_is_left_out():
    assert reason(decision("hidden", "post", rule="of-the-past")) == reason(decision("hidden", "post")) == ""


@pytest.mark.parametrize("verdict", Verdict.values)
def test_a_reporter_hears_what_came_of_it_and_nothing_about_the_person(verdict):
    told = answer_to_reporter(decision(verdict, "post", rule="spam", words="Mara again."))
    assert "hank you" in told and "Mara" not in told and "suspend" not in told


def test_notices_have_their_words():
    assert {"care_decision", "care_report"} <= set(REGISTER)
    assert set(TargetKind.values) == {"post", "comment", "member"}
