"""Plans are proposed by the planner, changed by people with a reason, and adopted in one act."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from community.activity import record
from community.models import Member, Product
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid
from community.verbs import PlanDecided, PlanProposed, Verb
from feedback.models import Plan, PlanLine, Release, RoadmapColumn, RoadmapItem
from feedback.plan_values import worth_of
from feedback.planning import Candidate, CannotPlan, Proposal, Rules, just_missed, propose, with_more
from feedback.roadmap import edit_item, move_item
from feedback.themes import QUARTERS

LONGEST_REASON = 280


def plannable(product: Product) -> list[PlanLine]:
    """The product's pieces of work that are planned and not begun, as lines of a plan that is not made yet."""
    items = list(RoadmapItem.objects.filter(product=product, column=RoadmapColumn.PLANNED).order_by("pk"))
    worth = worth_of(items)
    return [
        PlanLine(
            item=item,
            value=worth[item.pk].value,
            effort=item.effort,
            theme=item.theme,
            community=worth[item.pk].community,
            first_timers=worth[item.pk].first_timers,
            voters=worth[item.pk].voters,
            after_id=item.after_id,
            must=item.must,
        )
        for item in items
    ]


def candidates_of(lines: Iterable[PlanLine]) -> list[Candidate]:
    """The lines as the planner reads them."""
    return [
        Candidate(
            id=line.item_id,
            value=line.value,
            effort=line.effort,
            theme=line.theme,
            community=line.community,
            after=line.after_id,
            must=line.must,
            first_timers=line.first_timers,
        )
        for line in lines
    ]


@transaction.atomic
def propose_plan(
    *, product: Product, capacity: int, by: Member | None, at: datetime, community: int = 5_000,
    least: Mapping[str, int] | None = None, most: Mapping[str, int] | None = None,
) -> Plan:  # fmt: skip
    """The best plan within the capacity is kept as the product's next version, with every candidate as it stands now.

    capacity, least, most: quarter team-weeks; community: basis points; by: None for the command line.
    Raises Invalid where what must be in does not fit, or the rules cannot be read.
    """
    if by is not None:
        require(by, Privilege.PLAN)
    rules = _checked(Rules(capacity, community, dict(least or {}), dict(most or {})))
    lines = plannable(product)
    candidates = candidates_of(lines)
    found = solve(candidates, rules)
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    latest = Plan.objects.filter(product=product).aggregate(last=Max("version"))["last"] or 0
    plan = Plan.objects.create(
        product=product, version=latest + 1, capacity=capacity, community=community, least=rules.least, most=rules.most,
        relaxed=list(found.relaxed), value=found.value, made_by=by, made_at=at,
        missed=[asdict(one) for one in just_missed(candidates, rules, found)],
        wider=[asdict(one) for one in with_more(candidates, rules, found)],
    )  # fmt: skip
    for line in lines:
        line.plan, line.proposed = plan, line.item_id in found.chosen
        line.chosen = line.proposed
    PlanLine.objects.bulk_create(lines)
    data = PlanProposed(product.pk, capacity, found.used, found.value, list(found.chosen))
    record(Verb.PLAN_PROPOSED, key=f"plan_proposed:{plan.pk}", actor=by, subject=plan.pk, data=data, at=at)
    return plan


def solve(candidates: Sequence[Candidate], rules: Rules) -> Proposal:
    """The proposal. Raises Invalid where what must be in does not fit."""
    try:
        return propose(candidates, rules)
    except CannotPlan as fault:
        told = _("What has to be in every plan takes %(weeks)s team-weeks; give it more room, or take a must off.")
        raise Invalid(told % {"weeks": f"{fault.needed / QUARTERS:g}"}, fields={"capacity": _("Too little.")}) from fault


def _checked(rules: Rules) -> Rules:
    if rules.capacity < 1:
        raise Invalid(_("A plan needs some time."), fields={"capacity": _("At least a quarter of a week.")})
    if not 0 <= rules.community <= 10_000:
        raise Invalid(_("The share lies between 0 and 100 percent."), fields={"community": _("Between 0 and 100.")})
    for theme, least in rules.least.items():
        if least > rules.most.get(theme, least):
            told = _("“%(theme)s” cannot have at least more than it has at most.") % {"theme": theme}
            raise Invalid(told, fields={"themes": told})
    return rules


@transaction.atomic
def choose_line(*, line: PlanLine, chosen: bool, reason: str, by: Member, at: datetime) -> PlanLine:
    """The piece of work is in the plan or not, against the proposal only with a reason; back to the proposal needs none.

    Raises Conflict where the plan is decided, Invalid without a reason.
    """
    require(by, Privilege.PLAN)
    _draft(line.plan)
    row: PlanLine = PlanLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    words = " ".join(reason.split())[:LONGEST_REASON]
    if chosen != row.proposed and not words:
        raise Invalid(_("Please say why: whoever reads the plan later will ask."), fields={"reason": _("A few words.")})
    row.chosen, row.reason = chosen, words if chosen != row.proposed else ""
    row.changed_by = by if chosen != row.proposed else None
    row.save(update_fields=["chosen", "reason", "changed_by"])
    return row


@transaction.atomic
def adopt_plan(*, plan: Plan, by: Member, at: datetime, release: Release | None = None) -> Plan:
    """What was chosen is in progress, everybody who asked for it is told, and it is meant for the release, if one is named.

    What moved or was dropped meanwhile stays as it is. Raises Conflict where the plan is decided, or more was chosen than
    there is room for.
    """
    require(by, Privilege.PLAN)
    row = _draft(plan)
    chosen = list(row.lines.filter(chosen=True).select_related("item").order_by("item_id"))
    over = sum(line.effort for line in chosen) - row.capacity
    if over > 0:
        told = _("It takes %(weeks)s team-weeks more than there are. Take something out first.")
        raise Conflict(told % {"weeks": f"{over / QUARTERS:g}"})
    for line in chosen:
        if line.item.column == RoadmapColumn.PLANNED:
            if release is not None:
                edit_item(item=line.item, by=by, at=at, release=release)
            move_item(item=line.item, column=RoadmapColumn.IN_PROGRESS, by=by, at=at)
    row.release = release
    return _decide(row, Plan.State.ADOPTED, [line.item_id for line in chosen], by, at)


@transaction.atomic
def drop_plan(*, plan: Plan, by: Member, at: datetime) -> Plan:
    """The plan is on record and leads to nothing."""
    require(by, Privilege.PLAN)
    return _decide(_draft(plan), Plan.State.DROPPED, [], by, at)


def _decide(plan: Plan, state: Plan.State, items: list[int], by: Member, at: datetime) -> Plan:
    plan.state, plan.decided_by, plan.decided_at = state, by, at
    plan.save(update_fields=["state", "release", "decided_by", "decided_at"])
    data = PlanDecided(adopted=state == Plan.State.ADOPTED, item_ids=items)
    record(Verb.PLAN_DECIDED, key=f"plan_decided:{plan.pk}", actor=by, subject=plan.pk, data=data, at=at)
    return plan


def _draft(plan: Plan) -> Plan:
    row: Plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if row.state != Plan.State.DRAFT:
        raise Conflict(_("This plan is decided. Propose a new one instead."))
    return row
