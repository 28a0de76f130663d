"""The admin's sidebar: what staff come for, first; what is not theirs to see is not there."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import (
    Activity,
    Board,
    CarePlan,
    Circle,
    Claim,
    Comment,
    Contest,
    Delivery,
    GroupMembership,
    HouseRules,
    Mailing,
    MailPause,
    Meetup,
    Member,
    Notice,
    Persona,
    Poll,
    Post,
    PostTemplate,
    Product,
    Segment,
    Tag,
    TesterGroup,
    WatchedWord,
)  # fmt: skip
from community.polls.reading import DECIDE_WITHIN
from feedback.models import Department, Merge, MergeProposal, Plan, Release, RoadmapItem, ScoreConfig, Status, Suggestion

UNDECIDED = Q(status__in=[Status.OPEN, Status.UNDER_REVIEW])
Entry = tuple[Any, str, str, int]


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links with what waits behind them."""
    return [{"title": title, "separator": True, "items": _links(request, entries)} for title, entries in _groups()]


def _groups() -> list[tuple[str, list[Entry]]]:
    waiting = MergeProposal.objects.waiting().count()
    parked = Delivery.objects.exclude(error="").count()
    understand: list[Entry] = [
        (Suggestion, _("Triage"), "inbox", 0),
        (MergeProposal, _("Merge proposals"), "join_inner", waiting),
        (Merge, _("Merges"), "merge", 0),
    ]
    decide: list[Entry] = [
        (RoadmapItem, _("Roadmap"), "map", 0),
        (Plan, _("Plans"), "balance", 0),
        (Release, _("Releases"), "package_2", 0),
        (ScoreConfig, _("Score"), "tune", 0),
    ]
    people = _of_community()
    house: list[Entry] = [
        (Product, _("Products"), "devices", 0),
        (Board, _("Boards"), "dashboard", 0),
        (Segment, _("Segments"), "filter_alt", 0),
        (TesterGroup, _("Tester groups"), "hub", 0),
        (Department, _("Departments"), "apartment", 0),
        (Activity, _("Record"), "history", 0),
        (Delivery, _("Debts"), "pending_actions", parked),
        (Mailing, _("Mails"), "mail", 0),
        (Notice, _("Notices"), "notifications", 0),
        (MailPause, _("Refused addresses"), "unsubscribe", 0),
    ]
    titles = (_("Understand"), _("Decide and ship"), _("Community"), _("House"))
    return list(zip(titles, (understand, decide, people, house), strict=True))


def _of_community() -> list[Entry]:
    """People, what they say, and where they meet."""
    claims = Claim.objects.filter(state=Claim.State.OPEN).count()
    applied = GroupMembership.objects.applied().count()
    return [
        (Member, _("Members"), "group", 0),
        (Claim, _("Claims"), "badge", claims),
        (GroupMembership, _("Testers"), "experiment", applied),
        (Post, _("Posts"), "forum", 0),
        (Comment, _("Comments"), "chat", 0),
        (Poll, _("Polls"), "ballot", Poll.objects.undecided(at=timezone.now()).count()),
        (Contest, _("Contests"), "trophy", 0),
        (Tag, _("Tags"), "sell", 0),
        (CarePlan, _("Care"), "health_and_safety", 0),
        (WatchedWord, _("Watched words"), "visibility", 0),
        (HouseRules, _("Rules"), "gavel", 0),
        (PostTemplate, _("Templates"), "edit_note", 0),
        (Meetup, _("Meetups"), "event", 0),
        (Circle, _("Circles"), "groups_3", 0),
        (Persona, _("Personas"), "diversity_3", 0),
    ]


def _links(request: HttpRequest, entries: list[Entry]) -> list[dict[str, Any]]:
    links = []
    for model, title, icon, badge in entries:
        desk = admin.site._registry.get(model)
        if desk is not None and desk.has_view_permission(request):
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            links.append({"title": title, "icon": icon, "link": url, **({"badge": badge} if badge else {})})
    return links


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The admin's first page: what waits for whom, one press away."""
    counts = Suggestion.objects.filter(root_id=F("post_id")).aggregate(
        mine=Count("pk", filter=UNDECIDED & Q(assignee=request.user.pk)),
        unowned=Count("pk", filter=UNDECIDED & Q(assignee=None)),
        unanswered=Count("pk", filter=UNDECIDED & Q(answer="")),
        new=Count("pk", filter=Q(triaged_at=None)),
    )
    desk = reverse("admin:feedback_suggestion_changelist")
    names = {
        "mine": _("are yours"),
        "unowned": _("belong to nobody"),
        "unanswered": _("need an answer"),
        "new": _("nobody has looked at"),
    }
    queues = [(counts[name], words, f"{desk}?queue={name}") for name, words in names.items()]
    proposals = reverse("admin:feedback_mergeproposal_changelist")
    queues.append((MergeProposal.objects.waiting().count(), _("may be the same"), f"{proposals}?state__exact=waiting"))
    # What is scheduled waits for nobody.
    drafts = Release.objects.filter(shipped_at=None, scheduled_for=None).count()
    releases = reverse("admin:feedback_release_changelist")
    queues.append((drafts, _("releases to ship"), f"{releases}?shipped_at__isempty=1&scheduled_for__isempty=1"))
    # Said within a week: what is owed longer is what counts here.
    late = Poll.objects.undecided(at=timezone.now() - DECIDE_WITHIN).count()
    polls = reverse("admin:community_poll_changelist")
    queues.append((late, _("polls wait for our decision"), f"{polls}?decision=late"))
    now = timezone.now()
    results = Contest.objects.filter(published=True, jury_until__lte=now, announced_at=None).count()
    contests = reverse("admin:community_contest_changelist")
    queues.append((results, _("contests to decide"), f"{contests}?announced_at__isempty=1"))
    return {**context, "queues": queues, "title": _("Today")}
