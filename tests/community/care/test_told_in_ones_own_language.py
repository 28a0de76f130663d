"""What is decided is told in the language of whoever it concerns: headline, reason, answer, notice, limit and page."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from community.care import decisions, rules
from community.care.appeals import APPEALABLE
from community.care.forms import ALSO, SANCTIONS, ReasonForm, ReportForm, SanctionForm
from community.care.house_rules import ENGLISH, SIMPLIFIED, TRADITIONAL, rules_in_force
from community.care.reports import report
from community.care.sanctions import suspend_member, warn_member
from community.care.targets import find_target, load_targets
from community.care.words import answer_to_reporter, headline, moment, reason
from community.comments import write_comment
from community.deliveries import drain
from community.models import CarePlan, Decision, HouseRules, Member, Notice, Verdict
from community.notice_words import Words
from community.posts import write_post
from community.privileges import Privilege, require, tell_suspension
from community.refusals import NotAllowed, Refused
from community.screening import Manner
from tests.factories import NOW, make_member, make_newcomer, make_post

CHINESE = ["zh-hans", "zh-hant"]
HAN = re.compile(r"[\u4e00-\u9fff]")
SLOWLY = Manner("page", 60_000)
VERDICTS = [(verdict, kind) for verdict in ("released", "declined", "hidden", "restored", "withheld", "dismissed", "upheld", "overturned")
            for kind in ("post", "comment")] + [(verdict, "member") for verdict in ("warned", "limited", "suspended", "lifted")]  # fmt: skip


def decision(verdict, kind="post", **more) -> Decision:
    return Decision(verdict=verdict, target_kind=kind, target_id=1, at=NOW, **more)


def in_chinese(say) -> bool:
    """Both ways of writing, nothing left in English, nothing left open, and never the polite word that we do not use."""
    told = []
    for language in CHINESE:
        with translation.override(language):
            told.append(str(say()))
    return all(HAN.search(words) and "%(" not in words and "您" not in words for words in told)


@pytest.mark.parametrize(("verdict", "kind"), VERDICTS)
def test_every_headline_is_told_in_chinese(verdict, kind):
    assert in_chinese(lambda: headline(decision(verdict, kind, until=NOW)))


@pytest.mark.parametrize("rule", [*rules.BROKEN, *rules.HELD])
def test_every_reason_is_told_in_chinese(rule):
    assert in_chinese(lambda: reason(decision("hidden", rule=rule)))


def test_so_are_answers_limits_choices_and_verdicts():
    labels = [label for _code, label in [*ALSO, *SANCTIONS]] + list(rules.REFUSED.values()) + [row.label for row in Verdict]
    assert [str(label) for label in labels if not in_chinese(lambda label=label: label)] == []
    assert all(in_chinese(lambda verdict=verdict: answer_to_reporter(decision(verdict))) for verdict in Verdict)


def test_an_end_is_told_in_the_readers_own_time():
    noon = NOW.replace(month=7)
    with timezone.override("Asia/Shanghai"):
        assert "20:00" in moment(noon) and "20:00" in headline(decision("limited", "member", until=noon))
    assert "12:00" in moment(noon) and moment(None) == ""


@pytest.mark.parametrize("form", [ReportForm, ReasonForm, SanctionForm])
def test_every_form_offers_every_rule_and_asks_for_one(form):
    assert [code for code, _label in form().fields["rule"].choices] == list(rules.BROKEN)
    asked = form({"what": "warn"})
    assert not asked.is_valid() and in_chinese(lambda: form({}).errors["rule"][0])


@pytest.mark.django_db
class TestOnTheirPages:
    """As people meet it."""

    def test_a_notice_names_the_reason_and_the_way_to_appeal(self, board, moderator):
        reader = make_member(language="zh-hans")
        post = make_post(author=reader, board=board)
        told = load_targets([("post", post.pk)])["post", post.pk]
        decisions.hide(target=told, by=moderator, rule="unkind", words="Bitte freundlich.", at=NOW)
        drain()
        notice = Notice.objects.select_related("member", "post__board").get(member=reader)
        with translation.override("zh-hans"):
            words = Words([notice]).of(notice)
        assert HAN.search(words.sentence) and HAN.search(words.action)
        assert words.quote.endswith("Bitte freundlich.") and words.url == f"/me/decisions/{Decision.objects.get().pk}/"

    @pytest.mark.parametrize("verdict", Verdict.values)
    def test_appealing_is_offered_where_it_is_possible_and_nowhere_else(self, author, verdict):
        row = Decision.objects.create(verdict=verdict, target_kind="member", target_id=author.pk, member=author, at=NOW)
        notice = Notice(member=author, kind="care_decision", data={"decision_id": row.pk})
        assert ("appeal" in Words([notice]).of(notice).action) is (verdict in APPEALABLE)

    def test_trust_and_reports_without_a_fault_are_never_listed(self, client, author, moderator):
        for verdict in Verdict.values:
            Decision.objects.create(
                verdict=verdict, target_kind="member", target_id=author.pk, member=author, at=timezone.now()
            )
        client.force_login(author)
        assert len(client.get("/me/decisions/").context["told"]) == len(Verdict) - 2
        for row in Decision.objects.filter(verdict__in=["trusted", "dismissed"]):
            assert client.get(f"/me/decisions/{row.pk}/").status_code == 404

    @pytest.mark.parametrize(("language", "words"), [("zh-hans", "停权"), ("zh-hant", "停權"), ("en", "suspended until")])
    def test_the_suspended_read_until_when_in_their_language(self, author, moderator, language, words):
        suspend_member(member=author, by=moderator, rule="spam", until=timezone.now() + timedelta(days=3), at=timezone.now())
        with translation.override(language), pytest.raises(NotAllowed) as told:
            require(Member.objects.get(pk=author.pk), Privilege.WRITE)
        assert words in told.value.sentence and "%(" not in told.value.sentence

    def test_an_end_on_the_page_of_the_suspended_is_in_their_own_zone(self, author):
        author.suspended_until = NOW.replace(month=7)
        with timezone.override("Asia/Shanghai"):
            assert "20:00" in tell_suspension(author)

    @pytest.mark.parametrize("language", CHINESE)
    def test_a_limit_is_a_sentence_in_the_writers_language(self, screened, board, language):
        newcomer = make_newcomer()
        typed = {"author": newcomer, "board": board, "kind": "question", "body": "", "manner": SLOWLY}
        write_post(title="The first one", at=NOW, **typed)
        with translation.override(language), pytest.raises(Refused) as told:
            write_post(title="The second one", at=NOW + timedelta(seconds=1), **typed)
        assert HAN.search(told.value.sentence) and told.value.retry_after == 119

    def test_each_wait_is_explained_in_the_readers_language(self, screened, client, board):
        CarePlan.objects.create(hold_new=True)
        newcomer = make_newcomer(language="zh-hant")
        held = write_comment(author=newcomer, post=make_post(board=board), body="請等我", at=NOW, manner=SLOWLY)
        client.force_login(newcomer)
        page = client.get(held.post.get_absolute_url()).content.decode()
        with translation.override("zh-hant"):
            assert str(rules.HELD["new"]) in page

    @pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("zh-hans", SIMPLIFIED), ("zh-hant", TRADITIONAL)])
    def test_the_first_rules_are_there_in_three_languages(self, language, text):
        with translation.override(language):
            assert str(rules_in_force()) == text and text.count("\n1. ") == text.count("\n5. ") == 1

    def test_of_two_rules_of_one_moment_the_later_written_holds(self, admin_member):
        for text in ("One.", "Two."):
            HouseRules.objects.create(text=text, at=NOW, by=admin_member)
        assert rules_in_force().text == "Two."

    def test_a_rule_given_in_english_alone_is_read_in_english_everywhere(self, client):
        HouseRules.objects.create(text="Be kind.", text_zh_hans="要友善。", at=NOW)
        read = {code: client.get("/rules/", headers={"Accept-Language": code}).content.decode() for code in CHINESE}
        assert "要友善" in read["zh-hans"] and "Be kind." in read["zh-hant"]

    def test_the_reporter_reads_what_came_of_it_and_nothing_about_whom(self, client, author, moderator, board):
        reporter = make_member(language="zh-hans")
        post = make_post("A title of somebody", author=author, board=board)
        report(target=find_target(reporter, "post", post.pk), by=reporter, rule="unkind", at=timezone.now())
        decisions.hide(
            target=find_target(moderator, "post", post.pk), by=moderator, rule="unkind", words="Mara!", at=timezone.now()
        )
        client.force_login(reporter)
        page = client.get("/me/reports/").content.decode()
        assert "Mara" not in page and "A title of somebody" not in page and "不再显示" in page

    def test_a_warning_says_so_without_a_text_to_show(self, client, author, moderator):
        row = warn_member(member=author, by=moderator, rule="other", words="Slow down,\nplease.", at=timezone.now())
        client.force_login(author)
        page = client.get(f"/me/decisions/{row.pk}/").content.decode()
        assert "Slow down,<br>please." in page and "What you wrote" not in page and "A moderator asks you" in page
