"""undo_import BATCH: an import is taken back, but for what people have touched since."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from community.models import ImportBatch, Post
from community.refusals import Refused
from feedback.importing.undo import undo_import
from feedback.models import Release


class Command(BaseCommand):
    """Says what went and lists what stays, with addresses."""

    help = "Removes every row of an import that nobody has touched since, and lists the rest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("batch")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        batch = ImportBatch.objects.filter(name=options["batch"]).first()
        if batch is None:
            known = ", ".join(ImportBatch.objects.filter(undone_at=None).values_list("name", flat=True)) or "none"
            raise CommandError(f"There is no import {options['batch']}. Imports: {known}.")
        try:
            gone, kept = undo_import(batch=batch, by=None, at=timezone.now())
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        stays = [f"{settings.SITE_URL}{post.get_absolute_url()}" for post in Post.objects.filter(pk__in=kept).order_by("pk")]
        drafts = Release.objects.filter(batch=batch).order_by("pk")
        stays += [f"{settings.SITE_URL}{release.get_absolute_url()}" for release in drafts]
        if options["json"]:
            self.stdout.write(json.dumps(gone | {"kept": stays}, ensure_ascii=False))
            return
        for address in stays:
            self.stdout.write(f"stays, touched since: {address}")
        self.stdout.write(
            f"Removed {gone['posts']:,} posts, {gone['comments']:,} comments, {gone['votes']:,} votes and "
            f"{gone.get('releases', 0):,} draft releases, {gone['members']:,} unclaimed profiles; {len(kept):,} posts stay."
        )
