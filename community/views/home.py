"""The home page: say a wish, see the bed, see what grows, and what came since one was here."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.lists import SORTS, TALK, Wanted, count_by_kind, count_by_status, posts_for, suggestions_for
from community.models import Member, MemberDay, PostKind, Product, Standing
from community.read_marks import going_on
from community.views.heads import FeedLink, Head
from community.views.lists import KIND_NAMES
from community.views.pages import for_everybody, member_of, prepare_rows

SETTLED = ("shipped", "declined", "not-now")
MOST_ROWS, MOST_TALK, MOST_THREADS = 10, 4, 4
LONGEST_AWAY = timedelta(days=60)  # what is older is no news


@dataclass(frozen=True)
class Since:
    """What came since the member was last here. kinds: (kind, its name, how many)."""

    at: datetime
    threads: list[Standing]
    kinds: list[tuple[str, str, int]]


@require_safe
@for_everybody
def home(request: HttpRequest) -> HttpResponse:
    """The hottest suggestions that still grow, how many there are of each status, and what people talk about."""
    wishes = suggestions_for(request.user, Wanted())
    counts = count_by_status(wishes)
    growing = list(wishes.exclude(status__in=SETTLED).with_posts().order_by(*SORTS["hot"])[:MOST_ROWS])
    prepare_rows(request, growing)
    talk = posts_for(request.user, Wanted()).filter(kind__in=TALK).select_related("post__author")
    products, member = list(Product.objects.all()[:2]), member_of(request)
    context = {
        "product": products[0] if len(products) == 1 else None,
        "counts": counts,
        "total": sum(counts.values()),
        "rows": growing,
        "talk": list(talk.order_by("-active_at", "-post_id")[:MOST_TALK]),
        "since": since_last_visit(member, at=timezone.now()) if member else None,
        "head": head_of_home(),
    }
    return render(request, "community/home.html", context)


def head_of_home() -> Head:
    """The site as a whole, and the way to search it."""
    found = {
        "@type": "WebSite",
        "name": "Sprout",
        "url": f"{settings.SITE_URL}/",
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{settings.SITE_URL}{reverse('search')}?q={{words}}",
            "query-input": "required name=words",
        },
    }
    told = _("Say what you wish for, vote for what others wish, and see it grow.")
    feeds = (
        FeedLink(_("Suggestions"), reverse("feed-suggestions")),
        FeedLink(_("Announcements"), reverse("feed-announcements")),
    )
    return Head(_("What should grow next?"), reverse("home"), told, feeds=feeds, data=(found,))


def since_last_visit(member: Member, *, at: datetime) -> Since | None:
    """What others have said and posted since the last day the member was here; nothing where nothing came."""
    day = MemberDay.objects.filter(member=member, day__lt=at.date()).order_by("-day").values_list("day", flat=True).first()
    begun = datetime.combine(day, time(), tzinfo=at.tzinfo) if day else at
    begun = max(begun, at - LONGEST_AWAY)
    fresh = posts_for(member, Wanted()).filter(created_at__gte=begun).exclude(post__author=member)
    counts = count_by_kind(fresh) if day else {}
    kinds = [(kind.value, str(KIND_NAMES[kind]), counts[kind.value]) for kind in PostKind if counts.get(kind.value)]
    threads = going_on(member=member, most=MOST_THREADS)
    return Since(begun, threads, kinds) if threads or kinds else None
