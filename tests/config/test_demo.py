"""The demo community is loaded once, by the real operations, and leaves nothing owed, mailed or made up."""

import html
import tomllib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Max
from django.test import Client, RequestFactory
from django.utils import timezone

from community.models import (
    Activity,
    Attachment,
    Circle,
    Comment,
    Contest,
    Delivery,
    Mailing,
    Member,
    Notice,
    Poll,
    Post,
    Standing,
    Talk,
)
from config.demo.load import Loaded, load_demo
from config.demo.script import HERE, read_script
from feedback.models import (
    ClusterScore,
    Credit,
    Merge,
    MergeProposal,
    Release,
    RoadmapItem,
    ScoreSnapshot,
    Status,
    StatusChange,
    Suggestion,
    Vote,
)
from feedback.rescoring import verify
from tests import databases

pytestmark = pytest.mark.usefixtures("demo")
LOADED_AT = timezone.now()


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[Loaded]:
    """The demo in a database of its own, loaded once for all that is asked of it here."""
    with django_db_blocker.unblock(), databases.fresh_clone():
        yield load_demo(at=LOADED_AT)


def standing_of(entry_id: str) -> Standing:
    title = read_script().entries[entry_id].title
    return Standing.objects.get(post__title=title)


def told(name: str) -> dict:
    """One of the files of the script, as it stands."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def brought_by_gatherings() -> tuple[int, int]:
    """How many polls are asked, and how many entries of contests became suggestions, each with its author's vote."""
    script = told("gatherings")
    entries = [entry for contest in script["contests"] for entry in contest["entries"]]
    return len(script["polls"]), sum("adopted_ago" in entry for entry in entries)


def posts_told() -> int:
    """Every post that the script writes: entries, polls, adopted ideas, talk in closed boards, and what moderators look after."""
    talk = len(told("groups")["talk"]) + len(talk_of_circles())
    return len(read_script().entries) + sum(brought_by_gatherings()) + talk + len(told("care")["texts"])


def talk_of_circles() -> list[dict]:
    return [talk for circle in told("circles")["circles"] for talk in circle.get("talk", [])]


def comments_told() -> int:
    """Every comment that the script writes, the one that waits for a moderator included."""
    under_entries = sum(len(entry.remarks) for entry in read_script().entries.values())
    in_closed_boards = sum(len(row["answers"]) for row in [*told("groups")["talk"], *talk_of_circles()])
    return under_entries + in_closed_boards + len(told("pictures")["comments"]) + len(told("care")["comments"])


def votes_told() -> int:
    """What the script counts, and the author's own vote for each adopted idea and for what became a wish later."""
    entries = read_script().entries
    turned = [row for row in told("writing")["conversions"] if row["to"] in ("suggestion", "bug")]
    grown = sum(not entries[row["post"]].is_wish for row in turned)
    return sum(entry.votes for entry in entries.values()) + brought_by_gatherings()[1] + grown


def test_polls_and_contests_are_alive(demo):
    asked = Poll.objects.order_by("pk")
    assert asked.open(at=LOADED_AT).count() == 2 and asked.closed(at=LOADED_AT).get().decision
    phases = {contest.slug: contest.phase(LOADED_AT) for contest in Contest.objects.all()}
    assert phases == {"one-gesture": "decided", "words-for-the-box": "votes", "trick-of-the-week": "entries"}
    assert Contest.objects.get(slug="one-gesture").standing.first().entry.author.username == "xiaoman"


def test_entries_show_what_their_authors_drew_with_words_for_it(demo):
    shown = Attachment.objects.filter(entry__isnull=False)
    assert shown.count() == 3 and not shown.filter(alt="").exists()
    assert all(f"/pictures/{one.pk}/" in one.entry.body_html for one in shown.select_related("entry"))


def test_members_talk_at_meetups_and_one_proposal_waits_for_its_host(demo):
    talks = Talk.objects.order_by("created_at")
    assert [talk.title for talk in talks.in_programme().filter(meetup__slug="open-hour-watch")] == [
        "Sleeping by day",
        "One night in a real sleep lab",
    ]
    assert [talk.title for talk in talks.waiting()] == ["An alarm that moves every week"]
    assert talks.get(state="declined").answer.startswith("We laughed")


def test_two_circles_are_open_and_two_still_look_for_people(demo):
    rows = {circle.name: (circle.state, circle.count) for circle in Circle.objects.with_counts()}
    assert rows == {
        "上海": ("open", 22),
        "Photographers": ("open", 22),
        "The night shift": ("proposed", 15),
        "断电宿舍": ("proposed", 8),
    }


def test_an_open_circle_is_talked_in_and_its_steward_keeps_it(demo):
    for circle in Circle.objects.open().select_related("board", "steward"):
        assert circle.board.posts.count() == 2 and list(circle.board.moderators.all()) == [circle.steward]


def test_a_proposal_without_a_steward_is_there_to_be_seen(demo):
    assert [circle.name for circle in Circle.objects.proposed().filter(steward=None)] == ["断电宿舍"]


def test_whoever_signs_in_to_look_has_votes_left(demo):
    fan = Member.objects.get(email="fan@demo.sprout")
    assert not fan.ballots.exists() and not fan.fan_votes.exists()


def test_everything_in_the_script_is_there(demo):
    script = read_script()
    assert demo.fresh and demo.members == len(script.people) + len(told("care")["newcomers"])
    assert (demo.posts, demo.comments, demo.votes) == (posts_told(), comments_told(), votes_told())
    assert (demo.items, demo.releases) == (len(script.works), len(script.drops))


def test_loading_it_again_changes_nothing(demo):
    before = (Activity.objects.count(), Vote.objects.count())
    again = load_demo(at=LOADED_AT + timedelta(days=3))
    assert not again.fresh and again.votes == demo.votes
    assert (Activity.objects.count(), Vote.objects.count()) == before


def test_nothing_is_owed_and_nothing_was_mailed():
    assert Delivery.objects.count() == 0
    assert Mailing.objects.count() == 0


def test_nothing_happened_in_the_future():
    latest = [Post.objects.aggregate(at=Max("created_at")), Comment.objects.aggregate(at=Max("created_at"))]
    latest += [Vote.objects.aggregate(at=Max("cast_at")), StatusChange.objects.aggregate(at=Max("at"))]
    assert all(found["at"] < LOADED_AT for found in latest)


def test_the_four_sign_ins_work_and_no_other_member_has_a_password():
    here = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1")
    for name in ("fan", "moderator", "staff", "admin"):
        assert authenticate(here, email=f"{name}@demo.sprout", password="sprout-demo").is_demo
    usable = [member.email for member in Member.objects.all() if member.has_usable_password()]
    assert len(usable) == 4


def test_everybody_who_was_here_for_two_weeks_is_trusted():
    newcomers = Member.objects.filter(is_staff=False, joined_at__gt=LOADED_AT - timedelta(days=60)).count()
    assert newcomers == 8
    # Four came only to be looked at by moderators.
    assert Member.objects.filter(is_staff=False, trust__lt=2).count() <= 4


def test_every_status_is_there_to_be_seen():
    assert set(Suggestion.objects.values_list("status", flat=True)) == set(Status.values)


def test_a_duplicate_stands_folded_into_its_canonical_and_nobody_is_counted_twice():
    top = standing_of("charge-limit")
    folded = Standing.objects.filter(folded_into_id=top.post_id)
    assert folded.count() == top.merged == 3
    voters = Vote.objects.counted().filter(suggestion__root_id=top.post_id).values("member").distinct().count()
    assert ClusterScore.objects.get(root_id=top.post_id).voters == voters == top.votes


def test_one_merge_was_undone_and_three_proposals_wait():
    assert Merge.objects.filter(undone_at__isnull=False).count() == 1
    assert MergeProposal.objects.filter(state=MergeProposal.State.WAITING).count() == 3


def test_the_roadmap_has_something_in_every_column():
    columns = dict(RoadmapItem.objects.values_list("column").annotate(Count("pk")))
    assert all(columns[name] >= 4 for name in ("planned", "in-progress", "testing", "shipped"))


def test_what_stands_on_the_roadmap_has_the_status_of_its_column():
    apart = Suggestion.objects.filter(roadmap_items__isnull=False).exclude(status=F("roadmap_items__column"))
    assert list(apart) == []


def test_releases_are_named_for_their_week_and_credit_their_authors():
    for drop in read_script().drops:
        year, week, _day = (LOADED_AT - timedelta(days=drop.ago)).isocalendar()
        release = Release.objects.get(slug=f"linden-os-{year}-w{week:02d}")
        authors = Credit.objects.filter(release=release, role=Credit.Role.AUTHOR).count()
        assert authors == len(drop.ships) and release.credits.count() > 40


def test_the_next_release_waits_for_its_moment_a_week_after_the_last():
    (release,), last = Release.objects.scheduled(), Release.objects.shipped()[0]
    assert release.scheduled_for - last.shipped_at == timedelta(weeks=1)
    assert {wish.status for wish in release.suggestions.all()} == {Status.TESTING}
    page = Client().get("/releases/").content.decode()
    assert "4 weekly releases in a row" in page and release.version in page and release.title not in page


def test_staff_never_vote():
    assert not Vote.objects.filter(member__is_staff=True).exists()


def test_the_scores_are_spread_and_the_charge_limit_is_near_the_top():
    ranked = list(ClusterScore.objects.filter(root=F("root__root")).order_by("-numerator").values_list("root_id", flat=True))
    assert standing_of("charge-limit").post_id in ranked[:3]
    assert ClusterScore.objects.aggregate(top=Max("numerator"))["top"] > 500_000


def test_every_score_is_what_its_votes_say_and_has_a_history_of_weeks():
    report = verify()
    assert (report.differences, report.left_out) == (0, 0)
    days = ScoreSnapshot.objects.filter(root=standing_of("charge-limit").post_id).values_list("day", flat=True)
    assert len(days) > 5 and (max(days) - min(days)).days > 28


def test_the_fan_has_heard_of_what_became_of_her_suggestions():
    mara = Member.objects.get(email="fan@demo.sprout")
    assert Notice.objects.filter(member=mara).count() > 10
    assert 0 < Notice.objects.filter(member=mara).unread().count() < 60


def test_members_have_risen_by_what_came_of_their_posts():
    levels = dict(Member.objects.filter(is_staff=False).values_list("level").annotate(Count("pk")))
    assert len(levels) >= 3 and not Member.objects.filter(is_staff=True, level__gt=0).exists()


def test_elsewhere_than_on_this_machine_it_is_refused(settings):
    settings.LOOPBACK = False
    with pytest.raises(CommandError, match="known passwords"):
        call_command("demo")


def test_the_command_says_that_it_is_there_already(capsys):
    call_command("demo", "--skip-checks")
    assert f"already there: {Member.objects.filter(is_demo=True).count()} members" in capsys.readouterr().out


LIVELY = {"/": 4, "/suggestions/": 8, "/roadmap/": 24, "/releases/": 4, "/community/": 6}


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("address", LIVELY)
def test_every_page_has_life_in_it(address, language):
    script, page = read_script(), read(address, language)
    said = {entry.title for entry in script.entries.values()} | {work.title for work in script.works}
    said |= {person.name for person in script.people.values()} | {drop.title for drop in script.drops}
    assert sum(words in page for words in said) >= LIVELY[address]


def test_a_post_shows_its_answer_its_talk_and_its_history():
    page = read(standing_of("charge-limit").post.get_absolute_url())
    assert "Ines Okafor" in page and "full ten minutes before your first alarm" in page
    assert "Shift worker here" in page and "充电保护要看我的闹钟" in page


def test_a_release_thanks_its_people_by_name():
    page = read(Release.objects.get(version="3.2").get_absolute_url())
    assert "Quiet mornings" in page and "Tomasz Wilk" in page and "Anouk Jansen" in page


def test_a_members_page_shows_what_they_brought():
    page = read("/members/mara/")
    assert "Mara Lindqvist" in page and "Charge limit at 80 % that learns my alarm" in page


def read(address: str, language: str = "en") -> str:
    answer = Client(headers={"accept-language": language}).get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())
