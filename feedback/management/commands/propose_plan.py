"""propose_plan --product SLUG --capacity WEEKS: the best plan for the next release, kept as a draft for people to decide."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from community.models import Product
from community.refusals import Refused
from feedback.models import Plan, PlanLine
from feedback.plans import propose_plan
from feedback.themes import QUARTERS, read_themes


class Command(BaseCommand):
    """Only people decide: adopting is done in the admin."""

    help = "Proposes the set of planned work with the greatest total score within a capacity, and says what just missed it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--product", required=True, metavar="SLUG")
        parser.add_argument("--capacity", required=True, type=float, metavar="WEEKS", help="team-weeks, in quarters")
        parser.add_argument("--community", type=int, default=50, metavar="PERCENT", help="least share for what fans asked for")
        parser.add_argument(
            "--themes", default="", metavar="LIST", help='for example "battery 2-6, debt 3-, display -3", in weeks'
        )
        parser.add_argument("--dry-run", action="store_true", help="keep nothing")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        product = Product.objects.filter(slug=options["product"]).first()
        if product is None:
            known = ", ".join(Product.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"There is no product “{options['product']}”. There are: {known or 'none yet'}.")
        try:
            least, most = read_themes(options["themes"])
            with transaction.atomic():
                plan = propose_plan(
                    product=product, capacity=round(options["capacity"] * QUARTERS), community=options["community"] * 100,
                    least=least, most=most, by=None, at=timezone.now(),
                )  # fmt: skip
                lines = list(plan.lines.select_related("item"))
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self._say(plan, lines, options)

    def _say(self, plan: Plan, lines: list[PlanLine], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(_figures(plan, lines) | {"kept": not options["dry_run"]}))
            return
        titles = {line.item_id: line.item.title for line in lines}
        used = sum(line.effort for line in lines if line.chosen)
        self.stdout.write(
            f"{plan}: {used / QUARTERS:g} of {plan.capacity / QUARTERS:g} team-weeks, worth {plan.value / 10_000:.1f}"
        )
        for line in lines:
            if line.chosen:
                self.stdout.write(f"  {line.value / 10_000:5.1f}  {line.effort / QUARTERS:5g} w  {line.item.title}")
        if plan.relaxed:
            self.stdout.write(f"Not all rules could hold; given up: {', '.join(plan.relaxed)}.")
        for one in plan.missed:
            price = "does not fit in any plan" if one["price"] is None else f"price of entry {one['price'] / 10_000:.1f}"
            self.stdout.write(f"  just missed: {titles[one['id']]}, {price}")
        for more in plan.wider:
            enters = ", ".join(titles[pk] for pk in more["enters"])
            self.stdout.write(f"  {more['extra'] / QUARTERS:g} team-weeks more: +{more['gain'] / 10_000:.1f} with {enters}")


def _figures(plan: Plan, lines: list[PlanLine]) -> dict[str, Any]:
    return {
        "plan": plan.pk,
        "version": plan.version,
        "capacity": plan.capacity / QUARTERS,
        "used": sum(line.effort for line in lines if line.chosen) / QUARTERS,
        "value": plan.value,
        "chosen": sorted(line.item_id for line in lines if line.chosen),
        "relaxed": plan.relaxed,
        "missed": plan.missed,
        "with_more": plan.wider,
    }
