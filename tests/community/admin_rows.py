"""Two rows more for every list of the admin, by the real operations wherever there is one."""

import itertools
from datetime import timedelta

from django.utils import timezone

from community.accounts.claims import claim_profile
from community.activity import record
from community.bounces import pause_address
from community.care.house_rules import adopt_rules
from community.care.plans import keep_plan, watch_word
from community.groups.entering import apply_to_group
from community.models import Activity, CarePlan, HouseRules, Mailing, Notice, PostTemplate, Tag, WatchedWord
from community.verbs import PersonasChanged, Verb
from community.writing.templates import keep_template
from tests.community.contesting import make_contest, make_entry
from tests.community.polling import COLOURS, make_poll, say
from tests.community.test_meetups import make_meetup
from tests.factories import (
    NOW,
    make_admin,
    make_board,
    make_comment,
    make_group,
    make_member,
    make_persona,
    make_post,
    make_segment,
    make_segment_board,
    make_staff,
)

_number = itertools.count(1)


def claim():
    name = f"dev{next(_number)}"
    profile = make_member(name, username=name, claimed_at=None, source_system="github", source_id=name)
    claim_profile(member=make_member(), profile=profile, at=timezone.now(), words="It is me.")


def contest():
    arranged = make_contest(opens=timezone.now())
    make_entry(arranged, at=timezone.now())


def poll():
    say(make_poll(weight="advisory"), COLOURS[0])


def mail():
    member = make_member()
    Mailing.objects.create(kind="daily", period="2026-11-19", member=member, message_id=f"<{member.pk}@x>",
                           data={"news": [[1, "comments"]]})  # fmt: skip


def notice():
    member = make_member()
    fact = Activity.objects.create(key=f"told:{member.pk}", verb="post_edited", at=timezone.now())
    Notice.objects.create(member=member, activity=fact, kind="comment_written", list="comments")


def debt():
    """What the persona page owes the score's breadth."""
    record(Verb.PERSONAS_CHANGED, key=f"personas:{next(_number)}", actor=make_staff(), subject=1,
           data=PersonasChanged(slug="traveller"), at=NOW)  # fmt: skip


def template():
    keep_template(template=PostTemplate(kind="bug", board=make_board(), name="Steps", body="1. I press"), by=make_staff())


def tag():
    word = f"word{next(_number)}"
    Tag.objects.create(slug=word, name=word, into=Tag.objects.create(slug=f"of-{word}", name=f"of {word}"))


ROWS = {
    "activity": debt,
    "board": lambda: make_segment_board(segment=make_segment(added=[make_member()])),
    "careplan": lambda: keep_plan(plan=CarePlan(board=make_board()), by=make_admin()),
    "claim": claim,
    "comment": lambda: make_comment(make_post()),
    "contest": contest,
    "delivery": debt,
    "groupmembership": lambda: apply_to_group(group=make_group(), member=make_member(), words="Me!", agreed=True, at=NOW),
    "houserules": lambda: adopt_rules(rules=HouseRules(text="Be kind."), by=make_admin(), at=NOW),
    "mailing": mail,
    "mailpause": lambda: pause_address(member=make_member(), reason="550 no such user", at=NOW),
    "meetup": lambda: make_meetup(at=timezone.now() + timedelta(days=3), by=make_staff()),
    "member": lambda: make_member(persona=make_persona()),
    "notice": notice,
    "persona": lambda: make_member(persona=make_persona()),
    "poll": poll,
    "post": make_post,
    "posttemplate": template,
    "product": make_board,
    "segment": lambda: make_segment(added=[make_member()]),
    "tag": tag,
    "testergroup": lambda: make_group(members=[make_member()]),
    "watchedword": lambda: watch_word(word=WatchedWord(word=f"w{next(_number)}", board=make_board()), by=make_admin()),
}
