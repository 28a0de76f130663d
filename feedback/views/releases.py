"""The public releases: what shipped, and with whom."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.models import Product
from community.paging import take_page
from community.privileges import Privilege, has
from community.views.heads import Head, first_words, head_of_list
from community.views.lists import feed_of
from community.views.pages import for_everybody, is_htmx, member_of
from feedback.lanes import lanes_of, wanted_items
from feedback.models import Credit, Release, RoadmapColumn, Suggestion
from feedback.models.release import ReleaseQuerySet
from feedback.thanks import faces_of, thanks_for
from feedback.trains import train_of

SOON = (RoadmapColumn.TESTING, RoadmapColumn.IN_PROGRESS)
MOST_NEXT = 4


@require_safe
@for_everybody
def releases(request: HttpRequest) -> HttpResponse:
    """The releases, the latest first; htmx gets the further ones alone."""
    product = request.GET.get("product", "").replace("\x00", "")[:50]
    wanted = Release.objects.shipped().select_related("product")
    wanted = wanted.filter(product__slug=product) if product else wanted
    page = take_page(wanted, order=("-shipped_at", "-pk"), after=request.GET.get("after", ""))
    thanks = thanks_for(page.rows, viewer=request.user)
    context: dict[str, Any] = {"rows": [(release, thanks[release.pk]) for release in page.rows], "after": page.after}
    if is_htmx(request) and "after" in request.GET:
        return render(request, "feedback/_releases.html", context)
    told, feeds = _("What has shipped, and whose wishes it came from."), feed_of(_("Releases"), reverse("feed-releases"))
    head = head_of_list(request, title=_("Releases"), description=told, feeds=feeds)
    context |= {"section": "releases", "products": list(Product.objects.all()), "product": product, "head": head}
    context["train"] = train_of(product=product, at=timezone.now())
    return render(request, "feedback/releases.html", context)


@require_safe
@for_everybody
def release(request: HttpRequest, slug: str) -> HttpResponse:
    """One release: its notes, what of it was asked for by whom, and what comes next. Drafts are shown to staff alone."""
    found = get_object_or_404(_shown_to(request), slug=slug)
    wishes = list(_wishes_of(found, request))
    member = member_of(request)
    lanes = lanes_of(wanted_items(product=found.product.slug), viewer=request.user)
    coming = [card for lane in reversed(lanes) if lane.column in SOON for card in lane.cards]
    context = {
        "section": "releases",
        "release": found,
        "wishes": wishes,
        "thanks": thanks_for([found], viewer=request.user)[found.pk],
        "faces": faces_of(found, viewer=request.user),
        "mine": Credit.objects.filter(release=found, member=member).count() if member else 0,
        "coming": coming[:MOST_NEXT],
        "head": head_of_release(found),
    }
    return render(request, "feedback/release.html", context)


def head_of_release(found: Release) -> Head:
    """What a release says of itself where its link is shown; a draft says nothing to machines."""
    return Head(
        title=f"{found.product} {found.version}: {found.title}",
        path=found.get_absolute_url(),
        description=first_words(found.notes_html),
        kind="article",
        index=found.shipped_at is not None,
        published=found.shipped_at.isoformat() if found.shipped_at else "",
    )


def _shown_to(request: HttpRequest) -> ReleaseQuerySet:
    shown = Release.objects.select_related("product", "shipped_by")
    return shown if has(request.user, Privilege.SHIP) else shown.filter(shipped_at__isnull=False)


def _wishes_of(found: Release, request: HttpRequest) -> QuerySet[Suggestion]:
    """The canonical suggestions it brings, the most wanted first, each with its author."""
    roots = Suggestion.objects.filter(cluster__releases=found).values("pk")
    seen = Suggestion.objects.visible_to(request.user).filter(pk__in=roots).select_related("post__author", "post__standing")
    return seen.order_by("-post__standing__votes", "pk")
