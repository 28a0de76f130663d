"""Plans: asked of the planner here, changed line by line with a reason, and adopted on a page that says what will follow."""

from itertools import groupby
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminTextInputWidget

from community.admin.base import DeskAdmin, act, colleague, column, mark, now_of
from community.privileges import Privilege
from feedback.models import Plan, PlanLine, Release, RoadmapColumn, RoadmapItem
from feedback.plans import adopt_plan, choose_line, drop_plan, propose_plan
from feedback.telling import hearers_of
from feedback.themes import QUARTERS, read_themes, write_themes

STATES = {Plan.State.DRAFT: "straw", Plan.State.ADOPTED: "leaf", Plan.State.DROPPED: ""}
GIVEN_UP = {
    "community": _("the share of what fans asked for"),
    "least": _("what was promised to themes"),
    "most": _("what themes have at most"),
}


class PlanForm(forms.ModelForm):
    """What the planner is asked; in team-weeks, as people think."""

    weeks = forms.DecimalField(
        label=_("Capacity in team-weeks"), min_value=0, max_value=500, decimal_places=2, widget=UnfoldAdminTextInputWidget(),
        help_text=_("What is left after a reserve for urgent faults; a fifth is usual."),
    )  # fmt: skip
    share = forms.IntegerField(
        label=_("Least share for what fans asked for, in percent"), min_value=0, max_value=100, initial=50,
        widget=UnfoldAdminTextInputWidget(),
    )  # fmt: skip
    themes = forms.CharField(
        label=_("Themes"), required=False, max_length=400, widget=UnfoldAdminTextInputWidget(),
        help_text=_("At least and at most, in team-weeks: battery 2-6, debt 3-, display -3"),
    )  # fmt: skip

    class Meta:
        model = Plan
        fields = ("product",)


@admin.register(Plan)
class PlanAdmin(DeskAdmin):
    """Every version of what to build next, the newest first."""

    changes = Privilege.PLAN
    adds = True
    form = PlanForm
    list_display = ["version", "product", "state_now", "weeks", "worth", "made_at"]
    list_display_links = ["version", "product"]
    list_filter = ["state", "product"]
    list_select_related = ["product"]
    fields = ["product", "weeks", "share", "themes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plan]:
        chosen = Q(lines__chosen=True)
        rows = super().get_queryset(request).annotate(taken=Sum("lines__effort", filter=chosen))
        return cast(QuerySet[Plan], rows.annotate(total=Sum("lines__value", filter=chosen)))

    @column(_("state"), ordering="state")
    def state_now(self, plan: Plan) -> Any:
        return mark(plan.get_state_display(), STATES[Plan.State(plan.state)])

    @column(_("team-weeks"), ordering="capacity")
    def weeks(self, plan: Plan) -> str:
        return f"{(plan.taken or 0) / QUARTERS:g} / {plan.capacity / QUARTERS:g}"  # type: ignore[attr-defined]

    @column(_("value"), ordering="total")
    def worth(self, plan: Plan) -> str:
        return shown(plan.total or 0)  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Plan, form: Any, change: bool) -> None:
        data = form.cleaned_data
        least, most = read_themes(data["themes"])
        made = propose_plan(
            product=data["product"], capacity=round(data["weeks"] * QUARTERS), community=data["share"] * 100,
            least=least, most=most, by=colleague(request), at=now_of(request),
        )  # fmt: skip
        obj.pk, obj.version = made.pk, made.version

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One question to the planner, one answer: its page."""
        once = {"show_save_and_add_another": False, "show_save_and_continue": False, "title": gettext("Ask for a plan")}
        return cast(HttpResponse, super().add_view(request, form_url, {**(extra_context or {}), **once}))

    def response_add(self, request: HttpRequest, obj: Plan, post_url_continue: str | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:feedback_plan_change", args=[obj.pk]))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/change/", self.admin_site.admin_view(self.page), name="feedback_plan_change"),
            path("<int:pk>/adopt/", self.admin_site.admin_view(self.adopt), name="feedback_plan_adopt"),
            path("<int:pk>/drop/", self.admin_site.admin_view(require_POST(self.drop)), name="feedback_plan_drop"),
            path("lines/<int:pk>/", self.admin_site.admin_view(require_POST(self.choose)), name="feedback_plan_choose"),
        ]
        return [*own, *cast(list[URLPattern], super().get_urls())]

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What is in by theme, what just missed it, what more room would bring."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        plan = get_object_or_404(Plan.objects.select_related("product", "release", "made_by", "decided_by"), pk=pk)
        lines = list(plan.lines.select_related("item", "after", "changed_by"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(plan),
            "plan": plan,
            "may_change": self.has_change_permission(request) and plan.state == Plan.State.DRAFT,
            **picture_of(plan, lines),
        }
        return TemplateResponse(request, "admin/feedback/plan.html", context)

    def choose(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The line is in or out, with the reason that was given."""
        line = get_object_or_404(PlanLine.objects.select_related("plan"), pk=pk)
        wanted = request.POST.get("chosen") == "1"
        return act(
            request,
            lambda: choose_line(
                line=line, chosen=wanted, reason=request.POST.get("reason", ""), by=colleague(request), at=now_of(request)
            ),
            done=gettext("The plan has it in.") if wanted else gettext("The plan has it out."),
            back=reverse("admin:feedback_plan_change", args=[line.plan_id]),
        )

    def adopt(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET says what adopting does; the one button adopts."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        plan, back = get_object_or_404(Plan, pk=pk), reverse("admin:feedback_plan_change", args=[pk])
        drafts = Release.objects.filter(product=plan.product, shipped_at=None).order_by("-pk")
        if request.method == "POST":
            release = drafts.filter(pk=request.POST["release"]).first() if request.POST.get("release", "").isdecimal() else None
            return act(
                request,
                lambda: adopt_plan(plan=plan, release=release, by=colleague(request), at=now_of(request)),
                done=gettext("Adopted. The work is in progress, and whoever asked for it is told."),
                back=back,
            )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Adopt this plan?"),
            "heading": gettext("Adopt “%(plan)s”?") % {"plan": plan},
            "sentences": _consequences(plan),
            "drafts": drafts,
            "back": back,
        }
        return TemplateResponse(request, "admin/feedback/plan_adopt.html", context)

    def drop(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The plan leads to nothing, and stays on record."""
        plan = get_object_or_404(Plan, pk=pk)
        return act(
            request,
            lambda: drop_plan(plan=plan, by=colleague(request), at=now_of(request)),
            done=gettext("Dropped. It stays on record."),
            back=reverse("admin:feedback_plan_change", args=[pk]),
        )


def shown(numerator: int) -> str:
    """A score as people read it, 0–100 for one piece of work."""
    return f"{numerator / 10_000:.1f}"


def picture_of(plan: Plan, lines: list[PlanLine]) -> dict[str, Any]:
    """What the page of a plan shows, in numbers ready to read."""
    inside = [line for line in lines if line.chosen]
    used, value = sum(line.effort for line in inside), sum(line.value for line in inside)
    asked = sum(line.effort for line in inside if line.community)
    titles = {line.item_id: line.item.title for line in lines}
    prices = {one["id"]: one["price"] for one in plan.missed}
    return {
        "themes": _by_theme(inside, plan),
        "out": [(line, shown(line.value), _price(prices, line)) for line in lines if not line.chosen],
        "wider": [
            (
                f"{one['extra'] / QUARTERS:g}",
                shown(one["gain"]),
                [titles[pk] for pk in one["enters"] if pk in titles],
                [titles[pk] for pk in one["leaves"] if pk in titles],
            )
            for one in plan.wider
        ],
        "used": f"{used / QUARTERS:g}",
        "capacity": f"{plan.capacity / QUARTERS:g}",
        "full": min(100 * used // plan.capacity, 100),
        "over": f"{(used - plan.capacity) / QUARTERS:g}" if used > plan.capacity else "",
        "value": shown(value),
        "difference": f"{(value - plan.value) / 10_000:+.1f}" if value != plan.value else "",
        "asked": 100 * asked // used if used else 0,
        "share": plan.community // 100,
        "rules": write_themes(plan.least, plan.most),
        "relaxed": [GIVEN_UP[name] for name in plan.relaxed],
    }


def _by_theme(inside: list[PlanLine], plan: Plan) -> list[dict[str, Any]]:
    """The themes with what they take, the largest first, and their work in order of its value."""
    rows = []
    for theme, group in groupby(
        sorted(inside, key=lambda line: (line.theme, -line.value, line.item_id)), key=lambda line: line.theme
    ):
        mine = list(group)
        effort = sum(line.effort for line in mine)
        rows.append(
            {
                "name": theme,
                "weeks": f"{effort / QUARTERS:g}",
                "percent": min(100 * effort // plan.capacity, 100),
                "effort": effort,
                "lines": [(line, shown(line.value), f"{line.effort / QUARTERS:g}") for line in mine],
            }
        )
    return sorted(rows, key=lambda row: (-row["effort"], row["name"]))


def _price(prices: dict[int, int | None], line: PlanLine) -> str:
    """What the plan would lose with it, as far as the planner said so."""
    if line.item_id not in prices:
        return ""
    price = prices[line.item_id]
    return gettext("fits in no plan") if price is None else gettext("costs the plan %(price)s") % {"price": shown(price)}


def _consequences(plan: Plan) -> list[str]:
    items = RoadmapItem.objects.filter(plan_lines__plan=plan, plan_lines__chosen=True, column=RoadmapColumn.PLANNED)
    roots = list(items.exclude(suggestions=None).values_list("suggestions__root", flat=True).distinct())
    told = len(set().union(*hearers_of(roots, voters=False).values())) if roots else 0
    begins = ngettext("%(count)d piece of work is in progress.", "%(count)d pieces of work are in progress.", items.count())
    moves = ngettext("%(count)d suggestion moves with it.", "%(count)d suggestions move with them.", len(roots))
    people = ngettext("%(count)d person is told.", "%(count)d people are told, each once for each wish.", told)
    return [begins % {"count": items.count()}, moves % {"count": len(roots)}, people % {"count": told}]
