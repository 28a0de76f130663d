"""The public roadmap."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.models import Product
from community.views.heads import head_of_list
from community.views.lists import feed_of
from community.views.pages import for_everybody, member_of
from feedback.lanes import lanes_of, wanted_items
from feedback.models import RoadmapColumn


@require_safe
@for_everybody
def roadmap(request: HttpRequest) -> HttpResponse:
    """What is being built, by column, and who asked for it; of one product, one column or one's own where said."""
    product, only = request.GET.get("product", "").replace("\x00", "")[:50], request.GET.get("column", "")
    member = member_of(request)
    mine = member if request.GET.get("mine") else None
    items = wanted_items(product=product, backed_by=mine)
    lanes = lanes_of(items, viewer=request.user, only=only if only in RoadmapColumn.values else "")
    told, feeds = _("What we are building, and who asked for it."), feed_of(_("Roadmap"), reverse("feed-roadmap"))
    context = {
        "section": "roadmap",
        "head": head_of_list(request, title=_("Roadmap"), description=told, feeds=feeds),
        "lanes": lanes,
        "total": sum(lane.total for lane in lanes),
        "only": lanes[0].column if len(lanes) == 1 else None,
        "products": list(Product.objects.all()),
        "product": product,
        "mine": mine is not None,
        "backed": wanted_items(product=product, backed_by=member).count() if member else 0,
    }
    return render(request, "feedback/roadmap.html", context)
