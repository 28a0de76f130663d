"""The home page: say a wish, see the bed, see what grows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community.lists import SORTS, count_by_status
from community.models import Product, Standing
from community.views.pages import for_everybody, prepare_rows

SETTLED = ("shipped", "declined", "not-now")


@require_safe
@for_everybody
def home(request: HttpRequest) -> HttpResponse:
    """The hottest suggestions that still grow, and how many there are of each status."""
    rows = Standing.objects.visible_to(request.user).listed().suggestions()
    counts = count_by_status(rows)
    growing = list(rows.exclude(status__in=SETTLED).with_posts().order_by(*SORTS["hot"])[:7])
    prepare_rows(request, growing)
    products = list(Product.objects.all()[:2])
    context = {
        "product": products[0] if len(products) == 1 else None,
        "counts": counts,
        "total": sum(counts.values()),
        "rows": growing,
    }
    return render(request, "community/home.html", context)
